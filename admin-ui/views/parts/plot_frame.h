// Where values and times of a plot lie, computed once a painting; and how its numbers are written.
#pragma once

#include <QRectF>
#include <QString>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/plot.h"

namespace tijori {

// What a value may be and still be drawn where it is; greater ones lie at the upper end.
inline constexpr double largest_drawn = 1e15;
inline constexpr int64_t max_time_us = int64_t{1} << 60;

struct Plot::Frame {
  QRectF area;
  int64_t from_us = 0;
  int64_t to_us = 0;
  int64_t width_us = 1;  // of a column
  double ratio = 1;
  double step = 1;
  double top = 4;

  double x(int64_t time_us) const {
    // Not far from the area: what lies days away is drawn towards the edge.
    const double share = (static_cast<double>(time_us) - static_cast<double>(from_us)) /
                         std::max(1.0, static_cast<double>(to_us - from_us));
    return area.left() + area.width() * std::clamp(share, -1.0, 2.0);
  }
  int64_t last_column() const { return to_us / width_us; }
  // The middle of a column, in whole pixels of the device.
  double column_x(int64_t number) const { return x(number * width_us + width_us / 2); }
  double y(double value) const { return area.bottom() - area.height() * std::clamp(value / top, 0.0, 1.0); }
  int64_t time_at(double x_px) const {
    const double share = std::clamp((x_px - area.left()) / area.width(), 0.0, 1.0);
    return from_us + static_cast<int64_t>(share * static_cast<double>(to_us - from_us));
  }
};

// Of an axis, as precise as its steps need.
inline QString axis_text(double value, double step) {
  if (value >= 1e9) return QString::number(value, 'g', 3);
  return decimal_text(value, step >= 1 ? (step == std::floor(step) ? 0 : 1) : step >= 0.1 ? 2 : 3);
}

inline QString plot_value_text(double value, int decimals) {
  if (std::abs(value) >= 1e12) return QString::number(value, 'g', 4);
  return decimal_text(value, decimals);
}

}  // namespace tijori
