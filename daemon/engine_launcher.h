// Where engines come from. Each loaded model has a slot: a socket and, once connected, a process of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "daemon/child_process.h"
#include "daemon/inner_channel.h"

namespace tijori {

inline constexpr int max_engine_slots = 4;

class EngineLauncher {
 public:
  virtual ~EngineLauncher() = default;
  // The socket of the slot, where an engine listens or is about to. Called from the slot's own thread.
  virtual Result<InnerSocket> start(int slot) = 0;
  // After the connection has ended: ends the process if it is still there, and says how it ended if that can be known.
  virtual std::optional<ProcessEnd> finish(int slot) = 0;
};

// In a checkout: spawns tijori-engine as a child of the daemon.
std::unique_ptr<EngineLauncher> make_spawning_launcher(std::filesystem::path program,
                                                       std::filesystem::path socket_folder,
                                                       std::filesystem::path model_store);

// On an appliance: systemd's tijori-engine@N.socket starts the engine when it is connected to. `listeners`: as whom.
std::unique_ptr<EngineLauncher> make_slot_launcher(std::filesystem::path socket_folder, std::vector<uid_t> listeners);

}  // namespace tijori
