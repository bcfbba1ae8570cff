#include "daemon/guardrails/pattern_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr uint32_t max_repeats = max_pattern_width_bytes;

struct Script {
  std::string_view name;
  std::array<CodePointRange, 4> ranges;  // {0, 0}: unused
};
// By blocks, whose digits and shared punctuation fold or stay out of the way of nobody.
constexpr Script scripts[] = {
    {"Arabic", {{{0x600, 0x6FF}, {0x750, 0x77F}, {0x8A0, 0x8FF}, {}}}},
    {"Bengali", {{{0x980, 0x9FF}, {}, {}, {}}}},
    {"Devanagari", {{{0x900, 0x97F}, {0xA8E0, 0xA8FF}, {}, {}}}},
    {"Gujarati", {{{0xA80, 0xAFF}, {}, {}, {}}}},
    {"Gurmukhi", {{{0xA00, 0xA7F}, {}, {}, {}}}},
    {"Kannada", {{{0xC80, 0xCFF}, {}, {}, {}}}},
    {"Latin", {{{'a', 'z'}, {0xC0, 0x24F}, {0x1E00, 0x1EFF}, {}}}},
    {"Malayalam", {{{0xD00, 0xD7F}, {}, {}, {}}}},
    {"Odia", {{{0xB00, 0xB7F}, {}, {}, {}}}},
    {"Tamil", {{{0xB80, 0xBFF}, {}, {}, {}}}},
    {"Telugu", {{{0xC00, 0xC7F}, {}, {}, {}}}},
};

CodePointSet script_set(const Script& script) {
  CodePointSet out;
  for (const auto& [first, last] : script.ranges)
    for (char32_t c = first; c <= last && last != 0; ++c)
      if (fold_code_point(c) == c) out.add(c, c);
  return out;
}

CodePointSet digits() {
  CodePointSet out;
  out.add('0', '9');
  return out;
}

CodePointSet spaces() {
  CodePointSet out;
  out.add('\t', '\r');
  out.add(' ', ' ');
  out.add(0x85, 0x85);
  out.add(0x1680, 0x1680);
  out.add(0x2000, 0x200A);
  out.add(0x2028, 0x2029);
  out.add(0x202F, 0x202F);
  out.add(0x205F, 0x205F);
  out.add(0x3000, 0x3000);
  return out.folded();
}

// Letters, marks and digits from Latin to the Indian scripts, by block so that the automaton stays small.
CodePointSet word_characters() {
  CodePointSet out = digits();
  out.add('a', 'z');
  out.add('_', '_');
  out.add(0xC0, 0xD6);
  out.add(0xD8, 0xF6);
  out.add(0xF8, 0x2AF);
  out.add(0x300, 0x5FF);
  out.add(0x620, 0x669);
  out.add(0x66E, 0x6D3);
  out.add(0x6D5, 0x7FF);
  out.add(0x900, 0x963);
  out.add(0x966, 0x96F);
  out.add(0x971, 0xDF3);
  out.add(0x1E00, 0x1EFF);
  return out;
}

bool is_letter_or_digit(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

PatternNode set_node(CodePointSet set) {
  PatternNode node;
  node.kind = PatternNode::Kind::set;
  node.set = std::move(set);
  return node;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<PatternNode> parse() {
    if (text_.size() > max_pattern_bytes)
      return fail(ErrorCode::invalid_argument, "the pattern has " + std::to_string(text_.size()) + " bytes, at most " +
                                                   std::to_string(max_pattern_bytes) + " are taken");
    if (!is_utf8(text_)) return fail(ErrorCode::invalid_argument, "the pattern isn't well-formed UTF-8");
    TRY_ASSIGN(PatternNode node, choice(0));
    if (at_ < text_.size()) return refuse(at_, "this ')' closes nothing: write \\) for the character");
    return node;
  }

 private:
  static std::unexpected<Error> refuse(size_t offset, std::string_view message) {
    return fail(ErrorCode::invalid_argument, "offset " + std::to_string(offset) + ": " + std::string(message));
  }

  bool at_end() const { return at_ == text_.size(); }
  bool next_is(char c) const { return !at_end() && text_[at_] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  // The text is well-formed and not at its end.
  char32_t take_code_point() {
    const Utf8Character character = first_character(text_.substr(at_));
    at_ += character.length;
    return character.code_point;
  }

  Result<PatternNode> choice(size_t depth) {
    const size_t begin = at_;
    if (depth > max_pattern_depth)
      return refuse(begin, "groups are nested deeper than " + std::to_string(max_pattern_depth));
    PatternNode node;
    node.kind = PatternNode::Kind::choice;
    do {
      TRY_ASSIGN(PatternNode branch, sequence(depth));
      node.children.push_back(std::move(branch));
    } while (take('|'));
    if (node.children.size() == 1) return std::move(node.children[0]);
    return node;
  }

  Result<PatternNode> sequence(size_t depth) {
    PatternNode node;
    while (!at_end() && !next_is('|') && !next_is(')')) {
      TRY_ASSIGN(PatternNode item, repeated(depth));
      node.children.push_back(std::move(item));
    }
    if (node.children.size() == 1) return std::move(node.children[0]);
    return node;
  }

  Result<PatternNode> repeated(size_t depth) {
    const size_t begin = at_;
    TRY_ASSIGN(PatternNode item, atom(depth));
    if (at_end()) return item;
    PatternNode node;
    node.kind = PatternNode::Kind::repeat;
    const size_t place = at_;
    if (take('?')) {
      node.min = 0;
      node.max = 1;
    } else if (take('{')) {
      TRY(bounds(place, node));
    } else {
      TRY(refuse_unbounded());
      return item;
    }
    if (item.kind == PatternNode::Kind::sequence && item.children.empty())
      return refuse(begin, "what is repeated here is empty once folded");
    if (next_is('?') || next_is('{'))
      return refuse(at_, "one repetition after another: put the first in a group, (…){2}");
    TRY(refuse_unbounded());
    node.children.push_back(std::move(item));
    return node;
  }

  Status refuse_unbounded() {
    if (next_is('*')) return refuse(at_, "'*' has no bound: write {0,20} with the most that may occur, or \\*");
    if (next_is('+')) return refuse(at_, "'+' has no bound: write {1,20} with the most that may occur, or \\+");
    return {};
  }

  // After '{' at `place`.
  Status bounds(size_t place, PatternNode& node) {
    const auto low = number();
    auto high = low;
    if (low && take(',')) {
      if (next_is('}')) return refuse(place, "{n,} has no bound: write {n,m} with the most that may occur");
      high = number();
    }
    if (!low || !high || !take('}')) return refuse(place, "expected {n} or {m,n}; write \\{ for the character");
    if (*high > max_repeats) return refuse(place, "more than " + std::to_string(max_repeats) + " repetitions");
    if (*high == 0) return refuse(place, "{0} takes away what it follows: leave both out");
    if (*low > *high) return refuse(place, "the first number is larger than the second");
    node.min = *low;
    node.max = *high;
    return {};
  }

  std::optional<uint32_t> number() {
    uint32_t value = 0;
    const size_t begin = at_;
    while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9')
      value = std::min<uint32_t>(value * 10 + static_cast<uint32_t>(text_[at_++] - '0'), max_repeats + 1);
    return at_ == begin ? std::nullopt : std::optional(value);
  }

  Result<PatternNode> atom(size_t depth) {
    const size_t begin = at_;
    const char32_t c = take_code_point();
    switch (c) {
      case '(':
        return group(begin, depth);
      case '[':
        return bracket(begin);
      case '.':
        return set_node(CodePointSet().complement());
      case '\\': {
        TRY_ASSIGN(Escape escape, escaped(begin));
        if (escape.set) return set_node(*std::move(escape.set));
        return character(escape.code_point);
      }
      case '?':
      case '{':
      case '*':
      case '+':
        return refuse(begin, "there is nothing before this to repeat; write \\ before it for the character");
      case '}':
      case ']':
        return refuse(begin, "this bracket closes nothing: write \\ before it for the character");
      case '^':
      case '$':
        return refuse(begin,
                      "patterns are found anywhere in a text and have no anchors: leave it out, or write \\ "
                      "before it for the character");
      default:
        return character(c);
    }
  }

  static PatternNode character(char32_t c) {
    const char32_t to = fold_code_point(c);
    if (to == folds_away) return {};
    CodePointSet set;
    set.add(to, to);
    return set_node(std::move(set));
  }

  Result<PatternNode> group(size_t begin, size_t depth) {
    if (next_is('?'))
      return refuse(begin, "look-around, named and flagged groups don't exist here: write a plain group (…)");
    TRY_ASSIGN(PatternNode node, choice(depth + 1));
    if (!take(')')) return refuse(begin, "this '(' is never closed: write \\( for the character");
    return node;
  }

  struct Escape {
    std::optional<CodePointSet> set;  // of \d, \w, …
    char32_t code_point = 0;
  };

  // After '\' at `begin`.
  Result<Escape> escaped(size_t begin) {
    if (at_end()) return refuse(begin, "'\\' at the end: write \\\\ for the character");
    const char32_t c = take_code_point();
    switch (c) {
      case 'd':
        return Escape{digits(), 0};
      case 'D':
        return Escape{digits().complement(), 0};
      case 'w':
        return Escape{word_characters(), 0};
      case 'W':
        return Escape{word_characters().complement(), 0};
      case 's':
        return Escape{spaces(), 0};
      case 'S':
        return Escape{spaces().complement(), 0};
      case 't':
        return Escape{std::nullopt, '\t'};
      case 'n':
        return Escape{std::nullopt, '\n'};
      case 'r':
        return Escape{std::nullopt, '\r'};
      case 'u':
        return unicode_escape(begin);
      case 'p':
      case 'P':
        return script_escape(begin, c == 'P');
      case 'b':
      case 'B':
        return refuse(begin, "patterns have no anchors: use a list of literals with \"whole_words\" for words");
      default:
        if (c >= '1' && c <= '9') return refuse(begin, "there are no back-references");
        if (is_letter_or_digit(c))
          return refuse(begin, "unknown escape; known: \\d \\w \\s \\D \\W \\S \\t \\n \\r \\u{…} \\p{…} \\P{…}");
        return Escape{std::nullopt, c};
    }
  }

  Result<Escape> unicode_escape(size_t begin) {
    char32_t value = 0;
    size_t length = 0;
    if (take('{')) {
      for (; !at_end() && length < 7; ++length) {
        const char c = text_[at_];
        const bool is_digit = c >= '0' && c <= '9';
        const bool is_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!is_digit && !is_letter) break;
        value = value * 16 + static_cast<char32_t>(is_digit ? c - '0' : (c | 0x20) - 'a' + 10);
        ++at_;
      }
    }
    if (length == 0 || !take('}')) return refuse(begin, "expected \\u{…} with 1 to 6 hexadecimal digits");
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return refuse(begin, "there is no such character");
    return Escape{std::nullopt, value};
  }

  Result<Escape> script_escape(size_t begin, bool is_negated) {
    if (take('{')) {
      const size_t end = text_.find('}', at_);
      if (end != std::string_view::npos) {
        const std::string_view name = text_.substr(at_, end - at_);
        const auto* const script = std::ranges::find(scripts, name, &Script::name);
        if (script != std::end(scripts)) {
          at_ = end + 1;
          CodePointSet set = script_set(*script);
          return Escape{is_negated ? set.complement() : std::move(set), 0};
        }
      }
    }
    std::string names;
    for (const Script& script : scripts) names += (names.empty() ? "" : ", ") + std::string(script.name);
    return refuse(begin, "expected \\p{…} with one of " + names);
  }

  // After '[' at `begin`.
  Result<PatternNode> bracket(size_t begin) {
    const bool is_negated = take('^');
    CodePointSet written;  // to be folded
    CodePointSet ready;    // of escapes, folded as they are
    bool is_empty = true;
    while (!at_end() && !next_is(']')) {
      const size_t place = at_;
      TRY_ASSIGN(Escape low, class_member());
      is_empty = false;
      const bool is_range = next_is('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
      if (!is_range) {
        if (low.set)
          ready.add(*low.set);
        else
          written.add(low.code_point, low.code_point);
        continue;
      }
      take('-');
      TRY_ASSIGN(const Escape high, class_member());
      if (low.set || high.set) return refuse(place, "a class such as \\d can't bound a range");
      if (low.code_point > high.code_point) return refuse(place, "this range runs backwards");
      written.add(low.code_point, high.code_point);
    }
    if (!take(']')) return refuse(begin, "this '[' is never closed: write \\[ for the character");
    if (is_empty) return refuse(begin, "an empty class matches nothing: write \\[ for the character");
    ready.add(written.folded());
    if (is_negated) ready = ready.complement();
    if (ready.empty())
      return refuse(begin, "this class matches nothing: folding removes or changes all its characters");
    return set_node(std::move(ready));
  }

  Result<Escape> class_member() {
    const size_t place = at_;
    const char32_t c = take_code_point();
    if (c == '\\') return escaped(place);
    if (c == '[') return refuse(place, "write \\[ for the character; classes don't nest");
    return Escape{std::nullopt, c};
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<PatternNode> parse_pattern(std::string_view text) {
  return Parser(text).parse();
}

std::span<const std::string_view> script_names() {
  static const auto names = [] {
    std::array<std::string_view, std::size(scripts)> out;
    std::ranges::transform(scripts, out.begin(), &Script::name);
    return out;
  }();
  return names;
}

}  // namespace tijori
