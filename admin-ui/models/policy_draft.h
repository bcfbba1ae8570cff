// A policy document being edited: its text, its rules as rows, and what lint last said of it. The text is the document:
// an edit of a row changes the bytes of that row and no others. A policy format has no switch for a rule, so that a
// rule which is off isn't in the text; its row stays as long as the policy that it is compared with has the rule, or
// this draft had it.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QJsonObject>
#include <map>
#include <string>
#include <vector>

#include "admin-ui/models/json_text.h"
#include "admin-ui/models/rule_form.h"
#include "protocol/guardrail_types.h"

namespace tijori {

// The daemon's own limit; what a document holds beyond it isn't shown.
inline constexpr qsizetype max_shown_rules = 1'024;
inline constexpr size_t max_shown_findings = 500;

class PolicyDraft : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    on_column,
    change_column,
    rule_column,
    detector_column,
    stages_column,
    action_column,
    fail_column,
    hits_column,
    column_count
  };
  enum class Change : uint8_t { none, changed, added };

  using QAbstractTableModel::QAbstractTableModel;

  // The document to edit, and the one it is compared with. Forgets what was switched off.
  void set(const QString& document, QString base);
  void set_base(QString base);
  // As somebody types it: text that isn't whole JSON leaves the rows as they were, and they can't be edited.
  void set_document(const QString& text);
  const QString& document() const { return text_; }
  const QString& base() const { return base_text_; }
  std::string digest() const;  // what the text would be stored as

  bool is_whole() const { return fault_.isEmpty(); }
  const QString& fault() const { return fault_; }  // why it isn't a document; "" when it is
  TextPosition fault_position() const { return position_of(text_, fault_offset_); }
  qsizetype rules_not_shown() const { return rules_not_shown_; }
  int version() const { return document_.value(QLatin1String("version")).toInt(); }
  QString name() const;
  int changed_rules() const;  // added, changed and removed

  void set_findings(std::vector<PolicyFinding> findings);
  const std::vector<PolicyFinding>& findings() const { return findings_; }
  int errors() const { return errors_; }
  int warnings() const { return warnings_; }
  void set_hits(std::map<QString, int64_t> hits);  // by rule
  void set_editable(bool editable) { editable_ = editable; }
  bool is_editable() const { return editable_ && is_whole(); }

  QJsonObject rule(int row) const { return rows_.at(static_cast<size_t>(row)).rule; }
  QString id(int row) const { return rows_.at(static_cast<size_t>(row)).id; }
  bool is_on(int row) const { return rows_.at(static_cast<size_t>(row)).element >= 0; }
  Change change(int row) const { return rows_.at(static_cast<size_t>(row)).change; }
  int row_of(const QString& id) const;  // −1 when there is none
  QStringList ids() const;

  // The rule that a finding is about, by its path where it names none: "rules[3].stages[0]" is the fourth's. Of a
  // document with a rule more (row −1 of with_rule) that one's id is `added`.
  QString rule_of(const PolicyFinding& finding, const QString& added = {}) const;

  // Each is an edit: the version becomes one that the base doesn't have.
  void switch_rule(int row, bool on);
  void set_fail(int row, const QString& open_reason);  // "" closes it
  void set_stages(int row, const QStringList& stages);
  void change_rule(int row, const RuleForm& form);
  void add_rule(const RuleForm& form);
  // What change_rule or add_rule (row −1) would make of the document.
  QString with_rule(int row, const RuleForm& form) const;
  // What restore_rule takes to bring it back.
  struct Removed {
    QString id;
    QString text;
    qsizetype element = 0;
  };
  Removed remove_rule(int row);
  void restore_rule(const Removed& removed);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 signals:
  void edited();                // by one of the edits above
  void reason_needed(int row);  // an edit wants the rule to fail open: it has to say why

 private:
  struct Row {
    QJsonObject rule;
    QString id;
    qsizetype element = -1;  // in the document's rules; −1 when it isn't there
    Change change = Change::none;
  };

  bool read();
  std::vector<Row> make_rows() const;
  void show_rows(std::vector<Row> rows);
  void commit(const QString& text);
  std::optional<JsonPlace> rules_place(QStringView text) const;
  std::optional<JsonPlace> place(int row) const;
  qsizetype element_before(int row) const;
  QVariant rule_data(const Row& row, int role) const;
  QVariant cell(const Row& row, int column, int role) const;

  QString text_;
  QJsonObject document_;
  QString base_text_;
  QJsonObject base_;
  QHash<QString, QJsonObject> base_rules_;
  QHash<QString, QString> off_texts_;  // of rules that the base has or that were switched off
  QStringList set_aside_;              // switched off here, and not in the base
  QString fault_;
  qsizetype fault_offset_ = 0;
  qsizetype rules_not_shown_ = 0;
  std::vector<Row> rows_;
  std::vector<PolicyFinding> findings_;
  QHash<QString, FindingSeverity> worst_;  // by rule
  int errors_ = 0;
  int warnings_ = 0;
  std::map<QString, int64_t> hits_;
  bool editable_ = true;
};

}  // namespace tijori
