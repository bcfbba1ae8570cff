// A text file that only grows: each line durable when append() returns, each with a checksum, so that a line cut short
// by a crash or changed later is told from the others. One thread; several processes may append to the same file.
//
//   <first 8 hex digits of SHA-256 of the text> <text>\n
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace tijori {

inline constexpr uint64_t max_journal_bytes = uint64_t{256} << 20;

class LineJournal {
 public:
  // Makes folder (0700) and file (0600) when they aren't there.
  static Result<LineJournal> open(const std::filesystem::path& path);

  // The texts that were whole when it was opened, in order.
  const std::vector<std::string>& lines() const { return lines_; }
  // Lines that were not: cut short or changed.
  size_t damaged() const { return damaged_; }
  // `text` holds no newline, CHECKed. After an error nothing of the line counts.
  Status append(std::string_view text);

 private:
  explicit LineJournal(std::filesystem::path path) : path_(std::move(path)) {}
  void take(std::string_view line);

  std::filesystem::path path_;
  UniqueFd fd_;
  std::vector<std::string> lines_;
  size_t damaged_ = 0;
  bool ends_torn_ = false;  // the next line must start with a newline
};

}  // namespace tijori
