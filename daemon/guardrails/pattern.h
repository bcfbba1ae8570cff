// The operator's pattern language: regular expressions without what can't be matched in linear time or held back.
//
//   abc  \.           characters (a pattern is folded as text is, so case and digit script don't matter)
//   .  [a-z0-9]  [^,]  \d \w \s and their negations, \p{Devanagari}
//   (…)  a|b          groups, alternatives
//   ? {n} {m,n}       bounded repetition; * and + are refused with what to write instead
//
// A pattern can't be empty, match nothing, be nested deeper than 32, longer than 4096 bytes, or match more than
// `max_pattern_width_bytes` bytes of folded text. No back-references, look-around or anchors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_pattern_bytes = 4096;
inline constexpr size_t max_pattern_depth = 32;
inline constexpr size_t max_pattern_width_bytes = 512;
inline constexpr size_t max_pattern_states = 4096;  // of its automaton, after repetitions are unrolled

class Pattern;

}  // namespace tijori
