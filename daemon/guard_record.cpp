#include "daemon/guard_record.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "audit/proof/cbor.h"
#include "audit/proof/record.h"

namespace tijori {
namespace {

constexpr double per_mille = 1000;
constexpr std::string_view failed_open_action = "failed-open";
// Of the decisions of one record, as encoded: what is left of a core beside all its other fields.
constexpr size_t max_decisions_bytes = 3072;
// At most: the heads of the array and its three tokens, and four integers of nine bytes.
constexpr size_t decision_overhead_bytes = 1 + 3 * 2 + 4 * 9;

// In capitals by habit; a record has tokens.
std::string label_token(const std::string& label) {
  std::string token = label;
  for (char& c : token)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (token.starts_with('_')) token.insert(0, "x");
  return is_token(token) ? token : "unnamed";
}

AuditDecision form_of(const Decision& decision) {
  return {decision.rule,
          label_token(decision.label),
          std::string(name_of(decision.action)),
          static_cast<int64_t>(decision.part),
          static_cast<int64_t>(decision.begin.byte),
          static_cast<int64_t>(decision.end.byte),
          std::lround(std::clamp(decision.score, 0.0, 1.0) * per_mille)};
}

size_t encoded_bytes(const AuditDecision& decision) {
  return decision.rule.size() + decision.label.size() + decision.action.size() + decision_overhead_bytes;
}

// From weak to strong.
int strength_of(const AuditDecision& decision) {
  if (decision.action == failed_open_action) return 2;
  const Action action = action_from_name(decision.action).value_or(Action::allow);
  return static_cast<int>(action) + (action >= Action::mask ? 1 : 0);
}

void keep_the_strongest(std::vector<AuditDecision>& decisions) {
  if (decisions.size() <= max_recorded_decisions_per_stage) return;
  std::vector<int> strengths;
  strengths.reserve(decisions.size());
  for (const AuditDecision& decision : decisions) strengths.push_back(strength_of(decision));
  std::ranges::nth_element(strengths, strengths.begin() + max_recorded_decisions_per_stage - 1, std::greater());
  const int least = strengths[max_recorded_decisions_per_stage - 1];
  const auto stronger = std::ranges::count_if(strengths, [&](int strength) { return strength > least; });
  auto places = static_cast<ptrdiff_t>(max_recorded_decisions_per_stage) - stronger;  // for those of the least strength
  std::erase_if(decisions, [&](const AuditDecision& decision) {
    const int strength = strength_of(decision);
    return strength < least || (strength == least && places-- <= 0);
  });
}

}  // namespace

void add_guard_records(const StageVerdict& verdict, const std::string& policy_digest, const AuditDraft& draft,
                       std::vector<AuditDraft>& out) {
  std::vector<AuditDecision> decisions;
  decisions.reserve(verdict.decisions.size() + verdict.failed_open.size());
  for (const Decision& decision : verdict.decisions) decisions.push_back(form_of(decision));
  for (const std::string& rule : verdict.failed_open)
    decisions.push_back({rule, "unjudged", std::string(failed_open_action), 0, 0, 0, 0});
  if (decisions.empty()) return;
  const auto count = static_cast<int64_t>(decisions.size());
  const std::string strongest = std::ranges::max_element(decisions, {}, strength_of)->action;
  keep_the_strongest(decisions);

  AuditDraft record = draft;
  record.event = "guardrail.decided";
  record.outcome = verdict.is_blocked ? "blocked" : "ok";
  record.object = policy_digest;
  record.detail = {};
  record.detail.set("stage", std::string(name_of(verdict.stage)));
  record.detail.set("action", strongest);
  record.detail.set("count", count);
  for (size_t first = 0; first < decisions.size();) {
    size_t next = first;
    size_t bytes = 0;
    while (next < decisions.size() && next - first < max_recorded_decisions) {
      bytes += encoded_bytes(decisions[next]);
      if (bytes > max_decisions_bytes) break;
      ++next;
    }
    const std::span part(decisions.begin() + static_cast<ptrdiff_t>(first), next - first);
    if (first > 0) record.detail.set("first", static_cast<int64_t>(first));
    record.detail.set("decisions", std::vector<AuditDecision>(part.begin(), part.end()));
    out.push_back(record);
    first = next;
  }
}

}  // namespace tijori
