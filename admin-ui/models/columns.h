// The samples of a plot in columns of equal time, one to a pixel: whatever their number, no more is drawn than can be
// seen, and no peak is lost. Columns stand on a grid of absolute time, so that a plot that moves along keeps them.
#pragma once

#include <array>
#include <deque>

#include "admin-ui/models/series.h"

namespace tijori {

inline constexpr size_t max_series = 4;

// One series within one column.
struct ColumnSpan {
  double first = 0;
  double last = 0;
  double low = 0;
  double high = 0;
  bool known = false;
  bool joined = false;  // its first value goes on from the value before, without a gap
  bool operator==(const ColumnSpan&) const = default;
};

struct Column {
  int64_t number = 0;  // time divided by the width
  std::array<ColumnSpan, max_series> spans;
};

class Columns {
 public:
  // Brings the columns up to date from the one before `from_us` on. What was only added to the store costs as much as
  // was added.
  void follow(const SeriesStore& store, int64_t from_us, int64_t width_us);
  const std::deque<Column>& all() const { return columns_; }
  int64_t width_us() const { return width_us_; }

 private:
  void take(const Sample& sample, size_t series_count);

  std::deque<Column> columns_;
  std::array<bool, max_series> broken_{};  // a gap lies behind the last value of a series
  int64_t width_us_ = 0;
  int64_t begin_us_ = 0;
  uint64_t revision_ = 0;
  uint64_t next_ = 0;  // sample, counted with those that the store has dropped
};

}  // namespace tijori
