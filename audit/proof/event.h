// The closed lists of a version 1 record: events, outcomes, actors, bases, the fields of `detail` and which event may
// carry which. docs/audit-record.md is the authority; numbers and names never change their meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tijori {

enum class AuditEvent : uint8_t {
  segment_opened,
  log_started,
  log_stopped,
  log_recovered,
  heartbeat,
  time_stepped,
  daemon_started,
  daemon_stopped,
  inference_received,
  inference_released,
  connection_refused,
  counts_hourly,
  client_enrolled,
  client_changed,
  client_revoked,
  admin_changed,
  log_read,
  model_loaded,
  model_unloaded,
  model_failed,
  engine_crashed,
  config_reloaded,
  guardrail_decided,
};
enum class AuditOutcome : uint8_t { ok, answered, refused, blocked, aborted, failed };
enum class ActorType : uint8_t { app, admin, auditor, system, unknown };
enum class TimeStatus : uint8_t { synced, holdover, free_running, unknown };

std::string_view name_of(AuditEvent event);
std::string_view name_of(AuditOutcome outcome);
std::string_view name_of(ActorType type);
std::string_view name_of(TimeStatus status);
std::optional<AuditEvent> event_from_name(std::string_view name);
std::optional<AuditOutcome> outcome_from_name(std::string_view name);
std::optional<ActorType> actor_type_from_name(std::string_view name);
std::optional<TimeStatus> time_status_from_name(std::string_view name);

// "", "consent", "use-a" … "use-i" or "exempt".
bool is_basis(std::string_view name);

enum class DetailType : uint8_t { unsigned_integer, integer, boolean, token, id, digest, decision_list };

// The values are the map keys of the encoding.
enum class DetailField : uint8_t {
  code = 1,
  cause = 2,
  count = 3,
  period_s = 4,
  version = 5,
  key = 6,
  previous_header = 7,
  heartbeat_s = 8,
  state = 9,
  unfinished = 10,
  before_us = 11,
  after_us = 12,
  endpoint = 13,
  number = 14,
  stream = 15,
  body_bytes = 16,
  http_status = 17,
  finish_reason = 18,
  prompt_tokens = 19,
  completion_tokens = 20,
  cached_tokens = 21,
  template_ = 22,
  policy = 23,
  queue_us = 24,
  prompt_us = 25,
  roles = 26,
  certificate = 27,
  verb = 28,
  before = 29,
  after = 30,
  approver = 31,
  what = 32,
  first_seq = 33,
  last_seq = 34,
  backend = 35,
  license = 36,
  signal = 37,
  exit_code = 38,
  alert = 39,
  config = 40,
  requests = 41,
  health = 42,
  models = 43,
  tokenize = 44,
  status = 45,
  capabilities = 46,
  other = 47,
  refused = 48,
  decode_us = 49,
  total_us = 50,
  stage = 51,
  action = 52,
  first = 53,
  decisions = 54,
};
inline constexpr uint64_t last_detail_field = 54;

std::string_view name_of(DetailField field);
DetailType type_of(DetailField field);
std::optional<DetailField> detail_field_from_name(std::string_view name);

// What an event allows.
struct EventRule {
  AuditEvent event;
  std::string_view name;
  std::span<const AuditOutcome> outcomes;
  std::span<const DetailField> required;
  std::span<const DetailField> optional;
  // Written by tijori-audit alone: a draft that names it is refused.
  enum class Origin : uint8_t { log, draft } origin;
};
const EventRule& rule_of(AuditEvent event);
std::span<const EventRule> all_event_rules();

}  // namespace tijori
