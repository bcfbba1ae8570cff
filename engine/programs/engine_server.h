// The engine's side of the inner protocol (docs/engine-protocol.md).
//
// Two threads: the caller of run() reads frames of one connection after the other and answers what needs no model run
// (status, tokenize); the engine thread loads, steps the scheduler and sends everything about loads and generations,
// so that their frames stand in order. They talk through one bounded queue of commands.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <variant>

#include <sys/types.h>

#include "base/error.h"
#include "base/file.h"
#include "base/frame.h"
#include "base/queue.h"
#include "base/watchdog.h"
#include "engine/generation.h"
#include "engine/programs/loaded_model.h"
#include "engine/scheduler.h"
#include "protocol/engine_messages.h"
#include "protocol/inner_messages.h"

namespace tijori {

inline constexpr size_t max_queued_commands = 1024;
inline constexpr std::chrono::seconds drain_limit{20};
// A daemon that takes no bytes for so long has lost its connection.
inline constexpr std::chrono::seconds send_limit{10};

struct EngineServerOptions {
  std::filesystem::path store;
  StoreMode mode = StoreMode::strict;
  uid_t peer_uid = 0;  // whose connections are served; others are closed unread
  // Without a connection for so long, run() returns; 0: never.
  std::chrono::seconds lonely_limit{0};
  Watchdog watchdog;  // told by the engine thread
};

class EngineServer final : private GenerationSink {
 public:
  static Result<std::unique_ptr<EngineServer>> create(EngineServerOptions options);
  EngineServer(const EngineServer&) = delete;
  EngineServer& operator=(const EngineServer&) = delete;
  ~EngineServer() override;

  // Serves connections of the listener, one at a time, until drain() has done its work. An error is the listener's or
  // the model's; the process should end then.
  Status run(int listener);
  // From any thread, not from a signal handler: refuses new work, lets running requests finish (at most drain_limit)
  // and makes run() return.
  void drain();

 private:
  enum class State : uint8_t { empty, loading, ready };
  using Channel = std::shared_ptr<FrameChannel>;

  // Commands for the engine thread.
  struct Connect {
    Channel channel;
  };
  struct Disconnect {
    std::promise<void> done;
  };
  struct Load {
    uint64_t id = 0;
    LoadRequest request;
  };
  struct Generate {
    GenerationId id = 0;
    GenerationRequest request;
  };
  struct Cancel {
    GenerationId id = 0;
  };
  struct AddCredit {
    GenerationId id = 0;
    uint32_t frames = 0;
  };
  struct Wake {};
  using Command = std::variant<Connect, Disconnect, Load, Generate, Cancel, AddCredit, Wake>;

  explicit EngineServer(EngineServerOptions options) : options_(std::move(options)), watchdog_(options_.watchdog) {}

  // Reading thread.
  Result<UniqueFd> accept(int listener);
  void serve(const Channel& channel);
  Status shake_hands(FrameChannel& channel);
  // An error here breaks the rules of the protocol: it is sent with request id 0 and the connection ends.
  Status handle(FrameChannel& channel, const Frame& frame);
  Status handle_load(FrameChannel& channel, const Frame& frame);
  Status handle_generate(FrameChannel& channel, const Frame& frame);
  Status handle_tokenize(FrameChannel& channel, const Frame& frame);
  Status handle_render(FrameChannel& channel, const Frame& frame);
  void handle_plan(FrameChannel& channel, const Frame& frame, const LoadRequest& request);
  void handle_experts(FrameChannel& channel, const Frame& frame);
  Result<GenerationRequest> to_generation(const GenerateRequest& request, const LoadedModel& model) const;
  EngineStatusReply status() const;
  // The model, once it is ready: what of it any thread may use. nullptr before.
  const LoadedModel* ready_model() const;

  // Engine thread.
  void run_engine();
  bool wait_for_commands();
  void execute(Connect& command);
  void execute(Disconnect& command);
  void execute(Load& command);
  void execute(Generate& command);
  void execute(Cancel& command);
  void execute(AddCredit& command);
  void execute(Wake& /*command*/) {}
  bool may_still_work();
  void publish_counts();
  bool report_progress(uint64_t id, std::string_view stage, uint64_t done, uint64_t total);
  void on_delta(GenerationId id, std::string_view text, uint32_t n_tokens) override;
  void on_finish(GenerationId id, FinishReason reason, const GenerationUsage& usage) override;
  void on_error(GenerationId id, const Error& error) override;

  // Either thread.
  static void send(FrameChannel& channel, MessageType type, uint64_t id, const std::string& payload);
  static void send_error(FrameChannel& channel, uint64_t id, const Error& error);
  void send(MessageType type, uint64_t id, const std::string& payload);

  const EngineServerOptions options_;
  UniqueFd wake_;  // eventfd: readable once draining
  std::thread engine_;
  BoundedQueue<Command> commands_{max_queued_commands};
  std::atomic<bool> draining_{false};
  std::atomic<bool> cancels_load_{false};

  mutable std::mutex mutex_;  // what both threads see
  State state_ = State::empty;
  const LoadedModel* ready_ = nullptr;
  SchedulerCounts counts_;
  std::unordered_set<uint64_t> open_ids_;  // loads and generations that haven't ended
  std::optional<Error> failure_;           // of the model; final

  // Of the engine thread.
  Watchdog watchdog_;
  Channel channel_;
  std::unique_ptr<LoadedModel> loaded_;
  LoadRequest loaded_as_;  // what was asked when it was
  std::unique_ptr<Scheduler> scheduler_;
  std::optional<std::chrono::steady_clock::time_point> drain_deadline_;
  std::chrono::steady_clock::time_point last_progress_;
  std::string last_stage_;
};

}  // namespace tijori
