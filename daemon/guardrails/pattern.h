// The operator's pattern language: regular expressions without what can't be matched in linear time or held back.
//
//   abc  \.  \u{1F600}   characters; \ before anything but a letter or digit means that character; \t \n \r
//   .                    any one character, line ends too
//   [a-z0-9]  [^,]       one character of a class, or none of it
//   \d \w \s \D \W \S    digit; letter, mark, digit or _; white space; and all others
//   \p{Devanagari}       a character of a script (\P: of any other); see script_names
//   (…)  a|b             groups, alternatives
//   ? {n} {m,n}          bounded repetition; * and + are refused with what to write instead
//
// A pattern is matched against folded text (folded_text.h) and is folded itself: capitals, digits of other scripts and
// full-width forms mean their plain forms, invisible characters vanish. A pattern can't match nothing, be nested deeper
// than 32, or be larger than the limits below. No back-references, look-around or anchors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/code_point_set.h"

namespace tijori {

inline constexpr size_t max_pattern_bytes = 4096;
inline constexpr size_t max_pattern_depth = 32;
inline constexpr size_t max_pattern_width_bytes = 512;  // of what it can match
inline constexpr size_t max_pattern_states = 4096;      // bytes of its automaton, after repetitions are unrolled
inline constexpr size_t max_literal_bytes = 512;        // folded

struct PatternNode {
  enum class Kind : uint8_t {
    set,       // one character of `set`
    sequence,  // all children in turn; without children: the empty text
    choice,    // one of the children
    repeat,    // children[0], min to max times
  };
  Kind kind = Kind::sequence;
  CodePointSet set;
  std::vector<PatternNode> children;
  uint32_t min = 1;
  uint32_t max = 1;
};

// Of a pattern's matches and its automaton; far beyond every limit where it is larger than that.
struct PatternSize {
  size_t min_width = 0;  // bytes
  size_t max_width = 0;
  size_t states = 0;
};
PatternSize size_of(const PatternNode& node);

class Pattern {
 public:
  // invalid_argument: "offset 7: '+' …: write {1,20}"; offsets count bytes of `text`.
  static Result<Pattern> parse(std::string_view text);

  const PatternNode& root() const { return root_; }
  size_t min_width_bytes() const { return min_width_bytes_; }
  size_t max_width_bytes() const { return max_width_bytes_; }

  // The longest run of given characters that every match holds: what keeps a pattern from matching everywhere.
  size_t fixed_run() const;
  // The fewest characters of a match.
  size_t min_characters() const;
  // Whether some match is white space alone.
  bool can_match_space_only() const;

  // For Vectorscan, over bytes: no flag for UTF-8 is needed. Both match whatever the pattern matches and more, with
  // fewer states than the exact one has: what they find has to be confirmed.
  enum class Precision : uint8_t {
    close,  // a character of a class is a few of the class's bytes; exact for ASCII
    loose,  // what is repeated is a run of its bytes
  };
  std::string byte_regex(Precision precision) const;

 private:
  Pattern() = default;
  PatternNode root_;
  size_t min_width_bytes_ = 0;
  size_t max_width_bytes_ = 0;
};

// The text of a literal as it is looked for. invalid_argument when it isn't UTF-8, nothing is left of it, or it is
// longer than max_literal_bytes.
Result<std::string> fold_literal(std::string_view text);

// Names that \p{…} knows.
std::span<const std::string_view> script_names();

}  // namespace tijori
