#include "daemon/policy_trial.h"

#include <algorithm>

#include "base/clock.h"
#include "daemon/guardrails/guard.h"
#include "daemon/guardrails/scan.h"

namespace tijori {
namespace {

using std::chrono::steady_clock;

// The strongest action of all that were decided.
Action strongest(const Judged& judged) {
  Action action = judged.verdict;
  for (const Decision& decision : judged.decisions) action = std::max(action, decision.action);
  return action;
}

BenchSpan span_of(const Decision& decision) {
  BenchSpan span;
  span.label = decision.label;
  span.rule = decision.rule;
  span.start = static_cast<int64_t>(decision.begin.code_point);
  span.end = static_cast<int64_t>(decision.end.code_point);
  span.start_byte = static_cast<int64_t>(decision.begin.byte);
  span.end_byte = static_cast<int64_t>(decision.end.byte);
  span.score = decision.score;
  span.action = name_of(decision.action);
  return span;
}

BenchSide bench_side(const std::shared_ptr<const CompiledPolicy>& policy, const GuardSubject& subject, Stage stage,
                     const std::string& text) {
  BenchSide side;
  MaskNames names;
  const int64_t began_us = boot_clock_us();
  const auto judged = judge(policy, stage, 0, subject, names, text);
  side.time_us = boot_clock_us() - began_us;
  if (!judged) {
    side.verdict = name_of(Action::block);
    side.error = judged.error().message;
    return side;
  }
  side.verdict = name_of(strongest(*judged));
  side.rule = judged->rule;
  side.error = judged->failed;
  // A verdict ends the judging; what stands behind it is of interest here all the same.
  const auto found = scan(*policy, stage, subject, text);
  if (!found && side.error.empty()) side.error = found.error().message;
  if (found)
    for (const Decision& decision : *found) side.spans.push_back(span_of(decision));
  return side;
}

bool same(const BenchSide& a, const BenchSide& b) {
  return a.verdict == b.verdict && a.error == b.error &&
         std::ranges::equal(a.spans, b.spans, [](const BenchSpan& x, const BenchSpan& y) {
           return x.label == y.label && x.rule == y.rule && x.start == y.start && x.end == y.end &&
                  x.score == y.score && x.action == y.action;
         });
}

}  // namespace

PackResult run_own_pack(const std::shared_ptr<const CompiledPolicy>& policy) {
  return run_pack(policy->policy(), [&](const PolicyCase& each) -> Result<PackVerdict> {
    GuardSubject subject;
    subject.language = detect_language(each.text);
    MaskNames names;
    TRY_ASSIGN(const Judged judged, judge(policy, each.stage, 0, subject, names, each.text));
    if (!judged.failed.empty()) return fail(ErrorCode::internal, judged.failed);
    TRY_ASSIGN(const std::vector<Decision> found, scan(*policy, each.stage, subject, each.text));
    PackVerdict verdict{strongest(judged), {}};
    for (const Decision& decision : found) verdict.labels.push_back(decision.label);
    return verdict;
  });
}

BenchReply bench(const std::shared_ptr<const CompiledPolicy>& a, const std::shared_ptr<const CompiledPolicy>& b,
                 const BenchRequest& request, Stage stage, std::chrono::milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  BenchReply reply;
  for (const BenchText& text : request.texts) {
    BenchPair& pair = reply.texts.emplace_back();
    pair.id = text.id;
    if (steady_clock::now() >= deadline) {
      pair.a.verdict = pair.b.verdict = name_of(Action::block);
      pair.a.error = pair.b.error = "not judged: the bench ran out of time; give it fewer texts";
      continue;
    }
    GuardSubject subject;
    subject.application = request.application.value_or("");
    subject.roles = {"application"};
    subject.model = request.model.value_or("");
    subject.language = detect_language(text.text);
    if (request.language)
      if (const auto language = language_from_name(*request.language)) subject.language = *language;
    pair.a = bench_side(a, subject, stage, text.text);
    pair.b = bench_side(b, subject, stage, text.text);
    pair.differs = !same(pair.a, pair.b);
  }
  return reply;
}

}  // namespace tijori
