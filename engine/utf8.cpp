#include "engine/utf8.h"

namespace tijori {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Unicode 3.9, table 3-7: how many bytes a lead byte asks for, and the range of the byte after it.
struct Lead {
  uint8_t length = 0;  // 0: no lead byte
  uint8_t second_low = 0x80;
  uint8_t second_high = 0xBF;
};

Lead lead_of(uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {2};
  if (byte < 0xF0) {
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    return {3};
  }
  if (byte > 0xF4) return {};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {4};
}

}  // namespace

Utf8Step next_utf8(std::string_view text) {
  const auto byte_at = [text](size_t index) { return static_cast<uint8_t>(text[index]); };
  const uint8_t first = byte_at(0);
  const Lead lead = lead_of(first);
  if (lead.length == 0) return {Utf8State::invalid, 0, 1};
  if (lead.length == 1) return {Utf8State::valid, first, 1};
  char32_t code_point = first & (0x7FU >> lead.length);
  for (uint8_t i = 1; i < lead.length; ++i) {
    if (i == text.size()) return {Utf8State::incomplete, 0, i};
    const uint8_t byte = byte_at(i);
    const uint8_t low = i == 1 ? lead.second_low : uint8_t{0x80};
    const uint8_t high = i == 1 ? lead.second_high : uint8_t{0xBF};
    if (byte < low || byte > high) return {Utf8State::invalid, 0, i};
    code_point = code_point << 6 | (byte & 0x3FU);
  }
  return {Utf8State::valid, code_point, lead.length};
}

std::string Utf8Assembler::push(std::string_view bytes) {
  std::string joined = std::move(pending_);
  joined += bytes;
  pending_.clear();
  std::string text;
  text.reserve(joined.size());
  std::string_view rest = joined;
  while (!rest.empty()) {
    const Utf8Step step = next_utf8(rest);
    if (step.state == Utf8State::incomplete) {
      pending_ = rest;
      break;
    }
    text += step.state == Utf8State::valid ? rest.substr(0, step.length) : replacement;
    rest.remove_prefix(step.length);
  }
  return text;
}

std::string Utf8Assembler::flush() {
  const bool cut = !pending_.empty();
  pending_.clear();
  return cut ? std::string(replacement) : std::string();
}

}  // namespace tijori
