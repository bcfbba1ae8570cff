#include "daemon/accept_log.h"

#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "daemon/audit_channel.h"
#include "daemon/child_process.h"
#include "daemon/daemon.h"
#include "daemon/known_log.h"
#include "daemon/register.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds connect_limit{15'000};
constexpr milliseconds stop_limit{15'000};
constexpr size_t log_id_digits = 32;

// A log at one moment, in the form of a digest: its id, then the number of its records as 16 bytes, big-endian. In hex.
std::string state_of(const RememberedLog& log) {
  uint8_t records[16] = {};
  for (size_t i = 0; i < 8; ++i) records[15 - i] = static_cast<uint8_t>(static_cast<uint64_t>(log.records) >> (8 * i));
  return log.log_id + to_hex(records);
}

Status accept(AuditChannel& audit, Register& state, uid_t asker) {
  TRY(audit.wait_until_available(connect_limit));
  TRY_ASSIGN(const RememberedLog known, state.remembered_log());
  TRY_ASSIGN(const AuditStatusReply status, audit.status());
  const RememberedLog found{status.log_id, status.records};
  if (check_same_log(known, found))
    return fail(ErrorCode::already_exists, "log " + found.log_id + " is the one that the daemon expects already");
  if (known.log_id.size() != log_id_digits || found.log_id.size() != log_id_digits)
    return fail(ErrorCode::malformed, "log ids are 32 hex digits; known: " + known.log_id + ", found: " + found.log_id);
  AuditDraft draft;
  draft.event = "admin.changed";
  draft.outcome = "ok";
  draft.actor_type = "system";
  draft.peer_uid = asker;
  draft.object = known.log_id;
  draft.detail.set("verb", "log-accept");
  draft.detail.set("before", state_of(known));
  draft.detail.set("after", state_of(found));
  TRY_ASSIGN(const Appended appended, audit.append(std::move(draft)));
  TRY(state.remember_log({appended.log_id, appended.entry.seq + 1}));
  log_warning(message::log_accepted, "log " + found.log_id + " is accepted in place of log " + known.log_id +
                                         ", of which " + std::to_string(known.records) + " records were acknowledged");
  return {};
}

}  // namespace

Status accept_log(const Places& places) {
  const uid_t asker = getuid();
  TRY(become_owner_of(places.state));
  TRY_ASSIGN(const UniqueFd lock, prepare_places(places, command_patience));
  TRY_ASSIGN(const auto state, Register::open(places.state / "state.db"));
  ChildProcess audit_process;
  AuditChannel audit(
      audit_socket(places), [&] { return ensure_audit_process(places, audit_process); }, std::nullopt, nullptr);
  Status accepted = accept(audit, *state, asker);
  audit.stop(milliseconds(0));
  audit_process.stop(stop_limit);
  return accepted;
}

}  // namespace tijori
