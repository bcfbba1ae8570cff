#include "admin-ui/models/finding_table.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/setting_search.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr size_t max_findings = 200;

bool is_same(const Condition& one, const Condition& other) {
  return one.code == other.code && one.message == other.message && one.severity == other.severity &&
         one.since_us == other.since_us;
}

}  // namespace

bool FindingTable::set(const std::vector<Condition>& conditions, int64_t now_us) {
  std::vector<Condition> shown = by_weight(conditions, max_findings);
  now_us_ = now_us;
  if (std::ranges::equal(shown, conditions_, is_same)) {
    // The times are relative.
    if (!conditions_.empty()) emit dataChanged(index(0, since_column), index(rowCount() - 1, since_column));
    return false;
  }
  beginResetModel();
  conditions_ = std::move(shown);
  endResetModel();
  return true;
}

int FindingTable::matches(const QString& typed) const {
  return static_cast<int>(std::ranges::count_if(conditions_, [&](const Condition& each) {
    const Finding finding = finding_of(each);
    return setting_fits(typed, {finding.code, finding.title, finding.advice, finding.detail});
  }));
}

QVariant FindingTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Condition& one = conditions_.at(static_cast<size_t>(index.row()));
  if (role == badge_role && index.column() == severity_column) {
    switch (one.severity) {
      case Severity::info:
        return QVariant::fromValue(BadgeText{Tone::info, QStringLiteral("info-circle-fill"), tr("note")});
      case Severity::warning:
        return QVariant::fromValue(BadgeText{Tone::warn, QStringLiteral("exclamation-triangle-fill"), tr("to do")});
      case Severity::error:
        return QVariant::fromValue(BadgeText{Tone::danger, QStringLiteral("x-octagon-fill"), tr("wrong")});
    }
  }
  if (role == type_role && index.column() == code_column) return static_cast<int>(Type::mono);
  if (role == Qt::ToolTipRole && index.column() == message_column) return finding_of(one).detail;
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case code_column:
      return finding_of(one).code;
    case message_column: {
      const Finding finding = finding_of(one);
      return finding.advice.isEmpty() ? finding.title : finding.title + QLatin1Char(' ') + finding.advice;
    }
    case since_column:
      return relative_text(one.since_us, now_us_);
    default:
      return {};
  }
}

QVariant FindingTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case severity_column:
      return tr("State");
    case code_column:
      return tr("Code");
    case message_column:
      return tr("What it means and what to do");
    case since_column:
      return tr("Since");
    default:
      return {};
  }
}

}  // namespace tijori
