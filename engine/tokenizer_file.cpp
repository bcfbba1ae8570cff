#include "engine/tokenizer_file.h"

#include <limits>
#include <string>

namespace tijori {
namespace {

Result<std::optional<TokenId>> optional_id(const GgufMetadata& metadata, std::string_view key) {
  if (!metadata.contains(key)) return std::optional<TokenId>();
  TRY_ASSIGN(const uint64_t value, metadata.unsigned_integer(key));
  if (value > std::numeric_limits<TokenId>::max()) {
    return fail(ErrorCode::malformed, std::string(key) + ": " + std::to_string(value) + " is no token id");
  }
  return std::optional<TokenId>(static_cast<TokenId>(value));
}

Result<std::vector<TokenType>> token_types(const GgufMetadata& metadata) {
  constexpr std::string_view key = "tokenizer.ggml.token_type";
  std::vector<TokenType> types;
  if (!metadata.contains(key)) return types;
  TRY_ASSIGN(const std::vector<int64_t> values, metadata.integers(key));
  types.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] < static_cast<int64_t>(TokenType::normal) || values[i] > static_cast<int64_t>(TokenType::byte)) {
      return fail(ErrorCode::malformed, std::string(key) + ": entry " + std::to_string(i) + " is " +
                                            std::to_string(values[i]) + ", expected 1 to 6");
    }
    types.push_back(static_cast<TokenType>(values[i]));
  }
  return types;
}

}  // namespace

Result<Tokenizer> load_tokenizer(const GgufMetadata& metadata) {
  TRY_ASSIGN(const std::string_view model, metadata.string("tokenizer.ggml.model"));
  if (model != "gpt2") {
    return fail(ErrorCode::unsupported,
                "tokenizer.ggml.model: \"" + std::string(model) + "\"; only \"gpt2\" (byte-level BPE) is supported");
  }
  TokenizerData data;
  TRY_ASSIGN(data.pre, metadata.string("tokenizer.ggml.pre"));
  TRY_ASSIGN(data.tokens, metadata.strings("tokenizer.ggml.tokens"));
  TRY_ASSIGN(data.types, token_types(metadata));
  TRY_ASSIGN(data.merges, metadata.strings("tokenizer.ggml.merges"));
  TRY_ASSIGN(data.bos, optional_id(metadata, "tokenizer.ggml.bos_token_id"));
  TRY_ASSIGN(data.eos, optional_id(metadata, "tokenizer.ggml.eos_token_id"));
  TRY_ASSIGN(data.eot, optional_id(metadata, "tokenizer.ggml.eot_token_id"));
  TRY_ASSIGN(data.eom, optional_id(metadata, "tokenizer.ggml.eom_token_id"));
  constexpr std::string_view add_bos = "tokenizer.ggml.add_bos_token";
  if (metadata.contains(add_bos)) {
    TRY_ASSIGN(data.add_bos, metadata.boolean(add_bos));
  }
  return Tokenizer::create(data);
}

Result<std::string_view> chat_template_of(const GgufMetadata& metadata) {
  constexpr std::string_view key = "tokenizer.chat_template";
  if (!metadata.contains(key)) return std::string_view();
  return metadata.string(key);
}

}  // namespace tijori
