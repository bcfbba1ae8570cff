// One model's engine, kept running: started, loaded, watched, started again after a crash. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "daemon/audit_channel.h"
#include "daemon/engine_launcher.h"
#include "daemon/inner_channel.h"
#include "protocol/admin_types.h"
#include "protocol/engine_messages.h"
#include "protocol/model_catalog.h"

namespace tijori {

inline constexpr int64_t delta_credit_frames = 64;

struct EngineOptions {
  std::string backend = "auto";
  std::string kv_type;
  std::string chat_format;
  int64_t threads = 0;
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
};

// What the engine says of one request, in order: AcceptedReply, any number of Delta, then Finish; or PeerError at any
// point, which ends it.
using EngineEvent = std::variant<AcceptedReply, Delta, Finish, PeerError>;

// One running request. Used by one thread, interrupt() from any. Grants credit as deltas are taken.
class Generation {
 public:
  static Result<std::unique_ptr<Generation>> start(std::shared_ptr<InnerChannel> channel, GenerateRequest request);

  // deadline_exceeded: nothing yet. unavailable: the engine is gone. cancelled: interrupt() was called.
  Result<EngineEvent> next(std::chrono::milliseconds timeout);
  void interrupt() { conversation_.interrupt(); }
  // Asks the engine to stop and waits for its last word: the tokens it made, if it still says so.
  std::optional<Finish> cancel(std::chrono::milliseconds timeout);

 private:
  explicit Generation(std::shared_ptr<InnerChannel> channel) : conversation_(std::move(channel)) {}

  InnerChannel::Conversation conversation_;
  int64_t taken_ = 0;  // deltas since credit was last granted
};

// What an engine is asked to load: the model's file, and the options with what was left open there.
LoadRequest load_request(const CatalogModel& model, const EngineOptions& options);

class Engine {
 public:
  // Starts trying at once. `launcher` and `audit` must outlive it; `on_change` is called from its thread.
  Engine(CatalogModel model, EngineOptions options, int slot, EngineLauncher& launcher, AuditLog& audit,
         std::function<void()> on_change);
  ~Engine();

  const CatalogModel& model() const { return model_; }
  ModelInfo info() const;
  // unavailable, with the reason, while the model isn't ready.
  Result<std::shared_ptr<InnerChannel>> channel() const;
  LoadedReply loaded() const;
  Result<TokensReply> tokenize(const TokenizeRequest& request) const;
  Result<RenderedReply> render(const RenderRequest& request) const;
  // Of the model in it, or of another file while none is loaded.
  Result<PlannedReply> plan(const LoadRequest& request) const;
  Result<ExpertCountsReply> experts() const;
  // Ends the process after the connection; requests under way end with unavailable.
  void stop();
  // From now on new requests are refused; once the running ones have ended, or the time is over, the process is ended.
  // A load under way is cancelled at once. Returns at once; done when unloaded().
  void unload(std::chrono::seconds drain_limit);
  bool unloaded() const;
  bool failed_for_good() const;  // it isn't tried again
  bool found_altered() const;    // the file isn't the one that was allowed
  int slot() const { return slot_; }

 private:
  enum class Ending { stopped, unloaded, crashed, failed_for_good, failed_for_now };

  void run();
  Ending run_once();
  // The engine ends by itself once it has nothing left to do; then the connection.
  static void dismiss(const std::shared_ptr<InnerChannel>& channel);
  Result<std::shared_ptr<InnerChannel>> connect(const InnerSocket& socket);
  Result<LoadedReply> load(InnerChannel& channel);
  void watch(const std::shared_ptr<InnerChannel>& channel);
  void drain(const std::shared_ptr<InnerChannel>& channel);
  void set_state(ModelState state, std::string message);
  void set_progress(const Progress& at);
  void set_counts(const EngineStatusReply& counts);
  bool wait(std::chrono::milliseconds time);  // false when stopping or unloading
  std::optional<Ending> asked_to_end() const;
  void record(std::string event, std::string outcome, AuditDetail detail);

  const CatalogModel model_;
  const EngineOptions options_;
  const int slot_;
  EngineLauncher& launcher_;
  AuditLog& audit_;
  const std::function<void()> on_change_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<InnerChannel> channel_;  // guarded by mutex_, as all below
  LoadedReply loaded_;
  ModelState state_ = ModelState::starting;
  std::string message_;
  int64_t since_us_ = 0;
  Progress progress_;
  EngineStatusReply counts_;
  int64_t restarts_ = 0;
  bool found_altered_ = false;
  bool stopping_ = false;
  bool unloading_ = false;
  bool ended_ = false;
  std::chrono::steady_clock::time_point drain_deadline_;
  std::thread thread_;
};

}  // namespace tijori
