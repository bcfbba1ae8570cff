// A text with what a policy found in it: each span underlined, with its label in a tag behind it, in the colour of its
// action.
#pragma once

#include <QTextEdit>
#include <vector>

#include "protocol/guardrail_types.h"

namespace tijori {

class SpanView : public QTextEdit {
  Q_OBJECT

 public:
  explicit SpanView(const QString& accessible_name, QWidget* parent = nullptr);
  // Offsets are code points, as the daemon gives them, whatever they are.
  void show_spans(const QString& text, const std::vector<BenchSpan>& spans);

 private:
  void draw();

  QString text_;
  std::vector<BenchSpan> spans_;
};

}  // namespace tijori
