// One record of the audit log in words: who, what, when, what the guardrails decided, each field by its name.
#pragma once

#include <QString>
#include <vector>

#include "admin-ui/models/audit_names.h"
#include "admin-ui/models/cell.h"
#include "protocol/audit_messages.h"

namespace tijori {

struct DetailLine {
  enum class Form : uint8_t { plain, mono } form = Form::plain;
  QString name;
  QString value;
  bool is_looked_up = false;  // a name from the register: the record holds its id or digest
};

struct DecodedRecord {
  std::vector<DetailLine> facts;
  std::vector<DetailLine> details;  // of its event
  std::vector<AuditDecision> decisions;
};

DecodedRecord decode_record(const AuditRecord& record, const AuditNames& names);

// For the cells of the list.
QString actor_text(const AuditRecord& record, const AuditNames& names);
QString object_text(const AuditRecord& record, const AuditNames& names);
QString took_text(const AuditRecord& record);
BadgeText outcome_badge(const std::string& outcome);
// Of the daemon, at most a line's worth of it.
QString shown(const std::string& text);
// All of a digest, in groups of four.
QString grouped_digest(const std::string& hex);

}  // namespace tijori
