#include "daemon/own_findings.h"

#include "base/clock.h"
#include "doctor/examination.h"

namespace tijori {
namespace {

constexpr int64_t interval_us = 10'000'000;

}  // namespace

std::vector<Condition> OwnFindings::latest(int64_t now_us, int64_t log_reached_us) {
  const std::lock_guard lock(mutex_);
  // Not by the wall clock, which may be what is wrong.
  const int64_t boot_us = boot_clock_us();
  if (looked_boot_us_ != 0 && boot_us - looked_boot_us_ < interval_us) return found_;
  machine_.now_us = now_us;
  machine_.log_reached_us = log_reached_us;
  found_ = examine_from_inside(machine_);
  looked_boot_us_ = boot_us;
  return found_;
}

}  // namespace tijori
