// A policy's rules of one stage, ready to run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/guardrails/label.h"
#include "daemon/guardrails/pattern_set.h"
#include "daemon/guardrails/policy.h"

namespace tijori {

// Rules below this strength let the text pass: what they find needs no holding back.
inline constexpr Action weakest_change = Action::mask;

struct RulePlan {
  const Rule* rule = nullptr;                 // in the compiled policy
  std::optional<Label> builtin;               // none: literals or patterns
  double min_score = 0;                       // of builtin
  std::set<std::string, std::less<>> except;  // comparable values

  bool changes() const { return rule->action >= weakest_change; }
};

struct PlannedPatterns {
  std::shared_ptr<const PatternSet> set;  // null without patterns
  std::vector<uint32_t> rules;            // of each pattern, index into StagePlan::rules
};

struct StagePlan {
  std::vector<RulePlan> rules;  // in the policy's order
  PlannedPatterns changing;     // of the rules that may change the text
  PlannedPatterns watching;     // of the others
};

}  // namespace tijori
