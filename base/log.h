// The operator's log lines: one line a failure, never prompt or answer text. Only programs and the daemon log;
// libraries return errors. Under systemd a line goes to the journal with the id by which the catalogue explains it;
// elsewhere to stderr with a time and a level.
#pragma once

#include <string_view>

#include "base/log_messages.h"

namespace tijori {

// Once, before threads start. The name is the program's.
void start_logging(std::string_view program);

void log_info(const LogMessage& message, std::string_view line);
void log_warning(const LogMessage& message, std::string_view line);
void log_error(const LogMessage& message, std::string_view line);

}  // namespace tijori
