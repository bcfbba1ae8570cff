#include "daemon/state_schema.h"

namespace tijori {
namespace {

constexpr int64_t schema_version = 2;

Status make_register(Database& database) {
  TRY(database.run(
      "CREATE TABLE client ("
      "name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, roles TEXT NOT NULL, quota_tokens_per_day INTEGER NOT "
      "NULL, state INTEGER NOT NULL, revoked_reason TEXT NOT NULL, created_us INTEGER NOT NULL, last_seen_us "
      "INTEGER NOT NULL) STRICT, WITHOUT ROWID"));
  TRY(
      database.run("CREATE TABLE client_certificate ("
                   "sha256 TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES client(name), added_us INTEGER NOT NULL, "
                   "not_after_us INTEGER NOT NULL, revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID"));
  return database.run("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

Status make_policies(Database& database) {
  TRY(database.run(
      "CREATE TABLE policy ("
      "digest TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, description TEXT NOT NULL, rules INTEGER "
      "NOT NULL, cases INTEGER NOT NULL, author TEXT NOT NULL, author_id TEXT NOT NULL, created_us INTEGER NOT NULL, "
      "approver TEXT NOT NULL, approver_id TEXT NOT NULL, approved_us INTEGER NOT NULL, activator TEXT NOT NULL, "
      "activated_us INTEGER NOT NULL) STRICT, WITHOUT ROWID"));
  TRY(database.run("CREATE TABLE policy_document (digest TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT"));
  return database.run(
      "CREATE TABLE policy_in_force (place TEXT PRIMARY KEY CHECK (place IN ('active', 'previous')), digest TEXT NOT "
      "NULL) STRICT, WITHOUT ROWID");
}

}  // namespace

Status migrate_state(Database& database) {
  int64_t version = 0;
  TRY(database.query("PRAGMA user_version", {}, [&](const SqlRow& row) -> Status {
    version = row.integer(0);
    return {};
  }));
  if (version == schema_version) return {};
  if (version < 0 || version > schema_version)
    return fail(ErrorCode::unsupported, "written by a newer release (schema " + std::to_string(version) +
                                            ", this one knows " + std::to_string(schema_version) + "): update Tijori");
  return database.transaction([&]() -> Status {
    if (version < 1) TRY(make_register(database));
    TRY(make_policies(database));
    return database.run("PRAGMA user_version = 2");
  });
}

}  // namespace tijori
