// Where the doctor looks, and as whom: whatever it reads of the machine it reaches through this, so that a test can
// point it at a folder of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/error.h"

namespace tijori {

struct DiskSpace {
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;   // to those who aren't root
  uint64_t total_files = 0;  // 0: the file system doesn't count them
  uint64_t free_files = 0;
};
Result<DiskSpace> read_disk_space(const std::filesystem::path& folder);

// Who asks: an administrator, of everything that belongs to the appliance; or tijorid, of what it sees from inside its
// sandbox.
enum class Examiner : uint8_t { administrator, daemon };

struct Machine {
  std::filesystem::path proc = "/proc";
  std::filesystem::path sys = "/sys";
  std::filesystem::path etc = "/etc";
  std::filesystem::path kernel_modules = "/lib/modules";

  std::filesystem::path run = "/run/tijori";  // api.sock, admin.sock, private/
  std::filesystem::path state = "/var/lib/tijori/state";
  std::filesystem::path audit = "/var/lib/tijori/audit";
  std::filesystem::path models = "/var/lib/tijori/models";
  std::filesystem::path tls = "/etc/tijori/tls";
  bool checkout = false;  // no units, no groups and no sandbox are to be expected

  Examiner examiner = Examiner::administrator;
  int64_t now_us = 0;
  int64_t log_reached_us = 0;  // a time that the audit log has seen; 0: not known
  std::function<Result<DiskSpace>(const std::filesystem::path& folder)> disk_space = read_disk_space;
};

// An appliance in the system's places, or one below the folder of a checkout; the time is now.
Machine installed_machine();
Machine checkout_machine(const std::filesystem::path& root);

}  // namespace tijori
