#include "audit/store/segment_file.h"

namespace tijori {

namespace {

constexpr const char* schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS record(
  seq INTEGER PRIMARY KEY, core BLOB NOT NULL, chain BLOB NOT NULL, time_us INTEGER NOT NULL, event TEXT NOT NULL,
  outcome TEXT NOT NULL, actor BLOB NOT NULL, request_id BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS record_time ON record(time_us);
CREATE INDEX IF NOT EXISTS record_event ON record(event);
CREATE INDEX IF NOT EXISTS record_request ON record(request_id) WHERE request_id <> x'';
CREATE TRIGGER IF NOT EXISTS record_no_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS record_no_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'append only'); END;
COMMIT;
)";

constexpr std::string_view columns = "seq, core, chain, time_us, event, outcome, actor, request_id";

// What bind_filter() fills, by positions 1 to 7.
std::string condition_of(const RecordFilter& filter) {
  std::string sql = "1";
  if (filter.before_seq) sql += " AND seq < ?1";
  if (filter.since_us) sql += " AND time_us >= ?2";
  if (filter.until_us) sql += " AND time_us <= ?3";
  if (filter.event) sql += " AND event = ?4";
  if (filter.outcome) sql += " AND outcome = ?5";
  if (filter.actor) sql += " AND actor = ?6";
  if (filter.request_id) sql += " AND request_id = ?7 AND request_id <> x''";
  return sql;
}

Status bind_filter(Statement& select, const RecordFilter& filter) {
  if (filter.before_seq) TRY(select.bind(1, static_cast<int64_t>(*filter.before_seq)));
  if (filter.since_us) TRY(select.bind(2, *filter.since_us));
  if (filter.until_us) TRY(select.bind(3, *filter.until_us));
  if (filter.event) TRY(select.bind(4, name_of(*filter.event)));
  if (filter.outcome) TRY(select.bind(5, name_of(*filter.outcome)));
  if (filter.actor) TRY(select.bind(6, ByteView(*filter.actor)));
  if (filter.request_id) TRY(select.bind(7, ByteView(*filter.request_id)));
  return {};
}

}  // namespace

Status check_columns(const SegmentRow& row, const Record& record) {
  const auto wrong = [](std::string_view column) {
    return fail(ErrorCode::corrupted, "the search column " + std::string(column) + " is not what the record says");
  };
  if (row.seq != record.seq) return wrong("seq");
  if (row.time_us != record.time_us) return wrong("time_us");
  if (row.event != name_of(record.event)) return wrong("event");
  if (row.outcome != name_of(record.outcome)) return wrong("outcome");
  if (!std::ranges::equal(row.actor, record.actor)) return wrong("actor");
  if (!std::ranges::equal(row.request_id, record.request_id)) return wrong("request_id");
  return {};
}

Result<SegmentFile> SegmentFile::create(const std::filesystem::path& path) {
  TRY_ASSIGN(LogDatabase database, LogDatabase::open(path, LogDatabase::Access::create));
  TRY(database.execute(schema));
  return SegmentFile(std::move(database));
}

Result<SegmentFile> SegmentFile::open(const std::filesystem::path& path) {
  TRY_ASSIGN(LogDatabase database, LogDatabase::open(path, LogDatabase::Access::read_only));
  return SegmentFile(std::move(database));
}

Status SegmentFile::begin() {
  return database_.execute("BEGIN IMMEDIATE");
}

Status SegmentFile::commit() {
  return database_.execute("COMMIT");
}

Status SegmentFile::insert(const Record& record, ByteView core, const Digest& chain) {
  if (!insert_) {
    TRY_ASSIGN(insert_, database_.prepare("INSERT INTO record(" + std::string(columns) + ") VALUES(?,?,?,?,?,?,?,?)"));
  }
  Statement& insert = *insert_;
  TRY(insert.bind(1, static_cast<int64_t>(record.seq)));
  TRY(insert.bind(2, core));
  TRY(insert.bind(3, ByteView(chain)));
  TRY(insert.bind(4, record.time_us));
  TRY(insert.bind(5, name_of(record.event)));
  TRY(insert.bind(6, name_of(record.outcome)));
  TRY(insert.bind(7, ByteView(record.actor)));
  TRY(insert.bind(8, ByteView(record.request_id)));
  return insert.run();
}

SegmentRow SegmentFile::row_of(const Statement& statement) {
  return {static_cast<uint64_t>(statement.integer(0)),
          statement.blob(1),
          statement.blob(2),
          statement.integer(3),
          statement.text(4),
          statement.text(5),
          statement.blob(6),
          statement.blob(7)};
}

Status SegmentFile::for_each(uint64_t first_seq, const RowVisitor& visit) {
  // NOT INDEXED: the rows themselves, in the order of the primary key, whatever an index says.
  TRY_ASSIGN(Statement select, database_.prepare("SELECT " + std::string(columns) +
                                                 " FROM record NOT INDEXED WHERE seq >= ? ORDER BY seq"));
  TRY(select.bind(1, static_cast<int64_t>(first_seq)));
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return {};
    TRY(visit(row_of(select)));
  }
}

Status SegmentFile::find(const RecordFilter& filter, uint64_t limit, const RowVisitor& visit) {
  TRY_ASSIGN(Statement select, database_.prepare("SELECT " + std::string(columns) + " FROM record WHERE " +
                                                 condition_of(filter) + " ORDER BY seq DESC LIMIT ?8"));
  TRY(bind_filter(select, filter));
  TRY(select.bind(8, static_cast<int64_t>(limit)));
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return {};
    TRY(visit(row_of(select)));
  }
}

Status SegmentFile::count_by_time(const RecordFilter& filter, int64_t bucket_us,
                                  const std::function<Status(const TimeBucket& bucket)>& visit) {
  const int64_t origin_us = filter.since_us.value_or(0);
  const std::string span = bucket_us == 0 ? "0" : "(time_us - ?9) / ?8";
  TRY_ASSIGN(Statement select,
             database_.prepare("SELECT " + span +
                               " AS span, count(*), sum(outcome IN ('refused','blocked','aborted','failed')), "
                               "min(time_us), max(time_us) FROM record WHERE " +
                               condition_of(filter) + " GROUP BY span ORDER BY span"));
  TRY(bind_filter(select, filter));
  if (bucket_us != 0) {
    TRY(select.bind(8, bucket_us));
    TRY(select.bind(9, origin_us));
  }
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return {};
    TRY(visit({origin_us + select.integer(0) * bucket_us, static_cast<uint64_t>(select.integer(1)),
               static_cast<uint64_t>(select.integer(2)), select.integer(3), select.integer(4)}));
  }
}

Result<uint64_t> SegmentFile::size_bytes() {
  TRY_ASSIGN(const int64_t pages, database_.query_integer("PRAGMA page_count"));
  TRY_ASSIGN(const int64_t page_bytes, database_.query_integer("PRAGMA page_size"));
  return static_cast<uint64_t>(pages * page_bytes);
}

Result<uint64_t> SegmentFile::count() {
  TRY_ASSIGN(const int64_t rows, database_.query_integer("SELECT count(*) FROM record NOT INDEXED"));
  return static_cast<uint64_t>(rows);
}

Status SegmentFile::finish() {
  insert_.reset();
  return database_.finish();
}

}  // namespace tijori
