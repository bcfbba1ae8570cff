// The built-in detectors: Indian and common identifiers, hidden Unicode, secrets by shape. One pass, linear time.
//
// Works on folded text (folded_text.h) in a moving window, so that a text gives the same findings however it is cut: a
// finding depends only on the characters from `identifier_context_bytes` before it to where it is settled.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/label.h"

namespace tijori {

// How much folded text before `from` a window must hold (or reach the beginning of the stream).
inline constexpr size_t identifier_context_bytes = 8192;

struct Finding {
  Label label = Label::aadhaar;
  size_t begin = 0;  // folded offsets in the stream, half-open; FoldedText::source_span() has the place in the source
  size_t end = 0;    // = begin for hidden_unicode and bidi_control: the characters that vanished there
  double score = 0;  // 0 … 1: shape, check characters, context words, surroundings
  bool operator==(const Finding&) const = default;
};

enum class TextEnd { open, final };  // whether more text may follow

// Appends what begins in [from, settled), ascending, and returns `settled` ≥ from: no text before it can still become
// part of a finding that was not reported, whatever follows; text from it on may. In plain prose that is the beginning
// of the last word. With TextEnd::final it is text.end(), and an empty span there is reported too. `from` is what the
// call before returned, or 0. Findings don't overlap, but an empty one may lie inside or beside another.
//
// Only labels in `wanted` are reported; an identifier inside a stronger one, such as the PAN of a GSTIN, yields to it
// whether that is wanted or not. A finding long undecided is decided at a bounded length, so at most a few hundred
// bytes are ever held: long keys come as several findings that touch.
size_t find_identifiers(const FoldedText& text, size_t from, TextEnd end, LabelSet wanted, std::vector<Finding>& out);

}  // namespace tijori
