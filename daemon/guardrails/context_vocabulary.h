// The words that say what a number or code near them is.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/guardrails/label.h"

namespace tijori {

enum class Strength : uint8_t {
  firm,
  weak,      // a word before it may say more ("aadhaar क्रमांक", "card account")
  numbered,  // says something only where its number is meant ("customer no.", not "customer")
};

struct ContextWord {
  LabelSet own;      // kinds it names
  LabelSet against;  // kinds it speaks against
  Strength strength = Strength::firm;
};

// The word as folded text has it; words run together are known by their beginning or end ("mobileno"). Null when it
// says nothing.
const ContextWord* find_context_word(std::string_view word);

// A word whose full stop doesn't end the sentence ("no.", "mob.").
bool is_abbreviation(std::string_view word);

}  // namespace tijori
