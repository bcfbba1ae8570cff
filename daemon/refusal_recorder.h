// Keeps refused connections from flooding the log: the first of each peer uid and cause is recorded at once, what
// follows within a minute is counted and recorded as one. A pair that stays quiet for a minute starts anew.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "base/clock.h"
#include "daemon/refusal.h"

namespace tijori {

inline constexpr uint32_t refusal_period_s = 60;
// Beyond that many uid-and-cause pairs in one period, the rest is gathered under uid −1.
inline constexpr size_t max_refusal_pairs = 1024;

// For one thread at a time. The clock and the sink must outlive it.
class RefusalRecorder {
 public:
  RefusalRecorder(RefusalSink& sink, const Clock& clock) : sink_(sink), clock_(clock) {}

  // `refusal.count` may be above 1 where the caller had to gather already.
  void note(const Refusal& refusal);
  // Records the counts whose minute is over; call it about once a second.
  void tick();
  // Records every count there is, for a clean stop.
  void flush();

 private:
  struct Pair {
    Refusal latest;
    int64_t since_us = 0;  // where the counted period begins
    int64_t due_us = 0;    // when it is recorded, or forgotten if nothing came
    uint64_t unrecorded = 0;
  };
  void record_counts(Pair& pair, int64_t now_us);

  RefusalSink& sink_;
  const Clock& clock_;
  std::map<std::pair<uid_t, RefusalCause>, Pair> pairs_;
};

}  // namespace tijori
