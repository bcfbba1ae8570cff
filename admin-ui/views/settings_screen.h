// Settings: of this console, changed here; of the appliance, read here with where each comes from; health findings.
// Sections at the left; a search finds across all of them, in both languages.
#pragma once

#include <QBoxLayout>
#include <QLineEdit>
#include <QScrollArea>

#include "admin-ui/client/preferences.h"
#include "admin-ui/views/parts/state_view.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class ApplianceSection;
class ConnectionSection;
class PreferenceDesk;
class SectionList;
class SettingsSection;

class SettingsScreen : public Screen {
  Q_OBJECT

 public:
  explicit SettingsScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void refresh() override;
  void focus_search() override;
  bool step_back() override;
  // A section by its id, or words to search for.
  void show_at(const QString& argument) override;

 signals:
  void preferences_changed(const Preferences& preferences);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void make_sections();
  void add(SettingsSection* section);
  // Shows the chosen section, or of all what fits the search.
  void filter();

  PreferenceDesk* desk_;
  QLineEdit* search_;
  SectionList* list_;
  QWidget* column_;
  QVBoxLayout* rows_;
  QScrollArea* page_;
  StateView* found_;
  std::vector<SettingsSection*> sections_;
  ConnectionSection* connections_ = nullptr;
  ApplianceSection* appliance_ = nullptr;
};

}  // namespace tijori
