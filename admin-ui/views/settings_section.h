// One section of the settings: a title, rows of settings, and whatever else belongs there. Filtered by what is typed
// into the search.
#pragma once

#include <QVBoxLayout>
#include <QWidget>
#include <vector>

#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/setting_row.h"

namespace tijori {

class SettingsSection : public QWidget {
  Q_OBJECT

 public:
  SettingsSection(const QString& id, const QString& title, const QString& sentence, QWidget* parent = nullptr);

  QString id() const { return id_; }
  QString title() const { return title_; }
  // How much of it fits; what doesn't is hidden.
  virtual int filter(const QString& typed);

 protected:
  SettingRow* add_row(const QString& title, const QString& sentence, QWidget* control, const QString& more_words = {});
  Panel& panel() const { return *panel_; }
  // Drops all rows.
  void clear_rows();
  // Whether title or sentence of the section itself say it.
  bool says(const QString& typed) const;

 private:
  QString id_;
  QString title_;
  QString sentence_;
  Panel* panel_;
  std::vector<SettingRow*> rows_;
  std::vector<QWidget*> dividers_;  // above each row but the first
};

}  // namespace tijori
