#include "audit/programs/forms.h"

#include <algorithm>

#include "audit/proof/checkpoint.h"
#include "base/memory.h"

namespace tijori {

namespace {

std::unexpected<Error> bad(std::string_view field, std::string_view why) {
  return fail(ErrorCode::invalid_argument, std::string(field) + ": " + std::string(why));
}

Result<Bytes> bytes_of(std::string_view field, std::string_view text) {
  Result<Bytes> bytes = from_hex(text);
  if (!bytes) return bad(field, "expected hex digits");
  return bytes;
}

template <size_t N>
Result<FieldValue> fixed_of(std::string_view field, std::string_view text) {
  TRY_ASSIGN(const Bytes bytes, bytes_of(field, text));
  std::array<uint8_t, N> fixed;
  if (bytes.size() != N) return bad(field, "expected " + std::to_string(2 * N) + " hex digits");
  std::ranges::copy(bytes, fixed.begin());
  return FieldValue(fixed);
}

uint64_t count_of(int64_t value) {
  return value < 0 ? UINT64_MAX : static_cast<uint64_t>(value);  // what is out of range is refused with the record
}

RecordedDecisions recorded(const std::vector<AuditDecision>& forms) {
  RecordedDecisions decisions;
  for (const AuditDecision& form : forms)
    decisions.push_back({form.rule, form.label, form.action, count_of(form.part), count_of(form.begin),
                         count_of(form.end), count_of(form.score)});
  return decisions;
}

Result<FieldValue> field_of(std::string_view place, DetailField field, const DetailValue& value) {
  const DetailType type = type_of(field);
  if (const bool* flag = std::get_if<bool>(&value); flag != nullptr && type == DetailType::boolean)
    return FieldValue(*flag);
  const auto* number = std::get_if<int64_t>(&value);
  if (number != nullptr && (type == DetailType::integer || type == DetailType::unsigned_integer)) {
    return FieldValue(*number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (type == DetailType::token) return FieldValue(*text);
    if (type == DetailType::id) return fixed_of<sizeof(Id)>(place, *text);
    if (type == DetailType::digest) return fixed_of<digest_bytes>(place, *text);
  }
  const auto* decisions = std::get_if<std::vector<AuditDecision>>(&value);
  if (decisions != nullptr && type == DetailType::decision_list) return FieldValue(recorded(*decisions));
  return bad(place, "wrong type");
}

Result<RecordDraft> draft_of(const AuditDraft& form) {
  RecordDraft draft;
  const std::optional<AuditEvent> event = event_from_name(form.event);
  if (!event) return bad("event", "not in the closed list");
  draft.event = *event;
  const std::optional<AuditOutcome> outcome = outcome_from_name(form.outcome);
  if (!outcome) return bad("outcome", "not in the closed list");
  draft.outcome = *outcome;
  const std::optional<ActorType> actor_type =
      actor_type_from_name(form.actor_type.empty() ? "system" : form.actor_type);
  if (!actor_type) return bad("actor_type", "not in the closed list");
  draft.actor_type = *actor_type;
  TRY_ASSIGN(draft.actor, bytes_of("actor", form.actor));
  TRY_ASSIGN(draft.auth, bytes_of("auth", form.auth));
  draft.peer_uid = form.peer_uid;
  TRY_ASSIGN(draft.object, bytes_of("object", form.object));
  // Whatever isn't a token can't be a registered purpose.
  draft.purpose = form.purpose;
  draft.basis = form.basis;
  TRY_ASSIGN(draft.request_id, bytes_of("request_id", form.request_id));
  if (form.approvals < 0) return bad("approvals", "negative");
  draft.approvals = static_cast<uint64_t>(form.approvals);
  for (const auto& [name, value] : form.detail.fields()) {
    const std::string place = "detail." + name;
    const std::optional<DetailField> field = detail_field_from_name(name);
    if (!field) return bad(place, "not in the closed list");
    TRY_ASSIGN(FieldValue typed, field_of(place, *field, value));
    draft.detail.insert_or_assign(*field, std::move(typed));
  }
  return draft;
}

std::vector<AuditDecision> forms_of(const RecordedDecisions& decisions) {
  std::vector<AuditDecision> forms;
  for (const RecordedDecision& decision : decisions)
    forms.push_back({decision.rule, decision.label, decision.action, static_cast<int64_t>(decision.part),
                     static_cast<int64_t>(decision.begin), static_cast<int64_t>(decision.end),
                     static_cast<int64_t>(decision.score_per_mille)});
  return forms;
}

DetailValue value_of(const FieldValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* id = std::get_if<Id>(&value)) return to_hex(*id);
  if (const auto* digest = std::get_if<Digest>(&value)) return to_hex(*digest);
  if (const auto* decisions = std::get_if<RecordedDecisions>(&value)) return forms_of(*decisions);
  return std::get<std::string>(value);
}

// What a list and a count have in common.
template <class Request>
Result<RecordFilter> shared_filter_of(const Request& request) {
  RecordFilter filter;
  filter.since_us = request.since_us;
  filter.until_us = request.until_us;
  if (!request.event.empty()) {
    filter.event = event_from_name(request.event);
    if (!filter.event) return bad("event", "not in the closed list");
  }
  if (!request.outcome.empty()) {
    filter.outcome = outcome_from_name(request.outcome);
    if (!filter.outcome) return bad("outcome", "not in the closed list");
  }
  if (!request.actor.empty()) {
    TRY_ASSIGN(filter.actor, bytes_of("actor", request.actor));
  }
  if (!request.request_id.empty()) {
    TRY_ASSIGN(filter.request_id, bytes_of("request_id", request.request_id));
  }
  return filter;
}

}  // namespace

Result<AppendBatch> batch_of(const AppendRequest& request) {
  if (request.records.empty() || request.records.size() > max_drafts_per_append) {
    return bad("records", "expected 1 to " + std::to_string(max_drafts_per_append));
  }
  AppendBatch batch;
  for (size_t i = 0; i < request.records.size(); ++i) {
    Result<RecordDraft> draft = draft_of(request.records[i]);
    if (!draft) return fail(draft.error().in("records[" + std::to_string(i) + "]"));
    batch.drafts.push_back(std::move(*draft));
    batch.subject_texts.push_back(request.records[i].subject);
  }
  return batch;
}

Result<RecordFilter> filter_of(const ListRequest& request) {
  if (request.limit < 1 || request.limit > max_records_per_list) {
    return bad("limit", "expected 1 to " + std::to_string(max_records_per_list));
  }
  TRY_ASSIGN(RecordFilter filter, shared_filter_of(request));
  if (request.before_seq) filter.before_seq = static_cast<uint64_t>(std::max<int64_t>(*request.before_seq, 0));
  return filter;
}

Result<RecordFilter> filter_of(const CountRequest& request) {
  if (request.bucket_us != 0 && request.bucket_us < min_count_bucket_us) {
    return bad("bucket_us", "expected 0 or at least " + std::to_string(min_count_bucket_us));
  }
  if (request.since_us.value_or(0) < 0) return bad("since_us", "negative");
  return shared_filter_of(request);
}

AppendedReply reply_of(const Id& log_id, const std::vector<AppendReceipt>& receipts) {
  AppendedReply reply{to_hex(log_id), {}};
  for (const AppendReceipt& receipt : receipts) {
    reply.records.push_back({static_cast<int64_t>(receipt.seq), to_hex(receipt.leaf)});
  }
  return reply;
}

AuditRecord form_of(const ReadRecord& read) {
  const Record& record = read.record;
  AuditRecord form;
  form.seq = static_cast<int64_t>(record.seq);
  form.event = name_of(record.event);
  form.outcome = name_of(record.outcome);
  form.time_us = record.time_us;
  form.boot_time_us = static_cast<int64_t>(record.boot_time_us);
  form.boot_id = to_hex(record.boot_id);
  form.time_status = name_of(record.time_status);
  form.segment = static_cast<int64_t>(record.segment);
  form.actor_type = name_of(record.actor_type);
  form.actor = to_hex(record.actor);
  form.auth = to_hex(record.auth);
  form.peer_uid = record.peer_uid;
  form.object = to_hex(record.object);
  form.purpose = record.purpose;
  form.basis = record.basis;
  for (const Id& subject : record.subjects) form.subjects.push_back(to_hex(subject));
  form.request_id = to_hex(record.request_id);
  form.approvals = static_cast<int64_t>(record.approvals);
  for (const auto& [field, value] : record.detail) form.detail.set(std::string(name_of(field)), value_of(value));
  form.leaf = to_hex(read.leaf);
  form.chain = to_hex(read.chain);
  form.core = to_hex(read.core);
  return form;
}

AuditProof form_of(const InclusionProof& proof) {
  AuditProof form;
  form.seq = static_cast<int64_t>(proof.seq);
  form.leaf = to_hex(proof.leaf);
  form.size = static_cast<int64_t>(proof.size);
  form.root = to_hex(proof.root);
  for (const Digest& hash : proof.path) form.path.push_back(to_hex(hash));
  form.note = proof.note;
  return form;
}

ConsistencyProof form_of(const ConsistencyOfHeads& heads) {
  ConsistencyProof form;
  form.old_size = static_cast<int64_t>(heads.old_size);
  form.old_root = to_hex(heads.old_root);
  form.size = static_cast<int64_t>(heads.size);
  form.root = to_hex(heads.root);
  for (const Digest& hash : heads.path) form.path.push_back(to_hex(hash));
  form.note = heads.note;
  return form;
}

AuditCounts form_of(const RecordCounts& counts) {
  AuditCounts form;
  form.records = static_cast<int64_t>(counts.records);
  form.matching = static_cast<int64_t>(counts.matching);
  form.first_us = counts.first_us;
  form.last_us = counts.last_us;
  for (const TimeBucket& bucket : counts.buckets) {
    form.buckets.push_back(
        {bucket.start_us, static_cast<int64_t>(bucket.records), static_cast<int64_t>(bucket.turned_away)});
  }
  return form;
}

AuditVerdict form_of(const VerifyReport& report) {
  AuditVerdict form;
  form.verdict = name_of(report.verdict);
  form.message = report.message;
  form.records = static_cast<int64_t>(report.records);
  form.verified_up_to = report.verified_up_to;
  form.tail_records = static_cast<int64_t>(report.tail_records);
  form.tail_age_us = report.tail_age_us;
  form.first_bad_seq = report.first_bad_seq;
  form.last_bad_seq = report.last_bad_seq;
  for (const Anomaly& anomaly : report.anomalies) form.anomalies.push_back(anomaly.kind + ": " + anomaly.message);
  return form;
}

AuditStatusReply form_of(const LogStatus& status, const VerificationState& verifications,
                         const std::vector<KeySource>& keys) {
  AuditStatusReply form;
  form.state = name_of(status.state);
  form.reason = status.reason;
  form.log_id = to_hex(status.log_id);
  form.records = static_cast<int64_t>(status.records);
  form.segment = static_cast<int64_t>(status.segment);
  form.head = to_hex(status.head);
  form.last_checkpoint_size = static_cast<int64_t>(status.last_checkpoint_size);
  form.last_checkpoint_us = status.last_checkpoint_us;
  form.last_checkpoint = status.last_checkpoint;
  form.free_bytes = static_cast<int64_t>(std::min<uint64_t>(status.free_bytes, INT64_MAX));
  form.unfinished = static_cast<int64_t>(status.unfinished);
  form.verifying_done = verifications.running == 0 ? -1 : static_cast<int64_t>(verifications.done);
  form.verifying_total = static_cast<int64_t>(verifications.total);
  form.verified = verifications.verdict;
  form.verified_up_to = verifications.verified_up_to;
  form.verified_us = verifications.ended_us;
  form.resident_bytes = own_resident_bytes();
  for (const KeySource& key : keys) form.keys.push_back({key.name, key.from, key.sealed_to});
  return form;
}

AuditKeys keys_of(const LogStatus& status) {
  return {to_hex(status.log_id), checkpoint_origin(status.log_id), status.key.text(), status.key.fingerprint()};
}

}  // namespace tijori
