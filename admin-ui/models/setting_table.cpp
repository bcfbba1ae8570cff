#include "admin-ui/models/setting_table.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr size_t max_settings = 10'000;
constexpr int max_cell_chars = 1'000;

QString cell(const std::string& text) {
  return QString::fromStdString(text).left(max_cell_chars).simplified();
}

}  // namespace

void SettingTable::set(std::vector<Setting> settings) {
  beginResetModel();
  if (settings.size() > max_settings) settings.resize(max_settings);
  settings_ = std::move(settings);
  choose();
  endResetModel();
}

void SettingTable::set_words(const QString& words) {
  if (words == words_) return;
  beginResetModel();
  words_ = words;
  choose();
  endResetModel();
}

void SettingTable::choose() {
  shown_.clear();
  for (size_t i = 0; i < settings_.size(); ++i) {
    const Setting& one = settings_[i];
    const QString text = QString::fromStdString(one.name + ' ' + one.value + ' ' + one.source);
    const QStringList words = words_.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (std::ranges::all_of(words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); }))
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
  if (role == Qt::ToolTipRole) return index.data(Qt::DisplayRole);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case name_column:
      return cell(one.name);
    case value_column:
      return one.value.empty() ? tr("not set") : cell(one.value);
    case source_column:
      return is_default ? tr("default") : cell(one.source);
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
