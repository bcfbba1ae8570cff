// The health findings of the appliance: code, state, since when, what it means; for the one that is chosen also the
// daemon's own words, the fix as a command, and the screen where it is seen to.
#pragma once

#include "admin-ui/client/session.h"
#include "admin-ui/models/finding_table.h"
#include "admin-ui/views/parts/command_box.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/state_view.h"
#include "admin-ui/views/settings_section.h"

namespace tijori {

class FindingsSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit FindingsSection(Session& session);
  int filter(const QString& typed) override;

 signals:
  void open_screen(const QString& id);
  void refilter();

 private:
  void take_status();
  void show_chosen();
  void fit_height();

  Session& session_;
  FindingTable* findings_;
  DataTable* rows_;
  StateView* states_;
  QWidget* detail_;
  TextLabel* title_;
  TextLabel* words_;
  CommandBox* command_;
  Button* open_;
  QString screen_;
};

}  // namespace tijori
