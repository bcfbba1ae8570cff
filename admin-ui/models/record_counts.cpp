#include "admin-ui/models/record_counts.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>

namespace tijori {
namespace {

constexpr int64_t minute_us = int64_t{60} * 1'000'000;
constexpr int64_t hour_us = 60 * minute_us;
constexpr int64_t day_us = 24 * hour_us;
constexpr int64_t india_ahead_us = 330 * minute_us;
constexpr int most_ticks = 8;
constexpr int64_t most_records = 1'000'000'000'000;  // of a bar: sums stay in range whatever was answered
constexpr std::array bar_lengths{minute_us,      2 * minute_us, 5 * minute_us, 10 * minute_us, 15 * minute_us,
                                 30 * minute_us, hour_us,       2 * hour_us,   3 * hour_us,    6 * hour_us,
                                 12 * hour_us,   day_us,        2 * day_us,    7 * day_us,     14 * day_us,
                                 28 * day_us,    91 * day_us,   364 * day_us};
constexpr std::array tick_lengths{5 * minute_us, 10 * minute_us, 15 * minute_us,   30 * minute_us, hour_us,
                                  2 * hour_us,   3 * hour_us,    6 * hour_us,      12 * hour_us,   day_us,
                                  2 * day_us,    7 * day_us,     14 * day_us,      28 * day_us,    91 * day_us,
                                  182 * day_us,  364 * day_us,   10 * 364 * day_us};

int64_t floor_to(int64_t time_us, int64_t step_us) {
  const int64_t local = time_us + india_ahead_us;
  int64_t rest = local % step_us;
  if (rest < 0) rest += step_us;
  return time_us - rest;
}

}  // namespace

CountSpan fit_span(int64_t from_us, int64_t to_us) {
  static constexpr int64_t furthest_us = 9'000'000'000'000'000;  // the year 2255: what a clock that is wrong may say
  from_us = std::clamp(from_us, int64_t{0}, furthest_us);
  to_us = std::clamp(to_us, from_us, furthest_us);
  CountSpan span;
  span.bucket_us = bar_lengths.back();
  for (const int64_t length : bar_lengths)
    if ((to_us - from_us) / length + 2 <= most_count_bars) {
      span.bucket_us = length;
      break;
    }
  span.from_us = floor_to(from_us, span.bucket_us);
  span.to_us = floor_to(to_us, span.bucket_us) + span.bucket_us;
  return span;
}

std::vector<CountBar> bars_of(const AuditCounts& counts, const CountSpan& span) {
  std::vector<CountBar> bars(static_cast<size_t>(std::max(0, span.bars())));
  for (const AuditCountBucket& bucket : counts.buckets) {
    if (bucket.start_us < span.from_us || bucket.start_us >= span.to_us) continue;
    CountBar& bar = bars.at(static_cast<size_t>((bucket.start_us - span.from_us) / span.bucket_us));
    bar.records = std::clamp<int64_t>(bucket.records, 0, most_records);
    bar.turned_away = std::clamp<int64_t>(bucket.turned_away, 0, bar.records);
  }
  return bars;
}

int64_t records_between(const std::vector<CountBar>& bars, int first, int last) {
  int64_t sum = 0;
  for (int i = std::max(0, first); i <= last && static_cast<size_t>(i) < bars.size(); ++i)
    sum += bars.at(static_cast<size_t>(i)).records;
  return sum;
}

std::vector<CountTick> ticks_of(const CountSpan& span) {
  std::vector<CountTick> ticks;
  if (span.bars() <= 0) return ticks;
  int64_t step = tick_lengths.back();
  for (const int64_t length : tick_lengths)
    if (length % span.bucket_us == 0 && (span.to_us - span.from_us) / length < most_ticks) {
      step = length;
      break;
    }
  int64_t at = floor_to(span.from_us, step);
  if (at < span.from_us) at += step;
  for (; at < span.to_us && ticks.size() < most_ticks; at += step) {
    const QDateTime local = QDateTime::fromMSecsSinceEpoch((at + india_ahead_us) / 1000, Qt::UTC);
    ticks.push_back({static_cast<int>((at - span.from_us) / span.bucket_us),
                     step < day_us ? local.toString(QStringLiteral("HH:mm"))
                                   : QLocale().toString(local.date(), QStringLiteral("d MMM"))});
  }
  return ticks;
}

}  // namespace tijori
