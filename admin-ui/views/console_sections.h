// What is set in this console, for the person at this computer: look, language and numbers, lock, plots.
#pragma once

#include <QComboBox>
#include <QSpinBox>

#include "admin-ui/client/preferences.h"
#include "admin-ui/views/settings_section.h"

namespace tijori {

// The preferences as they are, changed by any section.
class PreferenceDesk : public QObject {
  Q_OBJECT

 public:
  explicit PreferenceDesk(QObject* parent = nullptr) : QObject(parent), now_(Preferences::load()) {}
  const Preferences& now() const { return now_; }
  // Saves it when it differs.
  void change(const Preferences& to);

 signals:
  void changed(const Preferences& preferences);

 private:
  Preferences now_;
};

class AppearanceSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit AppearanceSection(PreferenceDesk& desk);

 private:
  void show_preferences();
  PreferenceDesk& desk_;
  QComboBox* look_;
  SettingRow* row_;
};

class LanguageSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit LanguageSection(PreferenceDesk& desk);

 private:
  void show_preferences();
  PreferenceDesk& desk_;
  QComboBox* language_;
  QComboBox* grouping_;
  SettingRow* language_row_;
  SettingRow* grouping_row_;
};

class LockSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit LockSection(PreferenceDesk& desk);

 private:
  void show_preferences();
  PreferenceDesk& desk_;
  QSpinBox* minutes_;
  SettingRow* row_;
};

class PlotSection : public SettingsSection {
  Q_OBJECT

 public:
  explicit PlotSection(PreferenceDesk& desk);

 private:
  void show_preferences();
  PreferenceDesk& desk_;
  QComboBox* range_;
  SettingRow* row_;
};

}  // namespace tijori
