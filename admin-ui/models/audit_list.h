// The audit log as a list of up to millions of rows, newest first. Pages are fetched as they come into view, a bounded
// number of them is kept, and a row that hasn't come yet says so: the window never waits for the log.
#pragma once

#include <QAbstractTableModel>
#include <QTimer>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/audit_messages.h"
#include "protocol/client/client_error.h"

namespace tijori {

struct AuditFilter {
  std::optional<int64_t> since_us;
  std::optional<int64_t> until_us;
  std::string event;
  std::string outcome;
  std::string actor;       // 32 hex digits
  std::string request_id;  // 32 hex digits
  bool any() const {
    return since_us || until_us || !event.empty() || !outcome.empty() || !actor.empty() || !request_id.empty();
  }
  bool operator==(const AuditFilter&) const = default;
};

// "/admin/v1/audit/records?limit=…": newest first, before a record number.
std::string records_target(const AuditFilter& filter, std::optional<int64_t> before_seq, int64_t limit);
// "tijori audit list …"
QString records_command(const AuditFilter& filter);

class AuditList : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    seq_column,
    time_column,
    actor_column,
    event_column,
    outcome_column,
    object_column,
    duration_column,
    column_count
  };
  // Asks for one page; the answer must come in the GUI thread, after this call returned.
  using Fetch = std::function<void(const std::string& target, std::function<void(const Answer<AuditRecords>&)> done)>;
  static constexpr int64_t page_records = 500;

  AuditList(Fetch fetch, QObject* parent = nullptr);

  // The log has so many records and is signed up to so many. New ones come in at the top while there is no filter.
  void set_size(int64_t records, int64_t signed_records);
  void set_filter(AuditFilter filter);
  const AuditFilter& filter() const { return filter_; }
  void reload();
  // Names of clients by their opaque id, from the register.
  void set_names(std::map<std::string, QString> names);

  // nullptr while it has not come.
  const AuditRecord* record(int row) const;
  // Without a filter, the row of a record number; −1 outside.
  int row_of(int64_t seq) const;
  int64_t records() const { return size_; }
  int64_t signed_records() const { return signed_; }
  // Rows that are known to exist; with a filter more may follow.
  bool complete() const { return !filter_.any() || filtered_complete_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

 signals:
  void failed(const ClientError& error);
  void loaded();  // a page came

 private:
  static constexpr size_t max_pages = 40;
  struct Page {
    std::vector<AuditRecord> records;
    std::list<int64_t>::iterator use;
  };

  void want(int64_t page) const;
  void ask_next();
  void ask_filtered();
  QVariant text(const AuditRecord& record, int column) const;

  Fetch fetch_;
  AuditFilter filter_;
  std::map<std::string, QString> names_;
  int64_t size_ = 0;
  int64_t signed_ = 0;
  uint64_t generation_ = 0;  // answers of an earlier one are dropped

  // Without a filter: pages by number, page n holding the records from n × page_records on.
  mutable std::map<int64_t, Page> pages_;
  mutable std::list<int64_t> used_;  // most recent first
  mutable std::vector<int64_t> wanted_;
  mutable QTimer ask_;
  std::optional<int64_t> asked_page_;

  // With a filter: what came so far.
  std::vector<AuditRecord> filtered_;
  bool filtered_complete_ = false;
  bool filtered_asked_ = false;
};

}  // namespace tijori
