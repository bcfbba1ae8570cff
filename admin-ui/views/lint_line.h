// What lint says, a finding at a time, worst first: which rule, what, and a way there.
#pragma once

#include <QWidget>
#include <vector>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"
#include "protocol/guardrail_types.h"

namespace tijori {

class LintLine : public QWidget {
  Q_OBJECT

 public:
  explicit LintLine(QWidget* parent = nullptr);
  void set_findings(const std::vector<PolicyFinding>& findings);
  // Something that keeps lint from looking: the text isn't JSON, or nobody answered.
  void set_fault(const QString& sentence, int64_t line = 0, int64_t column = 0);

 signals:
  void go(const tijori::PolicyFinding& finding);

 private:
  void show_finding();
  void show_text(const QString& icon, Colour ink, const QString& text);

  std::vector<PolicyFinding> findings_;
  size_t current_ = 0;
  QLabel* picture_;
  TextLabel* rule_;
  TextLabel* text_;
  TextLabel* place_;
  Button* next_;
  Button* go_;
};

}  // namespace tijori
