#include "daemon/change_log.h"

namespace tijori {
namespace {

constexpr int retry_s = 5;

}  // namespace

AuditDraft draft_of(const Identity& client, std::string event, std::string outcome) {
  AuditDraft draft;
  draft.event = std::move(event);
  draft.outcome = std::move(outcome);
  draft.actor_type = client.roles.has(Role::auditor) && draft.event == "log.read" ? "auditor" : "admin";
  draft.actor = client.client_id;
  draft.auth = client.certificate_sha256;
  draft.peer_uid = client.credentials.uid;
  return draft;
}

Refusable<void> record_change(AuditLog& audit, AuditDraft draft, int approvals) {
  draft.approvals = approvals;
  const auto appended = audit.append(std::move(draft));
  if (!appended)
    return std::unexpected(ApiError{503,
                                    "audit_unavailable",
                                    "The change can't be recorded now, so it isn't made: " + appended.error().message,
                                    "",
                                    retry_s,
                                    {}});
  return {};
}

void record_refused(AuditLog& audit, AuditDraft draft, std::string code, int approvals) {
  draft.outcome = "refused";
  draft.detail.set("code", std::move(code));
  draft.approvals = approvals;
  audit.append_later(std::move(draft));
}

}  // namespace tijori
