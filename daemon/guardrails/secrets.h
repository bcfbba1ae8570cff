// Secrets by shape: API keys and other long random tokens, and private keys in PEM.
//
// Both can be longer than text is held back. They come in pieces: the first from where the secret begins, each further
// one from where the last ended.
#pragma once

#include <cstddef>
#include <optional>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

inline constexpr size_t secret_piece_bytes = 256;

// The first piece of the secret token that the character here is part of.
std::optional<Candidate> secret_token_at(TextReader& reader, size_t position);
// The first piece of the private key whose first line begins with the hyphens here.
std::optional<Candidate> private_key_at(TextReader& reader, size_t position);
// The piece that follows one that ended here.
std::optional<Candidate> next_secret_piece(TextReader& reader, size_t position);

// The place is inside a run of letters and digits so long that nothing but a secret can be there: where to look on.
std::optional<size_t> end_of_long_token(TextReader& reader, size_t position);

}  // namespace tijori
