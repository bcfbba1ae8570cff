// Well-formed UTF-8 (RFC 3629), one code point at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tijori {

enum class Utf8State : uint8_t {
  valid,
  invalid,     // `length` bytes can't begin or continue a sequence (a maximal subpart, as Unicode 3.9 D93b says)
  incomplete,  // the text ends inside a sequence that is right so far
};

struct Utf8Step {
  Utf8State state = Utf8State::valid;
  char32_t code_point = 0;  // when valid
  uint8_t length = 0;       // bytes it speaks of, at least 1
};

// The step at the front of `text`, which isn't empty.
Utf8Step next_utf8(std::string_view text);

// Makes text of the bytes of tokens as they come: a sequence cut by a token's end waits for the rest, and bytes that
// are no UTF-8 become U+FFFD, so that what goes out is always whole.
class Utf8Assembler {
 public:
  // The text that is complete now.
  std::string push(std::string_view bytes);
  // The end: what still waits becomes U+FFFD.
  std::string flush();

 private:
  std::string pending_;  // at most 3 bytes
};

}  // namespace tijori
