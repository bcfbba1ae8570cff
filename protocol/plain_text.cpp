#include "protocol/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tijori {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Character {
  uint32_t point = 0;
  size_t bytes = 0;  // 0: not UTF-8
};

Character character_at(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t bytes = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2);
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  uint32_t point = first & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    point = point << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return surrogate || point < least[bytes] || point > 0x10FFFF ? Character{} : Character{point, bytes};
}

struct Range {
  uint32_t first;
  uint32_t last;
};
constexpr Range hidden[] = {
    {0x00, 0x08},       {0x0B, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},  // soft hyphen
    {0x61C, 0x61C},     {0x180E, 0x180E},                    // Arabic letter mark, Mongolian vowel separator
    {0x115F, 0x1160},   {0x3164, 0x3164}, {0xFFA0, 0xFFA0},  // Hangul fillers
    {0x200B, 0x200B},   {0x200E, 0x200F},                    // zero width space, direction marks
    {0x2028, 0x202E},                                        // line and paragraph separators, embeddings, overrides
    {0x2060, 0x206F},                                        // word joiner, invisible operators, isolates
    {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},                    // byte order mark, annotations
    {0xE0000, 0xE0FFF},                                      // tags
};

bool is_hidden(uint32_t point) {
  return std::ranges::any_of(hidden, [&](const Range& range) { return range.first <= point && point <= range.last; });
}

}  // namespace

std::string plain_text(std::string text) {
  const auto printable = [](char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t'; };
  if (std::ranges::all_of(text, printable)) return text;
  std::string plain;
  plain.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const Character next = character_at(rest);
    const bool bad = next.bytes == 0 || is_hidden(next.point);
    plain += bad ? replacement : rest.substr(0, next.bytes);
    rest.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
  }
  return plain;
}

}  // namespace tijori
