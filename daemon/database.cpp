#include "daemon/database.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "base/file.h"

namespace tijori {

namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

int bind(sqlite3_stmt* statement, int position, const SqlValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return sqlite3_bind_int64(statement, position, *number);
  const auto& text = std::get<std::string_view>(value);
  // The values outlive the statement's run, so nothing is copied.
  return sqlite3_bind_text64(statement, position, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8);
}

ErrorCode code_for(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_FULL:
      return ErrorCode::resource_exhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::corrupted;
    case SQLITE_CONSTRAINT:
      return ErrorCode::already_exists;
    default:
      return ErrorCode::io_error;
  }
}

}  // namespace

int64_t SqlRow::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string SqlRow::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return "";
  return {reinterpret_cast<const char*>(text), static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  // Made here, so that its mode does not depend on the umask; SQLite gives the WAL the mode of the database.
  TRY(open_file(file, O_RDWR | O_CREAT, 0600));
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
  std::unique_ptr<Database> database(new Database(handle, file));
  if (code != SQLITE_OK) return database->failure(code, "open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 5000);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  TRY(database->run("PRAGMA journal_mode = WAL"));
  TRY(database->run("PRAGMA synchronous = FULL"));
  TRY(database->run("PRAGMA foreign_keys = ON"));
  return database;
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

Status Database::run(std::string_view sql, std::initializer_list<SqlValue> values) {
  return query(sql, values, [](const SqlRow&) { return Status(); });
}

Status Database::query(std::string_view sql, std::initializer_list<SqlValue> values,
                       const std::function<Status(const SqlRow&)>& each_row) {
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  const Statement statement(raw);
  if (code != SQLITE_OK) return failure(code, sql);
  int position = 0;
  for (const SqlValue& value : values)
    if (code = bind(raw, ++position, value); code != SQLITE_OK) return failure(code, sql);
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) TRY(each_row(SqlRow(raw)));
  if (code != SQLITE_DONE) return failure(code, sql);
  return {};
}

Status Database::transaction(const std::function<Status()>& steps) {
  TRY(run("BEGIN IMMEDIATE"));
  Status done = steps();
  if (done) done = run("COMMIT");
  // A failed COMMIT leaves the transaction open, unless SQLite has rolled it back itself.
  if (!done && sqlite3_get_autocommit(handle_) == 0) (void)run("ROLLBACK");
  return done;
}

std::unexpected<Error> Database::failure(int code, std::string_view what) const {
  const char* reason = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  return fail(code_for(code), file_.string() + ": " + std::string(what) + ": " + reason);
}

}  // namespace tijori
