#include "admin-ui/models/series_table.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"

namespace tijori {

SeriesTable::SeriesTable(const SeriesStore& store, QStringList names, int decimals, int64_t from_us, int64_t to_us,
                         QObject* parent)
    : QAbstractTableModel(parent), names_(std::move(names)), decimals_(decimals) {
  auto gap = store.gaps().begin();
  for (const Sample& sample : store.samples()) {
    if (sample.time_us < from_us || sample.time_us > to_us || sample.in_gap) continue;
    for (; gap != store.gaps().end() && gap->to_us <= sample.time_us; ++gap) {
      if (gap->to_us < from_us) continue;
      const QString length = duration_text(gap->to_us - gap->from_us);
      Row row;
      row.sample.time_us = gap->to_us;
      row.gap = gap->reason.isEmpty() ? tr("no values for %1").arg(length)
                                      : tr("no values for %1: %2").arg(length, gap->reason);
      rows_.push_back(std::move(row));
    }
    rows_.push_back({sample, {}});
  }
  std::ranges::reverse(rows_);
}

QVariant SeriesTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_.at(static_cast<size_t>(index.row()));
  const int series = index.column() - first_value_column;
  if (role == Qt::TextAlignmentRole && series >= 0 && row.gap.isEmpty())
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role == colour_role && !row.gap.isEmpty()) return static_cast<int>(Colour::text2);
  if (role != Qt::DisplayRole) return {};
  if (index.column() == ist_column) return ist_stamp(row.sample.time_us);
  if (index.column() == utc_column) return utc_stamp(row.sample.time_us);
  if (!row.gap.isEmpty()) return series == 0 ? row.gap : QString();
  if (series >= static_cast<int>(row.sample.values.size())) return {};
  const auto& value = row.sample.values.at(static_cast<size_t>(series));
  return value ? decimal_text(*value, decimals_) : QStringLiteral("–");
}

QVariant SeriesTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section >= first_value_column)
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  if (section == ist_column) return tr("Time, IST");
  if (section == utc_column) return tr("Time, UTC");
  return names_.value(section - first_value_column);
}

}  // namespace tijori
