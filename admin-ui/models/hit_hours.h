// What each rule decided in the last 24 hours: totals by rule as a table, and the busiest by hour for a plot.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <map>
#include <vector>

#include "admin-ui/models/series.h"
#include "protocol/guardrail_types.h"

namespace tijori {

inline constexpr size_t plotted_rules = 3;
inline constexpr size_t max_hit_rules = 1'024;
inline constexpr int64_t hit_hour_us = int64_t{3600} * 1'000'000;

class HitHours : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { rule_column, masked_column, blocked_column, noted_column, total_column, column_count };
  explicit HitHours(QObject* parent = nullptr) : QAbstractTableModel(parent), series_(plotted_rules, hit_hour_us) {}

  void set(const HitsReply& reply);
  bool is_empty() const { return rows_.empty(); }
  std::map<QString, int64_t> totals() const;
  // An hour each, of the busiest rules; hours before the daemon started have no sample.
  const SeriesStore& series() const { return series_; }
  const QStringList& busiest() const { return busiest_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    QString rule;
    int64_t masked = 0;
    int64_t blocked = 0;
    int64_t noted = 0;
    int64_t total = 0;
  };
  std::vector<Row> rows_;  // busiest first
  SeriesStore series_;
  QStringList busiest_;
};

}  // namespace tijori
