// The register of clients: who may connect, with which certificates, in which roles. Kept in state.db (SQLite, WAL,
// every commit on the disk) and held in memory, so that looking a client up never waits for the disk.
//
// Thread-safe. A change is committed first and visible to every later lookup, then generation() moves on.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "protocol/role.h"

namespace tijori {

inline constexpr size_t max_clients = 4096;
inline constexpr size_t max_certificates_per_client = 16;
inline constexpr size_t max_reason_bytes = 200;

struct ClientCertificate {
  std::string sha256;  // of the DER form, lower-case hex
  int64_t added_us = 0;
  int64_t not_after_us = 0;
  bool revoked = false;
};

enum class ClientState : uint8_t { enabled, revoked };

struct Client {
  std::string name;  // of urn:tijori:client:NAME; the key
  std::string id;    // 16 random bytes, lower-case hex: how the audit log names it
  RoleSet roles;
  uint64_t quota_tokens_per_day = 0;  // 0: no quota
  ClientState state = ClientState::enabled;
  std::string revoked_reason;
  int64_t created_us = 0;
  int64_t last_seen_us = 0;  // written to the disk at most once a minute
  std::vector<ClientCertificate> certificates;
};

struct NewClient {
  std::string name;
  RoleSet roles;
  uint64_t quota_tokens_per_day = 0;
  std::string certificate_sha256;
  int64_t certificate_not_after_us = 0;
};

// What a certificate is worth now.
enum class Standing : uint8_t { good, unknown_client, unknown_certificate, revoked };

// The audit log of which records have been acknowledged; log_id "" before the first.
struct RememberedLog {
  std::string log_id;
  int64_t records = 0;  // at least
  bool operator==(const RememberedLog&) const = default;
};

class Database;

class Register {
 public:
  // Creates the file (0600) if need be; refuses one of a newer schema. `clock` must outlive the register.
  static Result<std::unique_ptr<Register>> open(const std::filesystem::path& file, const Clock& clock = system_clock());
  ~Register();

  // The first administrator, possible only while has_administrator() is false; else permission_denied. The roles must
  // hold operator. A revoked client of that name is replaced.
  Result<Client> enrol_administrator(const NewClient& client);
  // An enabled client with the role operator.
  bool has_administrator() const;

  Result<Client> add(const NewClient& client);
  Status set_roles(std::string_view name, RoleSet roles);
  Status set_quota(std::string_view name, uint64_t tokens_per_day);
  // A second certificate, so that a renewal overlaps the old one.
  Status add_certificate(std::string_view name, std::string_view sha256, int64_t not_after_us);
  Status revoke_certificate(std::string_view name, std::string_view sha256);
  // Refused from now on, its open streams are cut within a second. The reason is for people: no personal data.
  Status revoke(std::string_view name, std::string_view reason);
  Status restore(std::string_view name);

  std::optional<Client> find(std::string_view name) const;
  std::vector<Client> list() const;  // by name
  Standing standing(std::string_view name, std::string_view certificate_sha256) const;
  void touch(std::string_view name);

  // Counts changes that may end a client's right; cheap enough to poll.
  uint64_t generation() const { return generation_.load(); }

  // How many persons an administrative change needs. Only 1 is acted on so far; asking for 2 is unsupported.
  int approvals() const;
  Status set_approvals(int persons);

  // The highest number of a revocation list that was in force, by the fingerprint of its authority; 0 before the first.
  // It outlives the list's file, so that losing that file doesn't bring revoked certificates back.
  Result<int64_t> revocation_list_number(std::string_view authority_sha256);
  Status remember_revocation_list(std::string_view authority_sha256, int64_t number);

  // The audit log; see known_log.h. Replaces what was remembered before.
  Result<RememberedLog> remembered_log();
  Status remember_log(const RememberedLog& log);

 private:
  Register(std::unique_ptr<Database> database, const Clock& clock);
  Status load();
  Result<Client> insert(const NewClient& client);
  Status save(const Client& client);
  Result<Client> registered_client(std::string_view name) const;
  Result<Client> enabled_client(std::string_view name) const;
  Status check_certificate_is_new(std::string_view sha256, std::string_view except_client) const;

  const Clock& clock_;
  std::mutex change_mutex_;             // one change at a time; held while the disk works, taken before mutex_
  std::unique_ptr<Database> database_;  // guarded by change_mutex_

  mutable std::mutex mutex_;  // guards what follows; never held while the disk works
  std::map<std::string, Client, std::less<>> clients_;
  std::map<std::string, int64_t, std::less<>> saved_last_seen_us_;
  int approvals_ = 1;
  std::atomic<uint64_t> generation_{0};
};

}  // namespace tijori
