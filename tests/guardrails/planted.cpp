#include "tests/guardrails/planted.h"

#include <array>
#include <vector>

#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Zeros of decimal digits: Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada, Malayalam, Arabic,
// Persian, full width, mathematical bold.
constexpr std::array<char32_t, 13> zeros{0x966, 0x9E6, 0xA66, 0xAE6, 0xB66,  0xBE6,  0xC66,
                                         0xCE6, 0xD66, 0x660, 0x6F0, 0xFF10, 0x1D7CE};
constexpr std::array<char32_t, 7> invisibles{0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0xFEFF, 0x200E};
constexpr std::array<std::string_view, 6> separators{" ", "-", ".", "\u2013", "\u00a0", ""};
constexpr std::array<std::string_view, 58> words{
    "the",     "branch", "opens", "at",       "10",     "o'clock", "account", "for",
    "Aadhaar", "number", "PAN",   "card",     "mobile", "phone",   "call",    "UPI",
    "invoice", "2026",   "Rs",    "1,25,000", "order",  "version", "3.14",    "and",
    "मेरा",     "खाता",   "आधार",  "नंबर",      "पैन",     "मोबाइल",  "है",       "शाखा",
    "में",       "१२३",    "mera",  "khata",    "karna",  "hai",     "nahi",    "bhejo",
    "falcon",  "osprey", "emp",   "emp 77",   "a",      "z",       "-----",   "foo@bar",
    "@",       "x",      "(",     ")",        "café",   "नमस्ते",    "🙂",      "k\u200cshetra",
    "\xff",    "key"};

// Verhoeff's check: the dihedral group D5 and powers of its permutation, as formulas instead of tables.
unsigned dihedral(unsigned a, unsigned b) {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
  return b < 5 ? 5 + (a - 5 + 5 - b) % 5 : (a - b + 10) % 5;
}
bool is_verhoeff(std::string_view value) {
  constexpr std::array<unsigned, 10> permutation{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  unsigned sum = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    auto digit = static_cast<unsigned>(value[value.size() - 1 - i] - '0');
    for (size_t power = 0; power < i % 8; ++power) digit = permutation.at(digit);
    sum = dihedral(sum, digit);
  }
  return sum == 0;
}

// Luhn's sum over the base, from the right; `first` is the factor of the last character.
unsigned luhn(std::string_view value, unsigned base, unsigned first) {
  unsigned sum = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[value.size() - 1 - i];
    const auto digit = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    const unsigned product = digit * (i % 2 == 0 ? first : 3 - first);
    sum += product / base + product % base;
  }
  return sum % base;
}

}  // namespace

std::string Planter::digits(size_t count, std::string_view first) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += i == 0 ? first[below(first.size())] : static_cast<char>('0' + below(10));
  return out;
}

std::string Planter::letters(size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += alphabet[below(alphabet.size())];
  return out;
}

std::string Planter::pan() {
  std::string out = letters(3) + "pcfh"[below(4)] + letters(1) + digits(4);
  if (out.ends_with("0000")) out.back() = '1';
  return out + letters(1);
}

std::string Planter::plain(Label label) {
  switch (label) {
    case Label::aadhaar:
      for (;;) {
        const std::string value = digits(12, "23456789");
        if (is_verhoeff(value)) return value.substr(0, 4) + " " + value.substr(4, 4) + " " + value.substr(8);
      }
    case Label::payment_card:
      for (;;) {
        const std::string value = "4" + digits(15);
        if (luhn(value, 10, 1) == 0)
          return value.substr(0, 4) + " " + value.substr(4, 4) + " " + value.substr(8, 4) + " " + value.substr(12);
      }
    case Label::pan:
      return pan();
    case Label::gstin: {
      const std::string value = "27" + pan() + "1z";
      return value + "0123456789abcdefghijklmnopqrstuvwxyz"[(36 - luhn(value, 36, 2)) % 36];
    }
    case Label::ifsc:
      return "hdfc0" + digits(6);
    case Label::phone_mobile:
      return (chance(0.5) ? "+91 " : "") + digits(5, "6789") + " " + digits(5);
    case Label::email:
      return letters(5) + "." + letters(6) + "@" + letters(7) + ".co.in";
    case Label::upi_vpa:
      return letters(6) + digits(3) + "@okhdfcbank";
    case Label::hidden_unicode: {
      std::string out;
      for (size_t i = 0; i < 4; ++i) append_utf8(out, static_cast<char32_t>(0xE0041 + below(20)));
      return out;
    }
    case Label::bidi_control:
      return "\u202e";
    case Label::private_key: {
      std::string out = "-----BEGIN RSA PRIVATE KEY-----\n";
      for (size_t line = 0; line < 2; ++line) {
        for (size_t i = 0; i < 64; ++i) out += base64[below(base64.size())];
        out += '\n';
      }
      return out + "-----END RSA PRIVATE KEY-----";
    }
    case Label::secret_token:
      return "ghp_" + letters(18) + digits(18);
  }
  return {};
}

std::string Planter::disguised(std::string_view plain) {
  const char32_t zero = chance(0.5) ? U'0' : zeros[below(zeros.size())];
  const bool is_wide = chance(0.2);
  const bool is_upper = chance(0.5);
  const bool has_invisibles = chance(0.3);
  const std::string_view separator = chance(0.5) ? std::string_view(" ") : separators[below(separators.size())];
  std::string out;
  for (std::string_view rest = plain; !rest.empty();) {
    const Utf8Character next = first_character(rest);
    const char32_t c = next.code_point;
    if (c >= '0' && c <= '9')
      append_utf8(out, zero + (c - '0'));
    else if (c >= 'a' && c <= 'z')
      append_utf8(out, is_wide ? 0xFF41 + (c - 'a') : is_upper ? c - 0x20 : c);
    else if (c == ' ')
      out += separator;
    else
      out += rest.substr(0, next.length);
    rest.remove_prefix(next.length);
    if (has_invisibles && !rest.empty() && chance(0.3)) append_utf8(out, invisibles[below(invisibles.size())]);
  }
  return out;
}

std::string Planter::prose(size_t n_words) {
  std::string out;
  for (size_t i = 0; i < n_words; ++i) {
    if (chance(0.1))
      out += digits(1 + below(14));
    else
      out += words[below(words.size())];
    out += chance(0.9) ? " " : chance(0.5) ? ", " : "";
  }
  return out;
}

}  // namespace tijori
