// A loop's word that it still turns, for whoever ends a process that hasn't given it in time (systemd's watchdog). The
// loop that does the work gives it: a thread of its own would go on saying so beside one that is stuck.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace tijori {

// Belongs to one thread.
class Watchdog {
 public:
  // Nobody watches.
  Watchdog() = default;
  // The process is ended once nothing was said for `limit`.
  Watchdog(std::chrono::microseconds limit, std::function<void()> say);

  // The longest that a loop may sleep between two turns; nothing when nobody watches.
  std::optional<std::chrono::milliseconds> interval() const;
  // Each time round. Says so, but no more often than is needed.
  void turned();

 private:
  std::chrono::milliseconds interval_{0};
  std::function<void()> say_;
  std::chrono::steady_clock::time_point said_;
};

}  // namespace tijori
