// Text to token ids and back: byte-level byte-pair encoding, as GGUF files of tokenizer.ggml.model "gpt2" carry it.
// Encoding never yields a control token, whatever the text says: those are put in by id (chat_format.h) or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "engine/pretokenizer.h"

namespace tijori {

using TokenId = uint32_t;

inline constexpr size_t max_vocabulary_tokens = 1U << 22;
inline constexpr size_t max_token_bytes = 1U << 16;

// Values of tokenizer.ggml.token_type.
enum class TokenType : uint8_t { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

// What a file says. Tokens and merges are in GPT-2's spelling: each byte is one printable code point, a merge is
// "left right". The views need live only as long as create() runs.
struct TokenizerData {
  std::string_view pre;
  std::vector<std::string_view> tokens;
  std::vector<TokenType> types;  // [tokens.size()], or empty: all normal
  std::vector<std::string_view> merges;
  std::optional<TokenId> bos, eos, eot, eom;
  std::optional<bool> add_bos;  // absent: true for llama4 and llama-bpe, false for the others
};

// Immutable after create(), so any thread may use it.
class Tokenizer {
 public:
  // unsupported for an unknown `pre`; malformed, naming the entry, for merges or ids that the vocabulary doesn't have.
  static Result<Tokenizer> create(const TokenizerData& data);
  Tokenizer(Tokenizer&&) = default;
  Tokenizer& operator=(Tokenizer&&) = default;
  Tokenizer(const Tokenizer&) = delete;  // its maps point into its own bytes
  Tokenizer& operator=(const Tokenizer&) = delete;

  size_t vocabulary() const { return offsets_.size() - 1; }

  // No BOS, no special tokens. malformed, with the byte offset, when the text isn't UTF-8. A byte that the vocabulary
  // has no token for is left out, as the tokenizers do that such files come from; vocabularies of 256 bytes lose
  // nothing: decode(encode(text)) == text.
  Result<std::vector<TokenId>> encode(std::string_view text) const;

  // The bytes that the token stands for, not always whole UTF-8. Nothing for control and unused tokens, nor for an id
  // outside the vocabulary.
  std::string_view bytes_of(TokenId token) const;
  std::string decode(std::span<const TokenId> tokens) const;
  // As bytes_of, but a control token's name, such as "<|eot|>", too.
  std::string_view text_of(TokenId token) const;

  // A control or user-defined token by its text, such as "<|eot|>".
  std::optional<TokenId> find_special(std::string_view text) const;
  bool is_special(TokenId token) const;

  std::optional<TokenId> bos() const { return bos_; }
  std::optional<TokenId> eos() const { return eos_; }
  std::optional<TokenId> eot() const { return eot_; }
  std::optional<TokenId> eom() const { return eom_; }
  // Whether plain text begins with bos() when it is a prompt.
  bool adds_bos() const { return adds_bos_; }
  Pretokenizer pretokenizer() const { return pretokenizer_; }

 private:
  struct Merge {
    uint32_t rank = 0;  // lower goes first
    TokenId result = 0;
  };
  struct Workspace;

  Tokenizer() = default;
  Status add_tokens(const TokenizerData& data);
  Status add_merges(const TokenizerData& data);
  Status add_special_ids(const TokenizerData& data);
  std::string_view stored(TokenId token) const;
  const Merge* find_merge(TokenId left, TokenId right) const;
  void encode_piece(std::string_view piece, Workspace& workspace, std::vector<TokenId>& out) const;

  Pretokenizer pretokenizer_ = Pretokenizer::gpt2;
  std::vector<char> bytes_;                                    // of all tokens, one after the other
  std::vector<uint32_t> offsets_;                              // [vocabulary + 1] into bytes_
  std::vector<TokenType> types_;                               // [vocabulary]
  std::vector<TokenId> byte_ids_;                              // [256], no_token where the vocabulary has none
  std::unordered_map<std::string_view, TokenId> normal_ids_;   // by bytes
  std::unordered_map<std::string_view, TokenId> special_ids_;  // by text
  std::unordered_map<uint64_t, Merge> merges_;                 // by left << 32 | right
  std::optional<TokenId> bos_, eos_, eot_, eom_;
  bool adds_bos_ = false;
};

}  // namespace tijori
