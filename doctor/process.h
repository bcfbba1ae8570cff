// The processes of an installed appliance, as /proc shows them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

struct ServiceProcess {
  std::string name;              // "tijorid.service (process 812)"
  std::filesystem::path folder;  // /proc/812
};

// Those that systemd started for one of our units; for the daemon itself alone. One of a checkout beside is not among
// them.
Result<std::vector<ServiceProcess>> service_processes(const Machine& machine);

// The path of a process in the unified hierarchy, "" when the text names none: "0::/system.slice/tijorid.service".
std::string unified_cgroup(std::string_view cgroup_text);

// The processes to look at for a subject that only an installed appliance has; the report says why when there is none.
std::vector<ServiceProcess> processes_for(const Machine& machine, SubjectReport& report);

// False, and said so in the report, when the file can't be read. A process that ended meanwhile is nothing to tell.
bool read_of_process(const ServiceProcess& process, const char* file, std::string& text, SubjectReport& report);

}  // namespace tijori
