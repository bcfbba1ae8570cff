// Folding of one code point: see folded_text.h for what folding does.
#pragma once

namespace tijori {

inline constexpr char32_t folds_away = 0xFFFFFFFF;

// What the code point becomes in folded text, or folds_away when nobody sees it.
char32_t fold_code_point(char32_t code_point);

// Whether a word goes on with it: a letter, a mark or a digit.
bool is_word_character(char32_t code_point);

}  // namespace tijori
