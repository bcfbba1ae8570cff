// One SQLite database, owned: statements by text, bound by position, read row by row. For one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tijori {

using SqlValue = std::variant<int64_t, std::string_view>;

// The row a statement stands on. Valid until the next step.
class SqlRow {
 public:
  explicit SqlRow(sqlite3_stmt* statement) : statement_(statement) {}
  int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Database {
 public:
  // Opens or creates (0600): WAL, synchronous FULL, foreign keys on, extensions off. corrupted when it is no database.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Status run(std::string_view sql, std::initializer_list<SqlValue> values = {});
  Status query(std::string_view sql, std::initializer_list<SqlValue> values,
               const std::function<Status(const SqlRow&)>& each_row);
  // All of the steps are committed, or none.
  Status transaction(const std::function<Status()>& steps);

 private:
  Database(sqlite3* handle, std::filesystem::path file) : handle_(handle), file_(std::move(file)) {}
  std::unexpected<Error> failure(int code, std::string_view what) const;

  sqlite3* handle_;
  std::filesystem::path file_;
};

}  // namespace tijori
