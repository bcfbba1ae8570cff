// tijori guardrails: policies, tried and put into force. One file for each group of its verbs.
#include "cli/guardrails.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/file.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::vector<std::string> live_stage_names() {
  std::vector<std::string> names;
  for (const Stage each : all_stages)
    if (is_live(each)) names.emplace_back(name_of(each));
  return names;
}

Result<std::string> read_policy_document(const std::string& file) {
  if (file == "default") return std::string(default_policy_document());
  return read_file(file, max_policy_bytes);
}

Result<Policy> policy_from_file(const std::string& file) {
  TRY_ASSIGN(const std::string document, read_policy_document(file));
  auto policy = parse_policy(document);
  if (!policy) return fail(policy.error().in(file));
  return policy;
}

Answer<GuardrailsStatus> guardrails_status(HttpClient& client) {
  return get<GuardrailsStatus>(client, std::string(guardrails_path));
}

Result<PolicySummary> find_policy(const GuardrailsStatus& status, const std::string& wanted) {
  if (wanted == "active") {
    if (status.active) return *status.active;
    return fail(ErrorCode::not_found, "no policy is active: " + status.message);
  }
  if (wanted == "previous") {
    if (status.previous) return *status.previous;
    return fail(ErrorCode::not_found, "no policy was active before this one");
  }
  std::string prefix = wanted;
  std::ranges::transform(prefix, prefix.begin(), [](char c) { return c >= 'A' && c <= 'F' ? char(c + 32) : c; });
  if (prefix.size() < min_digest_prefix || !is_hex(prefix))
    return fail(ErrorCode::invalid_argument,
                wanted + ": expected active, previous, or the first " + std::to_string(min_digest_prefix) +
                    " or more hex digits of a policy's digest; `tijori guardrails list` shows them");
  const PolicySummary* found = nullptr;
  size_t count = 0;
  for (const PolicySummary& each : status.policies) {
    if (!each.digest.starts_with(prefix)) continue;
    found = &each;
    ++count;
  }
  if (found == nullptr)
    return fail(ErrorCode::not_found,
                "no stored policy's digest begins with " + prefix + "; `tijori guardrails list` shows them");
  if (count > 1)
    return fail(ErrorCode::invalid_argument,
                std::to_string(count) + " policies' digests begin with " + prefix + "; give more digits");
  return *found;
}

std::string policy_target(const std::string& digest, std::string_view what) {
  std::string target = std::string(guardrails_path) + "/policies/" + percent_encode(digest);
  if (!what.empty()) target.append("/").append(what);
  return target;
}

std::string short_digest(std::string_view digest) {
  return std::string(digest.substr(0, 16));
}

std::string title_of(const PolicySummary& policy) {
  return printable(policy.name) + " " + std::to_string(policy.version) + " (" + short_digest(policy.digest) + ")";
}

std::string findings_text(const std::string& file, const std::vector<LintFinding>& findings) {
  std::string out;
  for (const LintFinding& each : findings) {
    out += file + ":";
    if (each.line > 0) out += std::to_string(each.line) + ":" + std::to_string(each.column) + ":";
    out += " " + std::string(name_of(each.severity)) + ": ";
    if (!each.path.empty()) out += each.path + ": ";
    out += each.message + " [" + each.code + "]\n";
  }
  return printable(out);
}

void add_guardrails(CLI::App& program, Context& context) {
  CLI::App* guardrails = program.add_subcommand("guardrails", "Try policies on texts, and put them into force");
  guardrails->require_subcommand(1);
  add_guardrails_list(*guardrails, context);
  add_guardrails_lint(*guardrails, context);
  add_guardrails_scan(*guardrails, context);
  add_guardrails_check(*guardrails, context);
  add_guardrails_bench(*guardrails, context);
  add_guardrails_change(*guardrails, context);
}

}  // namespace tijori
