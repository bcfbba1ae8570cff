// Samples over time, as the plots draw them: in order, bounded, with gaps that stay gaps.
#pragma once

#include <QString>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace tijori {

inline constexpr size_t max_samples = 100'000;  // a day at one a second, and some
inline constexpr size_t max_gaps = 1'000;

struct Gap {
  int64_t from_us = 0;
  int64_t to_us = 0;
  QString reason;  // "engine restart"; may be empty
  bool operator==(const Gap&) const = default;
};

// One row of values for all series of a plot; an absent value is not known then.
struct Sample {
  int64_t time_us = 0;  // wall clock, UTC
  std::vector<std::optional<double>> values;
  bool after_gap = false;  // nothing is known between the sample before it and this one
  bool in_gap = false;     // known, but drawn as part of a gap
};

class SeriesStore {
 public:
  explicit SeriesStore(size_t series_count, int64_t step_us) : count_(series_count), step_us_(step_us) {}

  // Times ascend; an older or equal one is dropped. More than three steps without a sample are a gap. What isn't a
  // finite number is not known.
  void add(Sample sample);
  // Names a gap, or adds it.
  void mark_gap(int64_t from_us, int64_t to_us, QString reason);
  // Everything anew; samples and gaps in order.
  void assign(std::vector<Sample> samples, std::deque<Gap> gaps);
  void set_gaps(std::deque<Gap> gaps);
  void clear();

  size_t series_count() const { return count_; }
  const std::deque<Sample>& samples() const { return samples_; }
  const std::deque<Gap>& gaps() const { return gaps_; }
  // The last sample at or before a time; nullptr when there is none, or when a gap lies between.
  const Sample* at(int64_t time_us) const;

  // For those who keep what they made of it: samples that were dropped from the front, how often all of them were
  // replaced, and how often the gaps changed.
  uint64_t dropped() const { return dropped_; }
  uint64_t revision() const { return revision_; }
  uint64_t gaps_revision() const { return gaps_revision_; }

 private:
  void tidy(Sample& sample) const;
  void bound();

  size_t count_;
  int64_t step_us_;
  std::deque<Sample> samples_;
  std::deque<Gap> gaps_;
  uint64_t dropped_ = 0;
  uint64_t revision_ = 0;
  uint64_t gaps_revision_ = 0;
};

}  // namespace tijori
