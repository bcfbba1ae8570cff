#include "doctor/core_dumps.h"

#include <algorithm>

#include "doctor/process.h"
#include "doctor/text.h"

namespace tijori {
namespace {

// Both are given the limit (%c) and keep nothing of a process that has 0.
constexpr std::string_view careful_handlers[] = {"systemd-coredump", "apport"};

}  // namespace

bool may_dump_core(std::string_view limits) {
  const auto line = value_of(limits, "Max core file size");
  if (!line) return true;
  const auto words = words_of(*line);
  return words.size() < 2 || words[0] != "0" || words[1] != "0";
}

std::string_view careless_dump_handler(std::string_view core_pattern) {
  core_pattern = trimmed(core_pattern);
  if (!core_pattern.starts_with('|')) return {};
  const auto words = words_of(core_pattern.substr(1));
  if (words.empty()) return {};
  const std::string_view name = words[0].substr(words[0].rfind('/') + 1);
  return std::ranges::find(careful_handlers, name) == std::end(careful_handlers) ? words[0] : std::string_view();
}

SubjectReport examine_core_dumps(const Machine& machine) {
  SubjectReport report("core dumps");
  const auto processes = processes_for(machine, report);
  for (const ServiceProcess& process : processes) {
    std::string limits;
    if (read_of_process(process, "limits", limits, report) && may_dump_core(limits))
      report.find("core-dumps", Severity::warning, process.name + " may leave a core dump: LimitCORE=0 doesn't hold.");
  }
  if (processes.empty()) return report;
  const auto pattern = read_kernel_text(machine.proc / "sys/kernel/core_pattern");
  if (!pattern)
    report.miss("what becomes of core dumps", pattern.error());
  else if (const auto handler = careless_dump_handler(*pattern); !handler.empty())
    report.find("core-dumps", Severity::warning,
                "/proc/sys/kernel/core_pattern hands every core dump to " + std::string(handler) +
                    ", whatever the limit of a process is.");
  return report;
}

}  // namespace tijori
