// The policies that are stored, as rows: which one is in force, who wrote and who approved each, and when.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "admin-ui/models/cell.h"
#include "protocol/guardrail_types.h"

namespace tijori {

inline constexpr size_t max_shown_policies = 1'000;

class PolicyVersions : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    policy_column,
    state_column,
    rules_column,
    author_column,
    saved_column,
    approver_column,
    activated_column,
    digest_column,
    column_count
  };
  using QAbstractTableModel::QAbstractTableModel;
  void set(std::vector<PolicySummary> policies);
  const PolicySummary& policy(int row) const { return policies_.at(static_cast<size_t>(row)); }
  int row_of(const std::string& digest) const;  // −1 when there is none

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<PolicySummary> policies_;
};

BadgeText state_badge(PolicyState state);
// "retail-bank 4, draft": for lists to choose from.
QString policy_text(const PolicySummary& policy);

// The cases of a regression pack that failed.
class PackFailures : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(const std::vector<CheckFailure>& failures);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 1; }
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::vector<CheckFailure> failures_;
};

}  // namespace tijori
