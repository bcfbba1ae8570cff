// systemd, where there is one: sockets handed over, readiness, the watchdog. Elsewhere all of it does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/server.h"

namespace tijori {

// The sockets named "api" and "admin" of socket activation; empty when the program was started by hand.
Result<std::vector<ListeningSocket>> take_activated_sockets();

void notify_ready(const std::string& status);
void notify_status(const std::string& status);
void notify_stopping();
void notify_watchdog();
// How often the watchdog wants to hear; nothing when there is none.
std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace tijori
