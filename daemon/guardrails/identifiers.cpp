#include "daemon/guardrails/identifiers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "daemon/guardrails/addresses.h"
#include "daemon/guardrails/codes.h"
#include "daemon/guardrails/hidden_unicode.h"
#include "daemon/guardrails/numbers.h"
#include "daemon/guardrails/secrets.h"
#include "daemon/guardrails/text_reader.h"

namespace tijori {
namespace {

constexpr double min_reported_score = 0.1;
constexpr size_t max_open_word_bytes = max_local_bytes + 8;

constexpr std::array<bool, 256> make_triggers() {
  std::array<bool, 256> triggers{};
  for (size_t c = '0'; c <= '9'; ++c) triggers[c] = true;
  triggers['@'] = triggers['-'] = true;
  return triggers;
}
constexpr auto triggers = make_triggers();

// One pass over a window. Whether something begins at a place depends on the text around it, and on nothing that was
// found before but where that ended; so the pass can stop at any place it has not judged and go on from there.
class Pass {
 public:
  Pass(const FoldedText& text, size_t from, TextEnd end, LabelSet wanted, std::vector<Finding>& out)
      : reader_(text, end), end_(end), wanted_(wanted), out_(&out), floor_(from - text.begin()) {}

  // Where the text is settled, in the window.
  size_t run() {
    if (!follow_secret()) return floor_;
    for (size_t at = next_trigger(floor_); at < reader_.size(); at = next_trigger(at)) {
      reader_.clear_starved();
      size_t next = at + 1;
      const std::optional<Candidate> found = judge(at, next);
      if (reader_.is_starved()) return std::max(floor_, open_begin(at));
      if (!found) {
        at = next;
        continue;
      }
      report(*found);
      if (!follow_secret()) return floor_;
      at = floor_;
    }
    return end_ == TextEnd::final ? reader_.size() : std::max(floor_, open_begin(reader_.size()));
  }

 private:
  size_t next_trigger(size_t at) const {
    const std::string_view view = reader_.view();
    while (at < view.size() && !triggers[static_cast<uint8_t>(view[at])]) ++at;
    return at;
  }

  std::optional<Candidate> accept(std::optional<Candidate> found) const {
    if (found && (found->begin < floor_ || found->score < min_reported_score)) return std::nullopt;
    return found;
  }

  // `next`: where to look on when there is nothing here.
  std::optional<Candidate> judge(size_t at, size_t& next) {
    const int c = reader_.behind(at);
    if (c == '@') return accept(address_at(reader_, at));
    if (c == '-') {
      const bool is_pair = at + 1 < reader_.size() && reader_.behind(at + 1) == '-';
      return is_pair ? accept(private_key_at(reader_, at)) : std::nullopt;
    }
    if (at >= no_sign_until_) {
      const SignAhead sign = sign_after(reader_, at);
      if (sign.is_there) {
        if (auto found = accept(address_at(reader_, sign.position))) return found;
      }
      no_sign_until_ = sign.position;
    }
    if (at >= no_secret_until_) {
      const SecretToken token = secret_token_at(reader_, at);
      if (auto found = accept(token.candidate)) return found;
      no_secret_until_ = token.nothing_until;
    }
    if (at >= no_long_token_until_) {
      const TokenLength token = token_length_at(reader_, at);
      if (token.is_long) {
        next = std::max(next, std::min(token.end, no_secret_until_));  // a secret may begin later in it
        return std::nullopt;
      }
      no_long_token_until_ = token.end;
    }
    while (next < reader_.size() && is_digit(reader_.behind(next))) ++next;
    if (is_digit(reader_.before(at))) return std::nullopt;
    if (auto found = accept(gstin_at(reader_, at))) return found;
    if (auto found = accept(pan_at(reader_, at))) return found;
    if (auto found = accept(ifsc_at(reader_, at))) return found;
    return accept(number_at(reader_, digit_runs_, at));
  }

  void report(const Candidate& found) {
    if (wanted_.test(static_cast<size_t>(found.label)))
      out_->push_back({found.label, reader_.offset() + found.begin, reader_.offset() + found.end, found.score});
    floor_ = found.end;
  }

  // Reports the pieces of a long secret that follow. False when more must be seen.
  bool follow_secret() {
    while (true) {
      reader_.clear_starved();
      const std::optional<Candidate> piece = next_secret_piece(reader_, floor_);
      if (reader_.is_starved()) return false;
      if (!piece) return true;
      report(*piece);
    }
  }

  // The earliest place where something may begin that the text up to `end` is part of.
  size_t open_begin(size_t end) const {
    size_t begin = end;
    while (end - begin < max_open_word_bytes && reader_.before(begin) != TextReader::nothing &&
           !is_blank(reader_.before(begin)))
      --begin;
    while (begin < end && (static_cast<uint8_t>(reader_.behind(begin)) & 0xC0U) == 0x80) ++begin;
    return std::min(begin, open_code_begin(reader_, end));
  }

  TextReader reader_;
  TextEnd end_;
  LabelSet wanted_;
  std::vector<Finding>* out_;
  DigitRuns digit_runs_;
  size_t floor_;  // nothing begins before
  // What was looked for from one digit of a word needn't be looked for again from the others.
  size_t no_sign_until_ = 0;
  size_t no_secret_until_ = 0;
  size_t no_long_token_until_ = 0;
};

}  // namespace

size_t find_identifiers(const FoldedText& text, size_t from, TextEnd end, LabelSet wanted, std::vector<Finding>& out) {
  const auto first = static_cast<ptrdiff_t>(out.size());
  const size_t settled = text.begin() + Pass(text, from, end, wanted, out).run();
  find_hidden_unicode(text, from, settled, end, wanted, out);
  std::ranges::sort(out.begin() + first, out.end(), {},
                    [](const Finding& each) { return std::tuple(each.begin, each.end, each.label); });
  return settled;
}

}  // namespace tijori
