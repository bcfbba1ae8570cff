#include "engine/tokenizer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/utf8.h"

namespace tijori {
namespace {

constexpr TokenId no_token = std::numeric_limits<TokenId>::max();

// GPT-2's spelling: the printable bytes of Latin-1 stand for themselves, the other 68 in order for U+0100 and on.
constexpr bool spells_itself(unsigned byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
}

constexpr size_t n_spelling_code_points = 0x100 + 68;

const std::array<int16_t, n_spelling_code_points>& bytes_by_code_point() {
  static const std::array<int16_t, n_spelling_code_points> table = [] {
    std::array<int16_t, n_spelling_code_points> bytes{};
    bytes.fill(-1);
    size_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
      bytes[spells_itself(byte) ? byte : next++] = static_cast<int16_t>(byte);
    }
    return bytes;
  }();
  return table;
}

// Appends the bytes that the spelling stands for; false when it isn't one.
bool unspell(std::string_view spelling, std::string& out) {
  const auto& table = bytes_by_code_point();
  while (!spelling.empty()) {
    const Utf8Step step = next_utf8(spelling);
    if (step.state != Utf8State::valid || step.code_point >= table.size() || table[step.code_point] < 0) return false;
    out += static_cast<char>(table[step.code_point]);
    spelling.remove_prefix(step.length);
  }
  return true;
}

// Vocabularies that come from tiktoken know ranks of tokens alone: every split of a token merges with the same
// priority. Their files list the splits one after the other.
bool ranks_by_result(Pretokenizer kind) {
  return kind == Pretokenizer::llama4 || kind == Pretokenizer::llama_bpe;
}

}  // namespace

// What encoding a piece needs, kept between pieces.
struct Tokenizer::Workspace {
  struct Symbol {
    TokenId id = no_token;
    int32_t previous = -1;
    int32_t next = -1;
  };
  struct Candidate {
    uint32_t rank = 0;
    int32_t left = 0;  // index of the symbol
    TokenId left_id = 0;
    TokenId right_id = 0;
    TokenId result = 0;
    // The heap keeps the greatest in front: the lowest rank, leftmost, is the greatest.
    bool operator<(const Candidate& other) const { return rank != other.rank ? rank > other.rank : left > other.left; }
  };
  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
};

Result<Tokenizer> Tokenizer::create(const TokenizerData& data) {
  Tokenizer tokenizer;
  TRY_ASSIGN(tokenizer.pretokenizer_, find_pretokenizer(data.pre));
  TRY(tokenizer.add_tokens(data));
  TRY(tokenizer.add_merges(data));
  TRY(tokenizer.add_special_ids(data));
  return tokenizer;
}

Status Tokenizer::add_tokens(const TokenizerData& data) {
  if (data.tokens.empty() || data.tokens.size() > max_vocabulary_tokens) {
    return fail(ErrorCode::malformed, "tokenizer.ggml.tokens: " + std::to_string(data.tokens.size()) +
                                          " entries, expected 1 to " + std::to_string(max_vocabulary_tokens));
  }
  if (!data.types.empty() && data.types.size() != data.tokens.size()) {
    return fail(ErrorCode::malformed, "tokenizer.ggml.token_type: " + std::to_string(data.types.size()) +
                                          " entries for " + std::to_string(data.tokens.size()) + " tokens");
  }
  types_ = data.types.empty() ? std::vector<TokenType>(data.tokens.size(), TokenType::normal) : data.types;
  std::string bytes;
  offsets_.reserve(data.tokens.size() + 1);
  offsets_.push_back(0);
  for (size_t id = 0; id < data.tokens.size(); ++id) {
    const std::string_view spelling = data.tokens[id];
    if (spelling.size() > max_token_bytes) {
      return fail(ErrorCode::malformed, "tokenizer.ggml.tokens: entry " + std::to_string(id) + " has " +
                                            std::to_string(spelling.size()) + " bytes, at most " +
                                            std::to_string(max_token_bytes));
    }
    const size_t start = bytes.size();
    // Tokens that were added later stand verbatim, and some converters leave them "normal".
    if (types_[id] != TokenType::normal || !unspell(spelling, bytes)) {
      bytes.resize(start);
      bytes += spelling;
    }
    if (bytes.size() > std::numeric_limits<uint32_t>::max()) {
      return fail(ErrorCode::malformed, "tokenizer.ggml.tokens: more than 4 GiB of text");
    }
    offsets_.push_back(static_cast<uint32_t>(bytes.size()));
  }
  bytes_.assign(bytes.begin(), bytes.end());

  normal_ids_.reserve(data.tokens.size());
  for (size_t id = 0; id < data.tokens.size(); ++id) {
    const std::string_view text = stored(static_cast<TokenId>(id));
    if (text.empty()) continue;
    if (types_[id] == TokenType::normal) normal_ids_.emplace(text, static_cast<TokenId>(id));
    if (types_[id] == TokenType::control || types_[id] == TokenType::user_defined) {
      special_ids_.emplace(text, static_cast<TokenId>(id));
    }
  }
  byte_ids_.assign(256, no_token);
  for (size_t byte = 0; byte < byte_ids_.size(); ++byte) {
    const char text = static_cast<char>(byte);
    const auto found = normal_ids_.find(std::string_view(&text, 1));
    if (found != normal_ids_.end()) byte_ids_[byte] = found->second;
  }
  return {};
}

Status Tokenizer::add_merges(const TokenizerData& data) {
  if (data.merges.size() > std::numeric_limits<uint32_t>::max()) {
    return fail(ErrorCode::malformed, "tokenizer.ggml.merges: too many entries");
  }
  const bool by_result = ranks_by_result(pretokenizer_);
  std::unordered_map<TokenId, uint32_t> rank_of_result;
  merges_.reserve(data.merges.size());
  std::string joined;
  for (size_t i = 0; i < data.merges.size(); ++i) {
    const std::string_view merge = data.merges[i];
    const auto refuse = [i](const char* why) {
      return fail(ErrorCode::malformed, "tokenizer.ggml.merges: entry " + std::to_string(i) + ": " + why);
    };
    const size_t space = merge.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == merge.size()) {
      return refuse("expected two tokens with one space between them");
    }
    joined.clear();
    if (!unspell(merge.substr(0, space), joined)) return refuse("the left token is not in GPT-2's spelling");
    const size_t left_size = joined.size();
    if (!unspell(merge.substr(space + 1), joined)) return refuse("the right token is not in GPT-2's spelling");
    const std::string_view both = joined;
    const auto left = normal_ids_.find(both.substr(0, left_size));
    const auto right = normal_ids_.find(both.substr(left_size));
    const auto result = normal_ids_.find(both);
    if (left == normal_ids_.end() || right == normal_ids_.end() || result == normal_ids_.end()) {
      return refuse("a token of it is not in the vocabulary");
    }
    auto rank = static_cast<uint32_t>(i);
    if (by_result) rank = rank_of_result.emplace(result->second, rank).first->second;
    merges_.emplace(uint64_t{left->second} << 32 | right->second, Merge{rank, result->second});
  }
  return {};
}

Status Tokenizer::add_special_ids(const TokenizerData& data) {
  const auto check = [this](const std::optional<TokenId>& id, const char* key) -> Status {
    if (id && *id >= vocabulary()) {
      return fail(ErrorCode::malformed, std::string(key) + ": " + std::to_string(*id) +
                                            " is outside the vocabulary of " + std::to_string(vocabulary()));
    }
    return {};
  };
  TRY(check(data.bos, "tokenizer.ggml.bos_token_id"));
  TRY(check(data.eos, "tokenizer.ggml.eos_token_id"));
  TRY(check(data.eot, "tokenizer.ggml.eot_token_id"));
  TRY(check(data.eom, "tokenizer.ggml.eom_token_id"));
  bos_ = data.bos;
  eos_ = data.eos;
  eot_ = data.eot;
  eom_ = data.eom;
  adds_bos_ = bos_.has_value() && data.add_bos.value_or(ranks_by_result(pretokenizer_));
  return {};
}

std::string_view Tokenizer::stored(TokenId token) const {
  return {bytes_.data() + offsets_[token], offsets_[token + 1] - offsets_[token]};
}

std::string_view Tokenizer::bytes_of(TokenId token) const {
  if (token >= vocabulary() || types_[token] == TokenType::control || types_[token] == TokenType::unused) return {};
  return stored(token);
}

std::string_view Tokenizer::text_of(TokenId token) const {
  return token < vocabulary() ? stored(token) : std::string_view();
}

std::string Tokenizer::decode(std::span<const TokenId> tokens) const {
  std::string text;
  for (const TokenId token : tokens) text += bytes_of(token);
  return text;
}

std::optional<TokenId> Tokenizer::find_special(std::string_view text) const {
  const auto found = special_ids_.find(text);
  if (found == special_ids_.end()) return std::nullopt;
  return found->second;
}

bool Tokenizer::is_special(TokenId token) const {
  return token < vocabulary() && types_[token] != TokenType::normal && types_[token] != TokenType::byte;
}

const Tokenizer::Merge* Tokenizer::find_merge(TokenId left, TokenId right) const {
  const auto found = merges_.find(uint64_t{left} << 32 | right);
  return found == merges_.end() ? nullptr : &found->second;
}

Result<std::vector<TokenId>> Tokenizer::encode(std::string_view text) const {
  TRY_ASSIGN(const std::vector<std::string_view> pieces, pretokenize(pretokenizer_, text));
  std::vector<TokenId> tokens;
  tokens.reserve(text.size() / 4 + 8);
  Workspace workspace;
  for (const std::string_view piece : pieces) encode_piece(piece, workspace, tokens);
  return tokens;
}

void Tokenizer::encode_piece(std::string_view piece, Workspace& workspace, std::vector<TokenId>& out) const {
  // The tiktoken vocabularies take a whole piece that is a token as it is; the others always merge.
  if (ranks_by_result(pretokenizer_)) {
    const auto whole = normal_ids_.find(piece);
    if (whole != normal_ids_.end()) {
      out.push_back(whole->second);
      return;
    }
  }
  // Adjacent pairs wait in a heap; a pair that changed since it was put there is recognised by its ids and passed over.
  auto& symbols = workspace.symbols;
  auto& heap = workspace.heap;
  symbols.clear();
  heap.clear();
  const auto count = static_cast<int32_t>(piece.size());
  for (int32_t i = 0; i < count; ++i) {
    const TokenId id = byte_ids_[static_cast<uint8_t>(piece[static_cast<size_t>(i)])];
    symbols.push_back({id, i - 1, i + 1 < count ? i + 1 : -1});
  }
  const auto add_pair = [&](int32_t left) {
    if (left < 0 || symbols[static_cast<size_t>(left)].next < 0) return;
    const TokenId left_id = symbols[static_cast<size_t>(left)].id;
    const TokenId right_id = symbols[static_cast<size_t>(symbols[static_cast<size_t>(left)].next)].id;
    const Merge* merge = find_merge(left_id, right_id);
    if (merge == nullptr) return;
    heap.push_back({merge->rank, left, left_id, right_id, merge->result});
  };
  for (int32_t i = 0; i + 1 < count; ++i) add_pair(i);
  std::make_heap(heap.begin(), heap.end());
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end());
    const Workspace::Candidate candidate = heap.back();
    heap.pop_back();
    Workspace::Symbol& left = symbols[static_cast<size_t>(candidate.left)];
    if (left.id != candidate.left_id || left.next < 0) continue;
    Workspace::Symbol& right = symbols[static_cast<size_t>(left.next)];
    if (right.id != candidate.right_id) continue;
    left.id = candidate.result;
    right.id = no_token;
    left.next = right.next;
    if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = candidate.left;
    for (const int32_t changed : {left.previous, candidate.left}) {
      const size_t before = heap.size();
      add_pair(changed);
      if (heap.size() != before) std::push_heap(heap.begin(), heap.end());
    }
  }
  for (int32_t i = 0; i >= 0; i = symbols[static_cast<size_t>(i)].next) {
    const TokenId id = symbols[static_cast<size_t>(i)].id;
    if (id != no_token) out.push_back(id);
  }
}

}  // namespace tijori
