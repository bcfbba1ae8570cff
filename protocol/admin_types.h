// The bodies of /admin/v1 (docs/admin-api.yaml); times are microseconds since 1970, UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/audit_messages.h"
#include "protocol/guardrail_types.h"
#include "protocol/json_form.h"
#include "protocol/role.h"

namespace tijori {

template <class E>
struct EnumName;

// GET capabilities: what this daemon has and what of it the caller may use.
struct RouteInfo {
  std::string method;
  std::string path;  // "/admin/v1/clients/{name}/revoke"
  bool permitted = false;
};
struct Capabilities {
  std::string version;
  int64_t api = 1;
  std::string client;  // the caller
  RoleSet roles;       // the caller's effective ones
  int64_t approvals = 1;
  int64_t guardrail_approvals = 2;  // persons a policy needs before it is active
  std::vector<std::string> features;
  std::vector<RouteInfo> routes;
};

enum class Health { ready, starting, degraded, blocked, draining };
enum class Severity { info, warning, error };
enum class ModelState { allowed, starting, loading, ready, unloading, failed };
std::span<const EnumName<Health>> names_of(Health);
std::span<const EnumName<Severity>> names_of(Severity);
std::span<const EnumName<ModelState>> names_of(ModelState);
std::string_view name_of(Health health);
std::string_view name_of(ModelState state);

// One thing an operator should know of, with a code that never changes its meaning.
struct Condition {
  std::string code;  // "audit-blocked", "no-model", "engine-restarting", "log-tight", …
  Severity severity = Severity::warning;
  std::string message;
  int64_t since_us = 0;
};

struct ModelInfo {
  std::string alias;
  std::string file;
  std::string sha256;
  int64_t size_bytes = 0;
  bool is_default = false;
  ModelState state = ModelState::allowed;
  std::string message;     // why it failed, how far loading is, since when a ready one says nothing
  int64_t since_us = 0;    // in this state; 0: from the start
  std::string stage;       // while loading: verify, load
  int64_t done_bytes = 0;  // of that stage
  int64_t total_bytes = 0;
  // From here on only once loaded.
  std::string architecture;
  std::string name;
  std::string chat_format;
  std::string license;
  std::string backend;
  std::string gpu;  // which one computes, or why none does; "" where the CPU was asked for
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
  int64_t threads = 0;
  std::string kv_type;
  int64_t weights_bytes = 0;
  int64_t kv_bytes = 0;
  int64_t workspace_bytes = 0;
  int64_t kv_used_bytes = 0;   // as the engine last said, at most 2 s ago
  int64_t resident_bytes = 0;  // of its process
  int64_t running = 0;         // requests in it
  int64_t waiting = 0;
  int64_t layers = 0;
  int64_t experts = 0;
  int64_t pid = 0;
  int64_t restarts = 0;
};
struct ModelList {
  std::vector<ModelInfo> models;
};

struct RequestCounters {
  int64_t total = 0;  // inference requests since the daemon started
  int64_t running = 0;
  int64_t queued = 0;
  int64_t answered = 0;
  int64_t refused = 0;
  int64_t blocked = 0;  // by a guardrail
  int64_t aborted = 0;
  int64_t failed = 0;
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  double tokens_per_second = 0;  // generated, over the last minute
  int64_t ttft_p50_us = 0;       // time to first token, over the last 256 answers
  int64_t ttft_p95_us = 0;
};

struct MemoryUse {
  int64_t total_bytes = 0;      // of the machine
  int64_t available_bytes = 0;  // without swapping
  int64_t daemon_bytes = 0;     // resident, as the next ones
  int64_t engine_bytes = 0;     // of all engines
  int64_t audit_bytes = 0;      // of tijori-audit; 0 while it is away
};

// GET status
struct DaemonStatus {
  std::string version;
  Health health = Health::starting;
  std::string sentence;  // one line for people
  std::vector<Condition> conditions;
  int64_t started_us = 0;
  int64_t now_us = 0;
  int64_t approvals = 1;  // persons an administrative change needs here
  GuardrailsInForce guardrails;
  std::vector<ModelInfo> models;
  RequestCounters requests;
  MemoryUse memory;
  std::vector<KeyOrigin> keys;            // the daemon's own; those of tijori-audit are in `audit`
  std::optional<AuditStatusReply> audit;  // absent while tijori-audit is away
};

struct CertificateEntry {
  std::string sha256;  // of the DER form, hex
  int64_t added_us = 0;
  int64_t not_after_us = 0;
  bool revoked = false;
};

struct ClientInfo {
  std::string name;
  std::string id;  // 32 hex digits: the `actor` of audit records
  RoleSet roles;
  int64_t quota_tokens_per_day = 0;  // 0: none
  bool revoked = false;
  std::string revoked_reason;
  int64_t created_us = 0;
  std::optional<int64_t> last_seen_us;
  int64_t running = 0;       // requests under way
  int64_t tokens_today = 0;  // of prompts and answers, since midnight UTC or the daemon's start
  std::vector<CertificateEntry> certificates;
};
struct ClientList {
  std::vector<ClientInfo> clients;
};

// POST clients: the name is the certificate's, the roles too unless `roles` narrows them. Answers 201 and a ClientInfo.
struct AddClient {
  std::string certificate;  // PEM
  std::optional<RoleSet> roles;
  std::optional<int64_t> quota_tokens_per_day;
};
// POST clients/{name}/certificates, a renewal: answers 200 and a ClientInfo.
struct AddCertificate {
  std::string certificate;  // PEM
};
// POST clients/{name}/revoke: the whole client, or one certificate of it. Answers 200 and a ClientInfo.
struct RevokeClient {
  std::string reason;  // for people; no personal data
  std::optional<std::string> certificate_sha256;
};

// POST audit/checkpoint answers a CheckpointReply, audit/verify an AuditVerdict, audit/keys AuditKeys,
// audit/records AuditRecords, audit/records/{seq} an AuditRecord, audit/proof?seq=N an AuditProof.

// GET settings: every setting in force and where it comes from.
struct Setting {
  std::string name;
  std::string value;
  std::string source;  // "default", or file:line
};
struct Settings {
  std::vector<Setting> settings;
};

// POST crl: a certificate revocation list of the site's CA.
struct UploadCrl {
  std::string crl;  // PEM
};
struct CrlReply {
  int64_t number = 0;   // of the list; always above the one before
  int64_t revoked = 0;  // entries in the list
  int64_t next_update_us = 0;
};

// POST config/reload
struct ReloadReply {
  std::vector<std::string> changed;  // settings with a new value
  std::vector<std::string> needs_restart;
};

}  // namespace tijori
