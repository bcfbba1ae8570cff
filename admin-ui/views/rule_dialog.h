// One rule, new or changed: what it looks for, where, and what it does. Lint reads the draft with it as one types.
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimer>
#include <QVBoxLayout>

#include "admin-ui/client/policy_desk.h"
#include "admin-ui/models/policy_draft.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class RuleDialog : public QDialog {
  Q_OBJECT

 public:
  // Row −1: a new rule. Both must outlive it.
  RuleDialog(PolicyDesk& desk, const PolicyDraft& draft, int row, QWidget* parent);
  RuleForm form() const;

 private:
  void make_fields(QVBoxLayout* column);
  void fill(const RuleForm& form);
  void follow_kind();
  void changed();
  void lint();
  void show_findings(const LintReply& reply);
  void say(Colour ink, const QString& icon, const QString& text);

  PolicyDesk& desk_;
  const PolicyDraft& draft_;
  int row_;
  RuleForm before_;
  Segment* kind_;
  TextLabel* words_name_;
  QPlainTextEdit* words_;
  QCheckBox* whole_words_;
  QWidget* builtin_row_;
  QComboBox* builtin_;
  QDoubleSpinBox* score_;
  QLineEdit* id_;
  QLineEdit* label_;
  QLineEdit* description_;
  QComboBox* action_;
  QList<QCheckBox*> stages_;
  QCheckBox* fail_open_;
  QLineEdit* reason_;
  QLabel* picture_;
  TextLabel* verdict_;
  Button* accept_;
  QTimer lint_timer_;
  int asked_ = 0;
  bool filling_ = false;
};

}  // namespace tijori
