#include "daemon/guardrails/scan.h"

#include <algorithm>
#include <map>
#include <new>
#include <string>
#include <tuple>

#include "daemon/guardrails/finding_stream.h"
#include "daemon/guardrails/stage_plan.h"

namespace tijori {
namespace {

using std::chrono::steady_clock;

constexpr size_t piece_bytes = size_t{16} << 10;

Result<std::vector<RuleFinding>> find_all(const StagePlan& plan, const GuardSubject& subject, std::string_view text,
                                          const GuardLimits& limits) {
  if (text.size() > limits.max_text_bytes)
    return fail(ErrorCode::resource_exhausted,
                "the text is longer than " + std::to_string(limits.max_text_bytes) + " bytes: give it in parts");
  const auto deadline = steady_clock::now() + limits.max_time;
  TRY_ASSIGN(FindingStream stream, FindingStream::open(plan, subject));
  std::vector<RuleFinding> found;
  for (bool is_final = false; !is_final;) {
    if (steady_clock::now() >= deadline)
      return fail(ErrorCode::deadline_exceeded,
                  "scanning the text took longer than " + std::to_string(limits.max_time.count()) + " ms");
    is_final = text.empty();
    const std::string_view piece = text.substr(0, piece_bytes);
    text.remove_prefix(piece.size());
    TRY(is_final ? stream.finish() : stream.push(piece));
    stream.take_changing(found);
    stream.take_watching(stream.source_bytes(), found);
    stream.forget(stream.source_bytes());
    if (found.size() > limits.max_decisions)
      return fail(ErrorCode::resource_exhausted, "the text holds more than " + std::to_string(limits.max_decisions) +
                                                     " things that rules look for: give it in parts");
  }
  return found;
}

// By beginning, kept free of overlaps.
class Spans {
 public:
  void add_if_free(const RuleFinding& finding) {
    if (!meets(finding)) spans_.emplace(finding.begin.byte, &finding);
  }
  bool meets(const RuleFinding& finding) const {
    const auto after = spans_.upper_bound(finding.begin.byte);
    if (after != spans_.end() && after->first < finding.end.byte) return true;
    return after != spans_.begin() && std::prev(after)->second->end.byte > finding.begin.byte;
  }
  const std::map<size_t, const RuleFinding*>& in_order() const { return spans_; }

 private:
  std::map<size_t, const RuleFinding*> spans_;
};

bool finds_hidden_characters(const Rule& rule) {
  const auto* builtin = std::get_if<BuiltinDetector>(&rule.detector);
  return builtin != nullptr && (builtin->label == Label::hidden_unicode || builtin->label == Label::bidi_control);
}

}  // namespace

Result<std::vector<Decision>> scan(const CompiledPolicy& policy, Stage stage, const GuardSubject& subject,
                                   std::string_view text, const GuardLimits& limits) {
  try {
    const StagePlan& plan = policy.plan(stage);
    TRY_ASSIGN(std::vector<RuleFinding> found, find_all(plan, subject, text, limits));
    const auto rule_of = [&plan](const RuleFinding& each) -> const Rule& { return *plan.rules[each.rule].rule; };
    std::ranges::sort(found, [&](const RuleFinding& a, const RuleFinding& b) {
      return std::tuple(rule_of(b).action, b.end.byte - b.begin.byte, b.score, a.begin.byte, a.rule) <
             std::tuple(rule_of(a).action, a.end.byte - a.begin.byte, a.score, b.begin.byte, b.rule);
    });
    // Strongest first. Hidden characters in an identifier must not hide it here either.
    Spans spans;
    Spans hidden;
    for (const RuleFinding& each : found) {
      if (!finds_hidden_characters(rule_of(each)))
        spans.add_if_free(each);
      else if (!spans.meets(each))
        hidden.add_if_free(each);
    }
    std::vector<Decision> decisions;
    for (const Spans& kind : {spans, hidden}) {
      for (const auto& [begin, each] : kind.in_order()) {
        const Rule& rule = rule_of(*each);
        decisions.push_back({rule.id, std::string(label_of(rule.detector)), stage, 0, each->begin, each->end,
                             each->score, rule.action, rule.mask});
      }
    }
    std::ranges::sort(decisions, {}, [](const Decision& each) { return std::pair(each.begin.byte, each.end.byte); });
    return decisions;
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resource_exhausted, "out of memory while a text was scanned");
  } catch (const std::exception& problem) {
    return fail(ErrorCode::internal, std::string("scanning a text: ") + problem.what());
  }
}

}  // namespace tijori
