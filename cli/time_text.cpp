#include "cli/time_text.h"

#include <chrono>
#include <optional>

namespace tijori {

namespace {

constexpr int64_t us_per_s = 1'000'000;

// Takes what it reads off the text's front.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  std::optional<int> number(size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool sign(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Minutes east of UTC.
std::optional<int> read_zone(TimeReader& reader) {
  if (reader.sign('Z')) return 0;
  const bool is_east = reader.sign('+');
  if (!is_east && !reader.sign('-')) return std::nullopt;
  const auto hours = reader.number(2);
  if (!hours || *hours > 23 || !reader.sign(':')) return std::nullopt;
  const auto minutes = reader.number(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return (is_east ? 1 : -1) * (*hours * 60 + *minutes);
}

std::optional<int64_t> read_time(TimeReader reader) {
  const auto year = reader.number(4);
  if (!year || !reader.sign('-')) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.sign('-')) return std::nullopt;
  const auto day = reader.number(2);
  if (!day || !reader.sign('T')) return std::nullopt;
  const auto hour = reader.number(2);
  if (!hour || *hour > 23 || !reader.sign(':')) return std::nullopt;
  const auto minute = reader.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (reader.sign(':')) {
    const auto given = reader.number(2);
    if (!given || *given > 59) return std::nullopt;
    second = *given;
  }
  const auto zone_minutes = read_zone(reader);
  if (!zone_minutes || !reader.done()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (days * 86'400 + *hour * 3600 + (*minute - *zone_minutes) * 60 + second) * us_per_s;
}

}  // namespace

Result<int64_t> parse_time(std::string_view text) {
  if (const auto time_us = read_time(TimeReader(text))) return *time_us;
  return fail(ErrorCode::invalid_argument,
              "expected a time with its zone, such as 2026-12-03T14:30:00+05:30 or 2026-12-03T09:00Z");
}

}  // namespace tijori
