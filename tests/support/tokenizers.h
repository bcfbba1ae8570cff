// Tokenizers for tests, from nothing or from the published vocabulary file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "engine/gguf.h"
#include "engine/gguf_writer.h"
#include "engine/tokenizer.h"

namespace tijori::test {

// GPT-2's spelling of bytes.
inline std::string spell(std::string_view bytes) {
  static const std::vector<std::string> spellings = [] {
    std::vector<std::string> table;
    uint32_t next = 0x100;
    for (uint32_t byte = 0; byte < 256; ++byte) {
      const bool itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
      const uint32_t c = itself ? byte : next++;
      std::string utf8;
      if (c < 0x80) {
        utf8 += static_cast<char>(c);
      } else {
        utf8 += static_cast<char>(0xC0 | (c >> 6));
        utf8 += static_cast<char>(0x80 | (c & 0x3F));
      }
      table.push_back(utf8);
    }
    return table;
  }();
  std::string out;
  for (const char byte : bytes) out += spellings[static_cast<uint8_t>(byte)];
  return out;
}

// Owns what TokenizerData only points to.
struct TokenizerSource {
  std::string pre = "llama4";
  std::vector<std::string> tokens;
  std::vector<TokenType> types;
  std::vector<std::string> merges;
  std::optional<TokenId> bos, eos;
  std::optional<bool> add_bos;

  TokenId add(std::string spelling, TokenType type = TokenType::normal) {
    tokens.push_back(std::move(spelling));
    types.push_back(type);
    return static_cast<TokenId>(tokens.size() - 1);
  }
  // Left and right as bytes; the joined token is added where it is new.
  void merge(std::string_view left, std::string_view right) {
    const std::string joined = spell(left) + spell(right);
    if (std::find(tokens.begin(), tokens.end(), joined) == tokens.end()) add(joined);
    merges.push_back(spell(left) + " " + spell(right));
  }
  TokenizerData data() const {
    TokenizerData data;
    data.pre = pre;
    data.tokens.assign(tokens.begin(), tokens.end());
    data.types = types;
    data.merges.assign(merges.begin(), merges.end());
    data.bos = bos;
    data.eos = eos;
    data.add_bos = add_bos;
    return data;
  }
};

// Ids 0 to 255 are the bytes, then a few merges, then control tokens of every chat format.
inline TokenizerSource byte_tokenizer(std::string pre = "llama4") {
  TokenizerSource source;
  source.pre = std::move(pre);
  for (int byte = 0; byte < 256; ++byte) source.add(spell(std::string(1, static_cast<char>(byte))));
  source.merge("\n", "\n");
  source.merge("\n\n", "\n");
  source.merge("l", "l");
  source.merge("h", "e");
  source.merge("he", "ll");
  source.merge("hell", "o");
  source.merge(" ", "hello");
  source.merge(" ", " ");
  source.merge("a", "a");
  source.merge("aa", "aa");
  for (const char* name :
       {"<|begin_of_text|>", "<|end_of_text|>", "<|header_start|>", "<|header_end|>", "<|eot|>", "<|eom|>",
        "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"}) {
    const TokenId id = source.add(name, TokenType::control);
    if (std::string_view(name) == "<|begin_of_text|>") source.bos = id;
    if (std::string_view(name) == "<|end_of_text|>") source.eos = id;
  }
  return source;
}

// For the tiny models of 48 tokens: llama4's control tokens, newline, space, letters, digits and some marks.
inline TokenizerSource tiny_tokenizer() {
  TokenizerSource source;
  source.bos = source.add("<|begin_of_text|>", TokenType::control);
  source.add("<|header_start|>", TokenType::control);
  source.add("<|header_end|>", TokenType::control);
  source.eos = source.add("<|eot|>", TokenType::control);
  for (const char c : std::string_view("\n abcdefghijklmnopqrstuvwxyz0123456789.,!")) source.add(spell({&c, 1}));
  source.merge("t", "h");
  source.merge("h", "e");
  source.merge("th", "e");
  return source;
}

// The published tiktoken file: each line base64(token bytes), a blank, the rank; with the control tokens behind it.
inline std::optional<TokenizerSource> published_llama4(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) return std::nullopt;
  TokenizerSource source;
  std::vector<std::string> by_rank;
  std::string encoded;
  for (size_t rank = 0; in >> encoded >> rank;) {
    const auto bytes = from_base64(encoded);
    if (!bytes || rank != by_rank.size()) return std::nullopt;
    by_rank.emplace_back(as_text(*bytes));
    source.add(spell(by_rank.back()));
  }
  const std::unordered_set<std::string_view> known(by_rank.begin(), by_rank.end());
  for (const std::string& token : by_rank) {
    for (size_t split = 1; split < token.size(); ++split) {
      const std::string_view left = std::string_view(token).substr(0, split);
      const std::string_view right = std::string_view(token).substr(split);
      if (known.contains(left) && known.contains(right)) source.merges.push_back(spell(left) + " " + spell(right));
    }
  }
  source.bos = source.add("<|begin_of_text|>", TokenType::control);
  source.eos = source.add("<|end_of_text|>", TokenType::control);
  for (const char* name : {"<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|header_start|>", "<|header_end|>",
                           "<|eom|>", "<|eot|>"}) {
    source.add(name, TokenType::control);
  }
  return source;
}

inline void append_gguf_string(Bytes& raw, std::string_view text) {
  append_le(raw, uint64_t{text.size()});
  append(raw, as_bytes(text));
}

// A copy of a GGUF file with this tokenizer and template in it.
inline Bytes with_tokenizer(const Bytes& model, const TokenizerSource& source, std::string_view chat_template) {
  const GgufModel files = *GgufModel::from_bytes(model, "model");
  GgufWriter writer;
  for (const auto& [key, value] : files.metadata().entries()) {
    if (!key.starts_with("tokenizer.") && key != "general.alignment") writer.add(key, value);
  }
  const auto add_strings = [&writer](std::string_view key, const std::vector<std::string>& strings) {
    Bytes raw;
    for (const std::string& text : strings) append_gguf_string(raw, text);
    writer.add(key, GgufValue{GgufType::array, GgufType::string, strings.size(), raw});
  };
  writer.add("tokenizer.ggml.model", "gpt2");
  writer.add("tokenizer.ggml.pre", std::string_view(source.pre));
  add_strings("tokenizer.ggml.tokens", source.tokens);
  add_strings("tokenizer.ggml.merges", source.merges);
  Bytes types;
  for (const TokenType type : source.types) append_le(types, static_cast<int32_t>(type));
  writer.add("tokenizer.ggml.token_type", GgufValue{GgufType::array, GgufType::i32, source.types.size(), types});
  if (source.bos) writer.add("tokenizer.ggml.bos_token_id", *source.bos);
  if (source.eos) writer.add("tokenizer.ggml.eos_token_id", *source.eos);
  if (!chat_template.empty()) writer.add("tokenizer.chat_template", chat_template);
  for (const GgufTensor& tensor : files.tensors()) {
    writer.add_tensor(tensor.name, tensor.type, {tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims},
                      tensor.data);
  }
  return writer.finish();
}

// What Llama 4's own template comes down to in a plain conversation.
inline constexpr std::string_view llama4_template =
    "{{- bos_token }}{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content']|trim %}"
    "{%- endif %}{%- for message in messages %}{{- '<|header_start|>' + message['role'] + '<|header_end|>\\n\\n' }}"
    "{%- if message['content'] is string %}{{- message['content'] }}{%- endif %}{{- '<|eot|>' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|header_start|>assistant<|header_end|>\\n\\n' }}{%- endif %}";

}  // namespace tijori::test
