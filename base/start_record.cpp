#include "base/start_record.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/file.h"

namespace tijori {
namespace {

using std::chrono::seconds;

constexpr const char* file_name = "start";
constexpr uint64_t max_file_bytes = 64;
constexpr unsigned file_mode = 0600;
// A run that was over later than this after its start was not broken from the start.
constexpr std::chrono::microseconds settled = seconds(60);
constexpr seconds longest_pause{60};
constexpr int most_quick_ends = 1'000'000;

struct LastStart {
  int quick_ends = 0;
  int64_t started_us = 0;
};

// "QUICK_ENDS STARTED_US\n", both decimal; the second since boot.
std::optional<LastStart> parse(std::string_view text) {
  LastStart last;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [space, bad_count] = std::from_chars(begin, end, last.quick_ends);
  if (bad_count != std::errc() || space == end || *space != ' ') return std::nullopt;
  const auto [line_end, bad_time] = std::from_chars(space + 1, end, last.started_us);
  if (bad_time != std::errc() || std::string_view(line_end, end) != "\n") return std::nullopt;
  if (last.quick_ends < 0 || last.quick_ends > most_quick_ends || last.started_us < 0) return std::nullopt;
  return last;
}

// One end may be anybody's, so the first restart is at once; then 1 s, 2 s, 4 s.
seconds pause_after(int quick_ends) {
  if (quick_ends < 2) return seconds(0);
  constexpr int doublings_to_longest = 6;
  return std::min(seconds(1 << std::min(quick_ends - 2, doublings_to_longest)), longest_pause);
}

}  // namespace

StartRecord::StartRecord(const std::filesystem::path& folder, const Clock& clock)
    : file_(folder / file_name), clock_(clock) {}

int StartRecord::quick_ends(int64_t now_us) const {
  const auto text = read_file(file_, max_file_bytes);
  if (!text) return 0;
  const auto last = parse(*text);
  if (!last) return 0;
  // Killed while it waited, it began later than now.
  if (last->started_us > now_us + std::chrono::microseconds(longest_pause).count()) return 0;
  if (now_us - last->started_us >= settled.count()) return 0;
  return std::min(last->quick_ends + 1, most_quick_ends);
}

PlannedStart StartRecord::begin() {
  const int64_t now_us = clock_.boot_us();
  PlannedStart planned;
  planned.quick_ends = quick_ends(now_us);
  planned.pause = pause_after(planned.quick_ends);
  const int64_t starts_us = now_us + std::chrono::microseconds(planned.pause).count();
  const std::string text = std::to_string(planned.quick_ends) + " " + std::to_string(starts_us) + "\n";
  // Where it can't be written the next start is as quick as this one, which is better than none.
  (void)write_file_atomic(file_, as_bytes(text), file_mode);
  return planned;
}

void StartRecord::forget() {
  std::error_code absent;
  std::filesystem::remove(file_, absent);
}

}  // namespace tijori
