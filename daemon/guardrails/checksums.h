// Check digits of identifiers, over ASCII text of digits (and for the GSTIN lower-case letters) without separators.
#pragma once

#include <string_view>

namespace tijori {

// Verhoeff's dihedral check (Aadhaar): J. Verhoeff, Error Detecting Decimal Codes, 1969.
bool verhoeff_holds(std::string_view digits);
// ISO/IEC 7812-1 annex B (payment cards).
bool luhn_holds(std::string_view digits);
// The 15th character of a GSTIN: Luhn mod 36 over the first 14.
bool gstin_check_holds(std::string_view gstin);
bool is_palindrome(std::string_view text);

}  // namespace tijori
