#include "admin-ui/models/policy_draft.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

QJsonArray rules_of(const QJsonObject& document) {
  return document.value(QLatin1String("rules")).toArray();
}

QString text(const QJsonObject& object, const char* field) {
  return object.value(QLatin1String(field)).toString();
}

QString detector_text(const QJsonObject& rule) {
  const QJsonObject detector = rule.value(QLatin1String("detector")).toObject();
  const QString type = text(detector, "type");
  if (type == QLatin1String("literals"))
    return PolicyDraft::tr("%n literal(s)", nullptr,
                           static_cast<int>(detector.value(QLatin1String("literals")).toArray().size())) +
           QStringLiteral(", ") + text(detector, "label");
  if (type == QLatin1String("patterns"))
    return PolicyDraft::tr("%n pattern(s)", nullptr,
                           static_cast<int>(detector.value(QLatin1String("patterns")).toArray().size())) +
           QStringLiteral(", ") + text(detector, "label");
  return text(detector, "label");
}

BadgeText action_badge(const QJsonObject& rule) {
  const QString action = text(rule, "action");
  if (action == QLatin1String("block") || action == QLatin1String("stop"))
    return {Tone::danger, QStringLiteral("shield-x"), action_text(rule)};
  if (action == QLatin1String("mask")) return {Tone::warn, QStringLiteral("eye-slash"), action_text(rule)};
  if (action == QLatin1String("annotate")) return {Tone::info, QStringLiteral("tag"), action_text(rule)};
  return {Tone::plain, QStringLiteral("dash-circle"), action_text(rule)};
}

}  // namespace

QString action_text(const QJsonObject& rule) {
  const QString action = text(rule, "action");
  if (action == QLatin1String("mask"))
    return text(rule, "mask") == QLatin1String("last_four") ? PolicyDraft::tr("mask, last 4") : PolicyDraft::tr("mask");
  if (action == QLatin1String("block")) return PolicyDraft::tr("block");
  if (action == QLatin1String("stop")) return PolicyDraft::tr("stop");
  if (action == QLatin1String("annotate")) return PolicyDraft::tr("annotate");
  return PolicyDraft::tr("allow");
}

bool PolicyDraft::set(const QString& document, const QString& base) {
  const QJsonDocument parsed = QJsonDocument::fromJson(document.toUtf8());
  if (!parsed.isObject()) return false;
  beginResetModel();
  document_ = parsed.object();
  base_ = QJsonDocument::fromJson(base.toUtf8()).object();
  endResetModel();
  return true;
}

QString PolicyDraft::document() const {
  return QString::fromUtf8(QJsonDocument(document_).toJson(QJsonDocument::Indented));
}

int PolicyDraft::version() const {
  return document_.value(QLatin1String("version")).toInt();
}

QString PolicyDraft::name() const {
  return text(document_, "name");
}

int PolicyDraft::changed_rules() const {
  int changed = 0;
  for (const QJsonValue& rule : rules_of(document_)) changed += change_of(rule.toObject()) != Change::none ? 1 : 0;
  const QJsonArray now = rules_of(document_);
  for (const QJsonValue& old : rules_of(base_))
    changed +=
        std::ranges::none_of(
            now, [&](const QJsonValue& rule) { return text(rule.toObject(), "id") == text(old.toObject(), "id"); })
            ? 1
            : 0;
  return changed;
}

void PolicyDraft::set_findings(std::vector<PolicyFinding> findings) {
  findings_ = std::move(findings);
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
}

int PolicyDraft::errors() const {
  return static_cast<int>(std::ranges::count(findings_, FindingSeverity::error, &PolicyFinding::severity));
}

int PolicyDraft::warnings() const {
  return static_cast<int>(std::ranges::count(findings_, FindingSeverity::warning, &PolicyFinding::severity));
}

void PolicyDraft::set_hits(std::map<QString, int64_t> hits) {
  hits_ = std::move(hits);
  if (rowCount() > 0) emit dataChanged(index(0, hits_column), index(rowCount() - 1, hits_column));
}

QJsonObject PolicyDraft::rule(int row) const {
  return rules_of(document_).at(row).toObject();
}

void PolicyDraft::set_rule(int row, const QJsonObject& rule) {
  QJsonArray rules = rules_of(document_);
  rules[row] = rule;
  document_.insert(QLatin1String("rules"), rules);
  bump_version();
  emit dataChanged(index(row, 0), index(row, column_count - 1));
  emit edited();
}

void PolicyDraft::add_literal_rule(const QString& id, const QString& label, const QStringList& literals,
                                   const QString& action) {
  QJsonObject detector{{QStringLiteral("type"), QStringLiteral("literals")},
                       {QStringLiteral("label"), label},
                       {QStringLiteral("literals"), QJsonArray::fromStringList(literals)}};
  QJsonObject rule{
      {QStringLiteral("id"), id},
      {QStringLiteral("detector"), detector},
      {QStringLiteral("stages"), QJsonArray{QStringLiteral("request_text"), QStringLiteral("output_stream")}},
      {QStringLiteral("action"), action}};
  QJsonArray rules = rules_of(document_);
  beginInsertRows({}, static_cast<int>(rules.size()), static_cast<int>(rules.size()));
  rules.append(rule);
  document_.insert(QLatin1String("rules"), rules);
  bump_version();
  endInsertRows();
  emit edited();
}

void PolicyDraft::remove_rule(int row) {
  QJsonArray rules = rules_of(document_);
  beginRemoveRows({}, row, row);
  rules.removeAt(row);
  document_.insert(QLatin1String("rules"), rules);
  bump_version();
  endRemoveRows();
  emit edited();
}

// A changed document is a new version of the one it came from.
void PolicyDraft::bump_version() {
  const int base_version = base_.value(QLatin1String("version")).toInt();
  if (version() <= base_version) document_.insert(QLatin1String("version"), base_version + 1);
}

int PolicyDraft::row_of(const QString& id) const {
  const QJsonArray rules = rules_of(document_);
  for (int row = 0; row < rules.size(); ++row)
    if (text(rules.at(row).toObject(), "id") == id) return row;
  return -1;
}

PolicyDraft::Change PolicyDraft::change_of(const QJsonObject& rule) const {
  for (const QJsonValue& old : rules_of(base_)) {
    if (text(old.toObject(), "id") != text(rule, "id")) continue;
    return old.toObject() == rule ? Change::none : Change::changed;
  }
  return Change::added;
}

int PolicyDraft::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rules_of(document_).size());
}

QVariant PolicyDraft::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const QJsonObject rule = this->rule(index.row());
  const QString id = text(rule, "id");
  switch (index.column()) {
    case change_column: {
      const Change change = change_of(rule);
      if (role == icon_role && change != Change::none)
        return change == Change::added ? QStringLiteral("plus-circle") : QStringLiteral("pencil");
      if (role == icon_colour_role) return static_cast<int>(Colour::accent);
      if (role == Qt::ToolTipRole && change != Change::none) return change == Change::added ? tr("new") : tr("changed");
      return {};
    }
    case rule_column: {
      if (role == Qt::DisplayRole) return id;
      if (role == type_role) return static_cast<int>(Type::mono);
      if (role == Qt::ToolTipRole) return text(rule, "description");
      const auto finding = std::ranges::find(findings_, id.toStdString(), &PolicyFinding::rule);
      if (finding == findings_.end() || finding->severity == FindingSeverity::note) return {};
      const bool wrong = finding->severity == FindingSeverity::error;
      if (role == icon_role)
        return wrong ? QStringLiteral("x-octagon-fill") : QStringLiteral("exclamation-triangle-fill");
      if (role == icon_colour_role) return static_cast<int>(wrong ? Colour::danger : Colour::warn);
      return {};
    }
    case detector_column:
      return role == Qt::DisplayRole ? detector_text(rule) : QVariant();
    case stages_column: {
      if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
      QStringList stages;
      for (const QJsonValue& stage : rule.value(QLatin1String("stages")).toArray()) stages << stage.toString();
      if (role == Qt::ToolTipRole) return stages.join(QStringLiteral(", "));
      return stages.join(QStringLiteral(", "))
          .replace(QLatin1String("request_text"), tr("request"))
          .replace(QLatin1String("rendered_prompt"), tr("prompt"))
          .replace(QLatin1String("output_stream"), tr("output"))
          .replace(QLatin1String("final_output"), tr("whole output"));
    }
    case action_column:
      if (role == badge_role) return QVariant::fromValue(action_badge(rule));
      if (role == Qt::EditRole) return text(rule, "action");
      return role == Qt::DisplayRole ? action_text(rule) : QVariant();
    case fail_column: {
      const bool open = text(rule, "fail") == QLatin1String("open");
      if (role == badge_role && open)
        return QVariant::fromValue(BadgeText{Tone::warn, QStringLiteral("exclamation-triangle-fill"), tr("open")});
      if (role == Qt::ToolTipRole && open) return text(rule, "fail_reason");
      return role == Qt::DisplayRole ? (open ? tr("open") : tr("closed")) : QVariant();
    }
    case hits_column: {
      if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
      const auto found = hits_.find(id);
      return role == Qt::DisplayRole ? count_text(found == hits_.end() ? 0 : found->second) : QVariant();
    }
    default:
      return {};
  }
}

QVariant PolicyDraft::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
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
  if (index.column() == action_column) flags |= Qt::ItemIsEditable;
  return flags;
}

bool PolicyDraft::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || role != Qt::EditRole || index.column() != action_column) return false;
  QJsonObject changed = rule(index.row());
  if (text(changed, "action") == value.toString()) return false;
  changed.insert(QLatin1String("action"), value.toString());
  if (value.toString() != QLatin1String("mask")) changed.remove(QLatin1String("mask"));
  set_rule(index.row(), changed);
  return true;
}

}  // namespace tijori
