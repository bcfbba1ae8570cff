// Identifiers that are numbers: groups of digits, each joined to the next by one separator.
#include <algorithm>
#include <array>
#include <string>

#include "daemon/guardrails/candidate.h"
#include "daemon/guardrails/checksums.h"
#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

constexpr size_t max_digits = 19;
constexpr size_t max_groups = 12;
constexpr size_t token_look_back = 96;

struct Group {
  size_t begin = 0;
  size_t end = 0;
  size_t digits() const { return end - begin; }
};

// Groups of one number, first to last, and what they say together.
struct Number {
  std::array<Group, max_groups> groups;
  size_t count = 0;
  std::string digits;
  bool has_line_break = false;
  bool has_dot = false;

  size_t begin() const { return groups[0].begin; }
  size_t end() const { return groups[count - 1].end; }
  // The sizes of the groups from the n-th digit on; "" when no group begins there.
  std::string sizes_from(size_t digit) const {
    std::string sizes;
    size_t place = 0;
    for (size_t i = 0; i < count; ++i) {
      if (place >= digit) {
        if (place > digit && sizes.empty()) sizes += std::to_string(place - digit) + '-';
        sizes += std::to_string(groups[i].digits()) + '-';
      } else if (place + groups[i].digits() > digit) {
        sizes += std::to_string(place + groups[i].digits() - digit) + '-';
      }
      place += groups[i].digits();
    }
    if (!sizes.empty()) sizes.pop_back();
    return sizes;
  }
};

Group group_at(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && is_digit(text[end])) ++end;
  return {begin, end};
}

// "(91) …", "(+91) …", "(0) …": a dialling prefix in brackets.
bool is_bracketed_prefix(std::string_view text, const Group& group) {
  if (group.end >= text.size() || text[group.end] != ')') return false;
  const std::string_view digits = text.substr(group.begin, group.digits());
  return digits == "91" || digits == "0" || digits == "0091";
}

// The group that one separator joins to the end of this one; empty when there is none.
Group next_group(std::string_view text, const Group& group) {
  size_t separator = separator_length(text, group.end);
  if (is_bracketed_prefix(text, group)) separator = 1 + separator_length(text, group.end + 1);
  if (separator == 0 || group.end + separator >= text.size() || !is_digit(text[group.end + separator])) return {};
  return group_at(text, group.end + separator);
}

Group previous_group(std::string_view text, const Group& group) {
  const size_t separator = separator_length_before(text, group.begin);
  if (separator == 0 || group.begin <= separator || !is_digit(text[group.begin - separator - 1])) return {};
  const size_t end = group.begin - separator;
  size_t begin = end;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  return {begin, end};
}

std::string_view between(std::string_view text, const Group& one, const Group& next) {
  return text.substr(one.end, next.begin - one.end);
}

// A list of groups of four digits each, joined alike: how many there are, and how many of them come before this one.
struct FourRun {
  size_t count = 1;
  size_t before = 0;
};
constexpr size_t max_run = 24;

FourRun four_run(std::string_view text, const Group& group) {
  FourRun run;
  for (Group at = group; run.before < max_run;) {
    const Group earlier = previous_group(text, at);
    if (earlier.digits() != 4 || between(text, earlier, at) == "\n") break;
    ++run.before;
    at = earlier;
  }
  run.count += run.before;
  for (Group at = group; run.count < 2 * max_run;) {
    const Group later = next_group(text, at);
    if (later.digits() != 4 || between(text, at, later) == "\n") break;
    ++run.count;
    at = later;
  }
  return run;
}

// How much the characters around a number speak against its being an identifier of its own.
double surroundings(std::string_view text, const Number& number) {
  double penalty = 0;
  const size_t begin = number.begin();
  const size_t end = number.end();
  const auto char_at = [&](size_t place) { return place < text.size() ? text[place] : '\0'; };

  if (begin > 0 && is_letter(text[begin - 1])) {
    size_t letters = begin;
    while (letters > 0 && is_letter(text[letters - 1]) && begin - letters < token_look_back) --letters;
    const std::string_view glued = text.substr(letters, begin - letters);
    if (letters > 0 && is_digit(text[letters - 1])) {
      penalty += 0.5;
    } else if (glued.size() <= 3 && topics_of(glued) == 0 && glued != "no" && glued != "num") {
      penalty += 0.25;
    }
  }
  if (is_letter(char_at(end))) {
    size_t letters = end;
    while (letters < text.size() && is_letter(text[letters]) && letters - end < 32) ++letters;
    if (is_digit(char_at(letters))) {
      penalty += 0.5;
    } else if (letters - end == 1) {
      penalty += 0.25;
    }
  }
  // Part of a token such as a UUID or a path.
  if (begin >= 2 && (text[begin - 1] == '-' || text[begin - 1] == '_') && is_alnum(text[begin - 2]) &&
      !is_digit(text[begin - 2])) {
    size_t word = begin - 1;
    while (word > 0 && is_alnum(text[word - 1]) && begin - word < token_look_back) --word;
    const std::string_view prefix = text.substr(word, begin - 1 - word);
    if (std::ranges::any_of(prefix, is_digit) || topics_of(prefix) == 0) penalty += prefix.size() > 8 ? 0 : 0.25;
  }
  if (char_at(end) == '-' && is_letter(char_at(end + 1))) penalty += 0.25;

  const Group first = number.groups[0];
  const Group last = number.groups[number.count - 1];
  if (const Group earlier = previous_group(text, first); earlier.digits() > 0) {
    const std::string_view joint = between(text, earlier, first);
    if (joint == ".") penalty += 0.5;
    if (joint == "-" || joint == "/" || joint == "_") penalty += 0.25;
  }
  if (const Group later = next_group(text, last); later.digits() > 0) {
    const std::string_view joint = between(text, last, later);
    if (joint == ".") penalty += 0.5;
    if (joint == "-" || joint == "_") penalty += 0.25;
  }
  // The tail of an amount that is grouped by commas, or its head.
  if (begin >= 2 && text[begin - 1] == ',' && is_digit(text[begin - 2]) && first.digits() <= 3) penalty += 0.5;
  if (char_at(end) == ',' && is_digit(char_at(end + 1)) && group_at(text, end + 1).digits() <= 3) penalty += 0.4;
  if (char_at(end) == '%') penalty += 0.5;

  // Inside a URL.
  size_t token = begin;
  while (token > 0 && begin - token < token_look_back && text[token - 1] != ' ' && text[token - 1] != '\n') --token;
  if (text.substr(token, begin - token).find("://") != std::string_view::npos) penalty += 0.3;
  return penalty;
}

struct Range {
  std::string_view prefix;
  size_t min_digits;
  size_t max_digits;
  double score;
};

// Issuers' ranges: Visa, Mastercard, American Express, Diners, RuPay (and Discover, which shares 60 and 65), JCB,
// Maestro.
constexpr Range card_ranges[] = {
    {"4", 16, 16, 0.65},   {"4", 13, 13, 0.45},  {"4", 19, 19, 0.5},   {"51", 16, 16, 0.65}, {"52", 16, 16, 0.65},
    {"53", 16, 16, 0.65},  {"54", 16, 16, 0.65}, {"55", 16, 16, 0.65}, {"22", 16, 16, 0.6},  {"23", 16, 16, 0.6},
    {"24", 16, 16, 0.6},   {"25", 16, 16, 0.6},  {"26", 16, 16, 0.6},  {"270", 16, 16, 0.6}, {"271", 16, 16, 0.6},
    {"2720", 16, 16, 0.6}, {"34", 15, 15, 0.65}, {"37", 15, 15, 0.65}, {"36", 14, 14, 0.55}, {"38", 14, 14, 0.55},
    {"30", 14, 14, 0.5},   {"60", 16, 16, 0.65}, {"65", 16, 16, 0.65}, {"81", 16, 16, 0.6},  {"82", 16, 16, 0.6},
    {"508", 16, 16, 0.6},  {"353", 16, 16, 0.6}, {"356", 16, 16, 0.6}, {"35", 16, 16, 0.55}, {"50", 12, 19, 0.4},
    {"56", 12, 19, 0.4},   {"57", 12, 19, 0.4},  {"58", 12, 19, 0.4},  {"6", 12, 19, 0.4},
};

double card_range_score(std::string_view digits) {
  double best = 0;
  if (digits.starts_with("220")) return 0;
  for (const Range& range : card_ranges)
    if (digits.starts_with(range.prefix) && digits.size() >= range.min_digits && digits.size() <= range.max_digits)
      best = std::max(best, range.score);
  if (digits.starts_with("2220")) return 0;
  return best;
}

struct Judgement {
  double score = 0;
  Context context;
};

Judgement in_context(std::string_view text, const Number& number, size_t begin, double base, Topics wanted,
                     Topics opposing) {
  Judgement judged{base - surroundings(text, number), read_context(text, begin, number.end(), wanted, opposing)};
  if (judged.context.supports) judged.score += support_score;
  if (judged.context.nearest_opposes) {
    judged.score -= 0.3;
  } else if (judged.context.opposes) {
    judged.score -= 0.05;
  }
  return judged;
}

class NumberFinder {
 public:
  NumberFinder(const FinderWindow& window, std::vector<Candidate>& out)
      : window_(window), text_(window.text), out_(out) {}

  void run() {
    for (size_t place = next_digit(text_, window_.from); place < text_.size(); place = next_digit(text_, place)) {
      const Group group = group_at(text_, place);
      // A window that begins inside a group does so only behind something that was decided.
      if (place == window_.from && place > 0 && is_digit(text_[place - 1])) {
        place = group.end;
        continue;
      }
      from(group);
      place = group.end;
    }
  }

 private:
  // All numbers whose first group this is.
  void from(const Group& first) {
    Number number;
    for (Group group = first; group.digits() > 0 && number.count < max_groups;) {
      if (number.digits.size() + group.digits() > max_digits) return;
      if (number.count > 0) {
        const std::string_view joint = between(text_, number.groups[number.count - 1], group);
        number.has_line_break |= joint.find('\n') != std::string_view::npos;
        number.has_dot |= joint == ".";
      }
      number.groups[number.count++] = group;
      number.digits.append(text_.substr(group.begin, group.digits()));
      if (number.digits.size() >= 10) judge(number);
      group = next_group(text_, group);
    }
  }

  void judge(const Number& number) {
    if (number.digits.size() == 12) aadhaar(number);
    if (number.digits.size() >= 12) card(number);
    if (number.digits.size() <= 14) phone(number);
  }

  void report(Label label, size_t begin, size_t end, const Judgement& judged) {
    const bool final = window_.complete || judged.context.decided_before || end + context_after_bytes <= text_.size();
    if (judged.score + (final ? 0 : support_score) < least_score) return;
    out_.push_back({label, begin, end, std::clamp(judged.score, 0.0, 1.0), final});
  }

  void aadhaar(const Number& number) {
    const std::string& digits = number.digits;
    if (digits[0] < '2' || !verhoeff_holds(digits) || is_palindrome(digits)) return;
    const std::string sizes = number.sizes_from(0);
    double base = 0.6;
    if (sizes == "4-4-4") {
      const FourRun run = four_run(text_, number.groups[0]);
      if (run.count % 3 != 0 || run.before % 3 != 0) base -= run.count == 4 ? 0.4 : 0.25;
      base += 0.05;
    } else if (sizes != "12") {
      base -= 0.25;
    }
    if (number.has_line_break) base -= 0.05;
    const bool is_mobile = digits.starts_with("91") && digits[2] >= '6';
    Judgement judged =
        in_context(text_, number, number.begin(), base, bits(Topic::aadhaar), Topic::other_number | Topic::account);
    if (is_mobile && sizes != "4-4-4" && !judged.context.supports) judged.score -= 0.3;
    if (number.begin() > 0 && text_[number.begin() - 1] == '+') judged.score -= 0.5;
    report(Label::aadhaar, number.begin(), number.end(), judged);
  }

  void card(const Number& number) {
    double base = card_range_score(number.digits);
    if (base == 0 || !luhn_holds(number.digits)) return;
    const std::string sizes = number.sizes_from(0);
    if (sizes == "4-4-4-4") {
      const FourRun run = four_run(text_, number.groups[0]);
      if (run.count % 4 != 0 || run.before % 4 != 0) base -= 0.35;
      base += 0.05;
    } else if (number.count > 1 && sizes != "4-6-5" && sizes != "4-6-4" && sizes != "4-4-4-4-3" && sizes != "8-8") {
      base -= 0.25;
    }
    report(Label::payment_card, number.begin(), number.end(),
           in_context(text_, number, number.begin(), base, bits(Topic::card),
                      Topic::other_number | Topic::account | Topic::aadhaar));
  }

  void phone(const Number& number) {
    const std::string_view digits = number.digits;
    size_t prefix = 0;
    if (digits.size() == 11 && digits[0] == '0') prefix = 1;
    if (digits.size() == 12 && digits.starts_with("91")) prefix = 2;
    if (digits.size() == 13 && digits.starts_with("091")) prefix = 3;
    if (digits.size() == 14 && digits.starts_with("0091")) prefix = 4;
    if (digits.size() != 10 + prefix || digits[prefix] < '6') return;
    // A number that says nothing: 9999999999, but not in a form field of one's own.
    if (std::ranges::count(digits.substr(prefix), digits[prefix]) == 10) return;
    size_t begin = number.begin();
    const bool has_plus = begin > 0 && text_[begin - 1] == '+';
    if (has_plus && prefix != 2) return;
    double base = 0.6;
    if (has_plus || prefix >= 3) base += 0.25;
    const std::string sizes = number.sizes_from(prefix);
    const bool usual = sizes == "10" || sizes == "5-5" || sizes == "3-3-4" || sizes == "4-3-3";
    if (!usual) base -= sizes == "4-6" || sizes == "6-4" || sizes == "3-4-3" || sizes == "2-4-4" ? 0.2 : 0.35;
    if (number.has_dot && sizes == "5-5" && prefix == 0) base -= 0.15;
    if (number.has_line_break) base -= 0.25;
    Judgement judged = in_context(text_, number, begin, base, bits(Topic::phone), Topic::other_number | Topic::account);
    if (has_plus) --begin;
    if (is_bracketed_prefix(text_, number.groups[0]) && begin > 0 && text_[begin - 1] == '(') --begin;
    // Two groups that stand side by side, as in "45210 98765", are not one number when a longer one begins before.
    if (const Group earlier = previous_group(text_, number.groups[0]);
        earlier.digits() >= 4 && number.count > 1 && prefix == 0)
      judged.score -= 0.25;
    if (const Group later = next_group(text_, number.groups[number.count - 1]);
        later.digits() >= 3 && number.count > 1 && sizes != "5-5")
      judged.score -= 0.25;
    report(Label::phone_mobile, begin, number.end(), judged);
  }

  const FinderWindow& window_;
  std::string_view text_;
  std::vector<Candidate>& out_;
};

}  // namespace

void find_numbers(const FinderWindow& window, std::vector<Candidate>& out) {
  NumberFinder(window, out).run();
}

}  // namespace tijori
