#include "daemon/guardrails/codes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "daemon/guardrails/bank_codes.h"
#include "daemon/guardrails/checksums.h"
#include "daemon/guardrails/context_words.h"
#include "daemon/guardrails/digit_groups.h"

namespace tijori {
namespace {

constexpr size_t n_pan_letters = 5;
constexpr size_t n_bank_letters = 4;
constexpr size_t max_separator_bytes = 5;  // blank, dash, blank

constexpr bool is_holder(int letter) {
  return std::string_view("pchfabtjlg").find(static_cast<char>(letter)) != std::string_view::npos;
}
constexpr bool is_rare_holder(int letter) {
  return letter == 'k' || letter == 'e';
}

// Words of five letters that stand before numbers.
constexpr std::string_view common_words =
    " batch stock track block check shelf table stack black quick chick flash brick truck clock model order panel "
    "paper "
    "crack click stage title cable label total metal local legal vocal royal final email usage image scale "
    "march patch watch match marks ranks banks tanks books locks packs parks disks links ";

// What separates two parts of a code, with a letter or digit behind it; 0 when nothing does.
size_t part_separator(TextReader& reader, size_t position) {
  const Utf8Character c = reader.character(position);
  if (c.length == 0) return 0;
  const bool single = c.code_point == ' ' || c.code_point == '-' || c.code_point == '.' || c.code_point == '_' ||
                      c.code_point == '/' || c.code_point == U'\u00B7' || c.code_point == U'\u2212' ||
                      (c.code_point >= U'\u2010' && c.code_point <= U'\u2015');
  if (single && is_alphanumeric(reader.at(position + c.length))) return c.length;
  if (c.code_point == ' ') {
    const Utf8Character dash = reader.character(position + 1);
    const bool is_dash = dash.length > 0 && (dash.code_point == '-' || dash.code_point == U'\u2013');
    if (is_dash && reader.at(position + 1 + dash.length) == ' ' &&
        is_alphanumeric(reader.at(position + 2 + dash.length)))
      return dash.length + 2;
  }
  size_t at = position;
  if (reader.at(at) == '\r') ++at;
  if (reader.at(at) == '\n' && is_alphanumeric(reader.at(at + 1))) return at + 1 - position;
  return 0;
}

// The same, backwards from where the second part begins.
size_t part_separator_before(const TextReader& reader, size_t position) {
  const Utf8Character c = reader.character_before(position);
  if (c.length == 0) return 0;
  const auto is_dash = [](char32_t d) { return d == '-' || d == U'\u2212' || (d >= U'\u2010' && d <= U'\u2015'); };
  if (c.code_point == ' ') {
    const Utf8Character dash = reader.character_before(position - 1);
    if (dash.length > 0 && is_dash(dash.code_point) && reader.before(position - 1 - dash.length) == ' ')
      return dash.length + 2;
    return 1;
  }
  if (c.code_point == '\n') return reader.before(position - 1) == '\r' ? 2 : 1;
  const bool single = is_dash(c.code_point) || c.code_point == '.' || c.code_point == '_' || c.code_point == '/' ||
                      c.code_point == U'\u00B7';
  return single ? c.length : 0;
}

// n letters that end here.
bool letters_before(const TextReader& reader, size_t end, size_t n) {
  if (end < n) return false;
  for (size_t i = 0; i < n; ++i)
    if (!is_letter(reader.before(end - i))) return false;
  return true;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// The case of the letters changes between the two places: a code in capitals against the word it is glued to.
bool case_changes(const TextReader& reader, size_t place) {
  const std::string_view left = reader.source(place - 1, place);
  const std::string_view right = reader.source(place, place + 1);
  return left.size() == 1 && right.size() == 1 && is_upper(left[0]) != is_upper(right[0]);
}

bool follows_label(const TextReader& reader, size_t begin, Label label) {
  size_t word = begin;
  while (begin - word < 32 && is_letter(reader.before(word))) --word;
  if (word == begin) return false;
  const std::string_view text = reader.piece(word, begin);
  return mention_in_word(text, label) == Mention::own || text.ends_with("no") || text.ends_with("number") ||
         text.ends_with("code") || text.ends_with("card");
}

// Nothing that would make it a piece of a longer code. `mention` says what the words around say.
bool stands_alone(TextReader& reader, size_t begin, size_t end, Label label, Mention mention) {
  const int left = reader.before(begin);
  if (is_digit(left)) return false;
  if (is_letter(left) && !follows_label(reader, begin, label) && !case_changes(reader, begin)) return false;
  const int right = reader.at(end);
  if (is_digit(right)) return false;
  if (is_letter(right) && mention != Mention::own && !(is_letter(reader.before(end)) && case_changes(reader, end)))
    return false;
  if (is_letter(right)) {
    size_t at = end;
    while (at - end < 32 && is_letter(reader.at(at))) ++at;
    if (is_digit(reader.at(at))) return false;
  }
  const auto joins = [](int c) { return c == '-' || c == '_' || c == '.'; };
  if (joins(left) && is_digit(reader.before(begin - 1))) return false;
  return !joins(right) || !is_digit(reader.at(end + 1)) || mention == Mention::own;
}

bool is_common_word(std::string_view letters) {
  return common_words.find(' ' + std::string(letters) + ' ') != std::string_view::npos;
}

double pan_score(std::string_view letters, Mention mention) {
  if (mention == Mention::own) return 0.95;
  if (mention == Mention::other) return 0.3;
  if (is_common_word(letters)) return 0.3;
  return is_rare_holder(letters[3]) ? 0.45 : 0.65;
}

}  // namespace

std::optional<Candidate> gstin_at(TextReader& reader, size_t position) {
  if (!is_digit(reader.at(position)) || !is_digit(reader.at(position + 1))) return std::nullopt;
  const int state = (reader.at(position) - '0') * 10 + reader.at(position + 1) - '0';
  if ((state < 1 || state > 38) && state != 97 && state != 99) return std::nullopt;
  // 0: digit, a: letter, 1: digit or letter but 0.
  constexpr std::string_view shape = "00aaaaa0000a1zx";
  std::array<char, 15> characters{};
  size_t at = position;
  bool was_separated = false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0 && !is_alphanumeric(reader.at(at))) {
      const size_t length = part_separator(reader, at);
      if (length == 0) return std::nullopt;
      at += length;
      was_separated = true;
    }
    const int c = reader.at(at);
    const bool fits = shape[i] == '0'   ? is_digit(c)
                      : shape[i] == 'a' ? is_letter(c)
                      : shape[i] == '1' ? is_alphanumeric(c) && c != '0'
                      : shape[i] == 'z' ? c == 'z'
                                        : is_alphanumeric(c);
    if (!fits) return std::nullopt;
    characters[i] = static_cast<char>(c);
    ++at;
  }
  if (!passes_gstin_check({characters.data(), characters.size()})) return std::nullopt;
  if (is_digit(reader.before(position)) || is_digit(reader.at(at))) return std::nullopt;
  const Mention mention = mention_of(reader, position, at, Label::gstin);
  if (is_letter(reader.at(at)) && mention != Mention::own && !case_changes(reader, at)) return std::nullopt;
  const double silent = was_separated ? 0.7 : 0.85;
  return Candidate{Label::gstin, position, at,
                   mention == Mention::own    ? 0.98
                   : mention == Mention::none ? silent
                                              : 0.6};
}

std::optional<Candidate> pan_at(TextReader& reader, size_t position) {
  for (size_t i = 0; i < 4; ++i)
    if (!is_digit(reader.at(position + i))) return std::nullopt;
  if (reader.piece(position, position + 4) == "0000") return std::nullopt;
  size_t letters_end = position;
  bool is_split = false;
  if (!is_letter(reader.before(position))) {
    letters_end -= part_separator_before(reader, position);
    is_split = letters_end != position;
  }
  if (!letters_before(reader, letters_end, n_pan_letters)) return std::nullopt;
  const size_t begin = letters_end - n_pan_letters;
  const std::string_view letters = reader.piece(begin, letters_end);
  if (!is_holder(letters[3]) && !is_rare_holder(letters[3])) return std::nullopt;
  size_t last = position + 4;
  if (!is_letter(reader.at(last))) {
    last += part_separator(reader, last);
    is_split = is_split || last != position + 4;
  }
  if (!is_letter(reader.at(last))) return std::nullopt;
  const size_t end = last + 1;
  const Mention mention = mention_of(reader, begin, end, Label::pan);
  if (!stands_alone(reader, begin, end, Label::pan, mention)) return std::nullopt;
  // Apart, the parts are words and numbers of their own: "about 2024 a".
  if (is_split) {
    if (is_alphanumeric(reader.at(end)) || is_alphanumeric(reader.before(begin))) return std::nullopt;
    if (mention != Mention::own) {
      const std::string_view capitals = reader.source(begin, letters_end);
      if (!std::ranges::all_of(capitals, is_upper) || !std::ranges::all_of(reader.source(last, end), is_upper))
        return std::nullopt;
    }
  }
  return Candidate{Label::pan, begin, end, pan_score(letters, mention)};
}

std::optional<Candidate> ifsc_at(TextReader& reader, size_t position) {
  if (reader.at(position) != '0') return std::nullopt;
  size_t letters_end = position;
  if (!is_letter(reader.before(position))) letters_end -= part_separator_before(reader, position);
  if (!letters_before(reader, letters_end, n_bank_letters)) return std::nullopt;
  const size_t begin = letters_end - n_bank_letters;
  const bool is_known = is_bank_code(reader.piece(begin, letters_end));
  if (letters_end != position && !is_known) return std::nullopt;
  size_t at = position + 1;
  bool is_split = letters_end != position;
  bool has_digit = false;
  for (size_t i = 0; i < 6; ++i) {
    if (i == 0 && !is_alphanumeric(reader.at(at))) {
      const size_t length = part_separator(reader, at);
      at += length;
      is_split = is_split || length > 0;
    } else if (i == 3 && is_split && !is_alphanumeric(reader.at(at))) {
      at += part_separator(reader, at);
    }
    if (!is_alphanumeric(reader.at(at))) return std::nullopt;
    has_digit = has_digit || is_digit(reader.at(at));
    ++at;
  }
  const Mention mention = mention_of(reader, begin, at, Label::ifsc);
  if (!stands_alone(reader, begin, at, Label::ifsc, mention)) return std::nullopt;
  if (is_split && (is_alphanumeric(reader.at(at)) || is_alphanumeric(reader.before(begin)))) return std::nullopt;
  double score = is_known ? 0.8 : 0.3;
  if (is_known && !has_digit) score = 0.6;
  if (mention == Mention::own) score = is_known ? 0.97 : 0.75;
  return Candidate{Label::ifsc, begin, at, score};
}

size_t open_code_begin(const TextReader& reader, size_t end) {
  size_t letters_end = end;
  while (end - letters_end < max_separator_bytes) {
    const int c = reader.before(letters_end);
    if (c == TextReader::nothing || is_alphanumeric(c)) break;
    --letters_end;
  }
  // Only whole words: what is glued to a word isn't split.
  const auto is_whole = [&](size_t n) {
    return letters_before(reader, letters_end, n) && !is_alphanumeric(reader.before(letters_end - n));
  };
  if (is_whole(n_pan_letters)) {
    const int holder = reader.before(letters_end - 1);
    if (is_holder(holder) || is_rare_holder(holder)) return letters_end - n_pan_letters;
  }
  if (is_whole(n_bank_letters) && is_bank_code(reader.piece(letters_end - n_bank_letters, letters_end)))
    return letters_end - n_bank_letters;
  return end;
}

}  // namespace tijori
