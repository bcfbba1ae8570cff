#include "doctor/disk.h"

#include <cstdio>

namespace tijori {
namespace {

constexpr uint64_t tight_percent = 15;
constexpr uint64_t none_percent = 5;
constexpr uint64_t tight_enough_bytes = uint64_t{4} << 30;
constexpr uint64_t none_enough_bytes = uint64_t{1} << 30;
constexpr uint64_t files_percent = 1;

// Without the product, which absurd sizes would overflow.
bool is_below(uint64_t part, uint64_t whole, uint64_t percent) {
  return part / percent < whole / 100;
}

std::string free_text(const std::filesystem::path& folder, const DiskSpace& space) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f of %.1f GiB", static_cast<double>(space.free_bytes) / (1U << 30),
                static_cast<double>(space.total_bytes) / (1U << 30));
  return folder.string() + ": " + text + " are free";
}

bool is_out_of_files(const DiskSpace& space) {
  return space.total_files > 0 && is_below(space.free_files, space.total_files, files_percent);
}

void judge(const std::filesystem::path& folder, const char* tight, const char* none, const Machine& machine,
           SubjectReport& report) {
  const auto space = machine.disk_space(folder);
  if (!space) {
    if (space.error().code != ErrorCode::not_found) report.miss("room in " + folder.string(), space.error());
    return;
  }
  const Room room = room_of(*space);
  if (room == Room::none)
    report.find(none, Severity::error, free_text(folder, *space) + ".");
  else if (room == Room::tight)
    report.find(tight, Severity::warning, free_text(folder, *space) + ".");
  else if (is_out_of_files(*space))
    report.find(tight, Severity::warning,
                folder.string() + ": the file system can hold only " + std::to_string(space->free_files) +
                    " files more, whatever their size.");
}

}  // namespace

Room room_of(const DiskSpace& space) {
  const auto lacks = [&](uint64_t percent, uint64_t enough_bytes) {
    return space.free_bytes < enough_bytes && is_below(space.free_bytes, space.total_bytes, percent);
  };
  if (lacks(none_percent, none_enough_bytes)) return Room::none;
  return lacks(tight_percent, tight_enough_bytes) ? Room::tight : Room::enough;
}

SubjectReport examine_disk(const Machine& machine) {
  SubjectReport report("disk");
  judge(machine.state, "disk-low", "disk-low", machine, report);
  // The daemon sees nothing of it; tijori-audit tells it itself.
  if (machine.examiner == Examiner::administrator) judge(machine.audit, "log-tight", "log-reserve", machine, report);
  return report;
}

}  // namespace tijori
