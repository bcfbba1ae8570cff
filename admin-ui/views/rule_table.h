// The rules of a draft. Space switches a rule on and off, F2 or a double click edits in place, Enter opens the whole
// rule, Delete takes it out.
#pragma once

#include "admin-ui/models/policy_draft.h"
#include "admin-ui/views/parts/data_table.h"

namespace tijori {

class RuleTable : public DataTable {
  Q_OBJECT

 public:
  explicit RuleTable(PolicyDraft& draft, QWidget* parent = nullptr);

  void choose(int row);
  void choose(const QString& id) { choose(draft_.row_of(id)); }
  int chosen_row() const { return currentIndex().isValid() ? currentIndex().row() : -1; }
  void edit_chosen();
  void switch_chosen();
  void remove_chosen();

 signals:
  void rule_asked(int row);  // to be edited as a whole
  void removed(const tijori::PolicyDraft::Removed& removed);

 protected:
  void commitData(QWidget* editor) override;
  void closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void edit_at(const QModelIndex& index);
  void fit_columns();

  PolicyDraft& draft_;
  QString chosen_id_;
  int chosen_row_ = 0;
  int fitted_ = -1;
};

}  // namespace tijori
