#include "admin-ui/models/policy_diff.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <algorithm>
#include <vector>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/json_text.h"
#include "admin-ui/models/rule_form.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr qsizetype max_line_characters = 400;
constexpr qsizetype lines_around = 3;

QString shown(const QJsonValue& value) {
  if (value.isUndefined()) return {};
  const QString text = value.isObject()
                           ? QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact))
                           : json_of(value);
  return text.size() > max_value_characters ? text.left(max_value_characters) + QChar(0x2026) : text;
}

// Objects within are told field by field, one level down: "detector.literals".
void compare(const QJsonObject& before, const QJsonObject& after, const QString& under, QList<FieldDifference>& into) {
  QSet<QString> names;
  for (const QString& name : before.keys()) names.insert(name);
  for (const QString& name : after.keys()) names.insert(name);
  QStringList ordered(names.begin(), names.end());
  ordered.sort();
  for (const QString& name : ordered) {
    const QJsonValue old_value = before.value(name);
    const QJsonValue new_value = after.value(name);
    if (old_value == new_value || into.size() >= max_listed_differences) continue;
    if (under.isEmpty() && old_value.isObject() && new_value.isObject()) {
      compare(old_value.toObject(), new_value.toObject(), name + QLatin1Char('.'), into);
    } else {
      into.append({under + name, shown(old_value), shown(new_value)});
    }
  }
}

QString id_of(const QJsonValue& rule) {
  return rule.toObject().value(QLatin1String("id")).toString();
}

FieldDifference whole(const QJsonObject& rule, RuleDifference::Kind kind) {
  const QString summary = QStringLiteral("%1 → %2 (%3)").arg(detector_text(rule), action_text(rule), stages_text(rule));
  return kind == RuleDifference::Kind::added ? FieldDifference{{}, {}, summary} : FieldDifference{{}, summary, {}};
}

class Comparison {
 public:
  Comparison(const QJsonObject& before, const QJsonObject& after) {
    const QJsonArray old_rules = before.value(QLatin1String("rules")).toArray();
    const QJsonArray new_rules = after.value(QLatin1String("rules")).toArray();
    QHash<QString, QJsonObject> old_by_id;
    QSet<QString> new_ids;
    for (const QJsonValue& rule : old_rules) old_by_id.insert(id_of(rule), rule.toObject());
    for (const QJsonValue& rule : new_rules) new_ids.insert(id_of(rule));
    for (const QJsonValue& rule : old_rules)
      if (!new_ids.contains(id_of(rule)))
        add(RuleDifference::Kind::removed, id_of(rule), {whole(rule.toObject(), RuleDifference::Kind::removed)});
    QStringList old_order;
    QStringList new_order;
    for (const QJsonValue& rule : new_rules) {
      const auto old = old_by_id.constFind(id_of(rule));
      if (old == old_by_id.constEnd()) {
        add(RuleDifference::Kind::added, id_of(rule), {whole(rule.toObject(), RuleDifference::Kind::added)});
      } else {
        new_order << id_of(rule);
        QList<FieldDifference> fields;
        if (*old != rule.toObject()) compare(*old, rule.toObject(), {}, fields);
        if (!fields.isEmpty()) add(RuleDifference::Kind::changed, id_of(rule), std::move(fields));
      }
    }
    for (const QJsonValue& rule : old_rules)
      if (new_ids.contains(id_of(rule))) old_order << id_of(rule);
    QJsonObject old_rest = before;
    QJsonObject new_rest = after;
    old_rest.remove(QStringLiteral("rules"));
    new_rest.remove(QStringLiteral("rules"));
    QList<FieldDifference> fields;
    compare(old_rest, new_rest, {}, fields);
    if (old_order != new_order)
      fields.append({QStringLiteral("rules"), PolicyDiffTable::tr("in another order"), QString()});
    if (!fields.isEmpty()) found.rules.prepend({RuleDifference::Kind::changed, {}, std::move(fields)});
  }
  PolicyDifference found;

 private:
  void add(RuleDifference::Kind kind, const QString& id, QList<FieldDifference> fields) {
    (kind == RuleDifference::Kind::added     ? found.added
     : kind == RuleDifference::Kind::removed ? found.removed
                                             : found.changed) += 1;
    listed_ += fields.size();
    found.is_cut = found.is_cut || listed_ > max_listed_differences;
    if (!found.is_cut) found.rules.append({kind, id.left(64), std::move(fields)});
  }
  qsizetype listed_ = 0;
};

QJsonObject object_of(const QString& document) {
  return QJsonDocument::fromJson(document.toUtf8()).object();
}

// before[from, …) and after[from, …) up to the ends, in order, without what is skipped.
void append_middle(QList<DiffLine>& lines, const QStringList& before, const QStringList& after) {
  const qsizetype rows = before.size();
  const qsizetype columns = after.size();
  if (rows * columns > max_compared_cells) {
    for (const QString& line : before) lines.append({DiffLine::Kind::only_old, line});
    for (const QString& line : after) lines.append({DiffLine::Kind::only_new, line});
    return;
  }
  // lengths[i][j]: of the common subsequence of before[i…] and after[j…].
  const auto wide = static_cast<size_t>(columns) + 1;
  std::vector<uint32_t> lengths((static_cast<size_t>(rows) + 1) * wide, 0);
  const auto at = [&](qsizetype i, qsizetype j) -> uint32_t& {
    return lengths[static_cast<size_t>(i) * wide + static_cast<size_t>(j)];
  };
  for (qsizetype i = rows; i-- > 0;)
    for (qsizetype j = columns; j-- > 0;)
      at(i, j) = before.at(i) == after.at(j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  qsizetype i = 0;
  qsizetype j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before.at(i) == after.at(j)) {
      lines.append({DiffLine::Kind::same, before.at(i)});
      ++i;
      ++j;
    } else if (j < columns && (i == rows || at(i, j + 1) > at(i + 1, j))) {
      lines.append({DiffLine::Kind::only_new, after.at(j++)});
    } else {
      lines.append({DiffLine::Kind::only_old, before.at(i++)});
    }
  }
}

// Lines far from every change become one that says how many they are.
QList<DiffLine> without_quiet(const QList<DiffLine>& lines) {
  QList<bool> near(lines.size(), false);
  for (qsizetype i = 0; i < lines.size(); ++i)
    if (lines.at(i).kind != DiffLine::Kind::same)
      for (qsizetype k = std::max<qsizetype>(0, i - lines_around); k <= std::min(lines.size() - 1, i + lines_around);
           ++k)
        near[k] = true;
  QList<DiffLine> kept;
  qsizetype quiet = 0;
  const auto flush = [&] {
    if (quiet > 0) kept.append({DiffLine::Kind::skipped, QString::number(quiet)});
    quiet = 0;
  };
  for (qsizetype i = 0; i < lines.size() && kept.size() < max_diff_lines; ++i) {
    if (!near.at(i)) {
      ++quiet;
      continue;
    }
    flush();
    DiffLine line = lines.at(i);
    if (line.text.size() > max_line_characters) line.text = line.text.left(max_line_characters) + QChar(0x2026);
    kept.append(std::move(line));
  }
  flush();
  return kept;
}

}  // namespace

PolicyDifference compare_policies(const QString& old_document, const QString& new_document) {
  return Comparison(object_of(old_document), object_of(new_document)).found;
}

QString difference_text(const PolicyDifference& difference) {
  if (difference.rules.isEmpty() && !difference.is_cut) return PolicyDiffTable::tr("Nothing differs.");
  return PolicyDiffTable::tr("Rules added: %1, changed: %2, removed: %3")
      .arg(difference.added)
      .arg(difference.changed)
      .arg(difference.removed);
}

QString indented(const QString& document) {
  const QJsonDocument parsed = QJsonDocument::fromJson(document.toUtf8());
  return parsed.isNull() ? document : QString::fromUtf8(parsed.toJson(QJsonDocument::Indented));
}

QList<DiffLine> diff_lines(const QString& old_text, const QString& new_text) {
  QStringList before = old_text.split(QLatin1Char('\n'));
  QStringList after = new_text.split(QLatin1Char('\n'));
  qsizetype head = 0;
  while (head < std::min(before.size(), after.size()) && before.at(head) == after.at(head)) ++head;
  qsizetype tail = 0;
  while (tail < std::min(before.size(), after.size()) - head &&
         before.at(before.size() - 1 - tail) == after.at(after.size() - 1 - tail))
    ++tail;
  QList<DiffLine> lines;
  for (qsizetype i = 0; i < head; ++i) lines.append({DiffLine::Kind::same, before.at(i)});
  append_middle(lines, before.mid(head, before.size() - head - tail), after.mid(head, after.size() - head - tail));
  for (qsizetype i = before.size() - tail; i < before.size(); ++i) lines.append({DiffLine::Kind::same, before.at(i)});
  return without_quiet(lines);
}

void PolicyDiffTable::set(const PolicyDifference& difference) {
  beginResetModel();
  rows_.clear();
  for (const RuleDifference& rule : difference.rules)
    for (const FieldDifference& field : rule.fields) rows_.append({rule.kind, rule.rule, field});
  endResetModel();
}

int PolicyDiffTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PolicyDiffTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rows_.size()) return {};
  const Row& row = rows_.at(index.row());
  switch (index.column()) {
    case kind_column:
      if (role == badge_role) {
        if (row.kind == RuleDifference::Kind::added)
          return QVariant::fromValue(BadgeText{Tone::ok, QStringLiteral("plus-circle"), tr("added")});
        if (row.kind == RuleDifference::Kind::removed)
          return QVariant::fromValue(BadgeText{Tone::danger, QStringLiteral("dash-circle"), tr("removed")});
        return QVariant::fromValue(BadgeText{Tone::info, QStringLiteral("pencil"), tr("changed")});
      }
      return {};
    case rule_column:
      if (role == type_role) return static_cast<int>(row.rule.isEmpty() ? Type::body : Type::mono);
      return role == Qt::DisplayRole ? (row.rule.isEmpty() ? tr("the document") : row.rule) : QVariant();
    case field_column:
      if (role == type_role) return static_cast<int>(Type::mono);
      return role == Qt::DisplayRole ? row.field.field.left(80) : QVariant();
    case before_column:
      return role == Qt::DisplayRole || role == Qt::ToolTipRole ? row.field.before : QVariant();
    case after_column:
      return role == Qt::DisplayRole || role == Qt::ToolTipRole ? row.field.after : QVariant();
    default:
      return {};
  }
}

QVariant PolicyDiffTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case kind_column:
      return tr("What");
    case rule_column:
      return tr("Rule");
    case field_column:
      return tr("Field");
    case before_column:
      return tr("Before");
    case after_column:
      return tr("After");
    default:
      return {};
  }
}

}  // namespace tijori
