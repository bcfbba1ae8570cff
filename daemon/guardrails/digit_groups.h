// Digits in groups, as people write long numbers: "9999 3775 9456", "98765-43210", "९९९९.३७७५.९४५६".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

// A digit run from one group on, as far as numbers go: it may have begun before.
struct DigitRun {
  std::array<DigitGroup, max_digit_groups> groups;
  size_t n_groups = 0;
  std::array<char, max_grouped_digits> digits;  // of all groups; those of a last group too long are left out
  size_t n_digits = 0;

  std::string_view all_digits() const { return {digits.data(), n_digits}; }
};
// `position` is at a digit; groups end where digits do.
DigitRun read_digit_run(TextReader& reader, size_t position);

// The group before a place and what separates it; size 0 when there is none.
struct GroupBefore {
  size_t begin = 0;
  size_t size = 0;
  SeparatorForm separator;
};
GroupBefore group_before(const TextReader& reader, size_t position);

}  // namespace tijori
