#include "doctor/sandbox.h"

#include <algorithm>

#include "doctor/process.h"
#include "doctor/text.h"

namespace tijori {
namespace {

// Kernels put these into every network there is, where the modules of tunnels are loaded.
constexpr std::string_view interfaces_of_any[] = {"lo",      "tunl0",   "sit0",    "ip6tnl0",  "gre0",
                                                  "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0"};

struct StatusLine {
  std::string_view key;
  int base;
  uint64_t wanted;
  std::string_view setting;
};
constexpr StatusLine status_lines[] = {
    {"NoNewPrivs:", 10, 1, "NoNewPrivileges="},
    {"Seccomp:", 10, 2, "SystemCallFilter="},
    {"CapEff:", 16, 0, "AmbientCapabilities="},
    {"CapBnd:", 16, 0, "CapabilityBoundingSet="},
};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::vector<std::string> missing_of_status(std::string_view status) {
  std::vector<std::string> missing;
  for (const StatusLine& line : status_lines) {
    const auto value = value_of(status, line.key);
    if (!value || number_of(*value, line.base) != line.wanted) missing.emplace_back(line.setting);
  }
  return missing;
}

bool has_network(std::string_view devices) {
  return std::ranges::any_of(lines_of(devices), [](std::string_view line) {
    const size_t colon = line.find(':');
    // The two lines of the head have none.
    return colon != std::string_view::npos &&
           std::ranges::find(interfaces_of_any, trimmed(line.substr(0, colon))) == std::end(interfaces_of_any);
  });
}

bool is_root_read_only(std::string_view mounts) {
  bool read_only = false;
  for (const std::string_view line : lines_of(mounts)) {
    // 36 35 98:0 /root /mount-point rw,noatime …; of several at one place the last counts.
    const auto words = words_of(line);
    if (words.size() < 6 || words[4] != "/") continue;
    read_only = words[5] == "ro" || words[5].starts_with("ro,");
  }
  return read_only;
}

SubjectReport examine_sandbox(const Machine& machine) {
  SubjectReport report("sandbox");
  for (const ServiceProcess& process : processes_for(machine, report)) {
    std::vector<std::string> missing;
    std::string text;
    if (read_of_process(process, "status", text, report)) missing = missing_of_status(text);
    if (read_of_process(process, "net/dev", text, report) && has_network(text)) missing.emplace_back("PrivateNetwork=");
    if (read_of_process(process, "mountinfo", text, report) && !is_root_read_only(text))
      missing.emplace_back("ProtectSystem=");
    if (!missing.empty())
      report.find("sandbox-off", Severity::warning,
                  process.name + " runs without these lines of its unit: " + joined(missing) + ".");
  }
  return report;
}

}  // namespace tijori
