// A certificate is issued on this machine and added to the register, in three steps: who it is for, who signs, and the
// folder that comes of it. For a new application, for a certificate request, or as a renewal.
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QGridLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QStackedWidget>
#include <thread>

#include "admin-ui/client/new_application.h"
#include "admin-ui/client/request_facts.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/passphrase_edit.h"
#include "admin-ui/views/parts/text_label.h"

class QPlainTextEdit;
class QScrollArea;

namespace tijori {

class NewApplicationDialog : public QDialog {
  Q_OBJECT

 public:
  // `client`: whose certificate is renewed; unused for the other kinds.
  NewApplicationDialog(Session& session, IssueKind kind, const ClientInfo& client, QWidget* parent);
  ~NewApplicationDialog() override;

 signals:
  void added(const QString& name);

 private:
  QWidget* make_form();
  void fit(const QScrollArea& scroll);
  QWidget* make_request_part();
  QWidget* make_steps();
  void mark_step(int step);
  void read_request();
  void say_what_is_signed();
  void show_done(const ApplicationFolder& folder);
  void make();
  void take_folder(const Result<ApplicationFolder>& folder);
  void fail_with(const QString& sentence);
  void run_test();

  Session& session_;
  IssueKind kind_;
  ClientInfo client_;
  QList<TextLabel*> steps_;
  QStackedWidget* pages_;
  QLineEdit* name_;
  QComboBox* role_;
  QSpinBox* days_;
  QLineEdit* authority_;
  PassphraseEdit* passphrase_;
  QLineEdit* request_;
  QLineEdit* out_;
  TextLabel* asked_ = nullptr;
  TextLabel* signed_ = nullptr;
  TextLabel* failure_;
  Button* make_;
  QPlainTextEdit* output_ = nullptr;
  std::optional<RequestFacts> facts_;
  QString folder_;
  std::jthread maker_;
};

}  // namespace tijori
