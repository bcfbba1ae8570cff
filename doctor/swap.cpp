#include "doctor/swap.h"

#include <algorithm>

#include "doctor/process.h"
#include "doctor/text.h"

namespace tijori {
namespace {

constexpr size_t max_cgroup_depth = 64;

bool is_encrypted(const Machine& machine, const std::string& swap) {
  const std::string device = std::filesystem::path(swap).filename().string();
  if (!device.starts_with("dm-")) return false;
  const auto kind = read_kernel_text(machine.sys / "block" / device / "dm/uuid");
  return kind && kind->starts_with("CRYPT-");
}

// The limit holds for a group and for all below it.
bool is_kept_from_swap(const Machine& machine, std::string_view cgroup_text) {
  std::filesystem::path group = std::filesystem::path(unified_cgroup(cgroup_text)).lexically_normal();
  if (!group.is_absolute()) return false;
  for (size_t depth = 0; depth < max_cgroup_depth && group.has_relative_path(); ++depth, group = group.parent_path())
    for (const char* hierarchy : {"fs/cgroup", "fs/cgroup/unified"}) {
      const auto limit = read_kernel_text(machine.sys / hierarchy / group.relative_path() / "memory.swap.max");
      if (limit && trimmed(*limit) == "0") return true;
    }
  return false;
}

}  // namespace

std::vector<std::string> swaps_on_disk(std::string_view swaps) {
  std::vector<std::string> found;
  const auto lines = lines_of(swaps);
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto words = words_of(lines[i]);
    if (words.empty() || words[0].substr(words[0].rfind('/') + 1).starts_with("zram")) continue;
    found.emplace_back(words[0]);
  }
  return found;
}

SubjectReport examine_swap(const Machine& machine) {
  SubjectReport report("swap");
  const auto processes = processes_for(machine, report);
  if (processes.empty()) return report;
  const auto text = read_kernel_text(machine.proc / "swaps");
  if (!text) {
    // A kernel without swap has no such file.
    if (text.error().code != ErrorCode::not_found) report.miss(report.subject, text.error());
    return report;
  }
  std::vector<std::string> swaps = swaps_on_disk(*text);
  std::erase_if(swaps, [&](const std::string& swap) { return is_encrypted(machine, swap); });
  if (swaps.empty()) return report;
  for (const ServiceProcess& process : processes) {
    std::string cgroup;
    if (!read_of_process(process, "cgroup", cgroup, report) || is_kept_from_swap(machine, cgroup)) continue;
    report.find("swap-on", Severity::warning,
                process.name + " may be swapped out to " + swaps.front() +
                    ", which isn't encrypted: MemorySwapMax=0 doesn't hold for it.");
  }
  return report;
}

}  // namespace tijori
