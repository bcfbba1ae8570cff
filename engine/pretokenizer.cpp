#include "engine/pretokenizer.h"

#include <array>
#include <string>
#include <utility>

#include <unicode/uchar.h>

#include "engine/utf8.h"

namespace tijori {
namespace {

// Classes of a character, as the patterns use them.
constexpr uint8_t is_letter = 1;   // \p{L}
constexpr uint8_t is_number = 2;   // \p{N}
constexpr uint8_t is_space = 4;    // \s
constexpr uint8_t is_newline = 8;  // [\r\n]
constexpr uint8_t is_upper = 16;   // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
constexpr uint8_t is_lower = 32;   // [\p{Ll}\p{Lm}\p{Lo}\p{M}]

struct Character {
  char32_t code_point = 0;
  uint32_t offset = 0;
  uint8_t classes = 0;
};

uint8_t classify(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  const uint32_t category = U_MASK(u_charType(c));
  uint8_t classes = 0;
  if ((category & U_GC_L_MASK) != 0) classes |= is_letter;
  if ((category & U_GC_N_MASK) != 0) classes |= is_number;
  if (u_isUWhiteSpace(c)) classes |= is_space;
  if (c == '\r' || c == '\n') classes |= is_newline;
  if ((category & (U_GC_LU_MASK | U_GC_LT_MASK | U_GC_LM_MASK | U_GC_LO_MASK | U_GC_M_MASK)) != 0) classes |= is_upper;
  if ((category & (U_GC_LL_MASK | U_GC_LM_MASK | U_GC_LO_MASK | U_GC_M_MASK)) != 0) classes |= is_lower;
  return classes;
}

const std::array<uint8_t, 128>& ascii_classes() {
  static const std::array<uint8_t, 128> table = [] {
    std::array<uint8_t, 128> classes{};
    for (char32_t c = 0; c < classes.size(); ++c) classes[c] = classify(c);
    return classes;
  }();
  return table;
}

enum class Case : uint8_t { sensitive, insensitive };

// Matches the pieces of one kind over characters [begin, end): every match_*() takes a position and returns the end of
// the match, or the position itself when there is none.
class Matcher {
 public:
  Matcher(const std::vector<Character>& characters, size_t end) : characters_(characters), end_(end) {}

  size_t match(Pretokenizer kind, size_t at) const {
    switch (kind) {
      case Pretokenizer::llama4:
        return match_llama4(at);
      case Pretokenizer::llama_bpe:
        return match_llama_bpe(at);
      case Pretokenizer::gpt2:
      case Pretokenizer::smollm:
        break;
    }
    return match_gpt2(at);
  }

 private:
  bool is(size_t at, uint8_t classes) const { return at < end_ && (characters_[at].classes & classes) != 0; }
  bool is_character(size_t at, char32_t code_point) const {
    return at < end_ && characters_[at].code_point == code_point;
  }
  // [^\s\p{L}\p{N}]
  bool is_symbol(size_t at) const {
    return at < end_ && (characters_[at].classes & (is_space | is_letter | is_number)) == 0;
  }
  // [^\r\n\p{L}\p{N}]
  bool is_word_prefix(size_t at) const {
    return at < end_ && (characters_[at].classes & (is_newline | is_letter | is_number)) == 0;
  }
  size_t skip(size_t at, uint8_t classes) const {
    while (is(at, classes)) ++at;
    return at;
  }

  // 's|'t|'re|'ve|'m|'ll|'d
  size_t match_contraction(size_t at, Case letter_case) const {
    if (!is_character(at, '\'')) return at;
    const auto letter = [this, letter_case](size_t index) -> char32_t {
      if (index >= end_) return 0;
      const char32_t c = characters_[index].code_point;
      if (letter_case == Case::sensitive) return c;
      if (c == 0x17F) return 's';  // LONG S is the one character outside ASCII that folds to a letter used here
      return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    };
    const char32_t first = letter(at + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
    const char32_t second = letter(at + 2);
    const bool pair =
        (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
    return pair ? at + 3 : at;
  }

  // upper* lower+, with what backtracking would give: the greedy run of upper gives characters back until lower has
  // one.
  size_t match_upper_lower(size_t at) const {
    size_t run_end = at;
    size_t last_both = end_;
    for (; is(run_end, is_upper); ++run_end) {
      if (is(run_end, is_lower)) last_both = run_end;
    }
    if (is(run_end, is_lower)) return skip(run_end, is_lower);
    // Between last_both and the run's end there is upper case alone, so lower+ is that one character.
    return last_both == end_ ? at : last_both + 1;
  }

  // The two alternatives for words: with the prefix first, then without it.
  size_t match_llama4_word(size_t at) const {
    const size_t after_prefix = is_word_prefix(at) ? at + 1 : at;
    size_t word = match_upper_lower(after_prefix);
    if (word != after_prefix) return match_contraction(word, Case::insensitive);
    if (after_prefix != at) {
      word = match_upper_lower(at);
      if (word != at) return match_contraction(word, Case::insensitive);
    }
    // upper+ lower*, where the first alternative failed: no lower can follow.
    word = skip(after_prefix, is_upper);
    if (word != after_prefix) return match_contraction(word, Case::insensitive);
    word = skip(at, is_upper);
    return word == at ? at : match_contraction(word, Case::insensitive);
  }

  size_t match_short_number(size_t at) const {
    size_t after = at;
    while (after < at + 3 && is(after, is_number)) ++after;
    return after;
  }

  //  ?[^\s\p{L}\p{N}]+ and the newlines (and slashes) after it
  size_t match_symbols(size_t at, bool newlines, bool slashes) const {
    size_t after = is_character(at, ' ') ? at + 1 : at;
    if (!is_symbol(after)) return at;
    while (is_symbol(after)) ++after;
    while ((newlines && is(after, is_newline)) || (slashes && is_character(after, '/'))) ++after;
    return after;
  }

  // \s*[\r\n]+ when `newlines`, then \s+(?!\S), then \s+
  size_t match_spaces(size_t at, bool newlines) const {
    size_t after = at;
    size_t last_newline = end_;
    for (; is(after, is_space); ++after) {
      if (is(after, is_newline)) last_newline = after;
    }
    if (newlines && last_newline != end_) return last_newline + 1;
    // Before something visible one space stays behind for it, unless it is the only one.
    return after < end_ && after - at > 1 ? after - 1 : after;
  }

  size_t match_llama4(size_t at) const {
    size_t after = match_llama4_word(at);
    if (after == at) after = match_short_number(at);
    if (after == at) after = match_symbols(at, true, true);
    if (after == at) after = match_spaces(at, true);
    return after;
  }

  size_t match_llama_bpe(size_t at) const {
    size_t after = match_contraction(at, Case::insensitive);
    if (after != at) return after;
    const size_t after_prefix = is_word_prefix(at) ? at + 1 : at;
    after = skip(after_prefix, is_letter);
    if (after != after_prefix) return after;
    after = match_short_number(at);
    if (after == at) after = match_symbols(at, true, false);
    if (after == at) after = match_spaces(at, true);
    return after;
  }

  size_t match_gpt2(size_t at) const {
    size_t after = match_contraction(at, Case::sensitive);
    if (after != at) return after;
    const size_t after_space = is_character(at, ' ') ? at + 1 : at;
    after = skip(after_space, is_letter);
    if (after != after_space) return after;
    after = skip(after_space, is_number);
    if (after != after_space) return after;
    after = match_symbols(at, false, false);
    if (after == at) after = match_spaces(at, false);
    return after;
  }

  const std::vector<Character>& characters_;
  size_t end_;
};

Result<std::vector<Character>> read_characters(std::string_view text) {
  const std::array<uint8_t, 128>& ascii = ascii_classes();
  std::vector<Character> characters;
  characters.reserve(text.size());
  for (size_t offset = 0; offset < text.size();) {
    const Utf8Step step = next_utf8(text.substr(offset));
    if (step.state != Utf8State::valid) {
      return fail(ErrorCode::malformed, "text: byte " + std::to_string(offset) + " is not UTF-8");
    }
    const uint8_t classes = step.code_point < ascii.size() ? ascii[step.code_point] : classify(step.code_point);
    characters.push_back({step.code_point, static_cast<uint32_t>(offset), classes});
    offset += step.length;
  }
  return characters;
}

}  // namespace

Result<Pretokenizer> find_pretokenizer(std::string_view name) {
  using Entry = std::pair<std::string_view, Pretokenizer>;
  static constexpr std::array<Entry, 6> known = {{{"llama4", Pretokenizer::llama4},
                                                  {"gpt-4o", Pretokenizer::llama4},
                                                  {"llama-bpe", Pretokenizer::llama_bpe},
                                                  {"llama3", Pretokenizer::llama_bpe},
                                                  {"gpt-2", Pretokenizer::gpt2},
                                                  {"smollm", Pretokenizer::smollm}}};
  for (const Entry& entry : known) {
    if (entry.first == name) return entry.second;
  }
  return fail(ErrorCode::unsupported, "tokenizer.ggml.pre: \"" + std::string(name) +
                                          "\" is none of llama4, gpt-4o, llama-bpe, llama3, gpt-2, smollm");
}

Result<std::vector<std::string_view>> pretokenize(Pretokenizer kind, std::string_view text) {
  if (text.size() > max_tokenized_bytes) {
    return fail(ErrorCode::resource_exhausted, "text: " + std::to_string(text.size()) + " bytes, at most " +
                                                   std::to_string(max_tokenized_bytes) + " are tokenised at once");
  }
  TRY_ASSIGN(const std::vector<Character> characters, read_characters(text));
  std::vector<std::string_view> pieces;
  const auto offset_of = [&](size_t index) -> size_t {
    return index < characters.size() ? characters[index].offset : text.size();
  };
  const auto add = [&](size_t from, size_t to) {
    pieces.push_back(text.substr(offset_of(from), offset_of(to) - offset_of(from)));
  };
  for (size_t at = 0; at < characters.size();) {
    size_t segment_end = characters.size();
    if (kind == Pretokenizer::smollm) {
      segment_end = at;
      while (segment_end < characters.size() && (characters[segment_end].classes & is_number) == 0) ++segment_end;
    }
    const Matcher matcher(characters, segment_end);
    while (at < segment_end) {
      const size_t after = matcher.match(kind, at);
      add(at, after);
      at = after;
    }
    if (at < characters.size()) {  // the number that ended the segment
      add(at, at + 1);
      ++at;
    }
  }
  return pieces;
}

}  // namespace tijori
