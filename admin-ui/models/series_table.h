// A plot as a table, the newest first: time in both zones, a column a series, and the gaps as rows of their own. A
// snapshot: it doesn't move while it is read.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include "admin-ui/models/series.h"

namespace tijori {

class SeriesTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { ist_column, utc_column, first_value_column };
  // `names` of the series, with their units.
  SeriesTable(const SeriesStore& store, QStringList names, int decimals, int64_t from_us, int64_t to_us,
              QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
  }
  int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : first_value_column + static_cast<int>(names_.size());
  }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    Sample sample;
    QString gap;  // then there is no sample, but the time it ended
  };
  std::vector<Row> rows_;
  QStringList names_;
  int decimals_;
};

}  // namespace tijori
