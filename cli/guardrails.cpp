// tijori guardrails: policies, tried and put into force. One file for each group of its verbs.
#include "cli/guardrails.h"

#include <CLI/CLI.hpp>

#include "base/file.h"
#include "cli/verbs.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

std::vector<std::string> live_stage_names() {
  std::vector<std::string> names;
  for (const Stage each : all_stages)
    if (is_live(each)) names.emplace_back(name_of(each));
  return names;
}

Result<Policy> policy_from_file(const std::string& file) {
  TRY_ASSIGN(const std::string document, read_file(file, max_policy_bytes));
  auto policy = parse_policy(document);
  if (!policy) return fail(policy.error().in(file));
  return policy;
}

void add_guardrails(CLI::App& program, Context& context) {
  CLI::App* guardrails = program.add_subcommand("guardrails", "Try policies on texts, and put them into force");
  guardrails->require_subcommand(1);
  add_guardrails_scan(*guardrails, context);
}

}  // namespace tijori
