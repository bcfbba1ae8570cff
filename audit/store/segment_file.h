// One segment: a SQLite file with one row a record. The core and its chain value are what counts; the other columns are
// copies for searching, which the verifier holds against the core. Triggers keep mistakes from changing rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "audit/proof/record.h"
#include "audit/store/log_database.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

// What a list asks for; everything absent matches all.
struct RecordFilter {
  std::optional<uint64_t> before_seq = std::nullopt;
  std::optional<int64_t> since_us = std::nullopt;
  std::optional<int64_t> until_us = std::nullopt;  // inclusive
  std::optional<AuditEvent> event = std::nullopt;
  std::optional<AuditOutcome> outcome = std::nullopt;
  std::optional<Bytes> actor = std::nullopt;
  std::optional<Bytes> request_id = std::nullopt;
};

// The records of a span of time. The spans of one count are equally long and start at the filter's since_us.
struct TimeBucket {
  int64_t start_us = 0;
  uint64_t records = 0;
  uint64_t turned_away = 0;  // of them refused, blocked, aborted or failed
  int64_t first_us = 0;
  int64_t last_us = 0;
};

// A row as it lies in the file, unchecked. Views are valid during the callback.
struct SegmentRow {
  uint64_t seq = 0;
  ByteView core;
  ByteView chain;
  int64_t time_us = 0;
  std::string_view event;
  std::string_view outcome;
  ByteView actor;
  ByteView request_id;
};

// corrupted, naming the column, when a copy is not what the record says.
Status check_columns(const SegmentRow& row, const Record& record);

class SegmentFile {
 public:
  // Opens for writing, making file and tables when they aren't there.
  static Result<SegmentFile> create(const std::filesystem::path& path);
  static Result<SegmentFile> open(const std::filesystem::path& path);

  // One transaction: begin, any number of inserts, commit. After an error the file must be opened anew.
  Status begin();
  Status insert(const Record& record, ByteView core, const Digest& chain);
  Status commit();

  using RowVisitor = std::function<Status(const SegmentRow& row)>;
  // Rows from `first_seq` up, in order.
  Status for_each(uint64_t first_seq, const RowVisitor& visit);
  // Rows that match, newest first, at most `limit`.
  Status find(const RecordFilter& filter, uint64_t limit, const RowVisitor& visit);
  // Counts of the rows that match, by span of time, ascending; one for all when bucket_us is 0.
  Status count_by_time(const RecordFilter& filter, int64_t bucket_us,
                       const std::function<Status(const TimeBucket& bucket)>& visit);

  Result<uint64_t> size_bytes();
  Result<uint64_t> count();
  // SQLite's own check of pages and indexes; corrupted with its first complaint.
  Status check_integrity() { return database_.check_integrity(); }
  // Leaves one closed file that does not change any more.
  Status finish();

 private:
  explicit SegmentFile(LogDatabase database) : database_(std::move(database)) {}
  static SegmentRow row_of(const Statement& statement);

  LogDatabase database_;
  std::optional<Statement> insert_;
};

}  // namespace tijori
