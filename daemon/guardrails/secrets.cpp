#include "daemon/guardrails/secrets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

constexpr size_t max_token_bytes = 4096;
constexpr size_t max_judged_bytes = secret_piece_bytes - 1;  // of a token: what follows changes nothing
constexpr size_t max_lead_bytes = 128;                       // before the first digit of a token
constexpr size_t long_token_bytes = 64;
constexpr size_t min_random_bytes = 20;
constexpr size_t max_key_bytes = identifier_context_bytes - 512;  // of a PEM block

bool is_token(int c) {
  return is_alphanumeric(c) || c == '_' || c == '-' || c == '+' || c == '/' || c == '=' || c == '.' || c == '~';
}

struct Prefix {
  std::string_view text;  // folded
  size_t min_rest;
  bool with_hyphens;  // the rest may have hyphens and underscores
};
// What issuers of keys put before them.
constexpr std::array prefixes{
    Prefix{"akia", 16, false},    Prefix{"asia", 16, false},       Prefix{"ghp_", 30, false},
    Prefix{"gho_", 30, false},    Prefix{"ghu_", 30, false},       Prefix{"ghs_", 30, false},
    Prefix{"ghr_", 30, false},    Prefix{"github_pat_", 22, true}, Prefix{"glpat-", 18, true},
    Prefix{"sk-", 20, true},      Prefix{"sk_live_", 16, true},    Prefix{"sk_test_", 16, true},
    Prefix{"rk_live_", 16, true}, Prefix{"rzp_live_", 14, false},  Prefix{"rzp_test_", 14, false},
    Prefix{"xoxb-", 16, true},    Prefix{"xoxp-", 16, true},       Prefix{"xoxa-", 16, true},
    Prefix{"xoxr-", 16, true},    Prefix{"xoxs-", 16, true},       Prefix{"aiza", 32, true},
    Prefix{"npm_", 30, false},    Prefix{"hf_", 30, false},        Prefix{"ya29.", 20, true},
    Prefix{"dop_v1_", 40, false}, Prefix{"shpat_", 30, false},     Prefix{"pypi-", 40, true},
};

struct Token {
  size_t begin;
  size_t end;  // as far as it is judged
};

// Where the token around a place begins; nothing when it is longer than tokens are.
std::optional<size_t> token_begin(const TextReader& reader, size_t position, size_t max_bytes) {
  size_t begin = position;
  while (is_token(reader.before(begin))) {
    --begin;
    if (position - begin > max_bytes) return std::nullopt;
  }
  return begin;
}

size_t token_end(TextReader& reader, size_t position, size_t max_end) {
  size_t end = position;
  while (end < max_end && is_token(reader.at(end))) ++end;
  return end;
}

size_t count_key_characters(std::string_view text, bool with_hyphens) {
  size_t n = 0;
  while (n < text.size() && (is_alphanumeric(text[n]) || (with_hyphens && (text[n] == '-' || text[n] == '_')))) ++n;
  return n;
}

double entropy_bits(std::string_view text) {
  std::array<size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<uint8_t>(c)];
  double bits = 0;
  for (const size_t n : counts) {
    if (n == 0) continue;
    const double share = static_cast<double>(n) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// Header and payload of a JSON web token; the signature may follow.
bool is_web_token(std::string_view token) {
  if (!token.starts_with("eyj")) return false;
  const size_t dot = token.find('.');
  if (dot == std::string_view::npos) return token.size() >= 200;
  return dot >= 12 && token.size() - dot > 12;
}

bool is_uuid(std::string_view token) {
  if (token.size() != 36) return false;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = token[i];
    if (hyphen ? c != '-' : !(is_digit(c) || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

struct Composition {
  size_t n_digits = 0;
  size_t n_letters = 0;
  size_t n_hex = 0;
  size_t n_others = 0;
};
Composition composition_of(std::string_view token) {
  Composition found;
  for (const char c : token) {
    if (is_digit(c))
      ++found.n_digits;
    else if (is_letter(c))
      ++found.n_letters;
    else
      ++found.n_others;
    if (is_digit(c) || (c >= 'a' && c <= 'f')) ++found.n_hex;
  }
  return found;
}

// The key that a "name=value" token carries.
size_t value_begin(const TextReader& reader, Token token) {
  const std::string_view text = reader.piece(token.begin, token.end);
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + min_random_bytes > text.size()) return token.begin;
  return token.begin + equals + 1;
}

bool is_random(TextReader& reader, Token token) {
  const std::string_view text = reader.piece(token.begin, token.end);
  if (text.size() < min_random_bytes || is_uuid(text)) return false;
  const Composition made_of = composition_of(text);
  if (made_of.n_digits < 2 || made_of.n_letters < 4 || made_of.n_others * 5 > text.size()) return false;
  const bool is_hex = made_of.n_hex == text.size();
  if (text.find('/') != std::string_view::npos && made_of.n_others > text.size() / 8) return false;
  return entropy_bits(reader.source(token.begin, token.end)) >= (is_hex ? 3.0 : 3.6);
}

struct Judged {
  size_t begin;
  double score;
};
std::optional<Judged> judge(TextReader& reader, Token token) {
  const std::string_view whole = reader.piece(token.begin, token.end);
  if (whole.size() < 16) return std::nullopt;
  const size_t begin = value_begin(reader, token);
  for (const size_t from : {token.begin, begin}) {
    const std::string_view text = reader.piece(from, token.end);
    for (const Prefix& prefix : prefixes)
      if (text.starts_with(prefix.text) &&
          count_key_characters(text.substr(prefix.text.size()), prefix.with_hyphens) >= prefix.min_rest &&
          composition_of(text).n_digits > 0)
        return Judged{from, 0.95};
    if (is_web_token(text)) return Judged{from, 0.9};
  }
  const Token value{begin, token.end};
  if (!is_random(reader, value)) return std::nullopt;
  if (mention_of(reader, begin, token.end, Label::secret_token) != Mention::own) return std::nullopt;
  return Judged{begin, 0.75};
}

std::optional<Judged> judge_token(TextReader& reader, size_t begin, size_t end) {
  size_t trimmed = end;
  while (trimmed > begin && (reader.before(trimmed) == '.' || reader.before(trimmed) == '-')) --trimmed;
  return judge(reader, {begin, trimmed});
}

Candidate token_piece(TextReader& reader, size_t begin, double score) {
  size_t end = token_end(reader, begin, begin + secret_piece_bytes);
  if (end < begin + secret_piece_bytes)
    while (end > begin + 1 && reader.before(end) == '.') --end;
  return {Label::secret_token, begin, end, score};
}

// "-----begin rsa private key-----": its length, 0 when it is something else.
size_t key_header_length(TextReader& reader, size_t position) {
  constexpr std::string_view opening = "-----begin ";
  constexpr std::string_view what = "private key";
  constexpr size_t max_title = 40;
  if (!reader.reads(position, opening)) return 0;
  size_t at = position + opening.size();
  const size_t title = at;
  while (at - title < max_title && (is_alphanumeric(reader.at(at)) || reader.at(at) == ' ')) ++at;
  if (reader.piece(title, at).find(what) == std::string_view::npos) return 0;
  return reader.reads(at, "-----") ? at + 5 - position : 0;
}

bool is_key_body(int c) {
  return is_alphanumeric(c) || c == '+' || c == '/' || c == '=' || c == '\\' || c == ':' || c == ',' || c == '-';
}

// Where a private key's block ends, if before `limit`; else `limit`. Its lines are long and without blanks but for the
// headers of an encrypted one.
size_t key_end(TextReader& reader, size_t header, size_t header_length, size_t limit) {
  constexpr size_t min_line = 24;
  constexpr size_t max_header_words = 16;
  size_t at = header + header_length;
  size_t end = at;
  size_t n_short = 0;
  bool saw_long = false;
  while (at < limit) {
    while (at < limit && is_blank(reader.at(at))) ++at;
    if (at >= limit) break;
    if (reader.reads(at, "-----end ")) {
      size_t closing = at + 9;
      while (closing < limit && (is_alphanumeric(reader.at(closing)) || reader.at(closing) == ' ')) ++closing;
      for (size_t i = 0; i < 5 && closing < limit && reader.at(closing) == '-'; ++i) ++closing;
      return closing;
    }
    const size_t word = at;
    while (at < limit && is_key_body(reader.at(at)) && !(at > word && reader.reads(at, "-----end"))) ++at;
    if (at == word) return end;
    if (at >= limit) return limit;
    if (at - word >= min_line) {
      saw_long = true;
      n_short = 0;
    } else {
      const bool is_header = reader.piece(word, at).find_first_of(":,") != std::string_view::npos;
      if (++n_short > (saw_long ? 1 : max_header_words) || (!saw_long && !is_header)) return end;
    }
    if (at - word >= min_line || !saw_long) end = at;
  }
  return limit;
}

std::optional<Candidate> key_piece(TextReader& reader, size_t header, size_t header_length, size_t begin) {
  const size_t limit = std::min(begin + secret_piece_bytes, header + max_key_bytes);
  const size_t end = key_end(reader, header, header_length, limit);
  if (end <= begin) return std::nullopt;
  return Candidate{Label::private_key, begin, end, 0.99};
}

// The header of the block that this place may be in.
std::optional<size_t> header_before(TextReader& reader, size_t position) {
  const std::string_view view = reader.view();
  const size_t lowest = position - std::min(position, max_key_bytes);
  size_t at = position;
  while (at > lowest) {
    const void* found = ::memrchr(view.data() + lowest, '-', at - lowest);
    if (found == nullptr) return std::nullopt;
    at = static_cast<size_t>(static_cast<const char*>(found) - view.data());
    if (at < 4 || view.substr(at - 4, 5) != "-----") continue;
    // These close a line: its beginning has the others.
    const size_t line = view.substr(0, at - 4).rfind("-----begin ");
    if (line == std::string_view::npos || at - line > 64) return std::nullopt;
    return line;
  }
  return std::nullopt;
}

}  // namespace

SecretToken secret_token_at(TextReader& reader, size_t position) {
  const auto begin = token_begin(reader, position, max_lead_bytes);
  if (!begin) return {std::nullopt, token_end(reader, position, position + max_lead_bytes)};
  const size_t end = token_end(reader, *begin, *begin + max_judged_bytes);
  const auto judged = judge_token(reader, *begin, end);
  if (!judged) return {std::nullopt, end};
  if (judged->begin > position) return {std::nullopt, judged->begin};
  return {token_piece(reader, judged->begin, judged->score), end};
}

std::optional<Candidate> private_key_at(TextReader& reader, size_t position) {
  const size_t length = key_header_length(reader, position);
  if (length == 0) return std::nullopt;
  return key_piece(reader, position, length, position);
}

std::optional<Candidate> next_secret_piece(TextReader& reader, size_t position) {
  if (const auto header = header_before(reader, position);
      header && (position - *header) % secret_piece_bytes == 0 && position > *header)
    if (const size_t length = key_header_length(reader, *header); length > 0)
      if (auto piece = key_piece(reader, *header, length, position)) return piece;

  if (!is_token(reader.before(position))) return std::nullopt;
  const auto begin = token_begin(reader, position, max_token_bytes);
  if (!begin || position - *begin < secret_piece_bytes || !is_token(reader.at(position))) return std::nullopt;
  const auto judged = judge_token(reader, *begin, token_end(reader, *begin, *begin + max_judged_bytes));
  if (!judged || judged->begin >= position || (position - judged->begin) % secret_piece_bytes != 0) return std::nullopt;
  return token_piece(reader, position, judged->score);
}

TokenLength token_length_at(TextReader& reader, size_t position) {
  const auto is_run = [](int c) { return is_alphanumeric(c) || c == '_' || c == '+' || c == '/' || c == '='; };
  size_t begin = position;
  while (position - begin < long_token_bytes && is_run(reader.before(begin))) --begin;
  size_t end = position;
  while (end - position < long_token_bytes && is_run(reader.at(end))) ++end;
  return {end - begin >= long_token_bytes, end};
}

}  // namespace tijori
