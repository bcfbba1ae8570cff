// Patterns and literals as Vectorscan reads them, over bytes.
#pragma once

#include <string>
#include <string_view>

#include "daemon/guardrails/pattern.h"

namespace tijori {

// See Pattern::byte_regex().
std::string write_byte_regex(const PatternNode& root, Pattern::Precision precision);
std::string write_byte_regex(std::string_view literal);

}  // namespace tijori
