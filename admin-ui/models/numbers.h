// Numbers, sizes and times as people read them here: grouping in lakh and crore or in thousands, IST with UTC beside
// it.
#pragma once

#include <QString>
#include <cstdint>

namespace tijori {

enum class Grouping : uint8_t { indian, international };

// For the whole console; Indian from the start. GUI thread.
void set_grouping(Grouping grouping);
Grouping grouping();

QString count_text(int64_t number);                    // 8,41,229
QString decimal_text(double number, int decimals);     // 12,345.6
QString gib_text(int64_t bytes);                       // "11.3", GiB
QString memory_text(int64_t bytes);                    // "11.3 GiB", "412 MiB"
QString percent_text(double share, int decimals = 1);  // 0.143 → "14.3 %"
QString duration_text(int64_t us);                     // "0.64 s", "9 days"

QString ist_time(int64_t time_us);     // 14:32:08
QString ist_date(int64_t time_us);     // 3 Dec 2026
QString ist_stamp(int64_t time_us);    // 3 Dec 2026, 14:32:08 IST
QString utc_stamp(int64_t time_us);    // 2026-12-03 09:02:08 UTC
QString rfc3339_utc(int64_t time_us);  // for exports
QString rfc3339_ist(int64_t time_us);
QString relative_text(int64_t time_us, int64_t now_us);  // "9 days", "in 9 days", "12 s ago"

// First 8 and last 4 hex digits: "8c1f 42d0 … 5be7".
QString short_digest(const std::string& hex);

}  // namespace tijori
