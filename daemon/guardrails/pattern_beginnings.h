// How matches of patterns begin: which patterns are worth reading backwards at all.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/guardrails/pattern.h"

namespace tijori {

inline constexpr size_t beginning_bytes = 3;
inline constexpr size_t max_beginnings = 256;  // of one pattern; with more it is always worth reading

class PatternBeginnings {
 public:
  // The pattern's number is how many came before it.
  void add(const Pattern& pattern);
  // After the last.
  void settle();

  size_t memory_bytes() const;

  // The smallest offset of the last bytes, fewer than beginning_bytes, that begin a match of some pattern.
  std::optional<size_t> open_at_end(std::string_view text) const;
  // Appends, in ascending order and once each, the patterns that may begin in `text`.
  void candidates(std::string_view text, std::vector<uint32_t>& out) const;

 private:
  uint32_t n_patterns_ = 0;
  std::vector<uint32_t> anywhere_;                         // patterns of short or many beginnings
  std::vector<std::pair<uint32_t, uint32_t>> beginnings_;  // first three bytes and pattern, sorted
  std::bitset<1U << 16U> filter_;                          // of the three bytes
  std::bitset<1U << 8U> first_byte_;
  std::bitset<1U << 16U> first_two_;
};

}  // namespace tijori
