// What people see: tables, sizes, times, progress. Results go to stdout; progress and notes to stderr.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tijori {

void print(std::string_view text);       // to stdout
void print_note(std::string_view text);  // to stderr

// Columns padded to their widest cell; numbers stay as they are given.
class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string human_bytes(int64_t bytes);     // "1.4 GB", powers of ten
std::string human_duration_us(int64_t us);  // "3 d 4 h", "12 s", "340 ms"
std::string human_time(int64_t wall_us);    // RFC 3339, "-" for 0

// Text of others on our terminal: what could steer the terminal becomes U+FFFD. Lines and tabs stay.
std::string printable(std::string_view text);

enum class ProgressUnit : uint8_t { bytes, records };

// A line on stderr for whatever takes more than a second: rewritten in a terminal, every ten seconds elsewhere.
class Progress {
 public:
  // total 0: not known yet.
  explicit Progress(std::string what, int64_t total = 0, ProgressUnit unit = ProgressUnit::bytes);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void update(int64_t done) { update(done, total_); }
  void update(int64_t done, int64_t total);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  const std::string what_;
  const int64_t total_;
  const ProgressUnit unit_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point last_shown_;
  bool shown_ = false;
};

}  // namespace tijori
