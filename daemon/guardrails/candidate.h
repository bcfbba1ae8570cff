// A place in folded text that may be an identifier, before overlaps are settled.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "daemon/guardrails/label.h"

namespace tijori {

inline constexpr double support_score = 0.3;  // what a word near it adds that names it
inline constexpr double least_score = 0.2;    // less is not worth telling

struct Candidate {
  Label label = Label::aadhaar;
  size_t begin = 0;  // in the window
  size_t end = 0;
  double score = 0;
  bool final = true;  // what follows the window can't change the score
};

// What the finders work on: folded text in which an identifier may begin anywhere from `from` on. Everything before
// `from` is context only.
struct FinderWindow {
  std::string_view text;
  size_t from = 0;
  bool complete = false;  // nothing follows

  char at(size_t place) const { return place < text.size() ? text[place] : '\0'; }
  char before(size_t place) const { return place > 0 ? text[place - 1] : '\0'; }
};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {  // of folded ASCII
  return c >= 'a' && c <= 'z';
}
constexpr bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

// The first digit at or after `place`; text.size() when there is none.
size_t next_digit(std::string_view text, size_t place);

// Length in bytes of a separator that may stand between two parts of an identifier, 0 when there is none: one space,
// hyphen or dash, dot, underscore, slash, middle dot or line break, or a hyphen between two spaces.
size_t separator_length(std::string_view text, size_t place);
// The same, ending at `place`.
size_t separator_length_before(std::string_view text, size_t place);

// AADHAAR, PAYMENT_CARD, PHONE_MOBILE.
void find_numbers(const FinderWindow& window, std::vector<Candidate>& out);
// PAN, GSTIN, IFSC.
void find_codes(const FinderWindow& window, const std::function<bool(size_t, size_t)>& is_upper_case,
                std::vector<Candidate>& out);
// EMAIL, UPI_VPA.
void find_addresses(const FinderWindow& window, std::vector<Candidate>& out);
// PRIVATE_KEY, SECRET_TOKEN.
void find_secrets(const FinderWindow& window, LabelSet wanted, std::vector<Candidate>& out);

}  // namespace tijori
