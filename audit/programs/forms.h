// Between the JSON forms of the inner protocol and the audit's own types.
#pragma once

#include "audit/programs/verifications.h"
#include "audit/store/log_reader.h"
#include "audit/store/log_writer.h"
#include "base/error.h"
#include "base/key_source.h"
#include "protocol/audit_messages.h"

namespace tijori {

// All drafts of one append. invalid_argument naming record and field for what no draft can say.
Result<AppendBatch> batch_of(const AppendRequest& request);
Result<RecordFilter> filter_of(const ListRequest& request);
Result<RecordFilter> filter_of(const CountRequest& request);

AppendedReply reply_of(const Id& log_id, const std::vector<AppendReceipt>& receipts);
AuditRecord form_of(const ReadRecord& read);
AuditProof form_of(const InclusionProof& proof);
ConsistencyProof form_of(const ConsistencyOfHeads& heads);
AuditCounts form_of(const RecordCounts& counts);
AuditVerdict form_of(const VerifyReport& report);
AuditStatusReply form_of(const LogStatus& status, const VerificationState& verifications,
                         const std::vector<KeySource>& keys);
AuditKeys keys_of(const LogStatus& status);

}  // namespace tijori
