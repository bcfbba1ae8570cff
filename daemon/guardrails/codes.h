// Identifiers of letters and digits: PAN, GSTIN, IFSC.
#pragma once

#include <optional>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

// What the digits that begin here, where no digit stands before, are part of. PAN and IFSC begin with the letters
// before them.
std::optional<Candidate> gstin_at(TextReader& reader, size_t position);
std::optional<Candidate> pan_at(TextReader& reader, size_t position);
std::optional<Candidate> ifsc_at(TextReader& reader, size_t position);

// Where letters begin that may be the first part of a PAN or IFSC whose digits come after a separator, when a text ends
// at `end`; else `end`.
size_t open_code_begin(const TextReader& reader, size_t end);

}  // namespace tijori
