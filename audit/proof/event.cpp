#include "audit/proof/event.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/check.h"

namespace tijori {

namespace {

using enum DetailField;
using Origin = EventRule::Origin;

template <class T, T... values>
constexpr std::array<T, sizeof...(values)> listed = {values...};
template <AuditOutcome... listed_outcomes>
constexpr std::span<const AuditOutcome> may_end = listed<AuditOutcome, listed_outcomes...>;
template <DetailField... listed_fields>
constexpr std::span<const DetailField> fields = listed<DetailField, listed_fields...>;

constexpr auto ok = may_end<AuditOutcome::ok>;
constexpr auto ok_or_refused = may_end<AuditOutcome::ok, AuditOutcome::refused>;

// In the order of AuditEvent.
constexpr EventRule event_rules[] = {
    {AuditEvent::segment_opened, "segment.opened", ok, fields<previous_header, key>, {}, Origin::log},
    {AuditEvent::log_started, "log.started", ok, fields<version, key, heartbeat_s>, {}, Origin::log},
    {AuditEvent::log_stopped, "log.stopped", ok, fields<cause, unfinished>, {}, Origin::log},
    {AuditEvent::log_recovered, "log.recovered", ok, fields<cause, unfinished>, {}, Origin::log},
    {AuditEvent::heartbeat, "heartbeat", ok, fields<state, unfinished>, {}, Origin::log},
    {AuditEvent::time_stepped, "time.stepped", ok, fields<before_us, after_us>, {}, Origin::log},
    {AuditEvent::daemon_started, "daemon.started", ok, fields<version>, fields<config>, Origin::draft},
    {AuditEvent::daemon_stopped, "daemon.stopped", ok, {}, fields<requests>, Origin::draft},
    {AuditEvent::inference_received, "inference.received", ok, fields<endpoint, number>, fields<stream, body_bytes>,
     Origin::draft},
    {AuditEvent::inference_released,
     "inference.released",
     may_end<AuditOutcome::answered, AuditOutcome::refused, AuditOutcome::blocked, AuditOutcome::aborted,
             AuditOutcome::failed>,
     {},
     fields<code, http_status, finish_reason, prompt_tokens, completion_tokens, cached_tokens, template_, policy,
            queue_us, prompt_us, decode_us, total_us>,
     Origin::draft},
    {AuditEvent::connection_refused, "connection.refused", may_end<AuditOutcome::refused>, fields<cause, count>,
     fields<alert, period_s>, Origin::draft},
    {AuditEvent::counts_hourly, "counts.hourly", ok, fields<period_s>,
     fields<requests, health, models, tokenize, status, capabilities, other, refused>, Origin::draft},
    {AuditEvent::client_enrolled,
     "client.enrolled",
     ok_or_refused,
     {},
     fields<certificate, roles, code>,
     Origin::draft},
    {AuditEvent::client_changed, "client.changed", ok_or_refused, {}, fields<certificate, roles, code>, Origin::draft},
    {AuditEvent::client_revoked, "client.revoked", ok_or_refused, {}, fields<certificate, roles, code>, Origin::draft},
    {AuditEvent::admin_changed, "admin.changed", may_end<AuditOutcome::ok, AuditOutcome::refused, AuditOutcome::failed>,
     fields<verb>, fields<before, after, approver, code>, Origin::draft},
    {AuditEvent::log_read, "log.read", ok_or_refused, fields<what>, fields<first_seq, last_seq, count, code>,
     Origin::draft},
    {AuditEvent::model_loaded, "model.loaded", ok, {}, fields<backend, cause, code, total_us, license>, Origin::draft},
    {AuditEvent::model_unloaded,
     "model.unloaded",
     ok,
     {},
     fields<backend, cause, code, total_us, license>,
     Origin::draft},
    {AuditEvent::model_failed,
     "model.failed",
     may_end<AuditOutcome::failed>,
     {},
     fields<backend, cause, code, total_us, license>,
     Origin::draft},
    {AuditEvent::engine_crashed,
     "engine.crashed",
     may_end<AuditOutcome::failed>,
     {},
     fields<signal, exit_code, unfinished>,
     Origin::draft},
    {AuditEvent::config_reloaded,
     "config.reloaded",
     may_end<AuditOutcome::ok, AuditOutcome::failed>,
     {},
     fields<code>,
     Origin::draft},
    {AuditEvent::guardrail_decided, "guardrail.decided", may_end<AuditOutcome::ok, AuditOutcome::blocked>,
     fields<stage, action, count, decisions>, fields<first>, Origin::draft},
};

struct FieldRule {
  std::string_view name;
  DetailType type;
};

using enum DetailType;
// In the order of DetailField, from 1.
constexpr FieldRule field_rules[] = {
    {"code", token},
    {"cause", token},
    {"count", unsigned_integer},
    {"period_s", unsigned_integer},
    {"version", token},
    {"key", digest},
    {"previous_header", digest},
    {"heartbeat_s", unsigned_integer},
    {"state", token},
    {"unfinished", unsigned_integer},
    {"before_us", integer},
    {"after_us", integer},
    {"endpoint", token},
    {"number", unsigned_integer},
    {"stream", boolean},
    {"body_bytes", unsigned_integer},
    {"http_status", unsigned_integer},
    {"finish_reason", token},
    {"prompt_tokens", unsigned_integer},
    {"completion_tokens", unsigned_integer},
    {"cached_tokens", unsigned_integer},
    {"template", digest},
    {"policy", digest},
    {"queue_us", unsigned_integer},
    {"prompt_us", unsigned_integer},
    {"roles", unsigned_integer},
    {"certificate", digest},
    {"verb", token},
    {"before", digest},
    {"after", digest},
    {"approver", id},
    {"what", token},
    {"first_seq", unsigned_integer},
    {"last_seq", unsigned_integer},
    {"backend", token},
    {"license", digest},
    {"signal", unsigned_integer},
    {"exit_code", integer},
    {"alert", unsigned_integer},
    {"config", digest},
    {"requests", unsigned_integer},
    {"health", unsigned_integer},
    {"models", unsigned_integer},
    {"tokenize", unsigned_integer},
    {"status", unsigned_integer},
    {"capabilities", unsigned_integer},
    {"other", unsigned_integer},
    {"refused", unsigned_integer},
    {"decode_us", unsigned_integer},
    {"total_us", unsigned_integer},
    {"stage", token},
    {"action", token},
    {"first", unsigned_integer},
    {"decisions", decision_list},
};
static_assert(std::size(field_rules) == last_detail_field);

constexpr std::string_view outcome_names[] = {"ok", "answered", "refused", "blocked", "aborted", "failed"};
constexpr std::string_view actor_names[] = {"app", "admin", "auditor", "system", "unknown"};
constexpr std::string_view time_names[] = {"synced", "holdover", "free-running", "unknown"};
constexpr std::string_view bases[] = {"",      "consent", "use-a", "use-b", "use-c", "use-d",
                                      "use-e", "use-f",   "use-g", "use-h", "use-i", "exempt"};

template <class Enum>
std::optional<Enum> enum_from_name(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

const EventRule& rule_of(AuditEvent event) {
  const auto at = static_cast<size_t>(event);
  CHECK(at < std::size(event_rules) && event_rules[at].event == event);
  return event_rules[at];
}

std::span<const EventRule> all_event_rules() {
  return event_rules;
}

std::string_view name_of(AuditEvent event) {
  return rule_of(event).name;
}
std::string_view name_of(AuditOutcome outcome) {
  return outcome_names[static_cast<size_t>(outcome)];
}
std::string_view name_of(ActorType actor) {
  return actor_names[static_cast<size_t>(actor)];
}
std::string_view name_of(TimeStatus time) {
  return time_names[static_cast<size_t>(time)];
}

std::optional<AuditEvent> event_from_name(std::string_view name) {
  for (const EventRule& rule : event_rules) {
    if (rule.name == name) return rule.event;
  }
  return std::nullopt;
}
std::optional<AuditOutcome> outcome_from_name(std::string_view name) {
  return enum_from_name<AuditOutcome>(outcome_names, name);
}
std::optional<ActorType> actor_type_from_name(std::string_view name) {
  return enum_from_name<ActorType>(actor_names, name);
}
std::optional<TimeStatus> time_status_from_name(std::string_view name) {
  return enum_from_name<TimeStatus>(time_names, name);
}

bool is_basis(std::string_view name) {
  return std::ranges::find(bases, name) != std::end(bases);
}

std::string_view name_of(DetailField field) {
  return field_rules[static_cast<size_t>(field) - 1].name;
}
DetailType type_of(DetailField field) {
  return field_rules[static_cast<size_t>(field) - 1].type;
}
std::optional<DetailField> detail_field_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(field_rules); ++i) {
    if (field_rules[i].name == name) return static_cast<DetailField>(i + 1);
  }
  return std::nullopt;
}

}  // namespace tijori
