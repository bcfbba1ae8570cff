#include "admin-ui/models/columns.h"

#include <algorithm>

namespace tijori {
namespace {

int64_t floor_div(int64_t number, int64_t by) {
  const int64_t down = number / by;
  return number % by < 0 ? down - 1 : down;
}

}  // namespace

void Columns::follow(const SeriesStore& store, int64_t from_us, int64_t width_us) {
  width_us = std::max<int64_t>(1, width_us);
  const std::deque<Sample>& samples = store.samples();
  const bool anew = width_us != width_us_ || revision_ != store.revision() || from_us < begin_us_ ||
                    next_ < store.dropped() || next_ > store.dropped() + samples.size();
  if (anew) {
    columns_.clear();
    broken_.fill(true);
    width_us_ = width_us;
    revision_ = store.revision();
    auto first = std::ranges::lower_bound(samples, from_us, {}, &Sample::time_us);
    // The line that comes in from the left begins at the sample before.
    if (first != samples.begin()) --first;
    next_ = store.dropped() + static_cast<uint64_t>(first - samples.begin());
  }
  const size_t count = std::min(store.series_count(), max_series);
  for (; next_ < store.dropped() + samples.size(); ++next_) take(samples[next_ - store.dropped()], count);
  // One column left of the view stays.
  while (columns_.size() > 1 && columns_[1].number < floor_div(from_us, width_us)) columns_.pop_front();
  begin_us_ = from_us;
}

void Columns::take(const Sample& sample, size_t series_count) {
  const int64_t number = floor_div(sample.time_us, width_us_);
  if (columns_.empty() || columns_.back().number != number) columns_.push_back({number, {}});
  if (sample.after_gap || sample.in_gap) broken_.fill(true);
  if (sample.in_gap) return;
  for (size_t i = 0; i < series_count; ++i) {
    const auto& value = sample.values.at(i);
    if (!value) {
      broken_.at(i) = true;
      continue;
    }
    ColumnSpan& span = columns_.back().spans.at(i);
    if (!span.known) span = {*value, *value, *value, *value, true, !broken_.at(i)};
    span.last = *value;
    span.low = std::min(span.low, *value);
    span.high = std::max(span.high, *value);
    broken_.at(i) = false;
  }
}

}  // namespace tijori
