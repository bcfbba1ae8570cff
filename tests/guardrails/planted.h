// Identifiers made from a seed, written in every way that people and attackers write them. Valid by their check
// characters, so none is kept anywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "daemon/guardrails/label.h"

namespace tijori {

class Planter {
 public:
  explicit Planter(uint32_t seed) : random_(seed) {}

  // In its plain form: "9999 3775 9456", "abcpe1234f", a key's first line, a run of invisible characters.
  std::string plain(Label label);
  // The same value with other digits, wide letters, other separators and invisible characters between.
  std::string disguised(std::string_view plain);
  // A few words of English, Hindi and Hinglish, of context and of none; numbers that are nothing.
  std::string prose(size_t n_words);

  size_t below(size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random_); }
  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

 private:
  std::string digits(size_t count, std::string_view first = "0123456789");
  std::string letters(size_t count);
  std::string pan();

  std::mt19937 random_;
};

}  // namespace tijori
