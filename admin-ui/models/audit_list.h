// The audit log as a list of up to millions of rows, newest first. Pages are fetched as they come into view, a bounded
// number of them is kept, and a row that hasn't come yet says so: the window never waits for the log. Of a log longer
// than a scroll bar can tell apart the newest records have rows, and the oldest rows go as new ones come.
//
// Reading the log is recorded in the log. So that a console that merely lies open doesn't write a record a second, rows
// that can only be its own readings wait until others come, and where everything new is readings (of other consoles) it
// looks ever more rarely.
#pragma once

#include <QAbstractTableModel>
#include <QElapsedTimer>
#include <QTimer>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin-ui/models/audit_filter.h"
#include "admin-ui/models/audit_names.h"
#include "protocol/audit_messages.h"
#include "protocol/client/client_error.h"

namespace tijori {

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
  static constexpr int64_t page_records = 250;

  AuditList(Fetch fetch, QObject* parent = nullptr);

  // The log has so many records and is signed up to so many. New ones come in at the top.
  void set_size(int64_t records, int64_t signed_records);
  // Reads of the log by this console that aren't the list's own.
  void note_reading() { ++own_readings_; }
  void set_filter(AuditFilter filter);
  const AuditFilter& filter() const { return filter_; }
  void reload();
  void set_names(AuditNames names);
  // The appliance's time: of today only the hour is shown.
  void set_now(int64_t now_us);
  const AuditNames& names() const { return names_; }

  // nullptr while it has not come.
  const AuditRecord* record(int row) const;
  // −1 while it is not known where it is, or where it is too old to have a row.
  int row_of(int64_t seq) const;
  // The number of the record of a row; −1 while it isn't known.
  int64_t seq_of(int row) const;
  // Of the whole log, whether they have rows or not.
  int64_t records() const { return size_; }
  int64_t signed_records() const { return signed_; }
  // With a filter more rows may follow than are counted yet.
  bool complete() const { return !filter_.any() || complete_; }
  bool asking() const { return asked_.has_value(); }

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
  static constexpr size_t max_pages = 80;
  static constexpr int64_t fresh_page = -1;

  // Without a filter page n holds the records from n × page_records on, as far as `end`; with one, those that match
  // before cursors_[n]. Newest first.
  struct Page {
    std::vector<AuditRecord> records;
    int64_t end = 0;
    std::list<int64_t>::iterator use;
  };

  void want(int64_t page) const;
  void ask_next();
  void ask_page(int64_t page);
  void ask_fresh();
  void take_page(int64_t page, int64_t end, const Answer<AuditRecords>& answer);
  void take_fresh(const Answer<AuditRecords>& answer);
  void keep(int64_t page, Page made);
  void fail_page(const ClientError& error);
  void grow(int64_t records);
  void judge_new(const std::vector<AuditRecord>& records, int64_t from_seq);
  const AuditRecord* find(int64_t page, size_t place) const;
  QString time_text(int64_t time_us) const;
  QVariant text(const AuditRecord& record, int column) const;
  QVariant tip(const AuditRecord& record, int column) const;
  QVariant number_cell(int row, int role) const;

  Fetch fetch_;
  AuditFilter filter_;
  AuditNames names_;
  int64_t now_us_ = 0;
  int64_t size_ = 0;         // the log's as shown
  int rows_ = 0;             // of them, without a filter: the newest
  int64_t log_records_ = 0;  // as last said
  int64_t signed_ = 0;       // of them
  uint64_t generation_ = 0;  // answers of an earlier one are dropped

  mutable std::map<int64_t, Page> pages_;
  mutable std::list<int64_t> used_;  // most recent first
  mutable std::vector<int64_t> wanted_;
  mutable QTimer ask_;
  std::optional<int64_t> asked_;
  bool failed_ = false;

  // With a filter.
  std::vector<int64_t> cursors_;  // where each page begins, its newest record being before it
  int64_t body_rows_ = 0;
  bool complete_ = false;
  std::vector<AuditRecord> fresh_;  // came since, newest first
  int64_t fresh_from_ = 0;          // records from here on are new since the first page was asked

  // When to look for new ones.
  int64_t own_readings_ = 0;
  int64_t judged_to_ = 0;
  int64_t quiet_ms_ = 0;
  QElapsedTimer since_growth_;
};

}  // namespace tijori
