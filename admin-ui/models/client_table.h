// The register of clients as a table: who, which roles, how they stand, when seen, until when, what they used today.
// Sorted by any column.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

// At most so many rows, the first as sorted; any other client is found by a search.
inline constexpr size_t max_shown_clients = 5'000;

enum class ClientStanding : uint8_t { live, expires_soon, expired, revoked };

// Of its certificate that lives longest.
ClientStanding standing_of(const ClientInfo& client, int64_t now_us);
int64_t not_after_of(const ClientInfo& client);  // 0 when none is live

class ClientTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    name_column,
    roles_column,
    state_column,
    seen_column,
    expiry_column,
    tokens_column,
    column_count
  };
  enum class Show : uint8_t { all, applications, people, expiring, revoked };

  using QAbstractTableModel::QAbstractTableModel;
  void set(std::vector<ClientInfo> clients, int64_t now_us);
  void set_filter(Show show, const QString& words);
  const ClientInfo& client(int row) const { return clients_.at(shown_.at(static_cast<size_t>(row))); }
  int row_of(const QString& name) const;  // −1 when it isn't shown
  int count(Show show) const;             // of the whole register

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  void sort(int column, Qt::SortOrder order) override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  // Worked out once for a register: sorting and searching ask for it at every comparison and letter.
  struct Facts {
    QString roles;
    QString words;  // what a search looks into, case folded
    int64_t not_after_us = 0;
    ClientStanding standing = ClientStanding::live;
  };

  bool fits(size_t client, Show show) const;
  bool comes_before(size_t client, size_t other) const;
  int64_t sort_key(size_t client) const;
  void choose();

  std::vector<ClientInfo> clients_;
  std::vector<Facts> facts_;  // of each client
  std::vector<size_t> shown_;
  int64_t now_us_ = 0;
  Show show_ = Show::all;
  QString words_;  // case folded
  int sorted_by_ = name_column;
  Qt::SortOrder order_ = Qt::AscendingOrder;
};

QString roles_text(const RoleSet& roles);

}  // namespace tijori
