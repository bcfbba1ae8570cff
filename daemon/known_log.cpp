#include "daemon/known_log.h"

#include <algorithm>

namespace tijori {

Status check_same_log(const RememberedLog& known, const RememberedLog& found) {
  const bool same_log = known.log_id == found.log_id;
  if (known.log_id.empty() || (same_log && found.records >= known.records)) return {};
  const std::string records = std::to_string(found.records);
  return fail(ErrorCode::corrupted,
              "expected log " + known.log_id + " with " + std::to_string(known.records) + " records or more, found " +
                  (same_log ? "only " + records + " of its records" : "log " + found.log_id + " with " + records) +
                  "; put the audit folder back and restart, or, if it is lost for good, stop the daemon and run "
                  "tijorid accept-log as root, which is recorded");
}

Result<std::unique_ptr<KnownLog>> KnownLog::open(Register& state) {
  TRY_ASSIGN(RememberedLog saved, state.remembered_log());
  return std::unique_ptr<KnownLog>(new KnownLog(state, std::move(saved)));
}

RememberedLog KnownLog::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

void KnownLog::acknowledged(const std::string& log_id, int64_t seq) {
  const std::lock_guard lock(mutex_);
  if (known_.log_id.empty()) known_.log_id = log_id;
  if (known_.log_id == log_id) known_.records = std::max(known_.records, seq + 1);
}

Status KnownLog::save() {
  const std::lock_guard one_at_a_time(save_mutex_);
  RememberedLog now = known();
  if (now == saved_) return {};
  TRY(state_.remember_log(now));
  saved_ = std::move(now);
  return {};
}

}  // namespace tijori
