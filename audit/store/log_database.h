// A SQLite database and its statements, with the settings an audit file needs (docs/audit-record.md is what lies in
// it). The only header that knows SQLite's types is here; errors come as values, with SQLite's own words.
// One thread at a time per LogDatabase and its statements.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tijori {

class Statement {
 public:
  // Binds by position from 1. Bytes and text must stay until the next reset().
  Status bind(int at, int64_t value);
  Status bind(int at, ByteView value);
  Status bind(int at, std::string_view value);

  // True when there is a row.
  Result<bool> step();
  // To the end, expecting no row.
  Status run();
  void reset();

  int64_t integer(int column) const;
  // Valid until the next step or reset. Empty for NULL or for another type.
  ByteView blob(int column) const;
  std::string_view text(int column) const;

 private:
  friend class LogDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class LogDatabase {
 public:
  enum class Access : uint8_t { create, read_only };
  // create: WAL, synchronous FULL, one writer. A file that is made has mode 0600.
  // resource_exhausted for a full disk, corrupted for what is no database, io_error for the rest of what disks do.
  static Result<LogDatabase> open(const std::filesystem::path& path, Access access);

  Status execute(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  // The first column of the first row.
  Result<int64_t> query_integer(const char* sql);
  // The text of the first column of the first row.
  Result<std::string> query_text(const char* sql);
  // SQLite's own check of pages and indexes; corrupted with its first complaint.
  Status check_integrity();
  // Folds the WAL into the file and leaves it as one file, then closes.
  Status finish();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit LogDatabase(sqlite3* database) : database_(database) {}
  Status configure(Access access);
  // unavailable when another connection keeps the mode from changing.
  Status set_journal_mode(std::string_view mode);

  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace tijori
