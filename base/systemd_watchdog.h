// The watchdog of the systemd unit that a process runs in. Inline, so that only programs that are services need
// libsystemd.
#pragma once

#include <chrono>

#include <systemd/sd-daemon.h>

#include "base/watchdog.h"

namespace tijori {

// Nobody watches where the unit has no WatchdogSec=, or where there is no unit.
inline Watchdog systemd_watchdog() {
  uint64_t limit_us = 0;
  if (sd_watchdog_enabled(0, &limit_us) <= 0) return {};
  return Watchdog(std::chrono::microseconds(limit_us), [] { sd_notify(0, "WATCHDOG=1"); });
}

}  // namespace tijori
