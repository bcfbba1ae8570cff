// Settings: of this console, changed here; of the appliance, read here with where each comes from; health findings.
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>

#include "admin-ui/client/preferences.h"
#include "admin-ui/models/finding_table.h"
#include "admin-ui/models/setting_table.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class SettingsScreen : public Screen {
  Q_OBJECT

 public:
  explicit SettingsScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void refresh() override;
  void focus_search() override;
  bool step_back() override;

 signals:
  void preferences_changed(const Preferences& preferences);

 private:
  QWidget* make_console();
  void change();
  void reload();
  void take_status();
  bool may_read() const;

  Preferences preferences_;
  QComboBox* language_;
  QComboBox* look_;
  QComboBox* grouping_;
  QSpinBox* lock_;
  QLineEdit* search_;
  SettingTable* settings_;
  DataTable* table_;
  FindingTable* findings_;
  DataTable* finding_rows_;
};

}  // namespace tijori
