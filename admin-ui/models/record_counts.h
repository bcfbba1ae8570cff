// How the records of the audit log lie over time: the length of a bar that fits a span, and the bars of it.
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "protocol/audit_messages.h"

namespace tijori {

struct CountSpan {
  int64_t from_us = 0;  // begins a bar, on a round time in India
  int64_t to_us = 0;    // ends one, exclusive
  int64_t bucket_us = 0;
  int bars() const { return bucket_us <= 0 ? 0 : static_cast<int>((to_us - from_us) / bucket_us); }
  bool operator==(const CountSpan&) const = default;
};

struct CountBar {
  int64_t records = 0;
  int64_t turned_away = 0;  // of them
};

inline constexpr int most_count_bars = 240;

// Round bars of a minute or longer, at most `most_count_bars`, that hold both ends.
CountSpan fit_span(int64_t from_us, int64_t to_us);
// One bar each, empty ones too. What lies outside the span is left out.
std::vector<CountBar> bars_of(const AuditCounts& counts, const CountSpan& span);
int64_t records_between(const std::vector<CountBar>& bars, int first, int last);

struct CountTick {
  int bar = 0;  // stands at its left edge
  QString text;
};
// Round local times, at most 8.
std::vector<CountTick> ticks_of(const CountSpan& span);

}  // namespace tijori
