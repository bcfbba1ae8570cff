// New application: what it is called and may do, who signs, and the folder that comes of it.
#pragma once

#include <QDialog>
#include <QLineEdit>
#include <QSpinBox>
#include <QStackedWidget>
#include <thread>

#include "admin-ui/client/new_application.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

class QComboBox;

namespace tijori {

class NewApplicationDialog : public QDialog {
  Q_OBJECT

 public:
  NewApplicationDialog(Session& session, QWidget* parent);
  ~NewApplicationDialog() override;

 signals:
  void added(const QString& name);

 private:
  QWidget* make_form();
  void show_done(const ApplicationFolder& folder);
  void make();
  void take_folder(const Result<ApplicationFolder>& folder);
  void fail_with(const QString& sentence);
  void run_test();

  Session& session_;
  QStackedWidget* pages_;
  QLineEdit* name_;
  QComboBox* role_;
  QSpinBox* days_;
  QLineEdit* authority_;
  QLineEdit* passphrase_;
  QLineEdit* request_;
  QLineEdit* out_;
  TextLabel* failure_;
  Button* make_;
  QString folder_;
  std::jthread maker_;
};

}  // namespace tijori
