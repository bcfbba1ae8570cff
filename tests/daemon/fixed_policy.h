// A policy source for tests: one policy, or the reason why there is none.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "daemon/policy_source.h"

namespace tijori::test {

class FixedPolicy final : public PolicySource {
 public:
  // A policy that decides nothing.
  FixedPolicy() { use(R"({"format":"tijori-policy-1","name":"empty","version":1,"message":{"en":"No."},"rules":[]})"); }
  explicit FixedPolicy(std::string_view document) { use(document); }

  void use(std::string_view document) {
    auto policy = parse_policy(document);
    auto compiled = policy ? CompiledPolicy::compile(*std::move(policy))
                           : Result<std::shared_ptr<const CompiledPolicy>>(std::unexpected(policy.error()));
    const std::lock_guard lock(mutex_);
    active_ = std::move(compiled);
  }
  void fail_with(Error error) {
    const std::lock_guard lock(mutex_);
    active_ = std::unexpected(std::move(error));
  }

  Result<std::shared_ptr<const CompiledPolicy>> active() const override {
    const std::lock_guard lock(mutex_);
    return active_;
  }
  void count_hit(const CompiledPolicy& /*policy*/, std::string_view rule, Action action) const override {
    const std::lock_guard lock(mutex_);
    ++hits_[std::string(rule) + " " + std::string(name_of(action))];
  }
  int hits(const std::string& rule_and_action) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(rule_and_action);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;
  Result<std::shared_ptr<const CompiledPolicy>> active_ = std::unexpected(Error{});
  mutable std::map<std::string, int> hits_;
};

// A policy with one rule: a built-in label, or the word "mango" when the label is empty.
inline std::string one_rule(const std::string& label, const std::string& stage, const std::string& action,
                            const std::string& extra = "") {
  const std::string detector = label.empty() ? R"({"type":"literals","label":"FRUIT","literals":["mango"]})"
                                             : R"({"type":"builtin","label":")" + label + R"("})";
  return R"({"format":"tijori-policy-1","name":"one","version":1,"message":{"en":"Not here.","hi":"यहाँ नहीं।"},"rules":[{"id":"one","detector":)" +
         detector + R"(,"stages":[")" + stage + R"("],"action":")" + action + "\"" + extra + "}]}";
}

}  // namespace tijori::test
