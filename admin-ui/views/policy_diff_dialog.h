// What differs between two policies, on its own or before something is done about it: an approval, a roll back.
#pragma once

#include <QDialog>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/policy_diff_view.h"

namespace tijori {

class PolicyDiffDialog : public QDialog {
  Q_OBJECT

 public:
  struct Act {
    QString text;  // of the button; "" to look only
    ButtonKind kind = ButtonKind::primary;
    QString leave;  // of the other button, the default
  };
  // `lines` stand below the title; documents are shown by show_documents().
  PolicyDiffDialog(const QString& title, const QStringList& lines, const Act& act, QWidget* parent);
  void show_documents(const QString& old_document, const QString& new_document);
  void show_failure(const QString& sentence);

 private:
  PolicyDiffView* view_;
  Button* confirm_ = nullptr;
};

}  // namespace tijori
