// Numbers with nothing but digits: Aadhaar, payment cards, mobile phones.
#pragma once

#include <optional>

#include "daemon/guardrails/digit_groups.h"
#include "daemon/guardrails/text_reader.h"

namespace tijori {

// The best candidate that begins at this digit, where no digit stands before it; none when a better one begins inside
// it. May begin before the digit with what introduces a phone number: "+", "(".
std::optional<Candidate> number_at(TextReader& reader, DigitRuns& runs, size_t position);

}  // namespace tijori
