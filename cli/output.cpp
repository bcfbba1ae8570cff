#include "cli/output.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <unistd.h>

#include "base/clock.h"

namespace tijori {

namespace {

constexpr std::chrono::milliseconds terminal_interval{200};
constexpr std::chrono::seconds plain_interval{10};
constexpr std::chrono::seconds quiet_period{1};

std::string decimal(double value) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), value < 10 ? "%.1f" : "%.0f", value);
  return {text.data(), static_cast<size_t>(size)};
}

// Whole per cent; total is above 0.
std::string percent(int64_t done, int64_t total) {
  return std::to_string(
      static_cast<int>(100.0 * static_cast<double>(std::clamp<int64_t>(done, 0, total)) / static_cast<double>(total)));
}

// Code points, since names may hold any.
size_t width_of(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_note(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Table::print() const {
  std::vector<size_t> widths;
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    tijori::print(line + "\n");
  }
}

std::string human_bytes(int64_t bytes) {
  constexpr std::array<std::string_view, 5> units = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return (unit == 0 ? std::to_string(bytes) : decimal(value)) + " " + std::string(units[unit]);
}

std::string human_duration_us(int64_t us) {
  const int64_t seconds = us / 1'000'000;
  if (us < 1'000'000) return std::to_string(us / 1000) + " ms";
  if (seconds < 60) return decimal(static_cast<double>(us) / 1e6) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  if (seconds < 86'400) return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
  return std::to_string(seconds / 86'400) + " d " + std::to_string(seconds / 3600 % 24) + " h";
}

std::string human_time(int64_t wall_us) {
  return wall_us == 0 ? "-" : to_rfc3339(wall_us);
}

std::string printable(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters too, and some terminals obey them.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    if (c1 || byte == 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t')) {
      out += replacement;
    } else {
      out += text[i];
    }
  }
  return out;
}

Progress::Progress(std::string what, int64_t total, ProgressUnit unit)
    : what_(std::move(what)), total_(total), unit_(unit) {}

void Progress::update(int64_t done, int64_t total) {
  const auto now = Clock::now();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (now - started_ < quiet_period) return;
  if (shown_ && now - last_shown_ < (terminal ? Clock::duration(terminal_interval) : Clock::duration(plain_interval)))
    return;
  const bool counts = unit_ == ProgressUnit::records;
  const auto amount = [&](int64_t value) { return counts ? std::to_string(value) : human_bytes(value); };
  std::string line = what_ + ": " + amount(done);
  if (total > 0) line += " of " + amount(total) + (counts ? " records (" : " (") + percent(done, total) + " %)";
  print_note(terminal ? "\r" + line + "\x1b[K" : line + "\n");
  last_shown_ = now;
  shown_ = true;
}

void Progress::finish() {
  if (shown_ && isatty(STDERR_FILENO) == 1) print_note("\r\x1b[K");
  shown_ = false;
}

}  // namespace tijori
