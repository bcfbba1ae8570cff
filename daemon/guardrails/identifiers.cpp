#include "daemon/guardrails/identifiers.h"

#include <algorithm>

#include "daemon/guardrails/candidate.h"
#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

// A word is held back at most so far: longer than any address, and than a piece of a secret.
constexpr size_t max_held_word_bytes = 256;
// A row of numbers at most so far: longer than any of them with its separators and what decides about it.
constexpr size_t max_held_row_bytes = 192;
// Overlapping candidates are settled together up to this length.
constexpr size_t max_cluster_bytes = 256;
constexpr size_t max_key_line_bytes = 80;
constexpr size_t min_vanished_run = 3;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The beginning of the word that ends at `end`.
size_t word_begin(std::string_view text, size_t end, size_t least) {
  size_t begin = end;
  while (begin > least && !is_space(text[begin - 1])) --begin;
  return begin;
}

// Whether an identifier may go on over the separator after this word: it has a digit, or ends with the four or five
// letters that begin an IFSC or a PAN, or is a lone hyphen.
bool may_go_on(std::string_view word) {
  if (word.empty()) return false;
  if (std::ranges::any_of(word, is_digit)) return true;
  if (word == "-" || word == "–" || word == "—" || word == "−") return true;
  size_t letters = 0;
  while (letters < word.size() && is_letter(word[word.size() - 1 - letters])) ++letters;
  if (letters == 4 || letters == 5) return true;
  const std::string_view run = word.substr(word.size() - letters);
  const auto named = [run](size_t code) {
    return run.size() > code && topics_of(run.substr(0, run.size() - code)) != 0;
  };
  return named(4) || named(5);
}

// Where the text begins that may still become part of something: its last word, and the row of numbers it may belong
// to.
size_t held_from(std::string_view text, size_t from) {
  const size_t end = text.size();
  const size_t word_limit = end - std::min(end - from, max_held_word_bytes);
  size_t held = word_begin(text, end, word_limit);
  const size_t row_limit = end - std::min(end - from, max_held_row_bytes);
  while (held > row_limit) {
    const bool tail_is_open = held == end || is_alnum(text[held]) || text[held] == '(' || text[held] == '-' ||
                              static_cast<unsigned char>(text[held]) >= 0x80;
    const size_t separator = separator_length_before(text, held);
    if (!tail_is_open || separator == 0) break;
    const size_t earlier_end = held - separator;
    const size_t earlier = word_begin(text, earlier_end, row_limit);
    const std::string_view word = text.substr(earlier, earlier_end - earlier);
    if (!may_go_on(word)) break;
    if (std::ranges::none_of(word, is_digit) && held < end && is_letter(text[held])) break;
    held = earlier;
  }
  // The first line of a key has spaces in it.
  const size_t line_limit = end - std::min(end - from, max_key_line_bytes);
  const size_t dashes = text.rfind("-----begin");
  if (dashes != std::string_view::npos && dashes >= line_limit && dashes < held &&
      text.find_first_of("\n", dashes) == std::string_view::npos &&
      text.find("-----", dashes + 10) == std::string_view::npos)
    held = dashes;
  while (held > from && held < end && is_continuation(text[held])) --held;
  return held;
}

int rank(Label label) {
  switch (label) {
    case Label::private_key:
      return 0;
    case Label::gstin:
      return 1;
    case Label::email:
      return 2;
    case Label::upi_vpa:
      return 3;
    case Label::payment_card:
      return 4;
    case Label::aadhaar:
      return 5;
    case Label::pan:
      return 6;
    case Label::phone_mobile:
      return 7;
    case Label::ifsc:
      return 8;
    case Label::secret_token:
      return 9;
    case Label::hidden_unicode:
    case Label::bidi_control:
      return 10;
  }
  return 11;
}

// Stronger first: what would be acted on, then the score, then the longer, then the kind.
bool is_stronger(const Candidate& one, const Candidate& other) {
  const bool one_acts = one.score >= 0.5;
  const bool other_acts = other.score >= 0.5;
  if (one_acts != other_acts) return one_acts;
  const size_t one_length = one.end - one.begin;
  const size_t other_length = other.end - other.begin;
  const bool one_inside = other.begin <= one.begin && one.end <= other.end;
  const bool other_inside = one.begin <= other.begin && other.end <= one.end;
  if (one_length != other_length && (one_inside || other_inside) && one_acts) return one_length > other_length;
  if (one.score != other.score) return one.score > other.score;
  if (one_length != other_length) return one_length > other_length;
  if (one.begin != other.begin) return one.begin < other.begin;
  return rank(one.label) < rank(other.label);
}

// The strongest of overlapping candidates, one after another; ascending.
std::vector<Candidate> settle(std::vector<Candidate> cluster) {
  std::ranges::sort(cluster, is_stronger);
  std::vector<Candidate> kept;
  for (const Candidate& candidate : cluster)
    if (std::ranges::none_of(
            kept, [&](const Candidate& other) { return candidate.begin < other.end && other.begin < candidate.end; }))
      kept.push_back(candidate);
  std::ranges::sort(kept, {}, &Candidate::begin);
  return kept;
}

// Characters that vanish when folded: what lies between two folded characters is one finding, of no length in folded
// text.
void find_vanished(const FoldedText& text, size_t from, size_t to, bool complete, LabelSet wanted,
                   std::vector<Finding>& out) {
  const auto has = [&wanted](Label label) { return wanted.test(static_cast<size_t>(label)); };
  for (const VanishedRun& run : text.vanished()) {
    if (run.folded < from || (run.folded >= to && !complete)) continue;
    // A flag of a part of a country is a black flag with tags; one variation selector chooses the form of a character.
    const size_t place = run.folded - text.begin();
    const bool is_flag = place >= 4 && text.view().substr(place - 4, 4) == "\U0001F3F4";
    const bool has_tags = (run.n_tags > 0 && !is_flag) || run.n_selectors > 1;
    if (run.n_bidi_controls > 0 && has(Label::bidi_control)) {
      out.push_back({Label::bidi_control, run.folded, run.folded, 0.9});
    } else if ((has_tags || run.n_characters - run.n_tags >= min_vanished_run) && has(Label::hidden_unicode)) {
      out.push_back({Label::hidden_unicode, run.folded, run.folded, has_tags ? 0.95 : 0.8});
    }
  }
}

}  // namespace

size_t find_identifiers(const FoldedText& text, size_t from, TextEnd end, LabelSet wanted, std::vector<Finding>& out) {
  const size_t base = text.begin();
  const bool complete = end == TextEnd::final;
  const FinderWindow window{text.view(), from - base, complete};
  size_t limit = complete ? window.text.size() : held_from(window.text, window.from);

  std::vector<Candidate> candidates;
  const auto is_upper_case = [&text, base](size_t first, size_t last) {
    const size_t source_base = text.source_end(base).byte;
    const size_t source_first = text.source_begin(base + first).byte;
    const std::string_view source =
        text.source().substr(source_first - source_base, text.source_end(base + last).byte - source_first);
    return std::ranges::none_of(source, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  // Wanted or not, the stronger of two that overlap is what the place is.
  find_numbers(window, candidates);
  find_codes(window, is_upper_case, candidates);
  find_addresses(window, candidates);
  if (wanted.test(static_cast<size_t>(Label::private_key)) || wanted.test(static_cast<size_t>(Label::secret_token)))
    find_secrets(window, wanted, candidates);
  std::erase_if(candidates, [&](const Candidate& one) { return one.begin < window.from; });
  std::ranges::sort(candidates, [](const Candidate& one, const Candidate& other) {
    return one.begin != other.begin ? one.begin < other.begin : one.end < other.end;
  });

  std::vector<Finding> found;
  size_t done = window.from;  // where the last finding ends
  for (size_t first = 0; first < candidates.size();) {
    if (candidates[first].begin < done) {
      ++first;
      continue;
    }
    if (candidates[first].begin >= limit && !complete) break;
    const size_t cluster_begin = candidates[first].begin;
    size_t cluster_end = candidates[first].end;
    bool final = true;
    size_t last = first;
    for (; last < candidates.size() && candidates[last].begin < cluster_end &&
           candidates[last].begin <= cluster_begin + max_cluster_bytes;
         ++last) {
      cluster_end = std::max(cluster_end, candidates[last].end);
      final = final && candidates[last].final;
    }
    if (!complete && (!final || cluster_end > limit)) {
      limit = std::min(limit, cluster_begin);
      break;
    }
    for (const Candidate& kept : settle({candidates.begin() + static_cast<std::ptrdiff_t>(first),
                                         candidates.begin() + static_cast<std::ptrdiff_t>(last)})) {
      if (wanted.test(static_cast<size_t>(kept.label)))
        found.push_back({kept.label, base + kept.begin, base + kept.end, kept.score});
      done = std::max(done, kept.end);
    }
    first = last;
  }
  limit = std::max(limit, done);

  find_vanished(text, from, base + limit, complete, wanted, found);
  std::ranges::stable_sort(found, {}, &Finding::begin);
  out.insert(out.end(), found.begin(), found.end());
  return base + limit;
}

}  // namespace tijori
