// The audit log that the daemon knows as its own, remembered in state.db: a folder that was emptied, replaced or set
// back must not pass for the log, or a client's receipts would point at nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/error.h"
#include "daemon/register.h"

namespace tijori {

// corrupted, saying what was expected, what was found and what to do, when it is another log or an older state of it;
// anything goes before the first record was acknowledged.
Status check_same_log(const RememberedLog& known, const RememberedLog& found);

class KnownLog {
 public:
  // Must not outlive the register.
  static Result<std::unique_ptr<KnownLog>> open(Register& state);

  RememberedLog known() const;
  // That record is on the disk: the log has at least so many from now on. Only in memory.
  void acknowledged(const std::string& log_id, int64_t seq);
  // Writes what is known to the disk if it has changed. To be called now and then: what was not saved when the daemon
  // dies only weakens the bound.
  Status save();

 private:
  KnownLog(Register& state, RememberedLog saved) : state_(state), known_(saved), saved_(std::move(saved)) {}

  Register& state_;
  std::mutex save_mutex_;
  mutable std::mutex mutex_;
  RememberedLog known_;  // guarded by mutex_
  RememberedLog saved_;  // guarded by save_mutex_
};

}  // namespace tijori
