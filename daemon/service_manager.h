// systemd, where there is one: sockets handed over, readiness. Elsewhere all of it does nothing.
#pragma once

#include <string>
#include <vector>

#include "daemon/server.h"

namespace tijori {

// The sockets named "api" and "admin" of socket activation; empty when the program was started by hand.
Result<std::vector<ListeningSocket>> take_activated_sockets();

void notify_ready(const std::string& status);
// Before a reload; notify_ready() ends it.
void notify_reloading();
void notify_stopping();

}  // namespace tijori
