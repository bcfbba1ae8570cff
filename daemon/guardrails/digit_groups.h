// Digits in groups, as people write long numbers: "9999 3775 9456", "98765-43210", "९९९९.३७७५.९४५६".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

inline constexpr size_t max_digit_groups = 20;
inline constexpr size_t max_grouped_digits = 20;

enum class Separator : uint8_t {
  none,
  space,
  tight,       // hyphen, dot, underscore, slash, middle dot, dash
  spaced,      // blank, hyphen, blank
  line_break,  // with a blank or a hyphen at most
  bracket,     // a bracket that opens or closes, with a blank or a hyphen
};

// What separates two groups, from the end of the first; length 0 when nothing known does.
struct SeparatorForm {
  Separator kind = Separator::none;
  char32_t character = 0;
  size_t length = 0;
};
SeparatorForm read_separator(TextReader& reader, size_t position);

struct DigitGroup {
  size_t begin = 0;  // in the window
  size_t end = 0;
  SeparatorForm next;  // what leads to the following group of the run
  size_t size() const { return end - begin; }
};

// Groups from one on, as far as a number can go: others may stand before.
struct DigitRun {
  std::span<const DigitGroup> groups;  // owned by the DigitRuns it comes from, until that is asked again
  std::array<char, max_grouped_digits> digits{};
  size_t n_digits = 0;  // 0 when the first group is too long

  std::string_view all_digits() const { return {digits.data(), n_digits}; }
};

// Reads the groups of a text from left to right, each once.
class DigitRuns {
 public:
  // `position` is where a group begins.
  DigitRun from(TextReader& reader, size_t position);

 private:
  void read_group(TextReader& reader, size_t position);
  bool goes_on() const { return groups_.back().next.kind != Separator::none; }

  std::vector<DigitGroup> groups_;
  size_t cursor_ = 0;
};

// The group before a place and what separates it; size 0 when there is none.
struct GroupBefore {
  size_t begin = 0;
  size_t size = 0;
  SeparatorForm separator;
};
GroupBefore group_before(const TextReader& reader, size_t position);

}  // namespace tijori
