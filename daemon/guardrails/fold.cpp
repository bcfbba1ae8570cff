#include "daemon/guardrails/fold.h"

#include <iterator>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

namespace tijori {
namespace {

// The ASCII character that a full-width, mathematical, circled … form stands for; else itself.
char32_t plain_form(char32_t code_point) {
  UErrorCode status = U_ZERO_ERROR;
  static const UNormalizer2* const normalizer = unorm2_getNFKCInstance(&status);
  if (normalizer == nullptr) return code_point;
  UChar form[8];
  status = U_ZERO_ERROR;
  const int32_t length = unorm2_getDecomposition(normalizer, static_cast<UChar32>(code_point), form,
                                                 static_cast<int32_t>(std::size(form)), &status);
  return length == 1 && U_SUCCESS(status) && form[0] < 0x80 ? form[0] : code_point;
}

}  // namespace

char32_t fold_code_point(char32_t code_point) {
  if (code_point < 0x80) return code_point >= U'A' && code_point <= U'Z' ? code_point + (U'a' - U'A') : code_point;
  const auto c = static_cast<UChar32>(code_point);
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return folds_away;
  if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) return U'0' + static_cast<char32_t>(u_charDigitValue(c));
  const char32_t plain = plain_form(code_point);
  if (plain < 0x80) return fold_code_point(plain);
  return static_cast<char32_t>(u_tolower(c));
}

bool is_word_character(char32_t code_point) {
  if (code_point < 0x80)
    return (code_point >= U'a' && code_point <= U'z') || (code_point >= U'0' && code_point <= U'9') ||
           (code_point >= U'A' && code_point <= U'Z');
  return (U_MASK(u_charType(static_cast<UChar32>(code_point))) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

}  // namespace tijori
