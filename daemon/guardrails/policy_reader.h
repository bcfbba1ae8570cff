// From a document to a policy, with every problem on the way: parse_policy() refuses at the first, lint shows all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guardrails/policy.h"
#include "daemon/guardrails/policy_json.h"

namespace tijori {

inline constexpr size_t max_policy_problems = 1000;

struct PolicyProblem {
  std::string path;  // "rules[3].stages[0]"; "" for the document
  std::string message;
  size_t offset = 0;  // in the document
};

struct PolicyReading {
  Policy policy;  // what could be read; complete when there are no problems
  std::vector<PolicyProblem> problems;
  std::optional<PolicyNode> root;  // absent when the text isn't JSON
  std::optional<Error> json_error;
};

PolicyReading read_policy(std::string_view document);

// The offset of what a path names, or of the nearest part of it that is there.
size_t offset_of(const PolicyNode& root, std::string_view path);

}  // namespace tijori
