// A policy made ready to judge: one immutable set that requests share. A request takes the set once and keeps it to its
// end, whatever is activated meanwhile.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/policy.h"

namespace tijori {

struct CompileLimits {
  size_t max_memory_bytes = size_t{512} << 20;
};

// Who asks what, as scopes see it.
struct GuardSubject {
  std::string application;
  std::vector<std::string> roles;
  std::string model;
  Language language = Language::english;
};

class CompiledPolicy {
 public:
  // invalid_argument, unsupported or resource_exhausted, naming the rule and what to change.
  static Result<std::shared_ptr<const CompiledPolicy>> compile(Policy policy, const CompileLimits& limits = {});
  virtual ~CompiledPolicy() = default;

  virtual const Policy& policy() const = 0;
  // Whether any rule looks at this stage for this subject; without one the stage can be left out.
  virtual bool looks_at(Stage stage, const GuardSubject& subject) const = 0;
  // Whether one of them may change or refuse the text (mask, stop, block).
  virtual bool may_change(Stage stage, const GuardSubject& subject) const = 0;
  // The sentence for the end user when this rule blocked: the rule's or the policy's, in English when there is no
  // other.
  virtual std::string message(std::string_view rule, Language language) const = 0;
};

}  // namespace tijori
