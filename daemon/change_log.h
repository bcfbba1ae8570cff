// How administrative changes come into the audit log. Thread-safe.
#pragma once

#include <string>

#include "daemon/audit_channel.h"
#include "daemon/identity.h"
#include "protocol/api_error.h"
#include "protocol/chat_request.h"

namespace tijori {

// A record of what this client does, its actor and credentials filled in.
AuditDraft draft_of(const Identity& client, std::string event, std::string outcome);

// Durable before the change is made; refuses when it can't be. `approvals`: persons the site asks for.
Refusable<void> record_change(AuditLog& audit, AuditDraft draft, int approvals);

// A change that was not made after all, or was refused; `code` is a token. Written as soon as the log takes it.
void record_refused(AuditLog& audit, AuditDraft draft, std::string code, int approvals);

}  // namespace tijori
