// What the cells of a draft's rules show.
#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/policy_draft.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr qsizetype most_tooltip_characters = 400;

QString text_of(const QJsonObject& object, const char* field) {
  return object.value(QLatin1String(field)).toString().left(most_tooltip_characters);
}

BadgeText action_badge(const QJsonObject& rule) {
  const QString action = text_of(rule, "action");
  if (action == QLatin1String("block") || action == QLatin1String("stop"))
    return {Tone::danger, QStringLiteral("shield-x"), action_text(rule)};
  if (action == QLatin1String("mask")) return {Tone::warn, QStringLiteral("eye-slash"), action_text(rule)};
  if (action == QLatin1String("annotate")) return {Tone::info, QStringLiteral("tag"), action_text(rule)};
  return {Tone::plain, QStringLiteral("dash-circle"), action_text(rule)};
}

}  // namespace

int PolicyDraft::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PolicyDraft::rule_data(const Row& row, int role) const {
  if (role == Qt::DisplayRole) return row.id.left(64);
  if (role == type_role) return static_cast<int>(Type::mono);
  if (role == Qt::ToolTipRole) return text_of(row.rule, "description");
  const auto worst = worst_.constFind(row.id);
  if (worst == worst_.constEnd() || *worst == FindingSeverity::note || row.element < 0) return {};
  const bool wrong = *worst == FindingSeverity::error;
  if (role == icon_role) return wrong ? QStringLiteral("x-octagon-fill") : QStringLiteral("exclamation-triangle-fill");
  if (role == icon_colour_role) return static_cast<int>(wrong ? Colour::danger : Colour::warn);
  return {};
}

QVariant PolicyDraft::cell(const Row& row, int column, int role) const {
  const bool on = row.element >= 0;
  switch (column) {
    case on_column:
      if (role == Qt::CheckStateRole) return on ? Qt::Checked : Qt::Unchecked;
      if (role == Qt::AccessibleTextRole) return on ? tr("on") : tr("off");
      if (role == Qt::ToolTipRole)
        return on ? tr("On. Space switches it off.") : tr("Off: it isn't in the draft. Space brings it back.");
      return {};
    case change_column:
      if (row.change == Change::none && on) return {};
      if (role == icon_role)
        return !on                           ? QStringLiteral("dash-circle")
               : row.change == Change::added ? QStringLiteral("plus-circle")
                                             : QStringLiteral("pencil");
      if (role == icon_colour_role) return static_cast<int>(on ? Colour::accent : Colour::text2);
      if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole)
        return !on ? tr("removed") : row.change == Change::added ? tr("new") : tr("changed");
      return {};
    case rule_column:
      return rule_data(row, role);
    case detector_column:
      return role == Qt::DisplayRole || role == Qt::ToolTipRole ? detector_text(row.rule) : QVariant();
    case stages_column:
      if (role == Qt::EditRole) return form_of(row.rule).stages;
      return role == Qt::DisplayRole || role == Qt::ToolTipRole ? stages_text(row.rule) : QVariant();
    case action_column:
      if (role == badge_role && on) return QVariant::fromValue(action_badge(row.rule));
      if (role == Qt::EditRole) return action_code(row.rule);
      return role == Qt::DisplayRole ? action_text(row.rule) : QVariant();
    case fail_column: {
      const bool open = text_of(row.rule, "fail") == QLatin1String("open");
      if (role == badge_role && open && on)
        return QVariant::fromValue(BadgeText{Tone::warn, QStringLiteral("exclamation-triangle-fill"), tr("open")});
      if (role == Qt::ToolTipRole)
        return open ? tr("Fails open: %1").arg(text_of(row.rule, "fail_reason"))
                    : tr("Fails closed: what can't be judged is refused.");
      if (role == Qt::EditRole) return open ? QStringLiteral("open") : QStringLiteral("closed");
      return role == Qt::DisplayRole ? (open ? tr("open") : tr("closed")) : QVariant();
    }
    case hits_column: {
      if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
      const auto found = hits_.find(row.id);
      return role == Qt::DisplayRole ? count_text(found == hits_.end() ? 0 : found->second) : QVariant();
    }
    default:
      return {};
  }
}

QVariant PolicyDraft::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& row = rows_.at(static_cast<size_t>(index.row()));
  const QVariant value = cell(row, index.column(), role);
  if (!value.isValid() && role == colour_role && row.element < 0) return static_cast<int>(Colour::text3);
  return value;
}

QVariant PolicyDraft::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case on_column:
      return tr("On");
    case rule_column:
      return tr("Rule");
    case detector_column:
      return tr("Detector");
    case stages_column:
      return tr("Stage");
    case action_column:
      return tr("Action");
    case fail_column:
      return tr("Fail");
    case hits_column:
      return tr("Hits 24 h");
    default:
      return {};
  }
}

Qt::ItemFlags PolicyDraft::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (!index.isValid() || !is_editable() || !is_on(index.row())) return flags;
  if (index.column() == action_column || index.column() == fail_column || index.column() == stages_column)
    flags |= Qt::ItemIsEditable;
  return flags;
}

}  // namespace tijori
