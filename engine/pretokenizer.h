// Splits text into the pieces that byte-pair merging never crosses. Each kind is a published regular expression,
// matched here by hand in linear time: an engine for regular expressions needs a stack as deep as the text for these,
// or a limit. Classes of characters are those of Unicode, from ICU. Thread-safe.
//
//   llama4 [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//              |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//              |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
//   llama-bpe  (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+
//              |\s+(?!\S)|\s+
//   gpt-2      's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//   smollm     each \p{N} alone, then gpt-2 on what lies between
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_tokenized_bytes = 64U << 20;

enum class Pretokenizer : uint8_t { llama4, llama_bpe, gpt2, smollm };

// By the name in tokenizer.ggml.pre; unsupported, with the name, for any other.
Result<Pretokenizer> find_pretokenizer(std::string_view name);

// The pieces in order; together they are the text, which they point into. malformed, with the offset, when the text is
// not UTF-8; resource_exhausted above max_tokenized_bytes.
Result<std::vector<std::string_view>> pretokenize(Pretokenizer kind, std::string_view text);

}  // namespace tijori
