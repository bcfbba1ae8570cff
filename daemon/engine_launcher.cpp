#include "daemon/engine_launcher.h"

#include <array>
#include <chrono>
#include <system_error>

#include "base/check.h"

namespace tijori {
namespace {

// An engine drains for 20 s at most; one that was cut off has nothing left to finish.
constexpr std::chrono::milliseconds stop_limit{3'000};

std::filesystem::path socket_of(const std::filesystem::path& folder, int slot) {
  CHECK(slot >= 0 && slot < max_engine_slots);
  return folder / ("engine-" + std::to_string(slot) + ".sock");
}

class SpawningLauncher final : public EngineLauncher {
 public:
  SpawningLauncher(std::filesystem::path program, std::filesystem::path socket_folder,
                   std::filesystem::path model_store)
      : program_(std::move(program)), socket_folder_(std::move(socket_folder)), model_store_(std::move(model_store)) {}

  Result<InnerSocket> start(int slot) override {
    std::filesystem::path socket = socket_of(socket_folder_, slot);
    ChildProcess& child = children_[static_cast<size_t>(slot)];
    child.stop(stop_limit);
    std::error_code ignored;
    std::filesystem::remove(socket, ignored);
    TRY(child.start(program_, {"serve", "--socket", socket.string(), "--store", model_store_.string()}));
    return InnerSocket(std::move(socket));
  }

  std::optional<ProcessEnd> finish(int slot) override {
    ChildProcess& child = children_[static_cast<size_t>(slot)];
    if (const auto end = child.ended()) return end;
    return child.stop(stop_limit);
  }

 private:
  const std::filesystem::path program_;
  const std::filesystem::path socket_folder_;
  const std::filesystem::path model_store_;
  std::array<ChildProcess, max_engine_slots> children_;
};

class SlotLauncher final : public EngineLauncher {
 public:
  SlotLauncher(std::filesystem::path socket_folder, std::vector<uid_t> listeners)
      : socket_folder_(std::move(socket_folder)), listeners_(std::move(listeners)) {}
  Result<InnerSocket> start(int slot) override { return InnerSocket(socket_of(socket_folder_, slot), listeners_); }
  std::optional<ProcessEnd> finish(int /*slot*/) override { return std::nullopt; }

 private:
  const std::filesystem::path socket_folder_;
  const std::vector<uid_t> listeners_;
};

}  // namespace

std::unique_ptr<EngineLauncher> make_spawning_launcher(std::filesystem::path program,
                                                       std::filesystem::path socket_folder,
                                                       std::filesystem::path model_store) {
  return std::make_unique<SpawningLauncher>(std::move(program), std::move(socket_folder), std::move(model_store));
}

std::unique_ptr<EngineLauncher> make_slot_launcher(std::filesystem::path socket_folder, std::vector<uid_t> listeners) {
  return std::make_unique<SlotLauncher>(std::move(socket_folder), std::move(listeners));
}

}  // namespace tijori
