// What a number or code touches: a longer token, an amount, an address on the web.
#pragma once

#include <cstddef>

#include "daemon/guardrails/digit_groups.h"
#include "daemon/guardrails/text_reader.h"

namespace tijori {

// The highest score that a candidate at [begin, end) can have for what it touches: 0 when it is a piece of something
// else. `next`: what leads from it to more digits.
double score_limit(TextReader& reader, size_t begin, size_t end, Label label, const SeparatorForm& next);

}  // namespace tijori
