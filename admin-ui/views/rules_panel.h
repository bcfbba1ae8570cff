// The draft: its rules as a table, its document as text, and what lint says below. Which policy is open, and which one
// it is compared with, are chosen in its head.
#pragma once

#include <QComboBox>
#include <QTabWidget>

#include "admin-ui/models/policy_draft.h"
#include "admin-ui/views/document_editor.h"
#include "admin-ui/views/lint_line.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/rule_table.h"

namespace tijori {

class RulesPanel : public Panel {
  Q_OBJECT

 public:
  explicit RulesPanel(PolicyDraft& draft, QWidget* parent = nullptr);

  RuleTable& table() { return *table_; }
  LintLine& lint() { return *lint_; }
  DocumentEditor& editor() { return *editor_; }
  void set_policies(const std::vector<PolicySummary>& policies, const std::string& open, const std::string& compared);
  void set_refusal(const QString& why);  // of every edit
  // To the width there is: the controls of the head would hold the panel open.
  void fit(int wide_px);
  bool shows_document() const { return tabs_->currentIndex() == 1; }
  void show_rules() { tabs_->setCurrentIndex(0); }
  void go_to(const PolicyFinding& finding);

 signals:
  void policy_chosen(const std::string& digest);
  void compared_with(const std::string& digest);
  void rule_asked(int row);  // −1: a new one

 private:
  void fill(QComboBox* box, const std::vector<PolicySummary>& policies, const std::string& chosen);

  PolicyDraft& draft_;
  RuleTable* table_;
  DocumentEditor* editor_;
  QTabWidget* tabs_;
  LintLine* lint_;
  QComboBox* policies_;
  TextLabel* compare_label_;
  QComboBox* compared_;
  Button* add_;
  Button* remove_;
};

}  // namespace tijori
