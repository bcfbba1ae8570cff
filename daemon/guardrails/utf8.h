// Single characters of UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tijori {

struct Utf8Character {
  enum class Kind : uint8_t {
    whole,
    cut,         // what there is may become a character when more follows
    ill_formed,  // its first byte belongs to none
  };
  Kind kind = Kind::ill_formed;
  char32_t code_point = 0xFFFD;
  size_t length = 1;  // bytes
};

// The character that begins here; `text` isn't empty.
inline Utf8Character first_character(std::string_view text) {
  const auto byte = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {Utf8Character::Kind::whole, lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t c = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {Utf8Character::Kind::cut, 0xFFFD, i};
    if (byte(i) < (i == 1 ? low : 0x80) || byte(i) > (i == 1 ? high : 0xBF)) return {};
    c = c << 6U | (byte(i) & 0x3FU);
  }
  return {Utf8Character::Kind::whole, c, length};
}

// The character that ends the text, which isn't empty; cut at its end is ill-formed here.
inline Utf8Character last_character(std::string_view text) {
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    const Utf8Character found = first_character(text.substr(text.size() - length));
    if (found.kind == Utf8Character::Kind::whole && found.length == length) return found;
  }
  return {};
}

// `code_point` is one that UTF-8 can hold.
inline void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0U | code_point >> 6U);
  } else {
    if (code_point < 0x10000) {
      put(0xE0U | code_point >> 12U);
    } else {
      put(0xF0U | code_point >> 18U);
      put(0x80U | (code_point >> 12U & 0x3FU));
    }
    put(0x80U | (code_point >> 6U & 0x3FU));
  }
  put(0x80U | (code_point & 0x3FU));
}

}  // namespace tijori
