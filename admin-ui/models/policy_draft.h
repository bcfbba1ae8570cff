// A policy document being edited: the JSON text, its rules as rows, and what lint last said. Edits keep everything that
// they don't touch, fields this console doesn't know included.
#pragma once

#include <QAbstractTableModel>
#include <QJsonObject>
#include <map>
#include <vector>

#include "protocol/guardrail_types.h"

namespace tijori {

class PolicyDraft : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    change_column,
    rule_column,
    detector_column,
    stages_column,
    action_column,
    fail_column,
    hits_column,
    column_count
  };

  using QAbstractTableModel::QAbstractTableModel;

  // The document to edit, and the one it is compared with (the active one). False when the text is no JSON object.
  bool set(const QString& document, const QString& base);
  QString document() const;  // indented
  bool changed() const { return document_ != base_; }
  int version() const;
  QString name() const;
  int changed_rules() const;

  void set_findings(std::vector<PolicyFinding> findings);
  const std::vector<PolicyFinding>& findings() const { return findings_; }
  int errors() const;
  int warnings() const;
  void set_hits(std::map<QString, int64_t> hits);  // by rule

  // The n-th rule's JSON, and back.
  QJsonObject rule(int row) const;
  void set_rule(int row, const QJsonObject& rule);
  void add_literal_rule(const QString& id, const QString& label, const QStringList& literals, const QString& action);
  void remove_rule(int row);
  int row_of(const QString& id) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;  // action and fail
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 signals:
  void edited();

 private:
  enum class Change : uint8_t { none, changed, added };
  Change change_of(const QJsonObject& rule) const;
  void bump_version();

  QJsonObject document_;
  QJsonObject base_;
  std::vector<PolicyFinding> findings_;
  std::map<QString, int64_t> hits_;
};

// "mask, last four", …
QString action_text(const QJsonObject& rule);

}  // namespace tijori
