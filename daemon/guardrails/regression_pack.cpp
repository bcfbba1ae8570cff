#include "daemon/guardrails/regression_pack.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tijori {
namespace {

Expectation expectation_met(Action action) {
  switch (action) {
    case Action::allow:
    case Action::annotate:
      return Expectation::pass;
    case Action::mask:
      return Expectation::mask;
    case Action::stop:
    case Action::block:
      return Expectation::block;
  }
  return Expectation::pass;
}

std::optional<std::string> reason_to_fail(const PolicyCase& expected, const Result<PackVerdict>& verdict) {
  if (!verdict) return "could not be judged: " + verdict.error().message;
  if (expectation_met(verdict->action) != expected.expect)
    return "expected " + std::string(name_of(expected.expect)) + ", the policy's strongest action is " +
           std::string(name_of(verdict->action));
  for (const std::string& label : expected.labels)
    if (std::ranges::find(verdict->labels, label) == verdict->labels.end()) return "expected to find " + label;
  return std::nullopt;
}

}  // namespace

PackResult run_pack(const Policy& policy, const PackJudge& judge) {
  PackResult out;
  for (const PolicyCase& each : policy.cases) {
    ++out.cases;
    if (auto reason = reason_to_fail(each, judge(each))) out.failures.push_back({each.id, *std::move(reason)});
  }
  return out;
}

}  // namespace tijori
