// How often which rule of which policy decided something, by hour, for a day. In memory alone. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "daemon/guardrails/action.h"
#include "protocol/guardrail_types.h"

namespace tijori {

inline constexpr size_t max_hit_rows = 100'000;  // above it the oldest go

class HitCounts {
 public:
  explicit HitCounts(const Clock& clock = system_clock()) : clock_(clock), started_us_(clock.wall_us()) {}

  void count(const Digest& policy, std::string_view rule, Action action);
  HitsReply last_day() const;

 private:
  struct Key {
    int64_t hour_us;
    Digest policy;
    std::string rule;
    auto operator<=>(const Key&) const = default;
  };
  const Clock& clock_;
  const int64_t started_us_;
  mutable std::mutex mutex_;
  std::map<Key, std::array<int64_t, all_actions.size()>> counts_;  // guarded by mutex_
};

}  // namespace tijori
