// A text with what a policy found in it: each span underlined, with its label beside it, in the colour of its action.
#pragma once

#include <QTextEdit>
#include <vector>

#include "protocol/guardrail_types.h"

namespace tijori {

class SpanView : public QTextEdit {
  Q_OBJECT

 public:
  explicit SpanView(const QString& accessible_name, QWidget* parent = nullptr);
  // Offsets are code points, as the daemon gives them.
  void show_spans(const QString& text, const std::vector<BenchSpan>& spans);
};

// The place in UTF-16 of a code point of the text, cut to its length.
int utf16_offset(const QString& text, int64_t code_point);

}  // namespace tijori
