#include "daemon/guardrails/surroundings.h"

#include <algorithm>

#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

constexpr size_t max_token = 64;       // longer ones are no words
constexpr size_t max_code_prefix = 6;  // letters of "INV", "ORDER" before a number
constexpr size_t max_url_bytes = 256;
constexpr double unlikely = 0.35;

bool is_tight_byte(int c) {
  return c == '-' || c == '.' || c == '_' || c == '/' || c == '#';
}

struct Token {
  size_t begin;
  size_t end;
  bool has_digit = false;
  bool has_letter = false;
  bool is_long = false;
  size_t size() const { return end - begin; }
};
Token token_before(const TextReader& reader, size_t end) {
  Token token{.begin = end, .end = end};
  while (is_alphanumeric(reader.before(token.begin))) {
    (is_digit(reader.before(token.begin)) ? token.has_digit : token.has_letter) = true;
    --token.begin;
    if (token.size() == max_token) {
      token.is_long = true;
      break;
    }
  }
  return token;
}
Token token_after(TextReader& reader, size_t begin) {
  Token token{.begin = begin, .end = begin};
  while (is_alphanumeric(reader.at(token.end))) {
    (is_digit(reader.at(token.end)) ? token.has_digit : token.has_letter) = true;
    ++token.end;
    if (token.size() == max_token) {
      token.is_long = true;
      break;
    }
  }
  return token;
}

bool is_upper_case(const TextReader& reader, size_t begin, size_t end) {
  return std::ranges::all_of(reader.source(begin, end), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "₹ 98…", "$98…"
bool follows_currency(const TextReader& reader, size_t begin) {
  if (reader.before(begin) == ' ') --begin;
  const char32_t c = reader.character_before(begin).code_point;
  return c == U'\u20B9' || c == U'\u20A8' || c == '$' || c == U'\u20AC' || c == U'\u00A3';
}

// Inside "scheme://…", and not after a word that says what it is.
bool is_in_url(const TextReader& reader, size_t begin) {
  size_t at = begin;
  while (begin - at < max_url_bytes) {
    const int c = reader.before(at);
    if (c == TextReader::nothing || is_blank(c) || c == '"' || c == '<') return false;
    if (c == '/' && reader.reads_before(at, "://")) return true;
    --at;
  }
  return false;
}

double limit_before(const TextReader& reader, size_t begin, Label label) {
  const Token glued = token_before(reader, begin);
  if (glued.is_long || glued.has_digit) return 0;
  const int joint = reader.before(glued.begin);
  double limit = 1;
  const bool is_version = glued.size() == 1 && reader.behind(glued.begin) == 'v';
  if (is_version) return 0;
  if (glued.size() > 0) {
    if (mention_in_word(reader.piece(glued.begin, glued.end), label) != Mention::own &&
        glued.size() <= max_code_prefix && is_upper_case(reader, glued.begin, glued.end))
      limit = unlikely;
  }
  if (joint == TextReader::nothing || !is_tight_byte(joint)) return limit;
  const Token neighbour = token_before(reader, glued.begin - 1);
  if (neighbour.size() == 0) return limit;
  if (neighbour.has_digit) {
    // Two phone numbers with a slash between.
    if (joint == '/' && !neighbour.has_letter && neighbour.size() >= 10 && label == Label::phone_mobile) return limit;
    return 0;
  }
  if (mention_in_word(reader.piece(neighbour.begin, neighbour.end), label) != Mention::own &&
      neighbour.size() <= max_code_prefix && is_upper_case(reader, neighbour.begin, neighbour.end))
    limit = unlikely;
  return limit;
}

double limit_after(TextReader& reader, size_t end, Label label, const SeparatorForm& next) {
  const Token glued = token_after(reader, end);
  if (glued.is_long || glued.has_digit) return 0;
  const int joint = reader.at(glued.end);
  if (joint == '%') return 0;
  if (glued.size() == 0 && reader.reads(end, "/-")) return 0;  // an amount: 9876543210/-
  if (next.kind == Separator::tight && next.character != '/') return 0;
  if (!is_tight_byte(joint) || joint == '#') return 1;
  const Token neighbour = token_after(reader, glued.end + 1);
  if (!neighbour.has_digit) return 1;
  if (joint == '/' && !neighbour.has_letter && neighbour.size() >= 10 && label == Label::phone_mobile) return 1;
  return glued.size() == 0 ? 0 : unlikely;
}

}  // namespace

double score_limit(TextReader& reader, size_t begin, size_t end, Label label, const SeparatorForm& next) {
  double limit = std::min(limit_before(reader, begin, label), limit_after(reader, end, label, next));
  if (limit == 0) return 0;
  if (follows_currency(reader, begin)) limit = std::min(limit, unlikely / 2);
  if (limit > unlikely && is_in_url(reader, begin) && mention_of(reader, begin, end, label) != Mention::own)
    limit = unlikely;
  return limit;
}

}  // namespace tijori
