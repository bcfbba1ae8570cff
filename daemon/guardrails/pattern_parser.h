// The grammar of pattern.h.
#pragma once

#include <string_view>

#include "base/error.h"
#include "daemon/guardrails/pattern.h"

namespace tijori {

// The tree as written, classes and characters folded; limits other than depth are Pattern's business.
Result<PatternNode> parse_pattern(std::string_view text);

}  // namespace tijori
