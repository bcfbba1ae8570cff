#include "daemon/guardrails/checksums.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tijori {
namespace {

using Row = std::array<uint8_t, 10>;
constexpr size_t n_permutations = 8;

// The dihedral group of order 10: 0 … 4 rotations, 5 … 9 reflections.
constexpr std::array<Row, 10> make_products() {
  std::array<Row, 10> products{};
  for (uint8_t a = 0; a < 10; ++a)
    for (uint8_t b = 0; b < 10; ++b) {
      const int turned = a < 5 ? a + b % 5 : a - b % 5 + 5;
      products[a][b] = static_cast<uint8_t>(turned % 5 + ((a < 5) != (b < 5) ? 5 : 0));
    }
  return products;
}

// Each row is the one before, permuted once more.
constexpr std::array<Row, n_permutations> make_permutations() {
  constexpr Row once{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  std::array<Row, n_permutations> rows{};
  for (uint8_t digit = 0; digit < 10; ++digit) rows[0][digit] = digit;
  for (size_t i = 1; i < n_permutations; ++i)
    for (size_t digit = 0; digit < 10; ++digit) rows[i][digit] = once[rows[i - 1][digit]];
  return rows;
}

constexpr auto products = make_products();
constexpr auto permutations = make_permutations();
static_assert(products[1][5] == 6 && products[5][1] == 9 && products[6][5] == 1 && products[9][9] == 0);
static_assert(permutations[2] == Row{5, 8, 0, 3, 7, 9, 6, 1, 4, 2} &&
              permutations[7] == Row{7, 0, 4, 6, 9, 1, 3, 2, 5, 8});

constexpr unsigned base36_value(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

}  // namespace

bool passes_verhoeff(std::string_view digits) {
  uint8_t state = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<size_t>(digits[digits.size() - 1 - i] - '0');
    state = products[state][permutations[i % n_permutations][digit]];
  }
  return state == 0;
}

bool passes_luhn(std::string_view digits) {
  unsigned sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    auto digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    if (i % 2 == 1) digit = digit < 5 ? 2 * digit : 2 * digit - 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool passes_gstin_check(std::string_view characters) {
  if (characters.size() != 15) return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 14; ++i) {
    const unsigned product = base36_value(characters[i]) * (i % 2 == 0 ? 1 : 2);
    sum += product / 36 + product % 36;
  }
  return base36_value(characters[14]) == (36 - sum % 36) % 36;
}

}  // namespace tijori
