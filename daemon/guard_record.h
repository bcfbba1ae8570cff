// What guardrails decided, as the audit log keeps it: event guardrail.decided of docs/audit-record.md.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/guardrails/decision.h"
#include "protocol/audit_messages.h"

namespace tijori {

// Of one stage of one request; the strongest, where there are more.
inline constexpr size_t max_recorded_decisions_per_stage = 256;

struct StageVerdict {
  Stage stage = Stage::request_text;
  bool is_blocked = false;  // the request or the answer ended here
  std::vector<Decision> decisions{};
  std::set<std::string> failed_open{};  // rules that let the text pass unjudged
};

// Appends as many records as it takes, none where nothing was decided. `draft` says whose request it is.
void add_guard_records(const StageVerdict& verdict, const std::string& policy_digest, const AuditDraft& draft,
                       std::vector<AuditDraft>& out);

}  // namespace tijori
