#include "daemon/guardrails/masked_region.h"

#include <algorithm>
#include <tuple>

namespace tijori {
namespace {

// Longer than any finding of the built-in detectors but a private key, so that what is held back stays small where
// findings overlap in a chain.
constexpr size_t max_region_bytes = size_t{16} << 10;

size_t bytes_of(const RuleFinding& finding) {
  return finding.end.byte - finding.begin.byte;
}

}  // namespace

MaskedRegion::MaskedRegion(const RuleFinding& finding, const Rule& rule, size_t begin_byte)
    : begin_byte_(std::max(begin_byte, finding.begin.byte)),
      end_byte_(finding.end.byte),
      folded_begin_(finding.folded_begin),
      folded_end_(finding.folded_end),
      rule_(&rule),
      rule_bytes_(bytes_of(finding)),
      style_(rule.mask),
      continues_(finding.continues) {}

bool MaskedRegion::takes(const RuleFinding& finding) const {
  if (finding.end.byte <= end_byte_) return true;
  return finding.begin.byte < end_byte_ && finding.end.byte - begin_byte_ <= max_region_bytes;
}

void MaskedRegion::add(const RuleFinding& finding, const Rule& rule) {
  end_byte_ = std::max(end_byte_, finding.end.byte);
  folded_begin_ = std::min(folded_begin_, finding.folded_begin);
  folded_end_ = std::max(folded_end_, finding.folded_end);
  if (rule.mask == MaskStyle::token) style_ = MaskStyle::token;
  if (std::tuple(rule.action, bytes_of(finding)) <= std::tuple(rule_->action, rule_bytes_)) return;
  rule_ = &rule;
  rule_bytes_ = bytes_of(finding);
}

}  // namespace tijori
