#include "admin-ui/models/hit_hours.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr int hours_shown = 24;

// Counts come from outside: negative ones count nothing, and no sum runs over.
void add(int64_t& sum, int64_t count) {
  if (count > 0)
    sum = sum > std::numeric_limits<int64_t>::max() - count ? std::numeric_limits<int64_t>::max() : sum + count;
}

}  // namespace

void HitHours::set(const HitsReply& reply) {
  std::map<std::string, Row> rules;
  std::map<std::pair<std::string, int64_t>, int64_t> hours;
  for (const RuleHits& hit : reply.hits) {
    if (rules.size() >= max_hit_rules && !rules.contains(hit.rule)) continue;
    Row& row = rules[hit.rule];
    row.rule = QString::fromStdString(hit.rule).left(64);
    add(row.masked, hit.mask);
    add(row.blocked, hit.block);
    add(row.blocked, hit.stop);
    add(row.noted, hit.annotate);
    int64_t& hour = hours[{hit.rule, hit.hour_us / hit_hour_us}];
    for (const int64_t count : {hit.allow, hit.annotate, hit.mask, hit.stop, hit.block}) {
      add(row.total, count);
      add(hour, count);
    }
  }
  std::vector<std::pair<std::string, Row>> ordered(rules.begin(), rules.end());
  std::ranges::stable_sort(ordered, std::greater<>(), [](const auto& entry) { return entry.second.total; });
  beginResetModel();
  rows_.clear();
  busiest_.clear();
  series_.clear();
  for (const auto& [rule, row] : ordered) rows_.push_back(row);
  const size_t plotted = std::min(ordered.size(), plotted_rules);
  for (size_t i = 0; i < plotted; ++i) busiest_ << rows_[i].rule;
  const int64_t last = std::clamp<int64_t>(reply.now_us / hit_hour_us, hours_shown, int64_t{1} << 31);
  for (int64_t hour = last - hours_shown + 1; hour <= last && plotted > 0; ++hour) {
    if ((hour + 1) * hit_hour_us < reply.since_us) continue;
    Sample sample{hour * hit_hour_us, {}};
    for (size_t i = 0; i < plotted; ++i) {
      const auto found = hours.find({ordered[i].first, hour});
      sample.values.emplace_back(found == hours.end() ? 0.0 : static_cast<double>(found->second));
    }
    series_.add(std::move(sample));
  }
  // The hour that runs is drawn up to now.
  if (!series_.samples().empty() && reply.now_us > series_.samples().back().time_us)
    series_.add({reply.now_us, series_.samples().back().values});
  endResetModel();
}

std::map<QString, int64_t> HitHours::totals() const {
  std::map<QString, int64_t> found;
  for (const Row& row : rows_) found[row.rule] = row.total;
  return found;
}

int HitHours::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant HitHours::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = rows_.at(static_cast<size_t>(index.row()));
  if (role == Qt::TextAlignmentRole && index.column() != rule_column)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == type_role && index.column() == rule_column) return static_cast<int>(Type::mono);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case rule_column:
      return row.rule;
    case masked_column:
      return count_text(row.masked);
    case blocked_column:
      return count_text(row.blocked);
    case noted_column:
      return count_text(row.noted);
    case total_column:
      return count_text(row.total);
    default:
      return {};
  }
}

QVariant HitHours::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case rule_column:
      return tr("Rule");
    case masked_column:
      return tr("Masked");
    case blocked_column:
      return tr("Blocked");
    case noted_column:
      return tr("Noted");
    case total_column:
      return tr("All");
    default:
      return {};
  }
}

}  // namespace tijori
