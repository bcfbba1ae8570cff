// Policies written in code, for tests.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "daemon/guardrails/compiled_policy.h"

namespace tijori {

inline Rule rule_of(std::string id, Detector detector, Action action, MaskStyle style = MaskStyle::token) {
  Rule rule;
  rule.id = std::move(id);
  rule.detector = std::move(detector);
  rule.stages = {Stage::request_text, Stage::output_stream};
  rule.action = action;
  rule.mask = style;
  return rule;
}
inline Rule literal_rule(std::string id, std::string label, std::vector<std::string> literals, Action action,
                         MaskStyle style = MaskStyle::token) {
  return rule_of(std::move(id), LiteralDetector{std::move(label), std::move(literals), true}, action, style);
}
inline Rule pattern_rule(std::string id, std::string label, std::vector<std::string> patterns, Action action,
                         MaskStyle style = MaskStyle::token) {
  return rule_of(std::move(id), PatternDetector{std::move(label), std::move(patterns)}, action, style);
}
inline Rule builtin_rule(std::string id, Label label, Action action, MaskStyle style = MaskStyle::token,
                         double min_score = 0.5) {
  return rule_of(std::move(id), BuiltinDetector{label, min_score}, action, style);
}

inline Policy policy_of(std::vector<Rule> rules) {
  Policy policy;
  policy.name = "test";
  policy.message = {{Language::english, "This cannot be answered."}};
  policy.rules = std::move(rules);
  return policy;
}

inline std::shared_ptr<const CompiledPolicy> compiled(std::vector<Rule> rules) {
  auto policy = CompiledPolicy::compile(policy_of(std::move(rules)));
  CHECK(policy.has_value());
  return *std::move(policy);
}

}  // namespace tijori
