// Finds stop strings in text that comes in pieces, and never lets out a byte that may still turn out to be part of one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_stop_strings = 16;
inline constexpr size_t max_stop_string_bytes = 256;

class StopStrings {
 public:
  // invalid_argument for an empty string; resource_exhausted above the limits.
  static Result<StopStrings> create(std::vector<std::string> stops);

  // Takes the next piece and returns what can go out. The string that is complete first ends the text, the longest one
  // if several end at the same byte; it and all that follows is dropped. How the text was cut into pieces makes no
  // difference.
  std::string push(std::string_view piece);
  // The end of the text: what was held back.
  std::string flush();
  bool stopped() const { return stopped_; }

 private:
  // Knuth, Morris, Pratt 1977: how much of the stop string the text so far ends with.
  struct Pattern {
    std::string text;
    std::vector<size_t> borders;  // [text.size()] longest proper border of each prefix
    size_t matched = 0;
  };

  std::vector<Pattern> patterns_;
  std::string held_;
  bool stopped_ = false;
};

}  // namespace tijori
