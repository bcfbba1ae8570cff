#include "daemon/guardrails/checksums.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tijori {
namespace {

// The multiplication of the dihedral group D5.
constexpr std::array<std::array<uint8_t, 10>, 10> product{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                           {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                                           {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
                                                           {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                                           {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
                                                           {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                                           {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
                                                           {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                                           {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
                                                           {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
constexpr std::array<uint8_t, 10> permutation{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

// Row j is the permutation applied j times.
constexpr auto permutations = [] {
  std::array<std::array<uint8_t, 10>, 8> rows{};
  for (size_t digit = 0; digit < 10; ++digit) rows[0][digit] = static_cast<uint8_t>(digit);
  for (size_t row = 1; row < rows.size(); ++row)
    for (size_t digit = 0; digit < 10; ++digit) rows[row][digit] = permutation[rows[row - 1][digit]];
  return rows;
}();

int value_of(char c) {
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

}  // namespace

bool verhoeff_holds(std::string_view digits) {
  uint8_t check = 0;
  for (size_t i = 0; i < digits.size(); ++i)
    check = product[check][permutations[i % 8][static_cast<size_t>(digits[digits.size() - 1 - i] - '0')]];
  return check == 0;
}

bool luhn_holds(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool gstin_check_holds(std::string_view gstin) {
  int sum = 0;
  for (size_t i = 0; i + 1 < gstin.size(); ++i) {
    const int weighted = value_of(gstin[i]) * (i % 2 == 0 ? 1 : 2);
    sum += weighted / 36 + weighted % 36;
  }
  return (36 - sum % 36) % 36 == value_of(gstin.back());
}

bool is_palindrome(std::string_view text) {
  return std::equal(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.size() / 2), text.rbegin());
}

}  // namespace tijori
