// What the verbs of `tijori guardrails` share.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "daemon/guardrails/policy.h"

namespace CLI {
class App;
}

namespace tijori {

// For CLI::IsMember: what --stage can be.
std::vector<std::string> live_stage_names();

// The policy of that document.
Result<Policy> policy_from_file(const std::string& file);

void add_guardrails_scan(CLI::App& guardrails, Context& context);

}  // namespace tijori
