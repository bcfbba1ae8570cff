// Whether each process of the appliance is in the sandbox that its unit describes (packaging/systemd/sandbox.conf).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_sandbox(const Machine& machine);

// The lines of the unit that don't hold for a process with this /proc/PID/status.
std::vector<std::string> missing_of_status(std::string_view status);
// True when /proc/PID/net/dev lists an interface that a network of one's own doesn't have.
bool has_network(std::string_view devices);
// True when /proc/PID/mountinfo has the file system read-only.
bool is_root_read_only(std::string_view mounts);

}  // namespace tijori
