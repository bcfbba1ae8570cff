#include "base/log.h"

#define FMT_HEADER_ONLY
#define SPDLOG_HEADER_ONLY
#include <cstdlib>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace tijori {

namespace {

// A line of the log is one line: control characters of outside text can't forge another.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

void write(spdlog::level::level_enum level, int priority, std::string_view line) {
  static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  if (journal) {
    spdlog::log(level, "<{}>{}", priority, one_line(line));
  } else {
    spdlog::log(level, "{}", one_line(line));
  }
}

}  // namespace

void start_logging(std::string_view program) {
  auto logger = spdlog::stderr_logger_mt(std::string(program));
  logger->set_pattern(std::getenv("JOURNAL_STREAM") != nullptr ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %n %l: %v");
  spdlog::set_default_logger(std::move(logger));
}

void log_info(std::string_view line) {
  write(spdlog::level::info, 6, line);
}
void log_warning(std::string_view line) {
  write(spdlog::level::warn, 4, line);
}
void log_error(std::string_view line) {
  write(spdlog::level::err, 3, line);
}

}  // namespace tijori
