#include "admin-ui/views/settings_section.h"

namespace tijori {

SettingsSection::SettingsSection(const QString& id, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent), id_(id), title_(title), sentence_(sentence), panel_(new Panel(title, {})) {
  setObjectName(QStringLiteral("settings.section.") + id);
  setAccessibleName(title);
  panel_->set_note(sentence);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(panel_);
}

SettingRow* SettingsSection::add_row(const QString& title, const QString& sentence, QWidget* control,
                                     const QString& more_words) {
  QWidget* line = nullptr;
  if (!rows_.empty()) {
    line = make_divider(Qt::Horizontal);
    panel_->body()->addWidget(line);
  }
  auto* row = new SettingRow({title_, title, sentence, more_words}, control);
  panel_->body()->addWidget(row);
  rows_.push_back(row);
  dividers_.push_back(line);
  return row;
}

void SettingsSection::clear_rows() {
  for (QWidget* line : dividers_) delete line;
  qDeleteAll(rows_);
  rows_.clear();
  dividers_.clear();
}

bool SettingsSection::says(const QString& typed) const {
  return setting_fits(typed, {title_, title_, sentence_, id_});
}

int SettingsSection::filter(const QString& typed) {
  int shown = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const bool fits = rows_[i]->fits(typed);
    rows_[i]->setVisible(fits);
    if (dividers_[i] != nullptr) dividers_[i]->setVisible(fits && shown > 0);
    shown += fits ? 1 : 0;
  }
  return shown;
}

}  // namespace tijori
