#include "base/clock.h"

#include <algorithm>
#include <cctype>
#include <ctime>

#include "base/file.h"

namespace tijori {

namespace {

int64_t read_clock_us(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

class SystemClock : public Clock {
 public:
  int64_t wall_us() const override { return wall_clock_us(); }
  int64_t boot_us() const override { return boot_clock_us(); }
};

}  // namespace

int64_t wall_clock_us() {
  return read_clock_us(CLOCK_REALTIME);
}
int64_t boot_clock_us() {
  return read_clock_us(CLOCK_BOOTTIME);
}

Result<std::string> read_boot_id() {
  TRY_ASSIGN(std::string text, read_file("/proc/sys/kernel/random/boot_id", 256));
  std::erase_if(text, [](unsigned char c) { return std::isxdigit(c) == 0; });
  if (text.size() != 32) return fail(ErrorCode::malformed, "boot_id: expected 32 hexadecimal digits");
  return text;
}

std::string to_rfc3339(int64_t wall_us) {
  const time_t seconds = static_cast<time_t>(wall_us / 1'000'000 - (wall_us % 1'000'000 < 0 ? 1 : 0));
  tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "out of range";
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace tijori
