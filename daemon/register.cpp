#include "daemon/register.h"

#include <algorithm>

#include "base/certificate.h"
#include "base/crypto.h"
#include "daemon/database.h"
#include "daemon/state_schema.h"

namespace tijori {

namespace {

constexpr int64_t last_seen_interval_us = 60'000'000;

// Roles are stored by name, joined by commas: a number of the enum must never change its meaning in an old file.
std::string join_roles(RoleSet roles) {
  std::string joined;
  for (const Role role : all_roles) {
    if (!roles.has(role)) continue;
    if (!joined.empty()) joined += ',';
    joined += name_of(role);
  }
  return joined;
}

Result<RoleSet> split_roles(std::string_view joined) {
  RoleSet roles;
  while (!joined.empty()) {
    const size_t comma = std::min(joined.find(','), joined.size());
    const std::optional<Role> role = role_from_name(joined.substr(0, comma));
    if (!role) return fail(ErrorCode::corrupted, "an unknown role in the list of roles");
    roles.add(*role);
    joined.remove_prefix(std::min(comma + 1, joined.size()));
  }
  return roles;
}

Status check_sha256(std::string_view sha256) {
  if (sha256.size() == 2 * digest_bytes && sha256.find_first_not_of("0123456789abcdef") == std::string_view::npos)
    return {};
  return fail(ErrorCode::invalid_argument, "certificate: the SHA-256 of its DER form is 64 lower-case hex digits");
}

// SQLite's integers have a sign.
Status check_quota(uint64_t tokens_per_day) {
  if (tokens_per_day <= INT64_MAX) return {};
  return fail(ErrorCode::invalid_argument, "quota_tokens_per_day: too large");
}

const ClientCertificate* find_certificate(const Client& client, std::string_view sha256) {
  const auto found = std::find_if(client.certificates.begin(), client.certificates.end(),
                                  [&](const ClientCertificate& certificate) { return certificate.sha256 == sha256; });
  return found == client.certificates.end() ? nullptr : &*found;
}

std::string label(std::string_view name) {
  return "client \"" + std::string(name) + "\"";
}

}  // namespace

Register::Register(std::unique_ptr<Database> database, const Clock& clock)
    : clock_(clock), database_(std::move(database)) {}

Register::~Register() = default;

Result<std::unique_ptr<Register>> Register::open(const std::filesystem::path& file, const Clock& clock) {
  TRY_ASSIGN(std::unique_ptr<Database> database, Database::open(file));
  if (Status migrated = migrate_state(*database); !migrated) return fail(migrated.error().in(file.string()));
  std::unique_ptr<Register> clients(new Register(std::move(database), clock));
  if (Status loaded = clients->load(); !loaded) return fail(loaded.error().in(file.string()));
  return clients;
}

Status Register::load() {
  TRY(database_->query(
      "SELECT name, id, roles, quota_tokens_per_day, state, revoked_reason, created_us, last_seen_us FROM "
      "client",
      {}, [&](const SqlRow& row) -> Status {
        Client client;
        client.name = row.text(0);
        client.id = row.text(1);
        TRY_ASSIGN(client.roles, split_roles(row.text(2)));
        client.quota_tokens_per_day = static_cast<uint64_t>(row.integer(3));
        client.state = row.integer(4) == 0 ? ClientState::enabled : ClientState::revoked;
        client.revoked_reason = row.text(5);
        client.created_us = row.integer(6);
        client.last_seen_us = row.integer(7);
        saved_last_seen_us_[client.name] = client.last_seen_us;
        std::string name = client.name;
        clients_.emplace(std::move(name), std::move(client));
        return {};
      }));
  TRY(database_->query(
      "SELECT client, sha256, added_us, not_after_us, revoked FROM client_certificate ORDER BY added_us", {},
      [&](const SqlRow& row) -> Status {
        const auto client = clients_.find(row.text(0));
        if (client == clients_.end()) return fail(ErrorCode::corrupted, "a certificate of a client that is not there");
        client->second.certificates.push_back({row.text(1), row.integer(2), row.integer(3), row.integer(4) != 0});
        return {};
      }));
  return database_->query("SELECT value FROM setting WHERE name = 'approvals'", {}, [&](const SqlRow& row) -> Status {
    approvals_ = row.text(0) == "2" ? 2 : 1;
    return {};
  });
}

// With change_mutex_ held: writes one client and its certificates in one transaction, and only then the memory.
Status Register::save(const Client& client) {
  const auto write = [&]() -> Status {
    TRY(database_->run(
        "INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET id = excluded.id, roles = "
        "excluded.roles, quota_tokens_per_day = excluded.quota_tokens_per_day, state = excluded.state, revoked_reason "
        "= "
        "excluded.revoked_reason, created_us = excluded.created_us, last_seen_us = excluded.last_seen_us",
        {client.name, client.id, join_roles(client.roles), static_cast<int64_t>(client.quota_tokens_per_day),
         static_cast<int64_t>(client.state == ClientState::enabled ? 0 : 1), client.revoked_reason, client.created_us,
         client.last_seen_us}));
    TRY(database_->run("DELETE FROM client_certificate WHERE client = ?", {client.name}));
    for (const ClientCertificate& certificate : client.certificates)
      TRY(database_->run("INSERT INTO client_certificate VALUES (?, ?, ?, ?, ?)",
                         {certificate.sha256, client.name, certificate.added_us, certificate.not_after_us,
                          static_cast<int64_t>(certificate.revoked ? 1 : 0)}));
    return {};
  };
  TRY(database_->transaction(write));
  {
    const std::lock_guard lock(mutex_);
    saved_last_seen_us_[client.name] = client.last_seen_us;
    clients_[client.name] = client;
  }
  generation_.fetch_add(1);
  return {};
}

Status Register::check_certificate_is_new(std::string_view sha256, std::string_view except_client) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, client] : clients_)
    if (name != except_client && find_certificate(client, sha256) != nullptr)
      return fail(ErrorCode::already_exists, "certificate: already registered for " + label(name));
  return {};
}

// With change_mutex_ held. Replaces a client of that name.
Result<Client> Register::insert(const NewClient& fresh) {
  TRY(check_client_name(fresh.name));
  TRY(check_sha256(fresh.certificate_sha256));
  if (fresh.roles.empty())
    return fail(ErrorCode::invalid_argument, label(fresh.name) + ": at least one role is needed");
  TRY(check_quota(fresh.quota_tokens_per_day));
  TRY(check_certificate_is_new(fresh.certificate_sha256, fresh.name));
  {
    const std::lock_guard lock(mutex_);
    if (clients_.size() >= max_clients && !clients_.contains(fresh.name))
      return fail(ErrorCode::resource_exhausted,
                  "the register holds " + std::to_string(max_clients) + " clients, its limit");
  }
  Client client;
  client.name = fresh.name;
  uint8_t id[16];
  random_bytes(id);
  client.id = to_hex(id);
  client.roles = fresh.roles;
  client.quota_tokens_per_day = fresh.quota_tokens_per_day;
  client.created_us = clock_.wall_us();
  client.certificates.push_back({fresh.certificate_sha256, client.created_us, fresh.certificate_not_after_us, false});
  TRY(save(client));
  return client;
}

bool Register::has_administrator() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(clients_.begin(), clients_.end(), [](const auto& entry) {
    return entry.second.state == ClientState::enabled && entry.second.roles.has(Role::operator_);
  });
}

Result<Client> Register::enrol_administrator(const NewClient& client) {
  const std::lock_guard change(change_mutex_);
  if (has_administrator())
    return fail(ErrorCode::permission_denied,
                "there is an administrator already: further clients are added by an operator, over admin.sock");
  if (!client.roles.has(Role::operator_))
    return fail(ErrorCode::invalid_argument, "the first administrator's certificate needs the role operator");
  const std::optional<Client> existing = find(client.name);
  if (existing && existing->state == ClientState::enabled)
    return fail(ErrorCode::already_exists, label(client.name) + ": already registered, without the role operator");
  return insert(client);
}

Result<Client> Register::add(const NewClient& client) {
  const std::lock_guard change(change_mutex_);
  if (find(client.name)) return fail(ErrorCode::already_exists, label(client.name) + ": already registered");
  return insert(client);
}

Result<Client> Register::registered_client(std::string_view name) const {
  std::optional<Client> client = find(name);
  if (!client) return fail(ErrorCode::not_found, label(name) + ": not in the register");
  return *std::move(client);
}

Result<Client> Register::enabled_client(std::string_view name) const {
  TRY_ASSIGN(Client client, registered_client(name));
  if (client.state == ClientState::revoked)
    return fail(ErrorCode::permission_denied, label(name) + ": revoked; restore it first");
  return client;
}

Status Register::set_roles(std::string_view name, RoleSet roles) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, enabled_client(name));
  if (roles.empty()) return fail(ErrorCode::invalid_argument, label(name) + ": at least one role is needed");
  client.roles = roles;
  return save(client);
}

Status Register::set_quota(std::string_view name, uint64_t tokens_per_day) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, enabled_client(name));
  TRY(check_quota(tokens_per_day));
  client.quota_tokens_per_day = tokens_per_day;
  return save(client);
}

Status Register::add_certificate(std::string_view name, std::string_view sha256, int64_t not_after_us) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, enabled_client(name));
  TRY(check_sha256(sha256));
  TRY(check_certificate_is_new(sha256, ""));
  // Certificates past their end are of no use: they make room. Revoked ones stay as long as they could still be shown.
  const int64_t now_us = clock_.wall_us();
  std::erase_if(client.certificates, [&](const ClientCertificate& old) { return old.not_after_us < now_us; });
  if (client.certificates.size() >= max_certificates_per_client)
    return fail(ErrorCode::resource_exhausted, label(name) + ": has " + std::to_string(max_certificates_per_client) +
                                                   " certificates, the limit; they go when they expire");
  client.certificates.push_back({std::string(sha256), now_us, not_after_us, false});
  return save(client);
}

Status Register::revoke_certificate(std::string_view name, std::string_view sha256) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, registered_client(name));
  for (ClientCertificate& certificate : client.certificates) {
    if (certificate.sha256 != sha256) continue;
    certificate.revoked = true;
    return save(client);
  }
  return fail(ErrorCode::not_found, label(name) + ": no such certificate");
}

Status Register::revoke(std::string_view name, std::string_view reason) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, registered_client(name));
  if (reason.size() > max_reason_bytes || !is_utf8(reason))
    return fail(ErrorCode::invalid_argument, "reason: at most " + std::to_string(max_reason_bytes) + " bytes of UTF-8");
  if (client.state == ClientState::revoked) return fail(ErrorCode::already_exists, label(name) + ": already revoked");
  client.state = ClientState::revoked;
  client.revoked_reason = reason;
  return save(client);
}

Status Register::restore(std::string_view name) {
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(Client client, registered_client(name));
  if (client.state == ClientState::enabled) return fail(ErrorCode::already_exists, label(name) + ": not revoked");
  client.state = ClientState::enabled;
  client.revoked_reason.clear();
  return save(client);
}

std::optional<Client> Register::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(name);
  if (found == clients_.end()) return std::nullopt;
  return found->second;
}

std::vector<Client> Register::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Client> all;
  all.reserve(clients_.size());
  for (const auto& [name, client] : clients_) all.push_back(client);
  return all;
}

Standing Register::standing(std::string_view name, std::string_view certificate_sha256) const {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(name);
  if (found == clients_.end()) return Standing::unknown_client;
  if (found->second.state == ClientState::revoked) return Standing::revoked;
  const ClientCertificate* certificate = find_certificate(found->second, certificate_sha256);
  if (certificate == nullptr) return Standing::unknown_certificate;
  return certificate->revoked ? Standing::revoked : Standing::good;
}

void Register::touch(std::string_view name) {
  const int64_t now_us = clock_.wall_us();
  {
    const std::lock_guard lock(mutex_);
    const auto found = clients_.find(name);
    if (found == clients_.end()) return;
    found->second.last_seen_us = now_us;
    int64_t& saved_us = saved_last_seen_us_[found->first];
    if (now_us >= saved_us && now_us - saved_us < last_seen_interval_us) return;
    saved_us = now_us;
  }
  // Only for people to read: a failure here must not end a request, and the next minute tries again.
  const std::lock_guard change(change_mutex_);
  (void)database_->run("UPDATE client SET last_seen_us = ? WHERE name = ?", {now_us, name});
}

int Register::approvals() const {
  const std::lock_guard lock(mutex_);
  return approvals_;
}

Status Register::set_approvals(int persons) {
  if (persons == 2)
    return fail(ErrorCode::unsupported, "approvals: this release acts on changes by one person; 2 is not enforced yet");
  if (persons != 1) return fail(ErrorCode::invalid_argument, "approvals: 1 or 2");
  const std::lock_guard change(change_mutex_);
  TRY(database_->run(
      "INSERT INTO setting VALUES ('approvals', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {std::string_view("1")}));
  const std::lock_guard lock(mutex_);
  approvals_ = 1;
  return {};
}

Result<int64_t> Register::revocation_list_number(std::string_view authority_sha256) {
  int64_t number = 0;
  const std::lock_guard change(change_mutex_);
  TRY(database_->query("SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?",
                       {"revocation-list:" + std::string(authority_sha256)}, [&](const SqlRow& row) -> Status {
                         number = row.integer(0);
                         return {};
                       }));
  return number;
}

Status Register::remember_revocation_list(std::string_view authority_sha256, int64_t number) {
  const std::lock_guard change(change_mutex_);
  return database_->run(
      "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(value AS "
      "INTEGER) < CAST(excluded.value AS INTEGER)",
      {"revocation-list:" + std::string(authority_sha256), std::to_string(number)});
}

Result<RememberedLog> Register::remembered_log() {
  RememberedLog log;
  const std::lock_guard change(change_mutex_);
  TRY(database_->query(
      "SELECT name, value, CAST(value AS INTEGER) FROM setting WHERE name IN ('audit-log', 'audit-log-records')", {},
      [&](const SqlRow& row) -> Status {
        if (row.text(0) == "audit-log")
          log.log_id = row.text(1);
        else
          log.records = row.integer(2);
        return {};
      }));
  return log;
}

Status Register::remember_log(const RememberedLog& log) {
  const std::lock_guard change(change_mutex_);
  return database_->run(
      "INSERT INTO setting VALUES ('audit-log', ?), ('audit-log-records', ?) ON CONFLICT (name) DO UPDATE SET value = "
      "excluded.value",
      {log.log_id, std::to_string(log.records)});
}

}  // namespace tijori
