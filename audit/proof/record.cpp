#include "audit/proof/record.h"

#include <algorithm>

#include "audit/proof/cbor.h"

namespace tijori {

namespace {

constexpr uint64_t core_fields = 26;
constexpr uint64_t decision_fields = 7;
constexpr uint64_t per_mille = 1000;
constexpr std::string_view no_payload = "none";
constexpr std::string_view no_mac = "none";

std::unexpected<Error> bad(std::string_view field, std::string_view why) {
  return fail(ErrorCode::invalid_argument, std::string(field) + ": " + std::string(why));
}

Status check_size(std::string_view field, const Bytes& bytes, std::initializer_list<size_t> sizes) {
  if (bytes.empty() || std::ranges::find(sizes, bytes.size()) != sizes.end()) return {};
  return bad(field, std::to_string(bytes.size()) + " bytes is not a length it can have");
}

bool is_valid(const RecordedDecision& decision) {
  return is_token(decision.rule) && is_token(decision.label) && is_token(decision.action) &&
         decision.part <= INT64_MAX && decision.begin <= decision.end && decision.end <= INT64_MAX &&
         decision.score_per_mille <= per_mille;
}

bool are_valid(const RecordedDecisions& decisions) {
  return !decisions.empty() && decisions.size() <= max_recorded_decisions && std::ranges::all_of(decisions, is_valid);
}

bool has_type(const FieldValue& value, DetailType type) {
  switch (type) {
    case DetailType::unsigned_integer:
      return std::holds_alternative<int64_t>(value) && std::get<int64_t>(value) >= 0;
    case DetailType::integer:
      return std::holds_alternative<int64_t>(value);
    case DetailType::boolean:
      return std::holds_alternative<bool>(value);
    case DetailType::token:
      return std::holds_alternative<std::string>(value) && is_token(std::get<std::string>(value));
    case DetailType::id:
      return std::holds_alternative<Id>(value);
    case DetailType::digest:
      return std::holds_alternative<Digest>(value);
    case DetailType::decision_list:
      return std::holds_alternative<RecordedDecisions>(value) && are_valid(std::get<RecordedDecisions>(value));
  }
  return false;
}

Status check_detail(const RecordDraft& draft, const EventRule& rule) {
  const auto lists = [](std::span<const DetailField> fields, DetailField field) {
    return std::ranges::find(fields, field) != fields.end();
  };
  for (const auto& [field, value] : draft.detail) {
    const std::string place = "detail." + std::string(name_of(field));
    if (!lists(rule.required, field) && !lists(rule.optional, field)) {
      return bad(place, "not a field of " + std::string(rule.name));
    }
    if (!has_type(value, type_of(field))) return bad(place, "wrong type or not a token");
  }
  for (const DetailField field : rule.required) {
    if (!draft.detail.contains(field)) return bad("detail." + std::string(name_of(field)), "missing");
  }
  if (draft.event == AuditEvent::inference_released && draft.outcome != AuditOutcome::answered &&
      !draft.detail.contains(DetailField::code)) {
    return bad("detail.code", "missing, needed unless answered");
  }
  return {};
}

Status check_decided(const RecordDraft& draft) {
  if (draft.object.size() != digest_bytes) return bad("object", "expected the policy's digest");
  const auto number = [&](DetailField field) {
    const auto found = draft.detail.find(field);
    return found == draft.detail.end() ? uint64_t{0} : static_cast<uint64_t>(std::get<int64_t>(found->second));
  };
  const uint64_t here = std::get<RecordedDecisions>(draft.detail.at(DetailField::decisions)).size();
  const uint64_t count = number(DetailField::count);
  const uint64_t first = number(DetailField::first);
  if (first > count || here > count - first) return bad("detail.count", "fewer than the record has");
  return {};
}

void write_decisions(CborWriter& out, const RecordedDecisions& decisions) {
  out.array(decisions.size());
  for (const RecordedDecision& decision : decisions) {
    out.array(decision_fields);
    out.token(decision.rule);
    out.token(decision.label);
    out.token(decision.action);
    for (const uint64_t value : {decision.part, decision.begin, decision.end, decision.score_per_mille})
      out.integer(static_cast<int64_t>(value));
  }
}

Result<RecordedDecisions> read_decisions(CborReader& in) {
  constexpr std::string_view what = "decisions";
  TRY_ASSIGN(const uint64_t count, in.array(what, max_recorded_decisions));
  RecordedDecisions decisions(static_cast<size_t>(count));
  for (RecordedDecision& decision : decisions) {
    TRY_ASSIGN(const uint64_t fields, in.array(what, decision_fields));
    if (fields != decision_fields) return in.wrong(what, "not " + std::to_string(decision_fields) + " values");
    TRY_ASSIGN(decision.rule, in.token(what));
    TRY_ASSIGN(decision.label, in.token(what));
    TRY_ASSIGN(decision.action, in.token(what));
    TRY_ASSIGN(decision.part, in.unsigned_integer(what));
    TRY_ASSIGN(decision.begin, in.unsigned_integer(what));
    TRY_ASSIGN(decision.end, in.unsigned_integer(what));
    TRY_ASSIGN(decision.score_per_mille, in.unsigned_integer(what));
  }
  return decisions;
}

void write_detail(CborWriter& out, const Detail& detail) {
  out.map(detail.size());
  for (const auto& [field, value] : detail) {
    out.key(static_cast<uint64_t>(field));
    switch (type_of(field)) {
      case DetailType::unsigned_integer:
      case DetailType::integer:
        out.integer(std::get<int64_t>(value));
        break;
      case DetailType::boolean:
        out.boolean(std::get<bool>(value));
        break;
      case DetailType::token:
        out.token(std::get<std::string>(value));
        break;
      case DetailType::id:
        out.bytes(std::get<Id>(value));
        break;
      case DetailType::digest:
        out.bytes(std::get<Digest>(value));
        break;
      case DetailType::decision_list:
        write_decisions(out, std::get<RecordedDecisions>(value));
        break;
    }
  }
}

Result<FieldValue> read_detail_value(CborReader& in, DetailField field) {
  const std::string_view name = name_of(field);
  switch (type_of(field)) {
    case DetailType::unsigned_integer: {
      TRY_ASSIGN(const uint64_t value, in.unsigned_integer(name));
      return FieldValue(static_cast<int64_t>(value));
    }
    case DetailType::integer: {
      TRY_ASSIGN(const int64_t value, in.integer(name));
      return FieldValue(value);
    }
    case DetailType::boolean: {
      TRY_ASSIGN(const bool value, in.boolean(name));
      return FieldValue(value);
    }
    case DetailType::token: {
      TRY_ASSIGN(std::string value, in.token(name));
      return FieldValue(std::move(value));
    }
    case DetailType::id: {
      TRY_ASSIGN(const Id value, in.fixed_bytes<16>(name));
      return FieldValue(value);
    }
    case DetailType::digest: {
      TRY_ASSIGN(const Digest value, in.fixed_bytes<32>(name));
      return FieldValue(value);
    }
    case DetailType::decision_list: {
      TRY_ASSIGN(RecordedDecisions value, read_decisions(in));
      return FieldValue(std::move(value));
    }
  }
  return fail(ErrorCode::internal, "detail: no such type");
}

Result<Detail> read_detail(CborReader& in) {
  TRY_ASSIGN(const uint64_t count, in.map("detail", last_detail_field));
  Detail detail;
  int64_t before = 0;
  for (uint64_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const uint64_t key, in.key_after(before, "detail"));
    if (key > last_detail_field) return in.wrong("detail", "no field has key " + std::to_string(key));
    before = static_cast<int64_t>(key);
    const auto field = static_cast<DetailField>(key);
    TRY_ASSIGN(FieldValue value, read_detail_value(in, field));
    detail.emplace(field, std::move(value));
  }
  return detail;
}

template <class Enum>
Result<Enum> read_name(CborReader& in, std::string_view what, std::optional<Enum> (*from_name)(std::string_view)) {
  TRY_ASSIGN(const std::string name, in.token(what));
  const std::optional<Enum> value = from_name(name);
  if (!value) return in.wrong(what, "not in the closed list");
  return *value;
}

// A field that version 1 fixes to one value.
Status read_fixed_token(CborReader& in, std::string_view what, std::string_view expected) {
  TRY_ASSIGN(const std::string found, in.token(what));
  if (found != expected) return in.wrong(what, "version 1 knows no other than " + std::string(expected));
  return {};
}

}  // namespace

Status check_draft(const RecordDraft& draft) {
  const EventRule& rule = rule_of(draft.event);
  if (std::ranges::find(rule.outcomes, draft.outcome) == rule.outcomes.end()) {
    return bad("outcome", std::string(name_of(draft.outcome)) + " is not an outcome of " + std::string(rule.name));
  }
  TRY(check_size("actor", draft.actor, {16}));
  TRY(check_size("auth", draft.auth, {32}));
  TRY(check_size("object", draft.object, {16, 32}));
  TRY(check_size("request_id", draft.request_id, {16}));
  const bool is_of_a_request = draft.event == AuditEvent::inference_received ||
                               draft.event == AuditEvent::inference_released ||
                               draft.event == AuditEvent::guardrail_decided;
  if (is_of_a_request && draft.request_id.empty()) return bad("request_id", "missing");
  if (draft.peer_uid < -1) return bad("peer_uid", "below -1");
  if (!draft.purpose.empty() && !is_token(draft.purpose)) return bad("purpose", "not a token");
  if (!is_basis(draft.basis)) return bad("basis", "not in the closed list");
  if (draft.subjects.size() > max_subjects) return bad("subjects", "more than " + std::to_string(max_subjects));
  for (size_t i = 1; i < draft.subjects.size(); ++i) {
    if (!(draft.subjects[i - 1] < draft.subjects[i])) return bad("subjects", "not ascending");
  }
  if (draft.approvals > INT64_MAX) return bad("approvals", "too large");
  TRY(check_detail(draft, rule));
  return draft.event == AuditEvent::guardrail_decided ? check_decided(draft) : Status();
}

Result<Bytes> encode_core(const Record& record) {
  TRY(check_draft(record));
  if (record.seq > INT64_MAX || record.segment > INT64_MAX || record.boot_time_us > INT64_MAX) {
    return bad("seq, segment or boot_time_us", "too large");
  }
  CborWriter out;
  out.map(core_fields);
  out.key(1), out.integer(record_version);
  out.key(2), out.bytes(record.log_id);
  out.key(3), out.integer(static_cast<int64_t>(record.seq));
  out.key(4), out.integer(static_cast<int64_t>(record.segment));
  out.key(5), out.bytes(record.boot_id);
  out.key(6), out.integer(record.time_us);
  out.key(7), out.integer(static_cast<int64_t>(record.boot_time_us));
  out.key(8), out.token(name_of(record.time_status));
  out.key(9), out.token(name_of(record.event));
  out.key(10), out.token(name_of(record.outcome));
  out.key(11), out.token(name_of(record.actor_type));
  out.key(12), out.bytes(record.actor);
  out.key(13), out.bytes(record.auth);
  out.key(14), out.integer(record.peer_uid);
  out.key(15), out.bytes(record.object);
  out.key(16), out.token(record.purpose);
  out.key(17), out.token(record.basis);
  out.key(18), out.array(record.subjects.size());
  for (const Id& subject : record.subjects) out.bytes(subject);
  out.key(19), out.bytes(record.request_id);
  out.key(20), out.integer(static_cast<int64_t>(record.approvals));
  out.key(21), write_detail(out, record.detail);
  out.key(22), out.token(no_payload);
  out.key(23), out.bytes({});
  out.key(24), out.bytes({});
  out.key(25), out.token(no_mac);
  out.key(26), out.integer(0);
  Bytes core = out.take();
  if (core.size() > max_core_bytes) return bad("record", "longer than " + std::to_string(max_core_bytes) + " bytes");
  return core;
}

Result<Record> decode_core(ByteView core) {
  if (core.size() > max_core_bytes) {
    return fail(ErrorCode::malformed, "core: longer than " + std::to_string(max_core_bytes) + " bytes");
  }
  CborReader in(core);
  TRY_ASSIGN(const uint64_t count, in.map("record", UINT64_MAX));
  TRY(in.expect_key(1, "v"));
  TRY_ASSIGN(const uint64_t version, in.unsigned_integer("v"));
  if (version != record_version) {
    return fail(
        version > record_version ? ErrorCode::unsupported : ErrorCode::malformed,
        "v: record version " + std::to_string(version) + ", this program knows " + std::to_string(record_version));
  }
  if (count != core_fields) return in.wrong("record", "not " + std::to_string(core_fields) + " fields");

  Record record;
  TRY(in.expect_key(2, "log_id"));
  TRY_ASSIGN(record.log_id, in.fixed_bytes<16>("log_id"));
  TRY(in.expect_key(3, "seq"));
  TRY_ASSIGN(record.seq, in.unsigned_integer("seq"));
  TRY(in.expect_key(4, "segment"));
  TRY_ASSIGN(record.segment, in.unsigned_integer("segment"));
  TRY(in.expect_key(5, "boot_id"));
  TRY_ASSIGN(record.boot_id, in.fixed_bytes<16>("boot_id"));
  TRY(in.expect_key(6, "time_us"));
  TRY_ASSIGN(record.time_us, in.integer("time_us"));
  TRY(in.expect_key(7, "boot_time_us"));
  TRY_ASSIGN(record.boot_time_us, in.unsigned_integer("boot_time_us"));
  TRY(in.expect_key(8, "time_status"));
  TRY_ASSIGN(record.time_status, read_name<TimeStatus>(in, "time_status", time_status_from_name));
  TRY(in.expect_key(9, "event"));
  TRY_ASSIGN(record.event, read_name<AuditEvent>(in, "event", event_from_name));
  TRY(in.expect_key(10, "outcome"));
  TRY_ASSIGN(record.outcome, read_name<AuditOutcome>(in, "outcome", outcome_from_name));
  TRY(in.expect_key(11, "actor_type"));
  TRY_ASSIGN(record.actor_type, read_name<ActorType>(in, "actor_type", actor_type_from_name));
  TRY(in.expect_key(12, "actor"));
  TRY_ASSIGN(record.actor, in.optional_bytes("actor", {16}));
  TRY(in.expect_key(13, "auth"));
  TRY_ASSIGN(record.auth, in.optional_bytes("auth", {32}));
  TRY(in.expect_key(14, "peer_uid"));
  TRY_ASSIGN(record.peer_uid, in.integer("peer_uid"));
  TRY(in.expect_key(15, "object"));
  TRY_ASSIGN(record.object, in.optional_bytes("object", {16, 32}));
  TRY(in.expect_key(16, "purpose"));
  TRY_ASSIGN(record.purpose, in.optional_token("purpose"));
  TRY(in.expect_key(17, "basis"));
  TRY_ASSIGN(record.basis, in.optional_token("basis"));
  TRY(in.expect_key(18, "subjects"));
  TRY_ASSIGN(const uint64_t subjects, in.array("subjects", max_subjects));
  for (uint64_t i = 0; i < subjects; ++i) {
    TRY_ASSIGN(const Id subject, in.fixed_bytes<16>("subjects"));
    record.subjects.push_back(subject);
  }
  TRY(in.expect_key(19, "request_id"));
  TRY_ASSIGN(record.request_id, in.optional_bytes("request_id", {16}));
  TRY(in.expect_key(20, "approvals"));
  TRY_ASSIGN(record.approvals, in.unsigned_integer("approvals"));
  TRY(in.expect_key(21, "detail"));
  TRY_ASSIGN(record.detail, read_detail(in));
  TRY(in.expect_key(22, "payload_kind"));
  TRY(read_fixed_token(in, "payload_kind", no_payload));
  TRY(in.expect_key(23, "payload_key"));
  TRY(in.optional_bytes("payload_key", {}));
  TRY(in.expect_key(24, "payload_commit"));
  TRY(in.optional_bytes("payload_commit", {}));
  TRY(in.expect_key(25, "mac_alg"));
  TRY(read_fixed_token(in, "mac_alg", no_mac));
  TRY(in.expect_key(26, "epoch"));
  TRY_ASSIGN(const uint64_t epoch, in.unsigned_integer("epoch"));
  if (epoch != 0) return in.wrong("epoch", "version 1 knows no other than 0");
  TRY(in.expect_end());
  if (const Status valid = check_draft(record); !valid) return fail(ErrorCode::malformed, valid.error().message);
  return record;
}

Id subject_reference(ByteView subject_key, std::string_view text) {
  const Digest mac = hmac_sha256(subject_key, {as_bytes("subject.v1"), as_bytes(text)});
  Id reference;
  std::copy_n(mac.begin(), reference.size(), reference.begin());
  return reference;
}

}  // namespace tijori
