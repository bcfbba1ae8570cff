#include "audit/store/log_database.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "base/file.h"

namespace tijori {

namespace {

constexpr int busy_timeout_ms = 2000;

ErrorCode code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return ErrorCode::resource_exhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::corrupted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::unavailable;
    case SQLITE_CONSTRAINT:
      return ErrorCode::already_exists;
    case SQLITE_CANTOPEN:
      return ErrorCode::not_found;
    default:
      return ErrorCode::io_error;
  }
}

std::unexpected<Error> fail_sqlite(sqlite3* database, int result) {
  const char* path = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  std::string message = path == nullptr ? "sqlite" : path;
  message.append(": ").append(database == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database));
  return fail(code_of(result), message + " (" + std::to_string(result) + ")");
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Status Statement::bind(int at, int64_t value) {
  const int result = sqlite3_bind_int64(statement_.get(), at, value);
  if (result != SQLITE_OK) return fail_sqlite(sqlite3_db_handle(statement_.get()), result);
  return {};
}

Status Statement::bind(int at, ByteView value) {
  // A null pointer would bind NULL instead of an empty blob.
  static constexpr uint8_t nothing[1] = {};
  const int result =
      sqlite3_bind_blob64(statement_.get(), at, value.empty() ? nothing : value.data(), value.size(), SQLITE_STATIC);
  if (result != SQLITE_OK) return fail_sqlite(sqlite3_db_handle(statement_.get()), result);
  return {};
}

Status Statement::bind(int at, std::string_view value) {
  const int result = sqlite3_bind_text64(statement_.get(), at, value.empty() ? "" : value.data(), value.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
  if (result != SQLITE_OK) return fail_sqlite(sqlite3_db_handle(statement_.get()), result);
  return {};
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return fail_sqlite(sqlite3_db_handle(statement_.get()), result);
}

Status Statement::run() {
  const Result<bool> row = step();
  reset();
  if (!row) return fail(row.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

ByteView Statement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return {};
  const auto* data = static_cast<const uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::text(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_TEXT) return {};
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return {data, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void LogDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<LogDatabase> LogDatabase::open(const std::filesystem::path& path, Access access) {
  if (access == Access::create) {
    // SQLite would make the file with the umask's mode; its WAL takes over the mode of the file.
    TRY(open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
  }
  const int flags = (access == Access::create ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  LogDatabase database(handle);
  if (result != SQLITE_OK) return fail(fail_sqlite(handle, result).error().in(path.string()));
  TRY(database.configure(access));
  return database;
}

Status LogDatabase::configure(Access access) {
  sqlite3* handle = database_.get();
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  // mmap off: an I/O error has to come back as a code, not as a signal.
  TRY(execute("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON"));
  if (access == Access::read_only) return {};
  // FULL: with NORMAL a commit in WAL mode can be lost when the power goes.
  TRY(set_journal_mode("wal"));
  return execute("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON");
}

Status LogDatabase::execute(const char* sql) {
  const int result = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return fail_sqlite(database_.get(), result);
  return {};
}

Result<Statement> LogDatabase::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result =
      sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr);
  if (result != SQLITE_OK) return fail_sqlite(database_.get(), result);
  return Statement(statement);
}

Result<int64_t> LogDatabase::query_integer(const char* sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY_ASSIGN(const bool row, statement.step());
  if (!row) return fail(ErrorCode::not_found, std::string(sql) + ": no row");
  return statement.integer(0);
}

Result<std::string> LogDatabase::query_text(const char* sql) {
  TRY_ASSIGN(Statement statement, prepare(sql));
  TRY_ASSIGN(const bool row, statement.step());
  if (!row) return fail(ErrorCode::not_found, std::string(sql) + ": no row");
  return std::string(statement.text(0));
}

Status LogDatabase::set_journal_mode(std::string_view mode) {
  const std::string pragma = "PRAGMA journal_mode=" + std::string(mode);
  const Result<std::string> found = query_text(pragma.c_str());
  if (!found) return fail(found.error());
  if (*found != mode) return fail(ErrorCode::unavailable, "journal mode stays " + *found + ": the file is being read");
  return {};
}

Status LogDatabase::check_integrity() {
  const Result<std::string> answer = query_text("PRAGMA integrity_check(1)");
  if (!answer) return fail(answer.error());
  if (*answer != "ok") return fail(ErrorCode::corrupted, "integrity check: " + *answer);
  return {};
}

Status LogDatabase::finish() {
  TRY(execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  TRY(set_journal_mode("delete"));
  const int result = sqlite3_close(database_.get());
  if (result != SQLITE_OK) return fail_sqlite(database_.get(), result);
  static_cast<void>(database_.release());
  return {};
}

}  // namespace tijori
