#include "admin-ui/models/series.h"

#include <algorithm>

namespace tijori {
namespace {
constexpr int64_t gap_steps = 3;
}

void SeriesStore::add(Sample sample) {
  if (!samples_.empty()) {
    const int64_t last_us = samples_.back().time_us;
    if (sample.time_us <= last_us) return;
    if (sample.time_us - last_us > gap_steps * step_us_) mark_gap(last_us, sample.time_us, {});
  }
  sample.values.resize(count_);
  samples_.push_back(std::move(sample));
  while (samples_.size() > max_samples) samples_.pop_front();
  while (!gaps_.empty() && gaps_.front().to_us < samples_.front().time_us) gaps_.pop_front();
}

void SeriesStore::mark_gap(int64_t from_us, int64_t to_us, QString reason) {
  if (!gaps_.empty() && gaps_.back().from_us <= from_us && gaps_.back().to_us >= to_us) {
    if (!reason.isEmpty()) gaps_.back().reason = std::move(reason);
    return;
  }
  gaps_.push_back({from_us, to_us, std::move(reason)});
}

void SeriesStore::clear() {
  samples_.clear();
  gaps_.clear();
}

const Sample* SeriesStore::at(int64_t time_us) const {
  const auto after = std::ranges::upper_bound(samples_, time_us, {}, &Sample::time_us);
  if (after == samples_.begin()) return nullptr;
  const Sample& found = *std::prev(after);
  const bool in_gap =
      std::ranges::any_of(gaps_, [&](const Gap& gap) { return gap.from_us < time_us && time_us < gap.to_us; });
  return in_gap ? nullptr : &found;
}

}  // namespace tijori
