#include "admin-ui/models/setting_table.h"

#include "admin-ui/models/cell.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {

void SettingTable::set(std::vector<Setting> settings) {
  beginResetModel();
  settings_ = std::move(settings);
  choose();
  endResetModel();
}

void SettingTable::set_words(const QString& words) {
  beginResetModel();
  words_ = words;
  choose();
  endResetModel();
}

void SettingTable::choose() {
  shown_.clear();
  for (size_t i = 0; i < settings_.size(); ++i) {
    const Setting& one = settings_[i];
    if (QString::fromStdString(one.name + ' ' + one.value + ' ' + one.source).contains(words_, Qt::CaseInsensitive))
      shown_.push_back(i);
  }
}

QVariant SettingTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Setting& one = setting(index.row());
  const bool is_default = one.source == "default";
  if (role == type_role && index.column() != source_column) return static_cast<int>(Type::mono);
  if (role == colour_role && index.column() == source_column)
    return static_cast<int>(is_default ? Colour::text3 : Colour::text);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case name_column:
      return QString::fromStdString(one.name);
    case value_column:
      return one.value.empty() ? tr("not set") : QString::fromStdString(one.value);
    case source_column:
      return is_default ? tr("default") : QString::fromStdString(one.source);
    default:
      return {};
  }
}

QVariant SettingTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case name_column:
      return tr("Setting");
    case value_column:
      return tr("Value");
    case source_column:
      return tr("Comes from");
    default:
      return {};
  }
}

}  // namespace tijori
