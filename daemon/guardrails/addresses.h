// Addresses with an @: e-mail and UPI payment addresses.
#pragma once

#include <optional>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

// Bytes of the part before the @.
inline constexpr size_t max_local_bytes = 128;

// Around the @ at this position.
std::optional<Candidate> address_at(TextReader& reader, size_t position);

// The @ to which the text from this position on leads, when that is part of an address's first part; else where the
// text can't be any more.
struct SignAhead {
  size_t position = 0;
  bool is_there = false;
};
SignAhead sign_after(TextReader& reader, size_t position);

}  // namespace tijori
