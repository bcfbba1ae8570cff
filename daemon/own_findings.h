// What the doctor finds from inside the daemon's sandbox, for its status: that is asked for once a second, so it looks
// at most every ten. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "doctor/machine.h"
#include "protocol/admin_types.h"

namespace tijori {

class OwnFindings {
 public:
  explicit OwnFindings(Machine machine) : machine_(std::move(machine)) {}

  // log_reached_us: a time that the audit log has seen; 0: not known.
  std::vector<Condition> latest(int64_t now_us, int64_t log_reached_us);

 private:
  std::mutex mutex_;
  Machine machine_;
  int64_t looked_boot_us_ = 0;  // guarded by mutex_, as the others
  std::vector<Condition> found_;
};

}  // namespace tijori
