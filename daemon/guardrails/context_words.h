// Words that say what a number near them is, in English, Hindi and Romanised Hindi (and for Aadhaar in more scripts):
// they raise or lower a detector's score where shape and check digit alone are weak.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tijori {

// What a word speaks of, as bits.
enum class Topic : uint16_t {
  aadhaar = 1 << 0,
  pan = 1 << 1,
  gst = 1 << 2,
  ifsc = 1 << 3,
  account = 1 << 4,
  upi = 1 << 5,
  card = 1 << 6,
  phone = 1 << 7,
  email = 1 << 8,
  other_number = 1 << 9,  // order, invoice, reference, amount …: a number that is none of the above
  secret = 1 << 10,       // password, token, key
};
using Topics = uint16_t;
constexpr Topics bits(Topic topic) {
  return static_cast<Topics>(topic);
}
constexpr Topics operator|(Topic one, Topic other) {
  return static_cast<Topics>(bits(one) | bits(other));
}
constexpr Topics operator|(Topics some, Topic other) {
  return static_cast<Topics>(some | bits(other));
}

// 0 when the word (folded) is none of the list.
Topics topics_of(std::string_view word);

// What the surroundings of folded[begin, end) say: the words up to 40 code points before it (on its line or the one
// above) and, when those say nothing, up to 20 after it (on its line).
struct Context {
  bool supports = false;         // a word of `wanted` is near
  bool opposes = false;          // a word of `opposing` is near
  bool nearest_opposes = false;  // and is nearer than any that supports
  bool decided_before = false;   // what follows the text can't change this any more
};
Context read_context(std::string_view folded, size_t begin, size_t end, Topics wanted, Topics opposing);

// How much of folded text after `end` read_context may look at.
inline constexpr size_t context_after_bytes = 80;

}  // namespace tijori
