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

// The first piece of the secret token that the character here is part of, or up to where there is none.
struct SecretToken {
  std::optional<Candidate> candidate;
  size_t nothing_until = 0;
};
SecretToken secret_token_at(TextReader& reader, size_t position);
// The first piece of the private key whose first line begins with the hyphens here.
std::optional<Candidate> private_key_at(TextReader& reader, size_t position);
// The piece that follows one that ended here.
std::optional<Candidate> next_secret_piece(TextReader& reader, size_t position);

// The run of letters and digits around a place. In a long one there is nothing but secrets; the end of one is seen only
// so far.
struct TokenLength {
  bool is_long = false;
  size_t end = 0;
};
TokenLength token_length_at(TextReader& reader, size_t position);

}  // namespace tijori
