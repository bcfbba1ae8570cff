// Gives a dense `llama` model the layout of `llama4`, so that a small free model goes the whole way of a large one.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"

namespace tijori {

// Writes a `llama4` file that computes the same function, bit for bit: each FFN becomes the shared expert of an MoE
// layer, beside n_experts routed experts whose down projection is zero, behind a random router. Extension keys turn
// head norm, layers without rotation and attention temperature off. Tokenizer, chat template, licence and tied
// embeddings are kept; general.name says what the file is.
// Refused: any architecture but a dense llama, and contexts beyond one attention chunk.
Status write_llama4_layout(const std::filesystem::path& dense, const std::filesystem::path& out, uint32_t n_experts);

}  // namespace tijori
