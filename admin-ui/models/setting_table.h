// The appliance's settings in force: name, value, and where the value comes from.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

class SettingTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { name_column, value_column, source_column, column_count };
  using QAbstractTableModel::QAbstractTableModel;
  void set(std::vector<Setting> settings);
  void set_words(const QString& words);
  size_t size() const { return settings_.size(); }  // with those that don't fit the words
  const std::vector<Setting>& all() const { return settings_; }
  const Setting& setting(int row) const { return settings_.at(shown_.at(static_cast<size_t>(row))); }

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
  }
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void choose();
  std::vector<Setting> settings_;
  std::vector<size_t> shown_;
  QString words_;
};

}  // namespace tijori
