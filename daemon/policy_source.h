// Where a request gets the policy that judges it.
#pragma once

#include <memory>

#include "base/error.h"
#include "daemon/guardrails/compiled_policy.h"

namespace tijori {

class PolicySource {
 public:
  virtual ~PolicySource() = default;
  // The policy in force now; a request asks once and keeps the answer. unavailable, corrupted or internal, with the
  // reason, when there is none that can be relied on: the request must then be refused. Any thread.
  virtual Result<std::shared_ptr<const CompiledPolicy>> active() const = 0;
  // One more request in which this rule decided something, for the counts of hits. Any thread.
  virtual void count_hit(const CompiledPolicy& policy, std::string_view rule, Action action) const = 0;
};

}  // namespace tijori
