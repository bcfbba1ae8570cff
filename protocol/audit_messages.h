// What travels between tijorid and tijori-audit (docs/engine-protocol.md, "Audit"), and the same records and answers as
// the admin API shows them. Events, outcomes and detail fields are the closed lists of docs/audit-record.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/json_form.h"

namespace tijori {

inline constexpr size_t max_drafts_per_append = 256;
inline constexpr size_t max_detail_fields = 32;
inline constexpr size_t max_decisions_per_record = 32;
inline constexpr int64_t max_records_per_list = 1000;
inline constexpr int64_t min_count_bucket_us = 1'000'000;

// What a guardrail policy decided about one span of a text.
struct AuditDecision {
  std::string rule;
  std::string label;
  std::string action;
  int64_t part = 0;
  int64_t begin = 0;  // bytes, half-open
  int64_t end = 0;
  int64_t score = 0;  // per mille
  bool operator==(const AuditDecision&) const = default;
};
// The fields of `detail` in order; digests and ids are lower-case hex here.
using DetailValue = std::variant<bool, int64_t, std::string, std::vector<AuditDecision>>;
class AuditDetail {
 public:
  void set(std::string name, DetailValue value);  // replaces an earlier value of that name
  const DetailValue* find(std::string_view name) const;
  const std::vector<std::pair<std::string, DetailValue>>& fields() const { return fields_; }
  bool operator==(const AuditDetail&) const = default;

 private:
  std::vector<std::pair<std::string, DetailValue>> fields_;
};

// What the daemon knows of an event; tijori-audit adds sequence, times, boot and hashes.
struct AuditDraft {
  std::string event;
  std::string outcome;
  std::string actor_type;  // "" counts as system
  std::string actor;       // 32 hex digits or ""
  std::string auth;        // SHA-256 of the client certificate, hex, or ""
  int64_t peer_uid = -1;   // -1: none
  std::string object;      // hex id or digest, or ""
  std::string purpose;
  std::string basis;
  std::string subject;  // the caller's reference of a data principal: hashed by tijori-audit, never stored
  std::string request_id;
  int64_t approvals = 0;
  AuditDetail detail;
};

struct AppendRequest {
  std::vector<AuditDraft> records;
};
struct AppendedRecord {
  int64_t seq = 0;
  std::string leaf;
};
struct AppendedReply {
  std::string log_id;
  std::vector<AppendedRecord> records;
};

struct ListRequest {
  int64_t limit = 50;  // 1 … max_records_per_list
  std::optional<int64_t> before_seq;
  std::optional<int64_t> since_us;
  std::optional<int64_t> until_us;
  std::string event;
  std::string outcome;
  std::string actor;
  std::string request_id;
};

struct AuditRecord {
  int64_t seq = 0;
  std::string event;
  std::string outcome;
  int64_t time_us = 0;
  int64_t boot_time_us = 0;
  std::string boot_id;
  std::string time_status;
  int64_t segment = 0;
  std::string actor_type;
  std::string actor;
  std::string auth;
  int64_t peer_uid = -1;
  std::string object;
  std::string purpose;
  std::string basis;
  std::vector<std::string> subjects;  // 32 hex digits each
  std::string request_id;
  int64_t approvals = 0;
  AuditDetail detail;
  std::string leaf;   // hex
  std::string chain;  // hex
  std::string core;   // hex
};
struct AuditRecords {
  std::vector<AuditRecord> records;
};

// GET audit/count: how many records match, and how they lie over time. Fields of the filter as in ListRequest.
struct CountRequest {
  std::optional<int64_t> since_us;
  std::optional<int64_t> until_us;
  std::string event;
  std::string outcome;
  std::string actor;
  std::string request_id;
  int64_t bucket_us = 0;  // length of a bucket, the first starting at since_us (0 without one); 0: no buckets
};
struct AuditCountBucket {
  int64_t start_us = 0;
  int64_t records = 0;
  int64_t turned_away = 0;  // of them refused, blocked, aborted or failed
};
struct AuditCounts {
  int64_t records = 0;  // of the whole log
  int64_t matching = 0;
  int64_t first_us = 0;  // times of the earliest and latest that match; 0 when none does
  int64_t last_us = 0;
  std::vector<AuditCountBucket> buckets;  // ascending; those that hold nothing are left out
};

struct SeqRequest {  // show, prove
  int64_t seq = 0;
};
struct AuditProof {
  int64_t seq = 0;
  std::string leaf;
  int64_t size = 0;  // of the tree: the first checkpoint that covers the record
  std::string root;  // of that tree
  std::vector<std::string> path;
  std::string note;  // that checkpoint
};

struct ExportRequest {
  std::optional<int64_t> first_seq;
  std::optional<int64_t> last_seq;
  int64_t credit = 0;
};
struct ExportedReply {
  int64_t bytes = 0;
  std::string sha256;
  int64_t first_seq = 0;
  int64_t last_seq = 0;
};

struct AuditVerdict {
  std::string verdict;  // verified, consistent, altered, incomplete, unsupported
  std::string message;
  int64_t records = 0;
  int64_t verified_up_to = -1;
  int64_t tail_records = 0;
  int64_t tail_age_us = -1;
  int64_t first_bad_seq = -1;
  int64_t last_bad_seq = -1;
  std::vector<std::string> anomalies;
};

// GET audit/consistency?old_size=&size=: RFC 6962 consistency of two tree heads of the log; size 0: the last
// checkpoint.
struct ConsistencyRequest {
  int64_t old_size = 0;  // 1 …
  int64_t size = 0;
};
struct ConsistencyProof {
  int64_t old_size = 0;
  std::string old_root;  // as the log has it now, hex
  int64_t size = 0;
  std::string root;
  std::vector<std::string> path;
  std::string note;  // the checkpoint of `size` when there is one, or ""
};

// What `tijori audit compare --json` prints.
struct AuditComparison {
  std::string verdict;  // continues, altered
  std::string message;
  int64_t old_size = 0;
  int64_t size = 0;
};

struct CheckpointReply {
  std::string note;  // C2SP signed note
};

struct AuditKeys {
  std::string log_id;
  std::string origin;
  std::string verifier_key;
  std::string fingerprint;
};

// Where a key of a process comes from.
struct KeyOrigin {
  std::string name;       // "audit-signing.key": also the name of its credential
  std::string from;       // file, credential
  std::string sealed_to;  // of a credential: host, tpm2, host+tpm2, null; "" when that can't be told
};

struct AuditStatusReply {
  std::string state;  // normal, tight, reserve, blocked
  std::string reason;
  std::string log_id;
  int64_t records = 0;
  int64_t segment = 0;
  std::string head;
  int64_t last_checkpoint_size = 0;
  int64_t last_checkpoint_us = 0;
  std::string last_checkpoint;  // its signed note; "" before the first
  int64_t free_bytes = 0;
  int64_t unfinished = 0;
  // A verification under way, in any client's name, and the last one that ended since the process started.
  int64_t verifying_done = -1;  // records; -1: none under way
  int64_t verifying_total = 0;
  std::string verified;  // its verdict; "" before the first
  int64_t verified_up_to = -1;
  int64_t verified_us = 0;
  int64_t resident_bytes = 0;  // of the audit process
  std::vector<KeyOrigin> keys;
};

}  // namespace tijori
