#include "admin-ui/models/policy_draft.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <algorithm>

namespace tijori {
namespace {

QJsonArray rules_of(const QJsonObject& document) {
  return document.value(QLatin1String("rules")).toArray();
}

}  // namespace

// Copies: what is passed may be this draft's own text.
void PolicyDraft::set(const QString& document, QString base) {
  const QString text = document;
  beginResetModel();
  set_aside_.clear();
  off_texts_.clear();
  rows_.clear();
  endResetModel();
  base_text_.clear();
  base_rules_.clear();
  findings_.clear();
  worst_.clear();
  errors_ = warnings_ = 0;
  text_ = text;
  set_base(std::move(base));
}

void PolicyDraft::set_base(QString base) {
  base_text_ = base;
  base_ = QJsonDocument::fromJson(base.toUtf8()).object();
  base_rules_.clear();
  const QJsonArray rules = rules_of(base_);
  const auto place = rules_place(base);
  const auto places = place ? json_elements(base, *place) : std::nullopt;
  for (qsizetype i = 0; i < std::min(rules.size(), max_shown_rules); ++i) {
    const QString id = rules.at(i).toObject().value(QLatin1String("id")).toString();
    base_rules_.insert(id, rules.at(i).toObject());
    if (places && i < places->size())
      off_texts_.insert(id, base.mid(places->at(i).begin, places->at(i).end - places->at(i).begin));
  }
  if (text_.isEmpty()) return;
  read();
  show_rows(make_rows());
}

void PolicyDraft::set_document(const QString& text) {
  if (text == text_) return;
  text_ = text;
  if (read()) {
    show_rows(make_rows());
  } else if (rowCount() > 0) {
    emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
  }
}

bool PolicyDraft::read() {
  QJsonParseError error;
  const QByteArray bytes = text_.toUtf8();
  const QJsonDocument parsed = QJsonDocument::fromJson(bytes, &error);
  fault_.clear();
  fault_offset_ = 0;
  if (error.error != QJsonParseError::NoError) {
    fault_offset_ = QString::fromUtf8(bytes.left(error.offset)).size();
    fault_ = tr("The document is not whole JSON yet.");
  } else if (!parsed.isObject()) {
    fault_ = tr("The document is not a JSON object.");
  } else {
    document_ = parsed.object();
  }
  return fault_.isEmpty();
}

std::optional<JsonPlace> PolicyDraft::rules_place(QStringView text) const {
  const auto root = json_root(text);
  return root ? json_member(text, *root, QStringLiteral("rules")) : std::nullopt;
}

std::optional<JsonPlace> PolicyDraft::place(int row) const {
  const auto rules = rules_place(text_);
  const auto places = rules ? json_elements(text_, *rules) : std::nullopt;
  const qsizetype element = rows_.at(static_cast<size_t>(row)).element;
  if (!places || element < 0 || element >= places->size()) return {};
  return places->at(element);
}

// Rules of the document in its order; one that is off stands behind what it stood behind.
std::vector<PolicyDraft::Row> PolicyDraft::make_rows() const {
  std::vector<Row> rows;
  QSet<QString> present;
  const QJsonArray rules = rules_of(document_);
  for (qsizetype i = 0; i < std::min(rules.size(), max_shown_rules); ++i) {
    Row row{rules.at(i).toObject(), {}, i};
    row.id = row.rule.value(QLatin1String("id")).toString();
    present.insert(row.id);
    const auto old = base_rules_.constFind(row.id);
    if (old == base_rules_.constEnd()) {
      row.change = Change::added;
    } else if (*old != row.rule) {
      row.change = Change::changed;
    }
    rows.push_back(std::move(row));
  }
  QString before;
  const auto put = [&](const QString& id, const QJsonObject& rule, Change change) {
    const auto found = std::ranges::find(rows, before, &Row::id);
    rows.insert(before.isEmpty() || found == rows.end() ? rows.begin() : found + 1, Row{rule, id, -1, change});
  };
  for (const QJsonValue& value : rules_of(base_)) {
    const QString id = value.toObject().value(QLatin1String("id")).toString();
    if (rows.size() >= static_cast<size_t>(2 * max_shown_rules)) break;
    if (!present.contains(id) && base_rules_.contains(id)) put(id, value.toObject(), Change::changed);
    before = id;
  }
  for (const QString& id : set_aside_)
    if (!present.contains(id) && !base_rules_.contains(id))
      rows.push_back({QJsonDocument::fromJson(off_texts_.value(id).toUtf8()).object(), id, -1, Change::added});
  return rows;
}

void PolicyDraft::show_rows(std::vector<Row> rows) {
  rules_not_shown_ = std::max<qsizetype>(0, rules_of(document_).size() - max_shown_rules);
  if (rows.size() != rows_.size()) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
    return;
  }
  rows_ = std::move(rows);
  if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
}

void PolicyDraft::commit(const QString& text) {
  text_ = text;
  if (!read()) return;
  const int base_version = base_.value(QLatin1String("version")).toInt();
  const auto root = json_root(text_);
  if (version() <= base_version && root && text_ != base_text_) {
    text_ = with_member(text_, *root, QStringLiteral("version"), QString::number(base_version + 1));
    read();
  }
  show_rows(make_rows());
  emit edited();
}

QString PolicyDraft::name() const {
  return document_.value(QLatin1String("name")).toString().left(64);
}

std::string PolicyDraft::digest() const {
  return QCryptographicHash::hash(text_.toUtf8(), QCryptographicHash::Sha256).toHex().toStdString();
}

int PolicyDraft::changed_rules() const {
  return static_cast<int>(std::ranges::count_if(rows_, [this](const Row& row) {
    return row.element < 0 ? base_rules_.contains(row.id) : row.change != Change::none;
  }));
}

QString PolicyDraft::rule_of(const PolicyFinding& finding, const QString& added) const {
  if (!finding.rule.empty()) return QString::fromStdString(finding.rule);
  constexpr std::string_view before = "rules[";
  if (!finding.path.starts_with(before)) return {};
  const qsizetype element =
      QString::fromStdString(finding.path.substr(before.size(), 6)).section(QLatin1Char(']'), 0, 0).toInt();
  if (element == rules_of(document_).size()) return added;
  const auto found = std::ranges::find(rows_, element, &Row::element);
  return found == rows_.end() ? QString() : found->id;
}

void PolicyDraft::set_findings(std::vector<PolicyFinding> findings) {
  if (findings.size() > max_shown_findings) findings.resize(max_shown_findings);
  findings_ = std::move(findings);
  for (PolicyFinding& finding : findings_) finding.rule = rule_of(finding).toStdString();
  worst_.clear();
  errors_ = warnings_ = 0;
  for (const PolicyFinding& finding : findings_) {
    errors_ += finding.severity == FindingSeverity::error ? 1 : 0;
    warnings_ += finding.severity == FindingSeverity::warning ? 1 : 0;
    FindingSeverity& worst = worst_[QString::fromStdString(finding.rule)];
    worst = std::max(worst, finding.severity);
  }
  if (rowCount() > 0) emit dataChanged(index(0, rule_column), index(rowCount() - 1, rule_column));
}

void PolicyDraft::set_hits(std::map<QString, int64_t> hits) {
  hits_ = std::move(hits);
  if (rowCount() > 0) emit dataChanged(index(0, hits_column), index(rowCount() - 1, hits_column));
}

int PolicyDraft::row_of(const QString& id) const {
  const auto found = std::ranges::find(rows_, id, &Row::id);
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

QStringList PolicyDraft::ids() const {
  QStringList found;
  for (const Row& row : rows_) found << row.id;
  return found;
}

qsizetype PolicyDraft::element_before(int row) const {
  for (int above = row - 1; above >= 0; --above)
    if (is_on(above)) return rows_.at(static_cast<size_t>(above)).element + 1;
  return 0;
}

void PolicyDraft::switch_rule(int row, bool on) {
  if (!is_editable() || row < 0 || row >= rowCount() || is_on(row) == on) return;
  const QString id = this->id(row);
  if (on) {
    restore_rule({id, off_texts_.value(id), element_before(row)});
  } else {
    const auto at = place(row);
    if (!at) return;
    off_texts_.insert(id, text_.mid(at->begin, at->end - at->begin));
    if (!base_rules_.contains(id) && !set_aside_.contains(id)) set_aside_ << id;
    const auto rules = rules_place(text_);
    commit(without_element(text_, *rules, rows_.at(static_cast<size_t>(row)).element));
  }
}

PolicyDraft::Removed PolicyDraft::remove_rule(int row) {
  if (!is_editable() || row < 0 || row >= rowCount()) return {};
  Removed removed{id(row), {}, rows_.at(static_cast<size_t>(row)).element};
  set_aside_.removeAll(removed.id);
  const auto at = place(row);
  if (!at) {
    // Off, and not in the base: only its row is left to go.
    if (base_rules_.contains(removed.id)) return {};
    removed.text = off_texts_.value(removed.id);
    removed.element = rules_of(document_).size();
    show_rows(make_rows());
    emit edited();
    return removed;
  }
  removed.text = text_.mid(at->begin, at->end - at->begin);
  off_texts_.insert(removed.id, removed.text);
  commit(without_element(text_, *rules_place(text_), removed.element));
  return removed;
}

void PolicyDraft::restore_rule(const Removed& removed) {
  const auto rules = rules_place(text_);
  const int row = row_of(removed.id);
  if (!is_editable() || !rules || removed.text.isEmpty() || (row >= 0 && is_on(row))) return;
  commit(with_element(text_, *rules, removed.element, removed.text));
}

void PolicyDraft::set_fail(int row, const QString& open_reason) {
  if (!is_editable()) return;
  if (const auto at = place(row)) commit(with_fail(text_, *at, open_reason));
}

void PolicyDraft::set_stages(int row, const QStringList& stages) {
  if (!is_editable() || stages.isEmpty()) return;
  const auto at = place(row);
  if (!at || form_of(rule(row)).stages == stages) return;
  commit(with_member(text_, *at, QStringLiteral("stages"), json_of(QJsonArray::fromStringList(stages))));
}

QString PolicyDraft::with_rule(int row, const RuleForm& form) const {
  if (row >= 0) {
    const auto at = place(row);
    return at ? with_form(text_, *at, form_of(rule(row)), form) : text_;
  }
  const auto rules = rules_place(text_);
  return rules ? with_element(text_, *rules, rules_of(document_).size(), rule_text(form)) : text_;
}

void PolicyDraft::change_rule(int row, const RuleForm& form) {
  if (is_editable() && row >= 0 && row < rowCount()) commit(with_rule(row, form));
}

void PolicyDraft::add_rule(const RuleForm& form) {
  if (is_editable()) commit(with_rule(-1, form));
}

bool PolicyDraft::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || role != Qt::EditRole || (flags(index) & Qt::ItemIsEditable) == 0) return false;
  if (value == index.data(Qt::EditRole)) return false;
  if (index.column() == stages_column) {
    set_stages(index.row(), value.toStringList());
  } else if (index.column() == fail_column) {
    if (value.toString() == QLatin1String("open")) {
      emit reason_needed(index.row());
      return false;
    }
    set_fail(index.row(), {});
  } else if (const auto at = place(index.row())) {
    commit(with_action(text_, *at, value.toString()));
  }
  return true;
}

}  // namespace tijori
