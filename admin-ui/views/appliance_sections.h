// What the settings show of the appliances: the saved ones, how many persons a change needs, and every setting of the
// connected one with the line that it comes from.
#pragma once

#include "admin-ui/client/session.h"
#include "admin-ui/models/setting_table.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/state_view.h"
#include "admin-ui/views/settings_section.h"

namespace tijori {

// Saved appliances, each of which can be forgotten.
class ConnectionSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit ConnectionSection(Session& session);
  void reload();

 signals:
  void toast(const QString& sentence, const std::function<void()>& undo);

 private:
  void forget(const Appliance& appliance);
  Session& session_;
};

// Read only: a person alone can't lower them.
class ApprovalSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit ApprovalSection(Session& session);

 private:
  void show_numbers();
  Session& session_;
  SettingRow* guardrails_;
  SettingRow* register_;
};

class ApplianceSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit ApplianceSection(Session& session);
  int filter(const QString& typed) override;
  void ask();
  // Reads the configuration files again and says what changed.
  void reload();
  // Why it can't; "" when it can.
  QString reload_refusal() const;

 signals:
  void counted(int settings);
  void refilter();

 private:
  void take(const Answer<Settings>& answer);
  void say_changes(const ReloadReply& reply, const std::vector<Setting>& before);
  void fit_height();

  Session& session_;
  SettingTable* settings_;
  DataTable* table_;
  StateView* states_;
  Button* reload_;
  Notice* notice_;
  std::optional<std::pair<ReloadReply, std::vector<Setting>>> reloaded_;
};

}  // namespace tijori
