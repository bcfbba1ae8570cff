#include "doctor/machine.h"

#include <sys/statvfs.h>

#include "base/clock.h"

namespace tijori {

Result<DiskSpace> read_disk_space(const std::filesystem::path& folder) {
  struct statvfs room{};
  if (::statvfs(folder.c_str(), &room) != 0) return fail_errno("statvfs", folder.string());
  return DiskSpace{uint64_t{room.f_blocks} * room.f_frsize, uint64_t{room.f_bavail} * room.f_frsize, room.f_files,
                   room.f_favail};
}

Machine installed_machine() {
  Machine machine;
  machine.now_us = wall_clock_us();
  return machine;
}

Machine checkout_machine(const std::filesystem::path& root) {
  Machine machine = installed_machine();
  machine.run = root / "run";
  machine.state = root / "state";
  machine.audit = root / "audit";
  machine.models = root / "models";
  machine.tls = root / "tls";
  machine.checkout = true;
  return machine;
}

}  // namespace tijori
