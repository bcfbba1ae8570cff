#include "base/log.h"

#define FMT_HEADER_ONLY
#define SPDLOG_HEADER_ONLY
// The journal needs no line number of ours.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <array>
#include <cstdlib>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

namespace tijori {

namespace {

constexpr const char* journal_socket = "/run/systemd/journal/socket";

enum class Way { stderr_lines, stderr_journal, journal };

struct Logging {
  std::string program;
  Way way = Way::stderr_lines;
};

Logging& logging() {
  static Logging of_this_process;
  return of_this_process;
}

// JOURNAL_STREAM names the stream that systemd made of stderr; it is inherited by children whose stderr is another.
bool stderr_is_the_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat info{};
  if (stream == nullptr || fstat(STDERR_FILENO, &info) != 0) return false;
  return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) == stream;
}

Way find_way() {
  if (!stderr_is_the_journal()) return Way::stderr_lines;
  // Where that socket is absent, sd_journal_sendv() says that all went well.
  return access(journal_socket, W_OK) == 0 ? Way::journal : Way::stderr_journal;
}

// A line of the log is one line: control characters of outside text can't forge another.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

bool sent_to_journal(int priority, const LogMessage& message, const std::string& line) {
  const std::array<std::string, 5> fields{
      "MESSAGE=" + line, "MESSAGE_ID=" + std::string(message.id), "PRIORITY=" + std::to_string(priority),
      "SYSLOG_IDENTIFIER=" + logging().program, "TIJORI_CODE=" + std::string(message.code)};
  std::array<iovec, fields.size()> parts{};
  for (size_t i = 0; i < fields.size(); ++i) parts[i] = {const_cast<char*>(fields[i].data()), fields[i].size()};
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

void write(spdlog::level::level_enum level, int priority, const LogMessage& message, std::string_view text) {
  const std::string line = one_line(text);
  if (logging().way == Way::journal && sent_to_journal(priority, message, line)) return;
  if (logging().way == Way::stderr_lines) {
    spdlog::log(level, "{}", line);
  } else {
    spdlog::log(level, "<{}>{}", priority, line);
  }
}

}  // namespace

void start_logging(std::string_view program) {
  logging() = {std::string(program), find_way()};
  auto logger = spdlog::stderr_logger_mt(std::string(program));
  logger->set_pattern(logging().way == Way::stderr_lines ? "%Y-%m-%dT%H:%M:%S.%e %n %l: %v" : "%v");
  spdlog::set_default_logger(std::move(logger));
}

void log_info(const LogMessage& message, std::string_view line) {
  write(spdlog::level::info, 6, message, line);
}
void log_warning(const LogMessage& message, std::string_view line) {
  write(spdlog::level::warn, 4, message, line);
}
void log_error(const LogMessage& message, std::string_view line) {
  write(spdlog::level::err, 3, message, line);
}

}  // namespace tijori
