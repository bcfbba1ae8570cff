// What differs between two policies: by rule, and by line.
#pragma once

#include <QPlainTextEdit>
#include <QTabWidget>

#include "admin-ui/models/policy_diff.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class PolicyDiffView : public QWidget {
  Q_OBJECT

 public:
  explicit PolicyDiffView(QWidget* parent = nullptr);
  void show_difference(const QString& old_document, const QString& new_document);
  void clear(const QString& why);
  const PolicyDifference& difference() const { return difference_; }

 private:
  void show_lines();

  PolicyDifference difference_;
  QString old_;
  QString new_;
  bool lines_shown_ = false;
  PolicyDiffTable* model_;
  TextLabel* sentence_;
  QTabWidget* tabs_;
  DataTable* table_;
  QPlainTextEdit* lines_;
};

}  // namespace tijori
