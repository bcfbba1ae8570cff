// The first page: which appliance, with which certificate; and, for somebody who has neither, the way there.
#pragma once

#include <QBoxLayout>
#include <QComboBox>
#include <QScrollArea>
#include <QStackedWidget>
#include <QWidget>
#include <memory>
#include <vector>

#include "admin-ui/client/appliance.h"
#include "admin-ui/client/preferences.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class ApplianceList;
class ConnectForm;
class FirstRunView;

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
  // How the appliance was when the session ended, for the list.
  static void remember(const Session& session);
  FirstRunView* first_run() const { return first_run_; }

 signals:
  void connected();
  void preferences_changed(const Preferences& preferences);
  void language_chosen(const QString& language);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* make_left();
  QWidget* make_right();
  QWidget* make_foot();
  QWidget* make_seen_page();
  void fill_list(const QString& choose);
  void show_form(const Appliance& appliance, bool editing);
  void show_right();
  void fill_seen(const Appliance& appliance);
  void ask_to_forget();
  void save_form();
  void connect_with(const Appliance& appliance, std::shared_ptr<Secret> passphrase);
  void take_credentials(const Appliance& appliance, std::expected<Credentials, ConnectFailure>& credentials);
  void take_first_answer();
  void show_failure(const ConnectFailure& failure);
  void show_notice(const QString& title, const QString& advice, const QString& command = {});
  void end_attempt();

  ApplianceStore store_;
  std::vector<Appliance> appliances_;
  std::unique_ptr<Session> session_;
  bool by_first_run_ = false;

  QScrollArea* scroll_;
  QBoxLayout* columns_;
  QWidget* left_;
  ApplianceList* list_;
  TextLabel* none_saved_;
  TextLabel* form_title_;
  Button* edit_;
  Button* forget_;
  ConnectForm* form_;
  Button* connect_;
  Button* save_;
  Notice* failure_;
  Notice* forgetting_;
  QStackedWidget* right_;
  FirstRunView* first_run_;
  QVBoxLayout* seen_;
  QWidget* seen_content_ = nullptr;
  Button* set_up_;
};

}  // namespace tijori
