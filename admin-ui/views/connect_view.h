// The first page: which appliance, with which certificate; and, for somebody who has neither, the way there.
#pragma once

#include <QLineEdit>
#include <QListWidget>
#include <QWidget>
#include <memory>
#include <vector>

#include "admin-ui/client/appliance.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class ConnectView : public QWidget {
  Q_OBJECT

 public:
  explicit ConnectView(QWidget* parent = nullptr);
  // Shows the saved appliances again.
  void reopen();
  // Fills the form; for the command line and tests.
  void set_appliance(const Appliance& appliance);
  void try_connect();
  // After connected().
  std::unique_ptr<Session> take_session();

 signals:
  void connected();

 private:
  void fill_list();
  Appliance form() const;
  void show_failure(const QString& sentence);

  ApplianceStore store_;
  std::vector<Appliance> appliances_;
  std::unique_ptr<Session> session_;
  QListWidget* list_;
  QLineEdit* name_;
  QLineEdit* socket_;
  QLineEdit* authority_;
  QLineEdit* certificate_;
  QLineEdit* key_;
  QLineEdit* passphrase_;
  TextLabel* failure_;
  Button* connect_;
};

}  // namespace tijori
