// Health findings: code, state, since when, what to do.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

class FindingTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { severity_column, code_column, message_column, since_column, column_count };
  using QAbstractTableModel::QAbstractTableModel;
  // The gravest first, and no more than can be looked at; whether anything but the time changed.
  bool set(const std::vector<Condition>& conditions, int64_t now_us);
  const Condition& condition(int row) const { return conditions_.at(static_cast<size_t>(row)); }
  // How many a search finds, by code or by what they mean.
  int matches(const QString& typed) const;

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(conditions_.size());
  }
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<Condition> conditions_;
  int64_t now_us_ = 0;
};

}  // namespace tijori
