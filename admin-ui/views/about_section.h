// What this is, which version, and under which licences its parts come.
#pragma once

#include "admin-ui/client/session.h"
#include "admin-ui/views/settings_section.h"

namespace tijori {

class AboutSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit AboutSection(Session& session);

 private:
  void show_versions();
  Session& session_;
  SettingRow* appliance_;
};

}  // namespace tijori
