// Samples over time, as the plots draw them and the exports write them: append-only, with gaps that stay gaps.
#pragma once

#include <QString>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace tijori {

inline constexpr size_t max_samples = 100'000;  // a day at one a second, and some

struct Gap {
  int64_t from_us = 0;
  int64_t to_us = 0;
  QString reason;  // "engine restart"; may be empty
};

// One row of values for all series of a plot; an absent value is not known then.
struct Sample {
  int64_t time_us = 0;  // wall clock, UTC
  std::vector<std::optional<double>> values;
};

class SeriesStore {
 public:
  explicit SeriesStore(size_t series_count, int64_t step_us) : count_(series_count), step_us_(step_us) {}

  // Times ascend; an older or equal one is dropped. More than three steps without a sample are a gap.
  void add(Sample sample);
  void mark_gap(int64_t from_us, int64_t to_us, QString reason);
  void clear();

  size_t series_count() const { return count_; }
  const std::deque<Sample>& samples() const { return samples_; }
  const std::deque<Gap>& gaps() const { return gaps_; }
  // The last sample at or before a time; nullptr when there is none, or when a gap lies between.
  const Sample* at(int64_t time_us) const;

 private:
  size_t count_;
  int64_t step_us_;
  std::deque<Sample> samples_;
  std::deque<Gap> gaps_;
};

}  // namespace tijori
