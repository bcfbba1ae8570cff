#include "doctor/process.h"

#include <algorithm>
#include <system_error>

#include "doctor/text.h"

namespace tijori {
namespace {

constexpr std::string_view units[] = {"tijorid.service", "tijori-audit.service", "tijori-engine@"};

// The unit by systemd's own hierarchy or by the unified one: "tijori-engine@0.service" of
// "/system.slice/system-tijori\x2dengine.slice/tijori-engine@0.service"; "" of one that isn't ours.
std::string_view unit_of(std::string_view cgroup_text) {
  for (const std::string_view line : lines_of(cgroup_text)) {
    const std::string_view last = line.substr(line.rfind('/') + 1);
    if (std::ranges::any_of(units, [&](std::string_view unit) { return last.starts_with(unit); })) return last;
  }
  return {};
}

}  // namespace

std::string unified_cgroup(std::string_view cgroup_text) {
  const auto path = value_of(cgroup_text, "0::");
  return std::string(path.value_or(""));
}

Result<std::vector<ServiceProcess>> service_processes(const Machine& machine) {
  if (machine.examiner == Examiner::daemon) return std::vector<ServiceProcess>{{"tijorid", machine.proc / "self"}};
  std::vector<ServiceProcess> found;
  std::error_code error;
  std::filesystem::directory_iterator entries(machine.proc, error);
  if (error) return fail(ErrorCode::io_error, machine.proc.string() + ": " + error.message());
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string pid = entries->path().filename().string();
    if (!number_of(pid)) continue;
    // One that ended meanwhile, or that isn't for us to see.
    const auto cgroup = read_kernel_text(entries->path() / "cgroup");
    const std::string_view unit = cgroup ? unit_of(*cgroup) : std::string_view();
    if (!unit.empty()) found.push_back({std::string(unit) + " (process " + pid + ")", entries->path()});
  }
  std::ranges::sort(found, {}, &ServiceProcess::name);
  return found;
}

std::vector<ServiceProcess> processes_for(const Machine& machine, SubjectReport& report) {
  if (machine.checkout) {
    report.miss(report.subject, "not expected of a checkout; the units of an installed appliance see to it");
    return {};
  }
  auto processes = service_processes(machine);
  if (!processes)
    report.miss(report.subject, processes.error());
  else if (processes->empty())
    report.miss(report.subject, "systemd runs no process of Tijori now, or this account may not see it");
  return processes ? *std::move(processes) : std::vector<ServiceProcess>();
}

bool read_of_process(const ServiceProcess& process, const char* file, std::string& text, SubjectReport& report) {
  auto read = read_kernel_text(process.folder / file);
  if (read) {
    text = *std::move(read);
    return true;
  }
  std::error_code ignored;
  if (std::filesystem::exists(process.folder, ignored))
    report.miss(report.subject + " of " + process.name, read.error());
  return false;
}

}  // namespace tijori
