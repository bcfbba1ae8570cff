// Field lists of what both the inner protocol and the admin API carry. For the .cpp files of this folder.
#pragma once

#include "protocol/audit_messages.h"
#include "protocol/fields.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<AuditDecision> auto& decision) {
  form.required("rule", decision.rule);
  form.required("label", decision.label);
  form.required("action", decision.action);
  form.required("part", decision.part);
  form.required("begin", decision.begin);
  form.required("end", decision.end);
  form.required("score", decision.score);
}

inline void read_decisions(FormReader& form, const std::string& name, const JsonValue& value, const std::string& path,
                           AuditDetail& detail) {
  if (value.get_if<JsonArray>()->size() > max_decisions_per_record)
    return form.refuse_at(path, FieldFault::bad_value,
                          "more than " + std::to_string(max_decisions_per_record) + " decisions");
  std::vector<AuditDecision> decisions;
  form.read(value, path, decisions);
  detail.set(name, std::move(decisions));
}

inline void describe(FormReader& form, AuditDetail& detail) {
  form.read_members([&](const std::string& name, const JsonValue& value, const std::string& path) {
    if (detail.fields().size() >= max_detail_fields)
      return form.refuse_at(path, FieldFault::bad_value,
                            "more than " + std::to_string(max_detail_fields) + " fields in detail");
    if (const bool* flag = value.get_if<bool>())
      detail.set(name, *flag);
    else if (const int64_t* number = value.get_if<int64_t>())
      detail.set(name, *number);
    else if (const std::string* text = value.get_if<std::string>())
      detail.set(name, *text);
    else if (value.get_if<JsonArray>() != nullptr)
      read_decisions(form, name, value, path, detail);
    else
      form.refuse_at(path, FieldFault::wrong_type, "expected true or false, an integer, text or decisions");
  });
}

inline void describe(FormWriter& form, const AuditDetail& detail) {
  for (const auto& [name, value] : detail.fields())
    std::visit([&, &key = name](const auto& typed) { form.required(key, typed); }, value);
}

template <class Form>
void describe(Form& form, Is<AuditRecord> auto& record) {
  form.required("seq", record.seq);
  form.required("event", record.event);
  form.required("outcome", record.outcome);
  form.required("time_us", record.time_us);
  form.required("boot_time_us", record.boot_time_us);
  form.required("boot_id", record.boot_id);
  form.required("time_status", record.time_status);
  form.required("segment", record.segment);
  form.required("actor_type", record.actor_type);
  form.required("actor", record.actor);
  form.required("auth", record.auth);
  form.required("peer_uid", record.peer_uid);
  form.required("object", record.object);
  form.required("purpose", record.purpose);
  form.required("basis", record.basis);
  form.required("subjects", record.subjects);
  form.required("request_id", record.request_id);
  form.required("approvals", record.approvals);
  form.required("detail", record.detail);
  form.required("leaf", record.leaf);
  form.required("chain", record.chain);
  form.required("core", record.core);
}

template <class Form>
void describe(Form& form, Is<KeyOrigin> auto& key) {
  form.required("name", key.name);
  form.required("from", key.from);
  form.required("sealed_to", key.sealed_to);
}

template <class Form>
void describe(Form& form, Is<AuditStatusReply> auto& status) {
  form.required("state", status.state);
  form.required("reason", status.reason);
  form.required("log_id", status.log_id);
  form.required("records", status.records);
  form.required("segment", status.segment);
  form.required("head", status.head);
  form.required("last_checkpoint_size", status.last_checkpoint_size);
  form.required("last_checkpoint_us", status.last_checkpoint_us);
  form.required("last_checkpoint", status.last_checkpoint);
  form.required("free_bytes", status.free_bytes);
  form.required("unfinished", status.unfinished);
  form.required("verifying_done", status.verifying_done);
  form.required("verifying_total", status.verifying_total);
  form.required("verified", status.verified);
  form.required("verified_up_to", status.verified_up_to);
  form.required("verified_us", status.verified_us);
  form.required("resident_bytes", status.resident_bytes);
  form.optional("keys", status.keys);
}

}  // namespace tijori
