#include "engine/stop_strings.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace tijori {

Result<StopStrings> StopStrings::create(std::vector<std::string> stops) {
  if (stops.size() > max_stop_strings) {
    return fail(ErrorCode::resource_exhausted,
                "stop: " + std::to_string(stops.size()) + " strings, at most " + std::to_string(max_stop_strings));
  }
  StopStrings result;
  for (std::string& stop : stops) {
    if (stop.empty()) return fail(ErrorCode::invalid_argument, "stop: an empty string");
    if (!is_utf8(stop)) return fail(ErrorCode::invalid_argument, "stop: a string that is not UTF-8");
    if (stop.size() > max_stop_string_bytes) {
      return fail(ErrorCode::resource_exhausted, "stop: a string of " + std::to_string(stop.size()) +
                                                     " bytes, at most " + std::to_string(max_stop_string_bytes));
    }
    Pattern pattern{std::move(stop), {}, 0};
    pattern.borders.assign(pattern.text.size(), 0);
    size_t border = 0;
    for (size_t i = 1; i < pattern.text.size(); ++i) {
      while (border > 0 && pattern.text[i] != pattern.text[border]) border = pattern.borders[border - 1];
      if (pattern.text[i] == pattern.text[border]) ++border;
      pattern.borders[i] = border;
    }
    result.patterns_.push_back(std::move(pattern));
  }
  return result;
}

std::string StopStrings::push(std::string_view piece) {
  if (stopped_) return {};
  if (patterns_.empty()) return std::string(piece);
  size_t longest_end = 0;  // bytes of the longest stop string that is complete at this byte
  for (const char c : piece) {
    held_ += c;
    for (Pattern& pattern : patterns_) {
      while (pattern.matched > 0 && pattern.text[pattern.matched] != c) {
        pattern.matched = pattern.borders[pattern.matched - 1];
      }
      if (pattern.text[pattern.matched] == c) ++pattern.matched;
      if (pattern.matched == pattern.text.size()) longest_end = std::max(longest_end, pattern.matched);
    }
    if (longest_end != 0) {
      stopped_ = true;
      held_.resize(held_.size() - longest_end);
      return std::exchange(held_, {});
    }
  }
  size_t may_match = 0;
  for (const Pattern& pattern : patterns_) may_match = std::max(may_match, pattern.matched);
  std::string out = held_.substr(0, held_.size() - may_match);
  held_.erase(0, out.size());
  return out;
}

std::string StopStrings::flush() {
  for (Pattern& pattern : patterns_) pattern.matched = 0;
  return std::exchange(held_, {});
}

}  // namespace tijori
