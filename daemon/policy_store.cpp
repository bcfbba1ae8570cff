#include "daemon/policy_store.h"

#include <sys/stat.h>

#include "base/crypto.h"
#include "daemon/state_schema.h"

namespace tijori {
namespace {

constexpr std::string_view select_entries =
    "SELECT digest, name, version, description, rules, cases, author, author_id, created_us, approver, approver_id, "
    "approved_us, activator, activated_us FROM policy";

PolicyEntry entry_of(const SqlRow& row) {
  PolicyEntry entry;
  entry.digest = row.text(0);
  entry.name = row.text(1);
  entry.version = row.integer(2);
  entry.description = row.text(3);
  entry.rules = row.integer(4);
  entry.cases = row.integer(5);
  entry.author = {row.text(6), row.text(7)};
  entry.created_us = row.integer(8);
  entry.approver = {row.text(9), row.text(10)};
  entry.approved_us = row.integer(11);
  entry.activator = row.text(12);
  entry.activated_us = row.integer(13);
  return entry;
}

std::unexpected<Error> not_stored(std::string_view digest) {
  return fail(ErrorCode::not_found, "policy " + std::string(digest) + ": not stored here");
}

}  // namespace

Result<std::unique_ptr<PolicyStore>> PolicyStore::open(const std::filesystem::path& file) {
  TRY_ASSIGN(std::unique_ptr<Database> database, Database::open(file));
  if (Status migrated = migrate_state(*database); !migrated) return fail(migrated.error().in(file.string()));
  struct stat info{};
  if (stat(file.c_str(), &info) != 0) return fail_errno("stat", file.string());
  return std::unique_ptr<PolicyStore>(new PolicyStore(std::move(database), file, info.st_dev, info.st_ino));
}

Status PolicyStore::check_in_place() const {
  struct stat info{};
  const bool found = stat(file_.c_str(), &info) == 0;
  if (found && info.st_dev == device_ && info.st_ino == inode_) return {};
  return fail(ErrorCode::unavailable, file_.string() + ": " + (found ? "replaced" : "removed") +
                                          " while the daemon runs; put it back and restart the daemon");
}

Status PolicyStore::transaction(const std::function<Status()>& steps) {
  TRY(check_in_place());
  return database_->transaction(steps);
}

Result<bool> PolicyStore::installed() {
  bool found = false;
  const std::lock_guard lock(mutex_);
  TRY(database_->query("SELECT 1 FROM setting WHERE name = 'guardrails' UNION SELECT 1 FROM policy", {},
                       [&](const SqlRow&) -> Status {
                         found = true;
                         return {};
                       }));
  return found;
}

Result<std::vector<PolicyEntry>> PolicyStore::list() {
  std::vector<PolicyEntry> entries;
  const std::lock_guard lock(mutex_);
  TRY(database_->query(std::string(select_entries) + " ORDER BY created_us DESC, digest", {},
                       [&](const SqlRow& row) -> Status {
                         entries.push_back(entry_of(row));
                         return {};
                       }));
  return entries;
}

Result<PolicyEntry> PolicyStore::find(std::string_view digest) {
  std::optional<PolicyEntry> entry;
  const std::lock_guard lock(mutex_);
  TRY(database_->query(std::string(select_entries) + " WHERE digest = ?", {digest}, [&](const SqlRow& row) -> Status {
    entry = entry_of(row);
    return {};
  }));
  if (!entry) return not_stored(digest);
  return *std::move(entry);
}

Result<std::string> PolicyStore::document(std::string_view digest) {
  std::optional<std::string> document;
  {
    const std::lock_guard lock(mutex_);
    TRY(database_->query("SELECT document FROM policy_document WHERE digest = ?", {digest},
                         [&](const SqlRow& row) -> Status {
                           document = row.text(0);
                           return {};
                         }));
  }
  if (!document) return not_stored(digest);
  if (to_hex(sha256(as_bytes(*document))) != digest)
    return fail(ErrorCode::corrupted, "policy " + std::string(digest) + ": its stored document was altered");
  return *std::move(document);
}

Result<PoliciesInForce> PolicyStore::in_force() {
  PoliciesInForce found;
  const std::lock_guard lock(mutex_);
  TRY(database_->query("SELECT place, digest FROM policy_in_force", {}, [&](const SqlRow& row) -> Status {
    (row.text(0) == "active" ? found.active : found.previous) = row.text(1);
    return {};
  }));
  return found;
}

Status PolicyStore::insert(const PolicyEntry& entry, std::string_view document) {
  TRY(database_->run("INSERT INTO policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     {entry.digest, entry.name, entry.version, entry.description, entry.rules, entry.cases,
                      entry.author.name, entry.author.id, entry.created_us, entry.approver.name, entry.approver.id,
                      entry.approved_us, entry.activator, entry.activated_us}));
  return database_->run("INSERT OR REPLACE INTO policy_document VALUES (?, ?)", {entry.digest, document});
}

Status PolicyStore::drop_oldest_unused() {
  constexpr std::string_view doomed =
      "(SELECT digest FROM policy WHERE activated_us = 0 AND digest NOT IN (SELECT digest FROM policy_in_force) ORDER "
      "BY created_us DESC, digest LIMIT -1 OFFSET ?)";
  const auto kept = static_cast<int64_t>(max_unused_policies - 1);
  TRY(database_->run("DELETE FROM policy_document WHERE digest IN " + std::string(doomed), {kept}));
  return database_->run("DELETE FROM policy WHERE digest IN " + std::string(doomed), {kept});
}

Status PolicyStore::add(const PolicyEntry& entry, std::string_view document) {
  const std::lock_guard lock(mutex_);
  return transaction([&]() -> Status {
    TRY(drop_oldest_unused());
    return insert(entry, document);
  });
}

Status PolicyStore::put_in_force(std::string_view digest, std::string_view previous) {
  TRY(database_->run("DELETE FROM policy_in_force"));
  TRY(database_->run("INSERT INTO policy_in_force VALUES ('active', ?)", {digest}));
  if (!previous.empty()) TRY(database_->run("INSERT INTO policy_in_force VALUES ('previous', ?)", {previous}));
  return database_->run("INSERT OR REPLACE INTO setting VALUES ('guardrails', 'installed')");
}

Status PolicyStore::install(const PolicyEntry& entry, std::string_view document) {
  const std::lock_guard lock(mutex_);
  return transaction([&]() -> Status {
    TRY(insert(entry, document));
    return put_in_force(entry.digest, "");
  });
}

Status PolicyStore::restore_document(std::string_view digest, std::string_view document) {
  const std::lock_guard lock(mutex_);
  return transaction(
      [&] { return database_->run("INSERT OR REPLACE INTO policy_document VALUES (?, ?)", {digest, document}); });
}

Status PolicyStore::approve(std::string_view digest, const PolicyPerson& approver, int64_t now_us) {
  const std::lock_guard lock(mutex_);
  return transaction([&] {
    return database_->run("UPDATE policy SET approver = ?, approver_id = ?, approved_us = ? WHERE digest = ?",
                          {approver.name, approver.id, now_us, digest});
  });
}

Status PolicyStore::activate(std::string_view digest, std::string_view previous, std::string_view activator,
                             int64_t now_us) {
  const std::lock_guard lock(mutex_);
  return transaction([&]() -> Status {
    int64_t used = 0;
    TRY(database_->query("SELECT COUNT(*) FROM policy WHERE activated_us > 0 AND digest <> ?", {digest},
                         [&](const SqlRow& row) -> Status {
                           used = row.integer(0);
                           return {};
                         }));
    if (used >= static_cast<int64_t>(max_used_policies))
      return fail(ErrorCode::resource_exhausted, "the store holds " + std::to_string(max_used_policies) +
                                                     " policies that were active, its limit: activate one of those");
    TRY(database_->run("UPDATE policy SET activator = ?, activated_us = ? WHERE digest = ?",
                       {activator, now_us, digest}));
    return put_in_force(digest, previous);
  });
}

}  // namespace tijori
