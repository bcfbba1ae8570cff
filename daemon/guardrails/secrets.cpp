// Secrets by shape: private keys in PEM, and tokens that only a machine writes.
#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/guardrails/candidate.h"
#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

constexpr size_t piece_bytes = 200;      // a longer token is found piece by piece
constexpr size_t look_back_bytes = 900;  // to the token's beginning
constexpr size_t max_found_bytes = 800;  // of one token
constexpr size_t min_token_bytes = 20;
constexpr size_t min_key_line_bytes = 40;

// Prefixes that providers give to their keys, in folded form, and the least length of the whole.
struct Prefix {
  std::string_view text;
  size_t min_bytes;
};
constexpr Prefix prefixes[] = {
    {"akia", 20},        {"asia", 20},      {"ghp_", 30},     {"gho_", 30},     {"ghs_", 30},  {"ghu_", 30},
    {"github_pat_", 40}, {"glpat-", 20},    {"xoxb-", 24},    {"xoxp-", 24},    {"xoxa-", 24}, {"aiza", 35},
    {"sk-", 24},         {"sk_live_", 24},  {"rk_live_", 24}, {"pk_live_", 24}, {"eyj", 40},   {"ya29.", 30},
    {"hf_", 30},         {"rzp_live_", 20}, {"npm_", 36},     {"shpat_", 32},   {"sg.", 40}};

constexpr size_t min_run_bytes = 10;  // "-----begin"

constexpr auto token_table = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 128; ++c)
    table[c] = is_alnum(static_cast<char>(c)) || c == '_' || c == '-' || c == '.' || c == '+' || c == '/' || c == '=' ||
               c == '~';
  return table;
}();
bool is_token(char c) {
  return token_table[static_cast<unsigned char>(c)];
}
bool is_base64(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

// Shannon entropy in bits a character.
double entropy(std::string_view text) {
  std::array<size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits_each = 0;
  for (const size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits_each -= share * std::log2(share);
  }
  return bits_each;
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == '-'; });
}

class SecretFinder {
 public:
  SecretFinder(const FinderWindow& window, LabelSet wanted, std::vector<Candidate>& out)
      : window_(window), text_(window.text), wanted_(wanted), out_(out) {}

  void run() {
    size_t place = window_.from;
    // A window may begin inside a run.
    if (place > 0 && place < text_.size() && is_token(text_[place - 1]) && is_token(text_[place]))
      place = run_at(place);
    // Steps over what is too short: a run of min_run_bytes characters that begins here has one at its end.
    while (place + min_run_bytes <= text_.size()) {
      const size_t gap = last_gap(place);
      place = gap == std::string_view::npos ? run_at(place) : gap + 1;
    }
  }

 private:
  bool has(Label label) const { return wanted_.test(static_cast<size_t>(label)); }

  // The last place in [place, place + min_run_bytes) without a token character; npos when there is none.
  size_t last_gap(size_t place) const {
    for (size_t i = place + min_run_bytes; i-- > place;)
      if (!is_token(text_[i])) return i;
    return std::string_view::npos;
  }

  // Judges the run of token characters around `place`; returns where it ends.
  size_t run_at(size_t place) {
    size_t begin = place;
    while (begin > 0 && is_token(text_[begin - 1]) && place - begin < look_back_bytes) --begin;
    size_t end = place;
    while (end < text_.size() && is_token(text_[end])) ++end;
    if (place - begin == look_back_bytes) return end;  // deep inside something endless
    if (end - begin >= min_run_bytes && has(Label::private_key)) key(begin, end);
    if (end - begin >= min_token_bytes && has(Label::secret_token)) token(begin, end);
    return end;
  }

  void report(Label label, size_t begin, size_t end, double score) {
    end = std::min(end, begin + max_found_bytes);
    for (size_t piece = begin; piece < end; piece += piece_bytes)
      if (piece >= window_.from) out_.push_back({label, piece, std::min(end, piece + piece_bytes), score, true});
  }

  // "-----BEGIN … PRIVATE KEY-----", and the lines of base64 that follow it.
  void key(size_t begin, size_t end) {
    static constexpr std::string_view opening = "-----begin";
    const std::string_view word = text_.substr(begin, end - begin);
    if (word.ends_with(opening)) {
      const size_t line_end = std::min(text_.find('\n', end), std::min(text_.size(), end + 60));
      const std::string_view rest = text_.substr(end, line_end - end);
      const size_t closing = rest.find("private key-----");
      if (closing == std::string_view::npos) return;
      report(Label::private_key, end - opening.size(), end + closing + 16, 1);
      return;
    }
    if (end - begin < min_key_line_bytes || !std::ranges::all_of(word, is_base64)) return;
    // Does a chain of such lines lead back to the first line?
    size_t line = begin;
    for (int lines = 0; lines < 16 && line > 0; ++lines) {
      if (text_[line - 1] != '\n' && text_[line - 1] != 'n') return;
      size_t earlier_end = line - 1;
      if (earlier_end > 0 && text_[earlier_end - 1] == '\r') --earlier_end;
      size_t earlier = earlier_end;
      while (earlier > 0 && text_[earlier - 1] != '\n') --earlier;
      const std::string_view line_text = text_.substr(earlier, earlier_end - earlier);
      if (line_text.find("private key-----") != std::string_view::npos)
        return report(Label::private_key, begin, end, 1);
      if (line_text.size() < min_key_line_bytes || !std::ranges::all_of(line_text, is_base64)) return;
      line = earlier;
    }
  }

  void token(size_t begin, size_t end) {
    while (end > begin && (text_[end - 1] == '.' || text_[end - 1] == '-' || text_[end - 1] == '/')) --end;
    // Judged by its first piece alone: of a longer one the rest may not have come yet.
    std::string_view word = text_.substr(begin, std::min(end - begin, piece_bytes));
    // "key=value": the value is the secret.
    if (const size_t equals = word.substr(0, 64).find('=');
        equals != std::string_view::npos && word.substr(equals).find_first_not_of('=') != std::string_view::npos) {
      begin += equals + 1;
      word = text_.substr(begin, std::min(end - begin, piece_bytes));
    }
    if (word.size() < min_token_bytes) return;
    for (const Prefix& prefix : prefixes)
      if (word.starts_with(prefix.text) && word.size() >= prefix.min_bytes && entropy(word) > 3.0 &&
          std::ranges::any_of(word, is_digit))
        return report(Label::secret_token, begin, end, 0.95);
    // A path, a host, a sentence with dots: not one token.
    const auto odd = std::ranges::count_if(word, [](char c) { return c == '/' || c == '.'; });
    if (odd > static_cast<std::ptrdiff_t>(word.size() / 16)) return;
    const auto digits = std::ranges::count_if(word, is_digit);
    const auto letters = std::ranges::count_if(word, is_letter);
    if (digits < 3 || letters < 6) return;
    const Context context = read_context(text_, begin, begin, bits(Topic::secret), bits(Topic::other_number));
    double score = 0;
    if (is_hex(word)) {
      if (context.supports && !context.nearest_opposes && word.size() >= 32) score = 0.7;
    } else if (word.size() >= 32 && entropy(word) >= 4.0) {
      score = context.supports ? 0.9 : 0.55;
      if (context.nearest_opposes) score -= 0.3;
    } else if (context.supports && entropy(word) >= 3.5) {
      score = 0.65;
    }
    if (score >= 0.2) report(Label::secret_token, begin, end, score);
  }

  const FinderWindow& window_;
  std::string_view text_;
  LabelSet wanted_;
  std::vector<Candidate>& out_;
};

}  // namespace

void find_secrets(const FinderWindow& window, LabelSet wanted, std::vector<Candidate>& out) {
  SecretFinder(window, wanted, out).run();
}

}  // namespace tijori
