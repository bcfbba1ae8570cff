// The operator's log lines: one line a failure, on stderr, never prompt or answer text. Only programs and the daemon
// log; libraries return errors. Under systemd each line carries its priority as "<N>"; elsewhere a time and a level.
#pragma once

#include <string_view>

namespace tijori {

// Once, before threads start. The name is the program's.
void start_logging(std::string_view program);

void log_info(std::string_view line);
void log_warning(std::string_view line);
void log_error(std::string_view line);

}  // namespace tijori
