// Addresses with an @: e-mail and UPI payment addresses.
#pragma once

#include <optional>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

// Bytes of the part before the @.
inline constexpr size_t max_local_bytes = 128;

// Around the @ at this position.
std::optional<Candidate> address_at(TextReader& reader, size_t position);

// The @ to which the text from this position on leads, if it is part of an address's first part.
std::optional<size_t> at_sign_after(TextReader& reader, size_t position);

}  // namespace tijori
