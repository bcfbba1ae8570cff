// The register: who may speak to the appliance, until when; adding, renewing, revoking.
#pragma once

#include <QLineEdit>

#include "admin-ui/models/client_table.h"
#include "admin-ui/views/new_application_dialog.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/drawer.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class ClientsScreen : public Screen {
  Q_OBJECT

 public:
  explicit ClientsScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void refresh() override;
  void focus_search() override;
  // A client's name, or "revoke:NAME" for the question before.
  void show_at(const QString& argument) override;
  bool step_back() override;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void take(const Answer<ClientList>& answer);
  void close_drawer();
  // What there is room for: columns, words on the buttons, the drawer beside the table or over it.
  void place();
  void show_client(int row);
  void ask_revoke(const QString& name);
  void revoke(const QString& name);
  void add_certificate_file();
  void issue(IssueKind kind, const ClientInfo& client);
  const ClientInfo* current() const;
  int64_t now_us() const;
  bool may_change() const;

  ClientTable* clients_;
  DataTable* table_;
  Drawer* drawer_;
  QWidget* content_;
  QHBoxLayout* across_;
  QBoxLayout* bar_;
  Button* add_;
  Button* request_;
  Segment* filter_;
  TextLabel* summary_;
  TextLabel* read_at_;
  QLineEdit* search_;
  QString open_;    // in the drawer
  QString wanted_;  // what show_at was given before the register was there
  bool asking_ = false;
  int64_t read_us_ = 0;
};

}  // namespace tijori
