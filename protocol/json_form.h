// The JSON forms of the structs in this folder: strict in, compact out. Include the header of the struct as well; a
// struct without a form doesn't link.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tijori {

// Strict: a missing, unknown or ill-typed field is refused with invalid_argument, "records[3].seq: expected a number".
template <class T>
Result<T> from_json(std::string_view text);

// One line, fields in the order of the struct; empty optional fields are left out.
template <class T>
std::string to_json(const T& value);

}  // namespace tijori
