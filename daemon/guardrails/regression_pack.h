// A policy's own cases: what it must refuse, mask and let pass. A policy whose pack fails isn't activated.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/action.h"
#include "daemon/guardrails/policy.h"

namespace tijori {

// What a policy did with one text, whoever asked.
struct PackVerdict {
  Action action = Action::allow;    // the strongest
  std::vector<std::string> labels;  // of everything found, in any order, repeated or not
};
using PackJudge = std::function<Result<PackVerdict>(const PolicyCase&)>;

struct PackFailure {
  std::string id;      // of the case
  std::string reason;  // "expected block, the policy masks"; never the text
  bool operator==(const PackFailure&) const = default;
};
struct PackResult {
  size_t cases = 0;
  std::vector<PackFailure> failures;  // in the order of the policy
  bool passed() const { return failures.empty(); }
};

// Runs every case. A case that can't be judged has failed.
PackResult run_pack(const Policy& policy, const PackJudge& judge);

}  // namespace tijori
