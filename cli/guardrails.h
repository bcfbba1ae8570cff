// What the verbs of `tijori guardrails` share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "daemon/guardrails/lint.h"
#include "daemon/guardrails/policy.h"
#include "protocol/client/api_client.h"
#include "protocol/guardrail_types.h"

namespace CLI {
class App;
}

namespace tijori {

inline constexpr std::string_view guardrails_path = "/admin/v1/guardrails";
inline constexpr size_t min_digest_prefix = 4;

// For CLI::IsMember: what --stage can be.
std::vector<std::string> live_stage_names();

// The document of a file, or the shipped one for "default".
Result<std::string> read_policy_document(const std::string& file);
// The policy of that document.
Result<Policy> policy_from_file(const std::string& file);

Answer<GuardrailsStatus> guardrails_status(HttpClient& client);
// Which stored policy is meant by "active", "previous", a digest or the beginning of one.
Result<PolicySummary> find_policy(const GuardrailsStatus& status, const std::string& wanted);
std::string policy_target(const std::string& digest, std::string_view what = "");

// "sensible-bank 3 (ab12cd34…)"
std::string title_of(const PolicySummary& policy);
std::string short_digest(std::string_view digest);

// Findings as people read them, one line each: "policy.json:12:5: error: rules[3].stages[0]: …".
std::string findings_text(const std::string& file, const std::vector<LintFinding>& findings);

void add_guardrails_list(CLI::App& guardrails, Context& context);
void add_guardrails_lint(CLI::App& guardrails, Context& context);
void add_guardrails_check(CLI::App& guardrails, Context& context);
void add_guardrails_scan(CLI::App& guardrails, Context& context);
void add_guardrails_bench(CLI::App& guardrails, Context& context);
void add_guardrails_change(CLI::App& guardrails, Context& context);

}  // namespace tijori
