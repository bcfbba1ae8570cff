// The audit record, version 1: one event, as one deterministic CBOR map with integer keys. Normative page:
// docs/audit-record.md.
//
//   KEY  FIELD           VALUE                                        KEY  FIELD           VALUE
//     1  v               1                                             14  peer_uid        integer, -1 = none
//     2  log_id          16 bytes                                      15  object          0, 16 or 32 bytes
//     3  seq             0, 1, 2 … without gaps                        16  purpose         token or ""
//     4  segment         0, 1, 2 …                                     17  basis           "", consent, use-a …, exempt
//     5  boot_id         16 bytes                                      18  subjects        up to 16 of 16 bytes,
//     ascending 6  time_us         microseconds, UTC                             19  request_id      0 or 16 bytes 7
//     boot_time_us    microseconds since boot                       20  approvals       0, 1, 2 … 8  time_status
//     synced, holdover, free-running, unknown       21  detail          map, by event 9  event           closed list
//     (event.h)                         22  payload_kind    none
//    10  outcome         closed list                                   23  payload_key     empty
//    11  actor_type      app, admin, auditor, system, unknown          24  payload_commit  empty
//    12  actor           0 or 16 bytes                                 25  mac_alg         none
//    13  auth            0 or 32 bytes                                 26  epoch           0
//
// A record is valid if and only if it is the one encoding of these 26 keys in this order, at most 4096 bytes, its event
// allows its outcome and its detail fields, each of its type, and no required one is missing. These bytes are what is
// stored, hashed and exported; nothing is ever encoded a second time to check it.
//
// Names, prompts, answers and free text never enter: the only texts are tokens.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "audit/proof/event.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

inline constexpr uint64_t record_version = 1;
inline constexpr size_t max_core_bytes = 4096;
inline constexpr size_t max_subjects = 16;
inline constexpr size_t max_recorded_decisions = 32;  // in one record
inline constexpr std::string_view unregistered_purpose = "unregistered";

using Id = std::array<uint8_t, 16>;
// What a guardrail policy decided about one span of a text: three tokens and numbers, never the text.
struct RecordedDecision {
  std::string rule;
  std::string label;
  std::string action;
  uint64_t part = 0;   // which text of the stage
  uint64_t begin = 0;  // bytes of that text, half-open
  uint64_t end = 0;
  uint64_t score_per_mille = 0;

  bool operator==(const RecordedDecision&) const = default;
};
using RecordedDecisions = std::vector<RecordedDecision>;
// Signed and unsigned integers are both int64_t; type_of(field) says which it must be.
using FieldValue = std::variant<int64_t, bool, std::string, Id, Digest, RecordedDecisions>;
using Detail = std::map<DetailField, FieldValue>;

// What the asker knows of an event.
struct RecordDraft {
  AuditEvent event = AuditEvent::heartbeat;
  AuditOutcome outcome = AuditOutcome::ok;
  ActorType actor_type = ActorType::system;
  Bytes actor;               // 0 or 16 bytes
  Bytes auth;                // 0 or 32 bytes: SHA-256 of the client certificate
  int64_t peer_uid = -1;     // -1: none
  Bytes object;              // 0, 16 or 32 bytes
  std::string purpose;       // token or ""
  std::string basis;         // is_basis()
  std::vector<Id> subjects;  // ascending, different
  Bytes request_id;          // 0 or 16 bytes
  uint64_t approvals = 0;
  Detail detail;

  bool operator==(const RecordDraft&) const = default;
};

// The event with what the log adds.
struct Record : RecordDraft {
  Id log_id{};
  uint64_t seq = 0;
  uint64_t segment = 0;
  Id boot_id{};
  int64_t time_us = 0;
  uint64_t boot_time_us = 0;
  TimeStatus time_status = TimeStatus::unknown;

  bool operator==(const Record&) const = default;
};

// invalid_argument naming the field when the draft could not become a valid record.
Status check_draft(const RecordDraft& draft);

// The core. Fails as check_draft does, or when it would be longer than max_core_bytes.
Result<Bytes> encode_core(const Record& record);

// malformed when the bytes are no valid record, unsupported when they say to be of a later version.
Result<Record> decode_core(ByteView core);

// The reference under which a data principal appears: HMAC-SHA-256(key, "subject.v1" ‖ text), the first 16 bytes.
Id subject_reference(ByteView subject_key, std::string_view text);

}  // namespace tijori
