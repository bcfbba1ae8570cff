#include "daemon/hit_counts.h"

#include <algorithm>

namespace tijori {
namespace {

constexpr int64_t hour_us = 3'600'000'000;
constexpr int64_t day_us = 24 * hour_us;

}  // namespace

void HitCounts::count(const Digest& policy, std::string_view rule, Action action) {
  const int64_t now_us = clock_.wall_us();
  const Key key{now_us - now_us % hour_us, policy, std::string(rule)};
  const std::lock_guard lock(mutex_);
  ++counts_[key][static_cast<size_t>(action)];
  // The hour that is only partly of the last day goes as a whole.
  while (counts_.begin()->first.hour_us <= now_us - day_us || counts_.size() > max_hit_rows)
    counts_.erase(counts_.begin());
}

HitsReply HitCounts::last_day() const {
  HitsReply reply;
  reply.now_us = clock_.wall_us();
  reply.since_us = std::max(started_us_, reply.now_us - day_us);
  const std::lock_guard lock(mutex_);
  for (const auto& row : counts_) {
    const Key& key = row.first;
    if (key.hour_us <= reply.now_us - day_us) continue;
    const auto of = [&row](Action action) { return row.second[static_cast<size_t>(action)]; };
    reply.hits.push_back({to_hex(key.policy), key.rule, key.hour_us, of(Action::allow), of(Action::annotate),
                          of(Action::mask), of(Action::stop), of(Action::block)});
  }
  return reply;
}

}  // namespace tijori
