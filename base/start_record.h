// How long a program that keeps ending soon after its start waits before the next. It tells itself by a file that
// outlives the process but not the boot (systemd's RuntimeDirectory=). Not a limit: it never gives up.
#pragma once

#include <chrono>
#include <filesystem>

#include "base/clock.h"

namespace tijori {

struct PlannedStart {
  int quick_ends = 0;  // runs before this one, in a row, that ended soon after their start
  std::chrono::seconds pause{0};
};

// Belongs to one thread of one process at a time. The clock must outlive it.
class StartRecord {
 public:
  explicit StartRecord(const std::filesystem::path& folder, const Clock& clock = system_clock());

  // What the file says of the run before, and this one written down in its place, as starting after the pause. A file
  // that isn't one of these counts as none.
  PlannedStart begin();
  // The run ends as it was told to: the next one waits for nothing.
  void forget();

 private:
  int quick_ends(int64_t now_us) const;
  std::filesystem::path file_;
  const Clock& clock_;
};

}  // namespace tijori
