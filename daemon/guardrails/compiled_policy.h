// A policy made ready to judge: one immutable set that requests share. A request takes the set once and keeps it to its
// end, whatever is activated meanwhile. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/pattern_set.h"
#include "daemon/guardrails/policy.h"

namespace tijori {

struct StagePlan;

struct CompileLimits {
  size_t max_memory_bytes = size_t{512} << 20;  // of all pattern sets together
};

// Who asks what, as scopes see it.
struct GuardSubject {
  std::string application;
  std::vector<std::string> roles;
  std::string model;
  Language language = Language::english;
};

// Whether the scope lets a rule look at what this subject asks.
bool includes(const Scope& scope, const GuardSubject& subject);

// PatternSet::compile, or what stands for it in a test of failures.
using PatternCompiler = std::function<Result<std::shared_ptr<const PatternSet>>(std::span<const PatternSource> sources,
                                                                                size_t max_memory_bytes)>;

class CompiledPolicy {
 public:
  // invalid_argument, unsupported or resource_exhausted, naming the rule and what to change. Stages with the same
  // patterns share one set.
  static Result<std::shared_ptr<const CompiledPolicy>> compile(
      Policy policy, const CompileLimits& limits = {}, const PatternCompiler& compile_patterns = PatternSet::compile);
  ~CompiledPolicy();
  CompiledPolicy(const CompiledPolicy&) = delete;
  CompiledPolicy& operator=(const CompiledPolicy&) = delete;

  const Policy& policy() const;
  // Whether any rule looks at this stage for this subject; without one the stage can be left out.
  bool looks_at(Stage stage, const GuardSubject& subject) const;
  // Whether one of them may change or refuse the text (mask, stop, block).
  bool may_change(Stage stage, const GuardSubject& subject) const;
  // The sentence for the end user when this rule blocked: in their language the rule's, else the policy's; where there
  // is none, the same in English.
  std::string message(std::string_view rule, Language language) const;
  // Of the automata.
  size_t memory_bytes() const;

  const StagePlan& plan(Stage stage) const;

 private:
  struct Impl;
  explicit CompiledPolicy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tijori
