// Findings that overlap, and what stands in their place.
#pragma once

#include <cstddef>

#include "daemon/guardrails/action.h"
#include "daemon/guardrails/finding_stream.h"

namespace tijori {

class MaskedRegion {
 public:
  // `begin_byte`: where the region before ends, if that is later than the finding's beginning.
  MaskedRegion(const RuleFinding& finding, const Rule& rule, size_t begin_byte);

  // Whether the finding, which doesn't begin before those here, is to be part of the region.
  bool takes(const RuleFinding& finding) const;
  void add(const RuleFinding& finding, const Rule& rule);

  size_t begin_byte() const { return begin_byte_; }
  size_t end_byte() const { return end_byte_; }
  size_t folded_begin() const { return folded_begin_; }
  size_t folded_end() const { return folded_end_; }

  // The strongest of its rules: of equally strong ones the one with the longest finding, of those the first.
  const Rule& rule() const { return *rule_; }
  // The rest of what the region before began to mask, if that had the same rule.
  bool continues() const { return continues_; }
  // A token wherever one rule asks for it: it shows less.
  MaskStyle style() const { return style_; }

 private:
  size_t begin_byte_;
  size_t end_byte_;
  size_t folded_begin_;
  size_t folded_end_;
  const Rule* rule_;
  size_t rule_bytes_;  // how long its finding is
  MaskStyle style_;
  bool continues_;
};

}  // namespace tijori
