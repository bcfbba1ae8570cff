// The start of a program as a service of systemd: restarts come at a pace that grows while it keeps ending soon after
// its start. Restart=on-failure alone would try forever at RestartSec=, and RestartSteps= is of systemd 254.
#pragma once

#include <csignal>
#include <optional>

#include "base/start_record.h"

namespace tijori {

enum class ServiceGo { start, stop };

// One a process, before it opens anything. Without RuntimeDirectory= nothing is written and nobody waits.
class ServiceStart {
 public:
  ServiceStart();

  // Waits as long as the record of the last starts says, systemd being told. `stop` when one of these signals came
  // meanwhile; all of them must be blocked.
  ServiceGo wait_turn(const sigset_t& stopping);
  // The program ends as it was told to.
  void ended_well();

 private:
  std::optional<StartRecord> record_;
};

}  // namespace tijori
