#include "protocol/audit_messages.h"

#include "protocol/audit_forms.h"

namespace tijori {

void AuditDetail::set(std::string name, DetailValue value) {
  for (auto& [earlier, old] : fields_) {
    if (earlier != name) continue;
    old = std::move(value);
    return;
  }
  fields_.emplace_back(std::move(name), std::move(value));
}

const DetailValue* AuditDetail::find(std::string_view name) const {
  for (const auto& [known, value] : fields_)
    if (known == name) return &value;
  return nullptr;
}

template <class Form>
void describe(Form& form, Is<AuditDraft> auto& draft) {
  form.required("event", draft.event);
  form.required("outcome", draft.outcome);
  form.optional("actor_type", draft.actor_type);
  form.optional("actor", draft.actor);
  form.optional("auth", draft.auth);
  form.optional("peer_uid", draft.peer_uid);
  form.optional("object", draft.object);
  form.optional("purpose", draft.purpose);
  form.optional("basis", draft.basis);
  form.optional("subject", draft.subject);
  form.optional("request_id", draft.request_id);
  form.optional("approvals", draft.approvals);
  form.optional("detail", draft.detail);
}

template <class Form>
void describe(Form& form, Is<AppendRequest> auto& request) {
  form.required("records", request.records);
}

template <class Form>
void describe(Form& form, Is<AppendedRecord> auto& record) {
  form.required("seq", record.seq);
  form.required("leaf", record.leaf);
}

template <class Form>
void describe(Form& form, Is<AppendedReply> auto& reply) {
  form.required("log_id", reply.log_id);
  form.required("records", reply.records);
}

template <class Form>
void describe(Form& form, Is<ListRequest> auto& request) {
  form.required("limit", request.limit);
  form.optional("before_seq", request.before_seq);
  form.optional("since_us", request.since_us);
  form.optional("until_us", request.until_us);
  form.optional("event", request.event);
  form.optional("outcome", request.outcome);
  form.optional("actor", request.actor);
  form.optional("request_id", request.request_id);
}

template <class Form>
void describe(Form& form, Is<AuditRecords> auto& reply) {
  form.required("records", reply.records);
}

template <class Form>
void describe(Form& form, Is<SeqRequest> auto& request) {
  form.required("seq", request.seq);
}

template <class Form>
void describe(Form& form, Is<CountRequest> auto& request) {
  form.optional("since_us", request.since_us);
  form.optional("until_us", request.until_us);
  form.optional("event", request.event);
  form.optional("outcome", request.outcome);
  form.optional("actor", request.actor);
  form.optional("request_id", request.request_id);
  form.required("bucket_us", request.bucket_us);
}

template <class Form>
void describe(Form& form, Is<AuditCountBucket> auto& bucket) {
  form.required("start_us", bucket.start_us);
  form.required("records", bucket.records);
  form.required("turned_away", bucket.turned_away);
}

template <class Form>
void describe(Form& form, Is<AuditCounts> auto& counts) {
  form.required("records", counts.records);
  form.required("matching", counts.matching);
  form.required("first_us", counts.first_us);
  form.required("last_us", counts.last_us);
  form.required("buckets", counts.buckets);
}

template <class Form>
void describe(Form& form, Is<AuditProof> auto& proof) {
  form.required("seq", proof.seq);
  form.required("leaf", proof.leaf);
  form.required("size", proof.size);
  form.required("root", proof.root);
  form.required("path", proof.path);
  form.required("note", proof.note);
}

template <class Form>
void describe(Form& form, Is<ExportRequest> auto& request) {
  form.optional("first_seq", request.first_seq);
  form.optional("last_seq", request.last_seq);
  form.required("credit", request.credit);
}

template <class Form>
void describe(Form& form, Is<ExportedReply> auto& reply) {
  form.required("bytes", reply.bytes);
  form.required("sha256", reply.sha256);
  form.required("first_seq", reply.first_seq);
  form.required("last_seq", reply.last_seq);
}

template <class Form>
void describe(Form& form, Is<AuditVerdict> auto& verdict) {
  form.required("verdict", verdict.verdict);
  form.required("message", verdict.message);
  form.required("records", verdict.records);
  form.required("verified_up_to", verdict.verified_up_to);
  form.required("tail_records", verdict.tail_records);
  form.required("tail_age_us", verdict.tail_age_us);
  form.required("first_bad_seq", verdict.first_bad_seq);
  form.required("last_bad_seq", verdict.last_bad_seq);
  form.required("anomalies", verdict.anomalies);
}

template <class Form>
void describe(Form& form, Is<ConsistencyRequest> auto& request) {
  form.required("old_size", request.old_size);
  form.required("size", request.size);
}

template <class Form>
void describe(Form& form, Is<ConsistencyProof> auto& proof) {
  form.required("old_size", proof.old_size);
  form.required("old_root", proof.old_root);
  form.required("size", proof.size);
  form.required("root", proof.root);
  form.required("path", proof.path);
  form.required("note", proof.note);
}

template <class Form>
void describe(Form& form, Is<AuditComparison> auto& comparison) {
  form.required("verdict", comparison.verdict);
  form.required("message", comparison.message);
  form.required("old_size", comparison.old_size);
  form.required("size", comparison.size);
}

template <class Form>
void describe(Form& form, Is<CheckpointReply> auto& reply) {
  form.required("note", reply.note);
}

template <class Form>
void describe(Form& form, Is<AuditKeys> auto& keys) {
  form.required("log_id", keys.log_id);
  form.required("origin", keys.origin);
  form.required("verifier_key", keys.verifier_key);
  form.required("fingerprint", keys.fingerprint);
}

TIJORI_JSON_FORM(AppendRequest)
TIJORI_JSON_FORM(AppendedReply)
TIJORI_JSON_FORM(ListRequest)
TIJORI_JSON_FORM(AuditRecord)
TIJORI_JSON_FORM(AuditRecords)
TIJORI_JSON_FORM(CountRequest)
TIJORI_JSON_FORM(AuditCounts)
TIJORI_JSON_FORM(SeqRequest)
TIJORI_JSON_FORM(AuditProof)
TIJORI_JSON_FORM(ExportRequest)
TIJORI_JSON_FORM(ExportedReply)
TIJORI_JSON_FORM(AuditVerdict)
TIJORI_JSON_FORM(ConsistencyRequest)
TIJORI_JSON_FORM(ConsistencyProof)
TIJORI_JSON_FORM(AuditComparison)
TIJORI_JSON_FORM(CheckpointReply)
TIJORI_JSON_FORM(AuditKeys)
TIJORI_JSON_FORM(AuditStatusReply)

}  // namespace tijori
