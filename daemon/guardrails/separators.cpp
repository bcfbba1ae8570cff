// What stands between the parts of an identifier, and how digits are found.
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "daemon/guardrails/candidate.h"

namespace tijori {
namespace {

// Beside ASCII: hyphens and dashes U+2010 to U+2015, the minus sign, the middle dot.
constexpr std::array<std::string_view, 8> wide_separators{"‐", "‑", "‒", "–", "—", "―", "−", "·"};

bool is_hyphen(std::string_view text) {
  if (text.empty()) return false;
  if (text[0] == '-') return true;
  for (size_t i = 0; i + 1 < wide_separators.size(); ++i)
    if (text.starts_with(wide_separators[i])) return true;
  return false;
}

size_t single_length(std::string_view text, size_t place) {
  if (place >= text.size()) return 0;
  switch (text[place]) {
    case ' ':
    case '-':
    case '.':
    case '_':
    case '/':
    case '\n':
      return 1;
    case '\r':
      return place + 1 < text.size() && text[place + 1] == '\n' ? 2 : 0;
    default:
      break;
  }
  if (static_cast<unsigned char>(text[place]) < 0x80) return 0;
  for (const std::string_view wide : wide_separators)
    if (text.substr(place).starts_with(wide)) return wide.size();
  return 0;
}

size_t single_length_before(std::string_view text, size_t place) {
  for (const size_t length : {size_t{1}, size_t{2}, size_t{3}})
    if (length <= place && single_length(text, place - length) == length) return length;
  return 0;
}

}  // namespace

size_t next_digit(std::string_view text, size_t place) {
  constexpr uint64_t ones = 0x0101010101010101U;
  for (; place + 8 <= text.size(); place += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + place, sizeof eight);
    // A digit is what differs from '0' by less than ten: without its high bit and with 0x76 added it stays below 0x80.
    const uint64_t from_zero = eight ^ (ones * 0x30);
    const uint64_t above = ((from_zero & (ones * 0x7F)) + ones * 0x76) | from_zero;
    const uint64_t digits = ~above & (ones * 0x80);
    if (digits != 0) return place + static_cast<size_t>(std::countr_zero(digits)) / 8;
  }
  while (place < text.size() && !is_digit(text[place])) ++place;
  return place;
}

size_t separator_length(std::string_view text, size_t place) {
  const size_t first = single_length(text, place);
  if (first == 0) return 0;
  if (text[place] == ' ' && is_hyphen(text.substr(place + 1))) {
    const size_t hyphen = single_length(text, place + 1);
    if (place + 1 + hyphen < text.size() && text[place + 1 + hyphen] == ' ') return hyphen + 2;
  }
  return first;
}

size_t separator_length_before(std::string_view text, size_t place) {
  const size_t last = single_length_before(text, place);
  if (last == 0) return 0;
  if (text[place - 1] == ' ') {
    const size_t hyphen = single_length_before(text, place - 1);
    if (hyphen != 0 && is_hyphen(text.substr(place - 1 - hyphen)) && place >= hyphen + 2 &&
        text[place - 2 - hyphen] == ' ')
      return hyphen + 2;
  }
  return last;
}

}  // namespace tijori
