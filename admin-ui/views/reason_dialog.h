// Asks why a rule may let text pass unjudged: a reason is required, and the approver sees it.
#pragma once

#include <QDialog>
#include <QLineEdit>

namespace tijori {

class ReasonDialog : public QDialog {
  Q_OBJECT

 public:
  ReasonDialog(const QString& rule, QWidget* parent);
  QString reason() const { return reason_->text().trimmed(); }

 private:
  QLineEdit* reason_;
};

}  // namespace tijori
