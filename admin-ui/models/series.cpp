#include "admin-ui/models/series.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tijori {
namespace {
constexpr int64_t gap_steps = 3;
}

void SeriesStore::tidy(Sample& sample) const {
  sample.values.resize(count_);
  for (auto& value : sample.values)
    if (value && !std::isfinite(*value)) value.reset();
}

void SeriesStore::bound() {
  while (samples_.size() > max_samples) {
    samples_.pop_front();
    ++dropped_;
  }
  while (!gaps_.empty() && (gaps_.size() > max_gaps || gaps_.front().to_us < samples_.front().time_us)) {
    gaps_.pop_front();
    ++gaps_revision_;
  }
}

void SeriesStore::add(Sample sample) {
  if (!samples_.empty()) {
    const int64_t last_us = samples_.back().time_us;
    if (sample.time_us <= last_us) return;
    // Times may be anything: no difference of two is formed that could overflow.
    if (sample.time_us - gap_steps * step_us_ > last_us) {
      sample.after_gap = true;
      mark_gap(last_us, sample.time_us, {});
    }
  }
  tidy(sample);
  samples_.push_back(std::move(sample));
  bound();
}

void SeriesStore::mark_gap(int64_t from_us, int64_t to_us, QString reason) {
  ++gaps_revision_;
  if (!gaps_.empty() && gaps_.back().from_us <= from_us && gaps_.back().to_us >= to_us) {
    if (!reason.isEmpty()) gaps_.back().reason = std::move(reason);
    return;
  }
  gaps_.push_back({from_us, to_us, std::move(reason)});
}

void SeriesStore::assign(std::vector<Sample> samples, std::deque<Gap> gaps) {
  samples_.assign(std::make_move_iterator(samples.begin()), std::make_move_iterator(samples.end()));
  for (Sample& sample : samples_) tidy(sample);
  ++revision_;
  dropped_ = 0;
  set_gaps(std::move(gaps));
}

void SeriesStore::set_gaps(std::deque<Gap> gaps) {
  gaps_ = std::move(gaps);
  ++gaps_revision_;
  if (!samples_.empty()) bound();
}

void SeriesStore::clear() {
  assign({}, {});
}

const Sample* SeriesStore::at(int64_t time_us) const {
  const auto after = std::ranges::upper_bound(samples_, time_us, {}, &Sample::time_us);
  if (after == samples_.begin()) return nullptr;
  const Sample& found = *std::prev(after);
  const bool past_it = after != samples_.end() && after->after_gap && time_us > found.time_us;
  return past_it || found.in_gap ? nullptr : &found;
}

}  // namespace tijori
