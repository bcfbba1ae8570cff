#include "base/watchdog.h"

#include <algorithm>
#include <utility>

namespace tijori {
namespace {

using std::chrono::milliseconds;

// Of the limit: one turn may come late, and one more.
constexpr int words_within_limit = 4;

}  // namespace

Watchdog::Watchdog(std::chrono::microseconds limit, std::function<void()> say)
    : interval_(std::max(std::chrono::duration_cast<milliseconds>(limit) / words_within_limit, milliseconds(1))),
      say_(std::move(say)) {}

std::optional<milliseconds> Watchdog::interval() const {
  return say_ ? std::optional(interval_) : std::nullopt;
}

void Watchdog::turned() {
  if (!say_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - said_ < interval_) return;
  said_ = now;
  say_();
}

}  // namespace tijori
