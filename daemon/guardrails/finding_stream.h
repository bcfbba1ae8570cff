// What all detectors of one stage find in a text as it comes, rule by rule.
//
// Matches of one rule that overlap are one finding. What may change the text is reported in the order of beginning and
// complete up to a settled place; what is only watched is reported as soon as it is complete.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/compiled_policy.h"
#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/identifiers.h"
#include "daemon/guardrails/stage_plan.h"

namespace tijori {

// Matches that overlap in a chain are one finding until it would be longer than this: then the next begins.
inline constexpr size_t max_chain_bytes = 4096;  // folded

struct RuleFinding {
  uint32_t rule = 0;        // index into StagePlan::rules
  size_t folded_begin = 0;  // empty for characters that vanish
  size_t folded_end = 0;
  TextOffset begin;  // in the source
  TextOffset end;
  double score = 1;
  // The same thing as the rule's finding before, too long for one: it goes on where that ended.
  bool continues = false;
};

class FindingStream {
 public:
  // The plan must outlive it. Nothing is looked for that no rule of the subject's asks for.
  static Result<FindingStream> open(const StagePlan& plan, const GuardSubject& subject);

  // Rather small pieces, as memory grows with them.
  Status push(std::string_view piece);
  Status finish();

  // Appends the new findings of rules that may change the text: all that begin before settled_byte(), in order.
  void take_changing(std::vector<RuleFinding>& out);
  // Source bytes before which nothing more will be found.
  size_t settled_byte() const { return settled_byte_; }
  size_t source_bytes() const { return text_.source_size(); }

  // Appends the new findings of the other rules that are complete. `passed_byte`: how far the text can't be refused any
  // more; matches that end behind it wait.
  void take_watching(size_t passed_byte, std::vector<RuleFinding>& out);
  // The text ends at this byte: appends what was found that ends before it.
  void cut_watching(size_t end_byte, std::vector<RuleFinding>& out);

  // The folded text of a finding, or of several that overlap. Of characters that vanish: empty.
  std::string_view folded(size_t begin, size_t end) const;
  // Findings that were taken and whose text is still wanted begin here or later.
  void forget(size_t folded_begin);

 private:
  struct Patterns {
    const PlannedPatterns* planned = nullptr;
    std::unique_ptr<PatternSet::Stream> stream;  // null: nothing to scan
    size_t settled = 0;                          // folded: no match that is still to come begins before
  };

  FindingStream(const StagePlan& plan, const GuardSubject& subject);
  Status scan(TextEnd end);
  Status scan_patterns(Patterns& patterns, TextEnd end);
  void scan_identifiers(TextEnd end);
  void settle_patterns(Patterns& patterns, TextEnd end) const;
  void found(RuleFinding hit);
  bool is_excepted(const RuleFinding& finding) const;
  void order_changing(TextEnd end);
  void chain(const RuleFinding& hit);
  void close_chains(size_t settled);
  void join_watched(size_t passed_byte);
  void emit_joined(size_t patterns_settled, size_t identifiers_settled, std::vector<RuleFinding>& out);

  const StagePlan* plan_;
  std::vector<bool> in_scope_;                                          // by rule
  std::array<std::vector<uint32_t>, all_labels.size()> builtin_rules_;  // in scope, by label
  LabelSet wanted_;
  std::array<size_t, all_labels.size()> last_end_{};  // folded, by label: where its last finding ended
  Patterns changing_;
  Patterns watching_;

  FoldedText text_;
  size_t scanned_ = 0;              // folded: what the pattern streams have seen
  size_t identifiers_settled_ = 0;  // folded
  size_t settled_ = 0;              // folded
  size_t settled_byte_ = 0;
  bool is_final_ = false;

  // Rules that may change the text: matches not yet in order; growing chains of them; complete findings that others
  // may still come before.
  std::vector<RuleFinding> hits_;
  std::map<uint32_t, RuleFinding> chains_;
  std::vector<RuleFinding> ready_;

  // The others: matches whose text has not passed; those that have, by rule, overlapping ones made one.
  std::vector<RuleFinding> watched_;
  std::map<uint32_t, std::vector<RuleFinding>> joined_;
};

}  // namespace tijori
