// What a policy finds in a text without a request: no verdict ends it, and nothing is released or held back.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "daemon/guardrails/compiled_policy.h"
#include "daemon/guardrails/decision.h"
#include "daemon/guardrails/guard.h"

namespace tijori {

// The spans found for the rules of this stage whose scope includes the subject, in the order of their beginning and
// free of overlaps: where several rules meet, the one with the strongest action, of those the longest, the one with the
// highest score, the first. Only hidden characters may lie in the span of a rule with a weaker action, which is then
// shown too. Those of allow rules are included. Errors as of Guard::push(), whatever a rule's fail mode.
Result<std::vector<Decision>> scan(const CompiledPolicy& policy, Stage stage, const GuardSubject& subject,
                                   std::string_view text, const GuardLimits& limits = {});

}  // namespace tijori
