#include "daemon/refusal_recorder.h"

namespace tijori {

namespace {

constexpr int64_t period_us = static_cast<int64_t>(refusal_period_s) * 1'000'000;
constexpr auto everyone_else = static_cast<uid_t>(-1);

}  // namespace

void RefusalRecorder::note(const Refusal& refusal) {
  std::pair key(refusal.peer.uid, refusal.cause);
  auto found = pairs_.find(key);
  if (found == pairs_.end() && pairs_.size() >= max_refusal_pairs) {
    key.first = everyone_else;
    found = pairs_.find(key);
  }
  if (found != pairs_.end()) {
    const uint64_t unrecorded = found->second.unrecorded + refusal.count;
    found->second.latest = refusal;
    found->second.latest.peer.uid = key.first;
    found->second.unrecorded = unrecorded;
    return;
  }
  Refusal first = refusal;
  first.peer.uid = key.first;
  first.period_s = 0;
  const uint64_t unrecorded = sink_.record(first) ? 0 : first.count;
  const int64_t now_us = clock_.boot_us();
  pairs_.emplace(key, Pair{std::move(first), now_us, now_us + period_us, unrecorded});
}

void RefusalRecorder::record_counts(Pair& pair, int64_t now_us) {
  Refusal gathered = pair.latest;
  gathered.count = pair.unrecorded;
  gathered.period_s = static_cast<uint32_t>((now_us - pair.since_us + 999'999) / 1'000'000);
  if (gathered.period_s == 0) gathered.period_s = 1;
  pair.due_us = now_us + period_us;
  if (!sink_.record(gathered)) return;
  pair.unrecorded = 0;
  pair.since_us = now_us;
}

void RefusalRecorder::tick() {
  const int64_t now_us = clock_.boot_us();
  for (auto pair = pairs_.begin(); pair != pairs_.end();) {
    if (now_us < pair->second.due_us) {
      ++pair;
    } else if (pair->second.unrecorded == 0) {
      pair = pairs_.erase(pair);
    } else {
      record_counts(pair->second, now_us);
      ++pair;
    }
  }
}

void RefusalRecorder::flush() {
  const int64_t now_us = clock_.boot_us();
  for (auto& [key, pair] : pairs_)
    if (pair.unrecorded > 0) record_counts(pair, now_us);
}

}  // namespace tijori
