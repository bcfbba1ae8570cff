// A text cut into pieces by what a policy found in it, for drawing. Whatever offsets come (outside the text, backwards,
// overlapping, in the middle of a letter and its marks), the pieces put together are the text again.
#pragma once

#include <QList>
#include <QString>
#include <vector>

#include "protocol/guardrail_types.h"

namespace tijori {

inline constexpr size_t max_drawn_spans = 500;
inline constexpr qsizetype max_drawn_characters = 20'000;

struct SpanRun {
  QString text;
  int span = -1;  // index into the spans given; −1 between them
};

// A span's run is widened to whole letters with their marks. What is behind max_drawn_characters is left out.
QList<SpanRun> span_runs(const QString& text, const std::vector<BenchSpan>& spans);

// The place in UTF-16 of a code point of the text, cut to its length.
qsizetype utf16_offset(const QString& text, int64_t code_point);

}  // namespace tijori
