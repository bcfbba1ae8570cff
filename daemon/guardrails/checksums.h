// Check digits and characters of identifiers.
#pragma once

#include <string_view>

namespace tijori {

// All take ASCII digits only, check digit last.
bool passes_verhoeff(std::string_view digits);
bool passes_luhn(std::string_view digits);

// 15 digits and lower-case letters; the last is the check character (Luhn modulo 36).
bool passes_gstin_check(std::string_view characters);

}  // namespace tijori
