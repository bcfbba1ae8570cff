// Guardrail policies on the disk: documents by digest, who wrote, approved and activated them, and which one is in
// force. Tables of state.db; each change is one transaction, on the disk when it returns.
//
// Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "daemon/database.h"

namespace tijori {

// Drafts that were never active: above this the oldest one makes room. Policies that were active are kept for good,
// since audit records name them.
inline constexpr size_t max_unused_policies = 100;
inline constexpr size_t max_used_policies = 1000;

// Whoever wrote, approved or activated a policy.
struct PolicyPerson {
  std::string name;  // in the register; "tijori" for the release itself
  std::string id;    // the audit log's actor; "" for the release
};

struct PolicyEntry {
  std::string digest;
  std::string name;
  int64_t version = 0;
  std::string description;
  int64_t rules = 0;
  int64_t cases = 0;
  PolicyPerson author;
  int64_t created_us = 0;
  PolicyPerson approver;
  int64_t approved_us = 0;  // 0: not approved
  std::string activator;
  int64_t activated_us = 0;  // 0: never active
};

// Digests; "" for none.
struct PoliciesInForce {
  std::string active;
  std::string previous;
};

class PolicyStore {
 public:
  static Result<std::unique_ptr<PolicyStore>> open(const std::filesystem::path& file);

  // Whether the file that was opened is still the one at its path: what is written elsewhere would be lost.
  Status check_in_place() const;
  // False only before the first policy was ever put in force here.
  Result<bool> installed();
  Result<std::vector<PolicyEntry>> list();  // newest first
  Result<PolicyEntry> find(std::string_view digest);
  // corrupted when the bytes don't have that digest any more.
  Result<std::string> document(std::string_view digest);
  Result<PoliciesInForce> in_force();

  // The first policy of this store, active at once.
  Status install(const PolicyEntry& entry, std::string_view document);
  // already_exists when the digest is stored.
  Status add(const PolicyEntry& entry, std::string_view document);
  // In place of a document that was altered or lost; what is known of the policy stays.
  Status restore_document(std::string_view digest, std::string_view document);
  Status approve(std::string_view digest, const PolicyPerson& approver, int64_t now_us);
  // resource_exhausted above max_used_policies.
  Status activate(std::string_view digest, std::string_view previous, std::string_view activator, int64_t now_us);

 private:
  PolicyStore(std::unique_ptr<Database> database, std::filesystem::path file, dev_t device, ino_t inode)
      : file_(std::move(file)), device_(device), inode_(inode), database_(std::move(database)) {}
  Status transaction(const std::function<Status()>& steps);
  Status drop_oldest_unused();
  Status put_in_force(std::string_view digest, std::string_view previous);
  Status insert(const PolicyEntry& entry, std::string_view document);

  const std::filesystem::path file_;
  const dev_t device_;
  const ino_t inode_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;  // guarded by mutex_
};

}  // namespace tijori
