#include "daemon/guardrails/numbers.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "daemon/guardrails/card_ranges.h"
#include "daemon/guardrails/checksums.h"
#include "daemon/guardrails/context_words.h"
#include "daemon/guardrails/digit_groups.h"
#include "daemon/guardrails/surroundings.h"

namespace tijori {
namespace {

// Scores of a number whose check fits, by what the words around it say.
struct Scores {
  double own;
  double silent;
  double other;
  double of(Mention mention) const { return mention == Mention::own ? own : mention == Mention::none ? silent : other; }
};
constexpr Scores checked{.own = 0.95, .silent = 0.65, .other = 0.3};
constexpr Scores checked_oddly_written{.own = 0.85, .silent = 0.4, .other = 0.1};
constexpr Scores plain_mobile{.own = 0.9, .silent = 0.6, .other = 0.25};
constexpr Scores prefixed_mobile{.own = 0.95, .silent = 0.8, .other = 0.4};
constexpr Scores country_mobile{.own = 0.95, .silent = 0.85, .other = 0.6};  // with +91
constexpr double acted_on = 0.5;

// Groups i … j of a run.
struct Slice {
  const DigitRun* run;
  size_t first;
  size_t last;
  size_t first_digit;  // index into the run's digits
  size_t n_digits;

  std::string_view digits() const { return run->all_digits().substr(first_digit, n_digits); }
  size_t begin() const { return run->groups[first].begin; }
  size_t end() const { return run->groups[last].end; }
  size_t n_groups() const { return last - first + 1; }
  size_t size(size_t i) const { return run->groups[first + i].size(); }
};

template <size_t n>
bool is_grouped_as(std::span<const uint8_t> sizes, const std::array<std::array<uint8_t, 5>, n>& forms) {
  return std::ranges::any_of(forms, [&](const auto& form) {
    const auto length = static_cast<size_t>(std::ranges::find(form, 0) - form.begin());
    return std::ranges::equal(sizes, std::span(form).first(length));
  });
}

struct Grouping {
  std::array<uint8_t, max_digit_groups> sizes{};
  size_t n = 0;
  std::span<const uint8_t> view() const { return std::span(sizes).first(n); }
  bool is_single_digits() const {
    return std::ranges::all_of(view(), [](uint8_t size) { return size == 1; });
  }
};
Grouping grouping_of(const Slice& slice) {
  Grouping grouping;
  for (size_t i = 0; i < slice.n_groups(); ++i) grouping.sizes[grouping.n++] = static_cast<uint8_t>(slice.size(i));
  return grouping;
}

constexpr std::array<std::array<uint8_t, 5>, 4> aadhaar_forms{{{12}, {4, 4, 4}, {6, 6}, {3, 3, 3, 3}}};
constexpr std::array<std::array<uint8_t, 5>, 10> card_forms{
    {{16}, {4, 4, 4, 4}, {15}, {4, 6, 5}, {14}, {4, 6, 4}, {8, 8}, {4, 4, 4, 4, 3}, {19}, {13}}};
constexpr std::array<std::array<uint8_t, 5>, 6> mobile_forms{
    {{10}, {5, 5}, {3, 3, 4}, {4, 3, 3}, {3, 4, 3}, {5, 3, 2}}};
// Only after a prefix, or with a word for it.
constexpr std::array<std::array<uint8_t, 5>, 4> rare_mobile_forms{{{4, 6}, {2, 4, 4}, {5, 2, 3}, {6, 4}}};

bool is_palindrome(std::string_view digits) {
  return std::equal(digits.begin(), digits.begin() + static_cast<ptrdiff_t>(digits.size() / 2), digits.rbegin());
}

size_t count_line_breaks(const Slice& slice) {
  size_t n = 0;
  for (size_t i = slice.first; i < slice.last; ++i)
    n += slice.run->groups[i].next.kind == Separator::line_break ? 1 : 0;
  return n;
}

bool has_bracket(const Slice& slice) {
  for (size_t i = slice.first; i < slice.last; ++i)
    if (slice.run->groups[i].next.kind == Separator::bracket) return true;
  return false;
}

// The number goes on as it was: the neighbouring group has the same size and the same separator.
bool goes_on(const TextReader& reader, const Slice& slice) {
  if (slice.n_groups() < 2) return false;
  const auto& groups = slice.run->groups;
  const DigitGroup& last = groups[slice.last];
  const SeparatorForm& inside = groups[slice.first].next;
  if (slice.last + 1 < slice.run->groups.size() && last.next.character == groups[slice.last - 1].next.character &&
      groups[slice.last + 1].size() == last.size())
    return true;
  const GroupBefore before = group_before(reader, slice.begin());
  return before.size == slice.size(0) && before.separator.character == inside.character;
}

std::optional<Candidate> as_aadhaar(TextReader& reader, const Slice& slice) {
  const std::string_view digits = slice.digits();
  if (digits.size() != 12 || digits[0] < '2' || has_bracket(slice)) return std::nullopt;
  if (!passes_verhoeff(digits) || is_palindrome(digits)) return std::nullopt;
  if (reader.before(slice.begin()) == '+') return std::nullopt;
  const Grouping grouping = grouping_of(slice);
  // 223.190.209.249 is an address on the net.
  if (grouping.n == 4 && grouping.sizes[0] == 3 && slice.run->groups[slice.first].next.character == '.')
    return std::nullopt;
  const bool usual = is_grouped_as(grouping.view(), aadhaar_forms) || grouping.is_single_digits();
  const Mention mention = mention_of(reader, slice.begin(), slice.end(), Label::aadhaar);
  // A mobile number with its country code, unless somebody says otherwise.
  if (digits.starts_with("91") && digits[2] >= '6' && mention != Mention::own && slice.n_groups() != 3)
    return std::nullopt;
  return Candidate{Label::aadhaar, slice.begin(), slice.end(), (usual ? checked : checked_oddly_written).of(mention)};
}

std::optional<Candidate> as_card(TextReader& reader, const Slice& slice) {
  const std::string_view digits = slice.digits();
  const CardShape shape = card_shape(digits);
  if (shape == CardShape::none || has_bracket(slice) || !passes_luhn(digits)) return std::nullopt;
  if (reader.before(slice.begin()) == '+') return std::nullopt;
  const Grouping grouping = grouping_of(slice);
  const bool usual =
      shape == CardShape::ordinary && (is_grouped_as(grouping.view(), card_forms) || grouping.is_single_digits());
  const Mention mention = mention_of(reader, slice.begin(), slice.end(), Label::payment_card);
  return Candidate{Label::payment_card, slice.begin(), slice.end(),
                   (usual ? checked : checked_oddly_written).of(mention)};
}

struct MobilePrefix {
  size_t n_digits = 0;
  bool is_country_code = false;
};
std::optional<MobilePrefix> mobile_prefix(std::string_view digits) {
  constexpr std::array<std::string_view, 5> prefixes{"", "0", "91", "0091", "910"};
  const size_t length = digits.size() - 10;
  for (const std::string_view prefix : prefixes)
    if (prefix.size() == length && digits.starts_with(prefix)) return MobilePrefix{length, length >= 2};
  return std::nullopt;
}

// Sizes of the groups without the prefix; empty when the prefix ends inside a group that isn't the first.
Grouping without_prefix(const Grouping& whole, size_t n_prefix) {
  Grouping rest;
  for (const uint8_t size : whole.view()) {
    const auto cut = std::min<size_t>(size, n_prefix);
    n_prefix -= cut;
    if (size > cut) rest.sizes[rest.n++] = static_cast<uint8_t>(size - cut);
  }
  return rest;
}

// An area code before a number of the fixed network: 080-67891234, 0674-2301234, +91 80 6789 1234.
bool is_landline(const Grouping& whole, std::string_view digits, size_t n_prefix) {
  const size_t first = whole.sizes[0];
  const size_t second = whole.n > 1 ? whole.sizes[1] : 0;
  if (whole.n < 2) return false;
  const std::string_view subscriber = digits.substr(n_prefix);
  const bool is_big_city = subscriber.starts_with("80") || subscriber.starts_with("79");
  if (n_prefix == 1 && first >= 3 && first <= 5 && subscriber[0] != '9')
    return first + second == 11 || (first == 3 && is_big_city);
  return n_prefix == 2 && first == 2 &&
         ((second == 2 && is_big_city) || (second == 3 && whole.n == 3 && whole.sizes[2] == 7));
}

std::optional<Candidate> as_mobile(TextReader& reader, const Slice& slice) {
  const std::string_view digits = slice.digits();
  if (digits.size() < 10 || digits.size() > 14) return std::nullopt;
  const auto prefix = mobile_prefix(digits);
  if (!prefix || digits[prefix->n_digits] < '6') return std::nullopt;
  size_t begin = slice.begin();
  const bool has_plus = reader.before(begin) == '+';
  if (has_plus && !prefix->is_country_code) return std::nullopt;
  if (prefix->n_digits == 3 && !has_plus && !has_bracket(slice)) return std::nullopt;
  if (has_plus) --begin;

  size_t n_open = 0;
  size_t n_closed = 0;
  for (size_t i = slice.first; i < slice.last; ++i) {
    const SeparatorForm& next = slice.run->groups[i].next;
    if (next.kind == Separator::bracket) ++(next.character == ')' ? n_closed : n_open);
  }
  if (n_closed > n_open) {
    if (reader.before(begin) != '(') return std::nullopt;
    --begin;
  } else if (n_open > n_closed) {
    return std::nullopt;
  }
  // The other end of a foreign number.
  const GroupBefore before = group_before(reader, slice.begin());
  if (!has_plus && before.size > 0 && before.size <= 3 && reader.before(before.begin) == '+') return std::nullopt;

  const Grouping whole = grouping_of(slice);
  const Grouping grouping = without_prefix(whole, prefix->n_digits);
  const Mention mention = mention_of(reader, begin, slice.end(), Label::phone_mobile);
  if (is_landline(whole, digits, prefix->n_digits) && mention != Mention::own) return std::nullopt;
  const bool usual = is_grouped_as(grouping.view(), mobile_forms) ||
                     (prefix->n_digits > 0 && is_grouped_as(grouping.view(), rare_mobile_forms));
  // 98765.43210 is a decimal number too.
  const bool is_decimal = slice.n_groups() == 2 && slice.run->groups[slice.first].next.character == '.';
  const Scores& scores = !usual || is_decimal   ? checked_oddly_written
                         : has_plus             ? country_mobile
                         : prefix->n_digits > 0 ? prefixed_mobile
                                                : plain_mobile;
  return Candidate{Label::phone_mobile, begin, slice.end(), scores.of(mention)};
}

bool is_better(const Candidate& a, const Candidate& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.end > b.end;
}

// Cheap: what no number can be is out before anything else is looked at.
bool can_be_number(const Slice& slice) {
  if (slice.n_digits < 10 || slice.n_digits > 19) return false;
  return slice.n_digits <= 14 || card_shape(slice.digits()) != CardShape::none;
}

std::optional<Candidate> best_from(TextReader& reader, const DigitRun& run, size_t first, size_t first_digit) {
  std::optional<Candidate> best;
  Slice slice{&run, first, first, first_digit, 0};
  for (size_t last = first; last < run.groups.size(); ++last) {
    slice.last = last;
    slice.n_digits += run.groups[last].size();
    if (first_digit + slice.n_digits > run.n_digits) break;
    if (!can_be_number(slice) || count_line_breaks(slice) > 1 || goes_on(reader, slice)) continue;
    for (const auto& judge : {as_aadhaar, as_card, as_mobile}) {
      std::optional<Candidate> found = judge(reader, slice);
      if (!found) continue;
      found->score =
          std::min(found->score, score_limit(reader, found->begin, found->end, found->label, run.groups[last].next));
      if (found->score > 0 && (!best || is_better(*found, *best))) best = found;
    }
  }
  return best;
}

}  // namespace

std::optional<Candidate> number_at(TextReader& reader, DigitRuns& runs, size_t position) {
  const DigitRun run = runs.from(reader, position);
  const std::optional<Candidate> best = best_from(reader, run, 0, 0);
  if (!best) return best;
  size_t digits_before = 0;
  for (size_t i = 0; i + 1 < run.groups.size() && run.groups[i + 1].begin < best->end; ++i) {
    digits_before += run.groups[i].size();
    const std::optional<Candidate> inner = best_from(reader, run, i + 1, digits_before);
    // A check that fits outweighs ten digits of the same number that look like a mobile.
    if (inner && inner->label == Label::phone_mobile && best->label != Label::phone_mobile && best->score >= acted_on &&
        inner->end <= best->end)
      continue;
    if (inner && inner->score >= acted_on && is_better(*inner, *best)) return std::nullopt;
  }
  return best;
}

}  // namespace tijori
