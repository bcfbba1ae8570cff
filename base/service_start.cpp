#include "base/service_start.h"

#include <cerrno>
#include <cstdlib>
#include <string>

#include <systemd/sd-daemon.h>

#include "base/log.h"

namespace tijori {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// What is left for the start itself after the pause, as much as systemd gives unless told otherwise.
constexpr seconds start_limit{90};

}  // namespace

ServiceStart::ServiceStart() {
  const char* folder = std::getenv("RUNTIME_DIRECTORY");
  if (folder != nullptr && *folder == '/') record_.emplace(folder);
  // Not for children, whose starts are others than ours.
  unsetenv("RUNTIME_DIRECTORY");
}

ServiceGo ServiceStart::wait_turn(const sigset_t& stopping) {
  if (!record_) return ServiceGo::start;
  const PlannedStart planned = record_->begin();
  if (planned.pause == seconds(0)) return ServiceGo::start;
  const std::string line = "the last " + std::to_string(planned.quick_ends) +
                           " runs ended soon after their start; this one waits " +
                           std::to_string(planned.pause.count()) + " s";
  log_warning(message::start_delayed, line);
  const auto limit = std::chrono::microseconds(planned.pause + start_limit);
  sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(limit.count()) + "\nSTATUS=" + line).c_str());
  const auto deadline = steady_clock::now() + planned.pause;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) break;
    constexpr int64_t second_ns = 1'000'000'000;
    const timespec wait{left / second_ns, left % second_ns};
    if (sigtimedwait(&stopping, nullptr, &wait) > 0) {
      record_->forget();
      sd_notify(0, "STOPPING=1");
      return ServiceGo::stop;
    }
    if (errno != EINTR) break;
  }
  sd_notify(0, "STATUS=");
  return ServiceGo::start;
}

void ServiceStart::ended_well() {
  if (record_) record_->forget();
}

}  // namespace tijori
