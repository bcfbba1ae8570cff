#include "daemon/guardrails/pattern.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/pattern_parser.h"
#include "daemon/guardrails/pattern_regex.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

using Kind = PatternNode::Kind;

// Beyond every limit, and safe to add and multiply.
constexpr size_t too_many = size_t{1} << 24;

}  // namespace

PatternSize size_of(const PatternNode& node) {
  PatternSize out;
  switch (node.kind) {
    case Kind::set:
      out.min_width = 4;
      for (const ByteSequence& sequence : node.set.byte_sequences()) {
        out.min_width = std::min(out.min_width, sequence.length);
        out.max_width = std::max(out.max_width, sequence.length);
        out.states += sequence.length;
      }
      break;
    case Kind::sequence:
      for (const PatternNode& child : node.children) {
        const PatternSize size = size_of(child);
        out.min_width += size.min_width;
        out.max_width += size.max_width;
        out.states += size.states;
      }
      break;
    case Kind::choice:
      out.min_width = too_many;
      for (const PatternNode& child : node.children) {
        const PatternSize size = size_of(child);
        out.min_width = std::min(out.min_width, size.min_width);
        out.max_width = std::max(out.max_width, size.max_width);
        out.states += size.states;
      }
      break;
    case Kind::repeat: {
      const PatternSize size = size_of(node.children[0]);
      out = {size.min_width * node.min, size.max_width * node.max, size.states * node.max};
      break;
    }
  }
  return {std::min(out.min_width, too_many), std::min(out.max_width, too_many), std::min(out.states, too_many)};
}

namespace {

// Runs of given characters: at the beginning, at the end and anywhere in every match; `is_whole` when a match is
// nothing but such a run.
struct Run {
  size_t prefix = 0;
  size_t suffix = 0;
  size_t best = 0;
  bool is_whole = true;
};

Run joined(const Run& a, const Run& b) {
  return {a.is_whole ? a.prefix + b.prefix : a.prefix, b.is_whole ? a.suffix + b.suffix : b.suffix,
          std::max({a.best, b.best, a.suffix + b.prefix}), a.is_whole && b.is_whole};
}

Run run_of(const PatternNode& node) {
  switch (node.kind) {
    case Kind::set:
      return node.set.size() == 1 ? Run{1, 1, 1, true} : Run{0, 0, 0, false};
    case Kind::sequence: {
      Run out;
      for (const PatternNode& child : node.children) out = joined(out, run_of(child));
      return out;
    }
    case Kind::choice: {
      Run out = run_of(node.children[0]);
      for (const PatternNode& child : node.children) {
        const Run run = run_of(child);
        out = {std::min(out.prefix, run.prefix), std::min(out.suffix, run.suffix), std::min(out.best, run.best), false};
      }
      return out;
    }
    case Kind::repeat: {
      const Run once = run_of(node.children[0]);
      Run out;
      for (uint32_t i = 0; i < node.min; ++i) out = joined(out, once);
      if (node.max > node.min) out.is_whole = false;
      return out;
    }
  }
  return {};
}

size_t fewest_characters(const PatternNode& node) {
  switch (node.kind) {
    case Kind::set:
      return 1;
    case Kind::sequence: {
      size_t sum = 0;
      for (const PatternNode& child : node.children) sum += fewest_characters(child);
      return sum;
    }
    case Kind::choice: {
      size_t least = too_many;
      for (const PatternNode& child : node.children) least = std::min(least, fewest_characters(child));
      return least;
    }
    case Kind::repeat:
      return node.min * fewest_characters(node.children[0]);
  }
  return 0;
}

bool may_be_space(const PatternNode& node) {
  static const PatternNode space = parse_pattern("\\s").value_or(PatternNode());
  switch (node.kind) {
    case Kind::set:
      return std::ranges::any_of(space.set.ranges(), [&node](const CodePointRange& range) {
        return std::ranges::any_of(node.set.ranges(), [&range](const CodePointRange& own) {
          return own.first <= range.last && range.first <= own.last;
        });
      });
    case Kind::sequence:
      return std::ranges::all_of(node.children, may_be_space);
    case Kind::choice:
      return std::ranges::any_of(node.children, may_be_space);
    case Kind::repeat:
      return node.min == 0 || may_be_space(node.children[0]);
  }
  return false;
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  TRY_ASSIGN(PatternNode root, parse_pattern(text));
  const PatternSize size = size_of(root);
  if (size.max_width == 0)
    return fail(ErrorCode::invalid_argument, "the pattern is empty once folded: write at least one character");
  if (size.min_width == 0)
    return fail(ErrorCode::invalid_argument,
                "the pattern can match nothing, and so everywhere: make at least one character obligatory");
  if (size.max_width > max_pattern_width_bytes)
    return fail(ErrorCode::invalid_argument, "a match can be more than " + std::to_string(max_pattern_width_bytes) +
                                                 " bytes wide: bound its repetitions more tightly");
  if (size.states > max_pattern_states)
    return fail(ErrorCode::invalid_argument,
                "its automaton would have more than " + std::to_string(max_pattern_states) +
                    " states: use narrower classes, fewer alternatives or fewer repetitions");
  Pattern pattern;
  pattern.root_ = std::move(root);
  pattern.min_width_bytes_ = size.min_width;
  pattern.max_width_bytes_ = size.max_width;
  return pattern;
}

size_t Pattern::fixed_run() const {
  return run_of(root_).best;
}
size_t Pattern::min_characters() const {
  return fewest_characters(root_);
}
bool Pattern::can_match_space_only() const {
  return may_be_space(root_);
}

std::string Pattern::byte_regex(Precision precision) const {
  return write_byte_regex(root_, precision);
}

Result<std::string> fold_literal(std::string_view text) {
  if (!is_utf8(text)) return fail(ErrorCode::invalid_argument, "isn't well-formed UTF-8");
  std::string out;
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    text.remove_prefix(character.length);
    const char32_t to = fold_code_point(character.code_point);
    if (to != folds_away) append_utf8(out, to);
  }
  if (out.empty()) return fail(ErrorCode::invalid_argument, "is empty once folded");
  if (out.size() > max_literal_bytes)
    return fail(ErrorCode::invalid_argument,
                std::to_string(out.size()) + " bytes, at most " + std::to_string(max_literal_bytes) + " are taken");
  return out;
}

}  // namespace tijori
