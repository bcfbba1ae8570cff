// Time as the audit log and the health page need it. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace tijori {

int64_t wall_clock_us();  // UTC, microseconds since 1970
int64_t boot_clock_us();  // since boot, counts time asleep, never goes back

// The kernel's boot id: 16 bytes as 32 lower-case hex digits.
Result<std::string> read_boot_id();

// 2026-11-24T19:36:26Z, for people and logs.
std::string to_rfc3339(int64_t wall_us);

// A clock that tests move by hand. Whoever needs time takes one of these; system_clock() is the real one.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t wall_us() const = 0;
  virtual int64_t boot_us() const = 0;
};
const Clock& system_clock();

}  // namespace tijori
