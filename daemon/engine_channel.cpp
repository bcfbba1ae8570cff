#include "daemon/engine_channel.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_back_off{100};
constexpr milliseconds longest_back_off{30'000};
constexpr milliseconds connect_limit{10'000};
constexpr milliseconds connect_interval{20};
constexpr milliseconds load_limit{3'600'000};
constexpr milliseconds ping_interval{2'000};
constexpr milliseconds ping_limit{2'000};
// An engine that says nothing for so long is ended.
constexpr int64_t silence_limit_us = 30'000'000;
constexpr milliseconds tokenize_limit{10'000};
constexpr milliseconds render_limit{10'000};
constexpr milliseconds plan_limit{30'000};
constexpr milliseconds experts_limit{5'000};
constexpr milliseconds drain_interval{100};
// An engine that ran this long was not broken from the start: the next restart is quick again.
constexpr int64_t settled_us = 60'000'000;

bool may_pass(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::resource_exhausted ||
         error.code == ErrorCode::deadline_exceeded || error.code == ErrorCode::io_error;
}

}  // namespace

Result<std::unique_ptr<Generation>> Generation::start(std::shared_ptr<InnerChannel> channel, GenerateRequest request) {
  std::unique_ptr<Generation> generation(new Generation(std::move(channel)));
  request.credit = delta_credit_frames;
  TRY(generation->conversation_.send(MessageType::generate, to_json(request)));
  return generation;
}

Result<EngineEvent> Generation::next(milliseconds timeout) {
  for (;;) {
    TRY_ASSIGN(const Frame frame, conversation_.next(timeout));
    switch (static_cast<MessageType>(frame.type)) {
      case MessageType::progress:
        continue;
      case MessageType::accepted:
        return parse_message<AcceptedReply>("accepted", frame.payload);
      case MessageType::finish:
        return parse_message<Finish>("finish", frame.payload);
      case MessageType::error:
        return parse_message<PeerError>("error", frame.payload);
      case MessageType::delta:
        if (++taken_ >= delta_credit_frames / 2)
          TRY(conversation_.send(MessageType::credit, to_json(Credit{std::exchange(taken_, 0)})));
        return parse_message<Delta>("delta", frame.payload);
      default:
        return fail(ErrorCode::malformed, "the engine sent a frame of type " + std::to_string(frame.type));
    }
  }
}

std::optional<Finish> Generation::cancel(milliseconds timeout) {
  if (!conversation_.send(MessageType::cancel, "{}")) return std::nullopt;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto event = next(std::max(left, milliseconds(0)));
    if (!event) {
      if (event.error().code == ErrorCode::cancelled) continue;
      return std::nullopt;
    }
    if (const auto* finish = std::get_if<Finish>(&*event)) return *finish;
    if (std::holds_alternative<PeerError>(*event)) return std::nullopt;
  }
}

Engine::Engine(CatalogModel model, EngineOptions options, int slot, EngineLauncher& launcher, AuditLog& audit,
               std::function<void()> on_change)
    : model_(std::move(model)),
      options_(std::move(options)),
      slot_(slot),
      launcher_(launcher),
      audit_(audit),
      on_change_(std::move(on_change)) {
  thread_ = std::thread([this] { run(); });
}

Engine::~Engine() {
  stop();
}

LoadRequest load_request(const CatalogModel& model, const EngineOptions& options) {
  LoadRequest request;
  request.file = model.file;
  request.sha256 = model.sha256;
  request.backend = options.backend;
  request.threads = options.threads;
  request.context_tokens = options.context_tokens;
  request.max_sequences = options.max_sequences;
  request.kv_type = options.kv_type;
  request.chat_format = options.chat_format;
  return request;
}

void Engine::dismiss(const std::shared_ptr<InnerChannel>& channel) {
  (void)InnerChannel::Conversation(channel).send(MessageType::leave, "{}");
  channel->close();
}

void Engine::stop() {
  std::shared_ptr<InnerChannel> current;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    current = channel_;
    changed_.notify_all();
  }
  if (current != nullptr) dismiss(current);
  if (thread_.joinable()) thread_.join();
}

void Engine::unload(std::chrono::seconds drain_limit) {
  std::shared_ptr<InnerChannel> loading;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || unloading_) return;
    unloading_ = true;
    drain_deadline_ = std::chrono::steady_clock::now() + drain_limit;
    if (state_ != ModelState::ready) loading = channel_;
    state_ = ModelState::unloading;
    message_ = "unloading";
    since_us_ = wall_clock_us();
    changed_.notify_all();
  }
  if (loading != nullptr) dismiss(loading);
  if (on_change_) on_change_();
}

bool Engine::unloaded() const {
  const std::lock_guard lock(mutex_);
  return ended_ && unloading_;
}

bool Engine::found_altered() const {
  const std::lock_guard lock(mutex_);
  return state_ == ModelState::failed && found_altered_;
}

bool Engine::failed_for_good() const {
  const std::lock_guard lock(mutex_);
  return ended_ && !unloading_;
}

std::optional<Engine::Ending> Engine::asked_to_end() const {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Ending::stopped;
  if (unloading_) return Ending::unloaded;
  return std::nullopt;
}

ModelInfo Engine::info() const {
  const std::lock_guard lock(mutex_);
  ModelInfo info;
  info.alias = model_.alias;
  info.file = model_.file;
  info.sha256 = model_.sha256;
  info.size_bytes = model_.size_bytes;
  info.state = state_;
  info.message = message_;
  info.since_us = since_us_;
  info.restarts = restarts_;
  if (state_ == ModelState::loading) {
    info.stage = progress_.stage;
    info.done_bytes = progress_.done;
    info.total_bytes = progress_.total;
  }
  if (state_ != ModelState::ready && (state_ != ModelState::unloading || loaded_.pid == 0)) return info;
  info.architecture = loaded_.architecture;
  info.name = loaded_.name;
  info.chat_format = loaded_.chat_format;
  info.license = loaded_.license;
  info.backend = loaded_.backend;
  info.gpu = loaded_.gpu;
  info.context_tokens = loaded_.context_tokens;
  info.max_sequences = loaded_.max_sequences;
  info.threads = loaded_.threads;
  info.kv_type = loaded_.kv_type;
  info.weights_bytes = loaded_.weights_bytes;
  info.kv_bytes = loaded_.kv_bytes;
  info.workspace_bytes = loaded_.workspace_bytes;
  info.layers = loaded_.layers;
  info.experts = loaded_.experts;
  if (counts_.kv_blocks > 0)
    info.kv_used_bytes =
        static_cast<int64_t>(static_cast<double>(loaded_.kv_bytes) * static_cast<double>(counts_.kv_blocks_used) /
                             static_cast<double>(counts_.kv_blocks));
  info.resident_bytes = counts_.resident_bytes;
  info.running = counts_.running;
  info.waiting = counts_.waiting;
  info.pid = loaded_.pid;
  return info;
}

Result<std::shared_ptr<InnerChannel>> Engine::channel() const {
  const std::lock_guard lock(mutex_);
  if (state_ == ModelState::ready && channel_ != nullptr && channel_->alive()) return channel_;
  return fail(ErrorCode::unavailable,
              "model " + model_.alias + " isn't ready: " + (message_.empty() ? "starting" : message_));
}

LoadedReply Engine::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

Result<TokensReply> Engine::tokenize(const TokenizeRequest& request) const {
  TRY_ASSIGN(const auto current, channel());
  const auto reply = current->ask(MessageType::tokenize, to_json(request), MessageType::tokens, tokenize_limit);
  if (reply) return parse_message<TokensReply>("tokens", *reply);
  if (reply.error().code == ErrorCode::deadline_exceeded)
    return fail(ErrorCode::deadline_exceeded, "model " + model_.alias + ": its engine (process " +
                                                  std::to_string(loaded().pid) + ") has not answered within " +
                                                  std::to_string(tokenize_limit.count() / 1'000) + " s");
  return fail(reply.error().in("model " + model_.alias));
}

Result<RenderedReply> Engine::render(const RenderRequest& request) const {
  TRY_ASSIGN(const auto current, channel());
  TRY_ASSIGN(const std::string reply,
             current->ask(MessageType::render, to_json(request), MessageType::rendered, render_limit));
  return parse_message<RenderedReply>("rendered", reply);
}

Result<PlannedReply> Engine::plan(const LoadRequest& request) const {
  std::shared_ptr<InnerChannel> current;
  {
    const std::lock_guard lock(mutex_);
    current = channel_;
  }
  if (current == nullptr || !current->alive())
    return fail(ErrorCode::unavailable, "model " + model_.alias + ": its engine isn't there now");
  TRY_ASSIGN(const std::string reply,
             current->ask(MessageType::plan, to_json(request), MessageType::planned, plan_limit));
  return parse_message<PlannedReply>("planned", reply);
}

Result<ExpertCountsReply> Engine::experts() const {
  TRY_ASSIGN(const auto current, channel());
  TRY_ASSIGN(const std::string reply,
             current->ask(MessageType::experts, "{}", MessageType::expert_counts, experts_limit));
  return parse_message<ExpertCountsReply>("expert_counts", reply);
}

void Engine::set_state(ModelState state, std::string message) {
  {
    const std::lock_guard lock(mutex_);
    if (unloading_) return;
    if (state != state_) since_us_ = wall_clock_us();
    state_ = state;
    message_ = std::move(message);
  }
  if (on_change_) on_change_();
}

void Engine::set_progress(const Progress& at) {
  const int64_t percent = at.total > 0 ? at.done * 100 / at.total : 0;
  {
    const std::lock_guard lock(mutex_);
    progress_ = at;
  }
  set_state(ModelState::loading, at.stage + " " + std::to_string(percent) + " %");
}

void Engine::set_counts(const EngineStatusReply& counts) {
  const std::lock_guard lock(mutex_);
  counts_ = counts;
}

bool Engine::wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return stopping_ || unloading_; });
}

void Engine::record(std::string event, std::string outcome, AuditDetail detail) {
  AuditDraft draft;
  draft.event = std::move(event);
  draft.outcome = std::move(outcome);
  draft.actor_type = "system";
  draft.object = model_.sha256;
  draft.detail = std::move(detail);
  audit_.append_later(std::move(draft));
}

void Engine::run() {
  milliseconds back_off = first_back_off;
  for (;;) {
    const int64_t started_us = boot_clock_us();
    const Ending ending = run_once();
    if (ending == Ending::unloaded || ending == Ending::stopped || ending == Ending::failed_for_good) break;
    if (boot_clock_us() - started_us > settled_us) back_off = first_back_off;
    if (!wait(back_off)) break;
    back_off = std::min(back_off * 2, longest_back_off);
  }
  launcher_.finish(slot_);
  if (asked_to_end() == Ending::unloaded) {
    log_info(message::model_unloaded, "model " + model_.alias + ": unloaded");
    record("model.unloaded", "ok", {});
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
}

Engine::Ending Engine::run_once() {
  set_state(ModelState::starting, "starting");
  const auto give_up = [&](const Error& error) {
    launcher_.finish(slot_);
    if (const auto asked = asked_to_end()) return *asked;
    log_error(message::model_failed, "model " + model_.alias + ": " + error.message);
    {
      const std::lock_guard lock(mutex_);
      found_altered_ = error.code == ErrorCode::corrupted;
    }
    set_state(ModelState::failed, error.message);
    AuditDetail detail;
    detail.set("cause", "load");
    detail.set("code", std::string(name_of(error.code)));
    record("model.failed", "failed", std::move(detail));
    return may_pass(error) ? Ending::failed_for_now : Ending::failed_for_good;
  };
  const auto socket = launcher_.start(slot_);
  if (!socket) return give_up(socket.error());
  const auto channel = connect(*socket);
  if (!channel) return give_up(channel.error());
  // The old connection's reader may be waiting for the lock: it goes after the lock is free again.
  std::shared_ptr<InnerChannel> old = *channel;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Ending::stopped;
    if (unloading_) return Ending::unloaded;
    channel_.swap(old);
  }
  const int64_t load_started_us = boot_clock_us();
  auto loaded = load(**channel);
  if (!loaded && loaded.error().code == ErrorCode::already_exists) {
    // The engine of a daemon that was killed, with the model which that one had put into this slot.
    log_info(message::slot_occupied,
             "model " + model_.alias + ": the engine of its slot has another one from before; it is told to leave");
    set_state(ModelState::starting, "the slot is being freed");
    dismiss(*channel);
    launcher_.finish(slot_);
    return asked_to_end().value_or(Ending::failed_for_now);
  }
  if (!loaded) return give_up(loaded.error());

  AuditDetail detail;
  detail.set("backend", loaded->backend);
  detail.set("total_us", boot_clock_us() - load_started_us);
  if (!loaded->license.empty()) detail.set("license", to_hex(sha256(as_bytes(loaded->license))));
  record("model.loaded", "ok", std::move(detail));
  {
    const std::lock_guard lock(mutex_);
    loaded_ = *std::move(loaded);
  }
  set_state(ModelState::ready, "");
  log_info(message::model_ready, "model " + model_.alias + ": ready");
  watch(*channel);

  const auto end = launcher_.finish(slot_);
  if (const auto asked = asked_to_end()) return *asked;
  {
    const std::lock_guard lock(mutex_);
    ++restarts_;
    counts_ = {};
  }
  set_state(ModelState::failed, "the engine ended; it is being started again");
  log_error(message::engine_ended, "model " + model_.alias + ": the engine ended" +
                                       (end && end->signal != 0 ? " by signal " + std::to_string(end->signal) : ""));
  AuditDetail crash;
  if (end && end->signal != 0)
    crash.set("signal", int64_t{end->signal});
  else if (end)
    crash.set("exit_code", int64_t{end->exit_code});
  record("engine.crashed", "failed", std::move(crash));
  return Ending::crashed;
}

Result<std::shared_ptr<InnerChannel>> Engine::connect(const InnerSocket& socket) {
  const auto deadline = std::chrono::steady_clock::now() + connect_limit;
  for (;;) {
    auto channel = InnerChannel::connect(socket, [this] {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    });
    if (channel) return channel;
    if (std::chrono::steady_clock::now() >= deadline) return channel;
    if (!wait(connect_interval)) return fail(ErrorCode::cancelled, "stopping");
  }
}

Result<LoadedReply> Engine::load(InnerChannel& channel) {
  set_state(ModelState::loading, "loading");
  TRY_ASSIGN(const std::string reply,
             channel.ask(MessageType::load, to_json(load_request(model_, options_)), MessageType::loaded, load_limit,
                         [&](const Progress& at) { set_progress(at); }));
  TRY_ASSIGN(LoadedReply loaded, parse_message<LoadedReply>("loaded", reply));
  if (loaded.sha256 != model_.sha256)
    return fail(ErrorCode::corrupted, model_.file + ": the engine loaded a file of another digest");
  return loaded;
}

void Engine::watch(const std::shared_ptr<InnerChannel>& channel) {
  bool silent = false;
  int64_t heard_us = boot_clock_us();
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, ping_interval, [&] { return stopping_ || unloading_ || !channel->alive(); });
      if (stopping_ || !channel->alive()) return;
      if (unloading_) break;
    }
    const auto status = channel->ask(MessageType::status, "{}", MessageType::status_reply, ping_limit);
    const int64_t now_us = boot_clock_us();
    if (status || status.error().code != ErrorCode::deadline_exceeded) {
      heard_us = now_us;
      if (status)
        if (const auto counts = parse_message<EngineStatusReply>("status_reply", *status)) set_counts(*counts);
      if (status && std::exchange(silent, false)) {
        log_info(message::engine_answers, "model " + model_.alias + ": the engine answers again");
        set_state(ModelState::ready, "");
      }
      continue;
    }
    if (!std::exchange(silent, true)) {
      log_warning(message::engine_silent, "model " + model_.alias + ": the engine doesn't answer");
      set_state(ModelState::ready, "its engine (process " + std::to_string(loaded().pid) + ") doesn't answer since " +
                                       to_rfc3339(wall_clock_us() - (now_us - heard_us)));
    }
    if (now_us - heard_us < silence_limit_us) continue;
    log_error(message::engine_hung, "model " + model_.alias + ": the engine doesn't answer; it is ended");
    channel->close();
    return;
  }
  drain(channel);
}

// Idle twice in a row: a request that was let in just before may not have reached the engine at the first look.
void Engine::drain(const std::shared_ptr<InnerChannel>& channel) {
  for (int idle = 0; idle < 2 && channel->alive();) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_ || std::chrono::steady_clock::now() >= drain_deadline_) break;
      changed_.wait_for(lock, drain_interval, [&] { return stopping_ || !channel->alive(); });
    }
    const auto status = channel->ask(MessageType::status, "{}", MessageType::status_reply, ping_limit);
    if (!status) break;
    const auto counts = parse_message<EngineStatusReply>("status_reply", *status);
    if (!counts) break;
    set_counts(*counts);
    idle = counts->running + counts->waiting == 0 ? idle + 1 : 0;
  }
  dismiss(channel);
}

}  // namespace tijori
