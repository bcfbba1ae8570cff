// tijori status
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/severity_word.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

void print_models(const DaemonStatus& status) {
  for (const ModelInfo& model : status.models) {
    std::string line = "  model     " + model.alias + ": " + std::string(name_of(model.state));
    if (model.state == ModelState::ready)
      line += ", " + model.architecture + ", " + model.backend + ", context " + std::to_string(model.context_tokens) +
              " tokens, " + human_bytes(model.weights_bytes) + " of weights";
    if (!model.message.empty()) line += " (" + model.message + ")";
    print(printable(line) + "\n");
    if (!model.gpu.empty()) print("            " + printable(model.gpu) + "\n");
  }
}

void print_policy(const GuardrailsInForce& guardrails) {
  std::string line = "  policy    ";
  line += guardrails.state == GuardrailsState::ok
              ? printable(guardrails.name) + " " + std::to_string(guardrails.version) + " (" +
                    guardrails.digest.substr(0, 16) + ")"
              : "none that can be used: inference is refused";
  print(line + ", persons needed for another one: " + std::to_string(guardrails.approvals) + "\n");
}

void print_requests(const RequestCounters& requests) {
  print("  requests  " + std::to_string(requests.total) + " since start: " + std::to_string(requests.answered) +
        " answered, " + std::to_string(requests.refused) + " refused, " + std::to_string(requests.blocked) +
        " blocked, " + std::to_string(requests.aborted) + " aborted, " + std::to_string(requests.failed) + " failed; " +
        std::to_string(requests.running) + " running\n");
  if (requests.ttft_p50_us > 0)
    print("  speed     first token after " + human_duration_us(requests.ttft_p50_us) + " (half) and " +
          human_duration_us(requests.ttft_p95_us) + " (95 %) or less\n");
}

void print_audit(const DaemonStatus& status) {
  if (!status.audit) return print("  audit     away\n");
  const AuditStatusReply& audit = *status.audit;
  std::string line = "  audit     " + audit.state + ", " + std::to_string(audit.records) + " records";
  if (audit.last_checkpoint_size > 0)
    line += ", signed up to " + std::to_string(audit.last_checkpoint_size) + " " +
            human_duration_us(status.now_us - audit.last_checkpoint_us) + " ago";
  line += ", " + human_bytes(audit.free_bytes) + " free";
  if (!audit.reason.empty()) line += " (" + audit.reason + ")";
  print(printable(line) + "\n");
}

std::string key_text(const KeyOrigin& key) {
  if (key.from != "credential") return key.name + ": " + key.from;
  if (key.sealed_to.empty()) return key.name + ": credential";
  if (key.sealed_to == "null") return key.name + ": credential, sealed with no secret at all";
  return key.name + ": credential, sealed to " + key.sealed_to;
}

void print_keys(const DaemonStatus& status) {
  std::vector<KeyOrigin> keys = status.keys;
  if (status.audit) keys.insert(keys.end(), status.audit->keys.begin(), status.audit->keys.end());
  std::string line;
  for (const KeyOrigin& key : keys) line += (line.empty() ? "  keys      " : "; ") + key_text(key);
  if (!line.empty()) print(printable(line) + "\n");
}

Answer<Exit> show_status(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const DaemonStatus status, get<DaemonStatus>(client, "/admin/v1/status"));
  if (form == OutputForm::json) {
    print(to_json(status) + "\n");
    return Exit::done;
  }
  print(std::string(name_of(status.health)) + ": " + printable(status.sentence) + "\n");
  for (const Condition& condition : status.conditions)
    print("  " + std::string(severity_word(condition.severity)) + " [" + condition.code + "] " +
          printable(condition.message) + "\n");
  if (!status.conditions.empty())
    print("  what a code means, and what to do: tijori doctor --explain " + status.conditions.front().code + "\n");
  print("  daemon    version " + status.version + ", up " + human_duration_us(status.now_us - status.started_us) +
        ", approvals needed for a change: " + std::to_string(status.approvals) + "\n");
  print_models(status);
  print_policy(status.guardrails);
  print_requests(status.requests);
  print_audit(status);
  print_keys(status);
  return Exit::done;
}

}  // namespace

void add_status(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand("status", "Show the appliance's health, models, requests and log");
  const auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "As JSON");
  verb->callback([&context, json] {
    context.verb = [&context, json] { return show_status(context, *json ? OutputForm::json : OutputForm::people); };
  });
}

}  // namespace tijori
