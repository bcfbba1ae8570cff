#include "engine/programs/engine_server.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/socket.h"
#include "engine/programs/model_plan.h"

namespace tijori {
namespace {

constexpr std::chrono::milliseconds drain_poll{100};
constexpr std::chrono::milliseconds progress_interval{100};

Result<std::vector<ChatMessage>> to_chat(const std::vector<EngineMessage>& messages) {
  std::vector<ChatMessage> chat;
  chat.reserve(messages.size());
  for (size_t i = 0; i < messages.size(); ++i) {
    const Result<ChatRole> role = find_chat_role(messages[i].role);
    if (!role) return fail(role.error().in("messages[" + std::to_string(i) + "]"));
    chat.push_back({*role, messages[i].content});
  }
  return chat;
}

Result<uint32_t> to_count(int64_t value, const char* field) {
  if (value >= 0 && value <= std::numeric_limits<uint32_t>::max()) return static_cast<uint32_t>(value);
  return fail(ErrorCode::invalid_argument,
              std::string(field) + ": expected 0 to " + std::to_string(std::numeric_limits<uint32_t>::max()));
}

uint64_t random_seed() {
  uint8_t bytes[sizeof(uint64_t)];
  random_bytes(bytes);
  return load_le<uint64_t>(bytes);
}

}  // namespace

Result<std::unique_ptr<EngineServer>> EngineServer::create(EngineServerOptions options) {
  std::unique_ptr<EngineServer> server(new EngineServer(std::move(options)));
  server->wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!server->wake_) return fail_errno("eventfd", "");
  server->engine_ = std::thread([raw = server.get()] { raw->run_engine(); });
  return server;
}

EngineServer::~EngineServer() {
  drain();
  if (engine_.joinable()) engine_.join();
}

void EngineServer::drain() {
  draining_ = true;
  cancels_load_ = true;
  const uint64_t one = 1;
  // The counter can't overflow here; a failed write would leave run() waiting, and there is no other way to wake it.
  if (::write(wake_.get(), &one, sizeof one) != sizeof one)
    log_error(message::engine_not_woken, "engine: waking the listener failed");
  commands_.try_push(Wake{});
}

Status EngineServer::run(int listener) {
  while (!draining_) {
    auto fd = accept(listener);
    if (!fd) return fail(std::move(fd).error());
    if (!*fd) break;
    const timeval limit{.tv_sec = send_limit.count(), .tv_usec = 0};
    if (::setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0) {
      return fail_errno("SO_SNDTIMEO", "");
    }
    serve(std::make_shared<FrameChannel>(*std::move(fd)));
    const std::lock_guard lock(mutex_);
    if (failure_) return fail(*failure_);
  }
  if (engine_.joinable()) engine_.join();
  const std::lock_guard lock(mutex_);
  return failure_ ? Status(fail(*failure_)) : Status();
}

// No descriptor, and no error, once draining. The listener itself is left alone: systemd may share it.
Result<UniqueFd> EngineServer::accept(int listener) {
  const auto lonely_ms = std::chrono::duration_cast<std::chrono::milliseconds>(options_.lonely_limit).count();
  while (!draining_) {
    pollfd fds[2] = {{listener, POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    const int ready = ::poll(fds, 2, lonely_ms > 0 ? static_cast<int>(lonely_ms) : -1);
    if (ready < 0) {
      if (errno == EINTR) continue;
      return fail_errno("poll", "the listener");
    }
    if (ready == 0) {
      log_info(message::slot_freed, "engine: the daemon has not come back; the slot is freed");
      drain();
      break;
    }
    if (fds[0].revents == 0) continue;
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EINTR || errno == ECONNABORTED || errno == EAGAIN) continue;
      return fail_errno("accept", "");
    }
    const auto peer = peer_credentials(fd.get());
    if (peer && peer->uid == options_.peer_uid) return fd;
    log_warning(message::peer_refused,
                "engine: refused a connection of " + (peer ? "uid " + std::to_string(peer->uid) : "an unknown uid"));
  }
  return UniqueFd();
}

void EngineServer::serve(const Channel& channel) {
  cancels_load_ = draining_.load();
  if (!commands_.push(Connect{channel})) return;
  Status served = shake_hands(*channel);
  while (served) {
    const Result<Frame> frame = channel->read();
    if (!frame) {
      // A closed connection is how each of them ends; anything else is the peer's mistake.
      if (frame.error().code == ErrorCode::malformed) served = fail(frame.error());
      break;
    }
    served = handle(*channel, *frame);
  }
  if (!served && served.error().code != ErrorCode::unavailable) {
    send_error(*channel, 0, served.error());
    log_warning(message::engine_connection_ended, "engine: connection ended: " + whole_utf8(served.error().message));
  }
  channel->shutdown();
  cancels_load_ = true;
  Disconnect disconnect;
  std::future<void> done = disconnect.done.get_future();
  if (!commands_.push(std::move(disconnect))) return;
  // An engine thread that ends first breaks the promise, which ends the wait too.
  done.wait();
}

Status EngineServer::shake_hands(FrameChannel& channel) {
  TRY_ASSIGN(const Frame frame, channel.read());
  if (frame.type != number_of(MessageType::hello) || frame.request_id != 0) {
    return fail(ErrorCode::malformed, "expected hello with request id 0 as the first message");
  }
  TRY_ASSIGN(const Hello hello, parse_message<Hello>("hello", frame.payload));
  if (hello.protocol != inner_protocol_version) {
    return fail(ErrorCode::unsupported, "hello: protocol " + std::to_string(hello.protocol) + ", this program speaks " +
                                            std::to_string(inner_protocol_version));
  }
  send(channel, MessageType::hello, 0, to_json(Hello{inner_protocol_version, "tijori-engine", TIJORI_VERSION}));
  return {};
}

Status EngineServer::handle(FrameChannel& channel, const Frame& frame) {
  const auto type = static_cast<MessageType>(frame.type);
  switch (type) {
    case MessageType::status: {
      TRY(parse_message<Nothing>("status", frame.payload));
      send(channel, MessageType::status_reply, frame.request_id, to_json(status()));
      return {};
    }
    case MessageType::load:
      return handle_load(channel, frame);
    case MessageType::plan: {
      TRY_ASSIGN(const LoadRequest request, parse_message<LoadRequest>("plan", frame.payload));
      handle_plan(channel, frame, request);
      return {};
    }
    case MessageType::leave:
      TRY(parse_message<Nothing>("leave", frame.payload));
      drain();
      return {};
    case MessageType::generate:
      return handle_generate(channel, frame);
    case MessageType::tokenize:
      return handle_tokenize(channel, frame);
    case MessageType::render:
      return handle_render(channel, frame);
    case MessageType::experts:
      handle_experts(channel, frame);
      return {};
    case MessageType::credit: {
      TRY_ASSIGN(const Credit credit, parse_message<Credit>("credit", frame.payload));
      const Result<uint32_t> frames = to_count(credit.frames, "credit: frames");
      if (!frames) return fail(frames.error());
      commands_.push(AddCredit{frame.request_id, *frames});
      return {};
    }
    case MessageType::cancel: {
      TRY(parse_message<Nothing>("cancel", frame.payload));
      {
        const std::lock_guard lock(mutex_);
        if (state_ == State::loading && open_ids_.contains(frame.request_id)) cancels_load_ = true;
      }
      commands_.push(Cancel{frame.request_id});
      return {};
    }
    default:
      break;
  }
  return fail(ErrorCode::malformed, "message type " + std::to_string(frame.type) + " is none that the engine takes");
}

Status EngineServer::handle_load(FrameChannel& channel, const Frame& frame) {
  TRY_ASSIGN(LoadRequest request, parse_message<LoadRequest>("load", frame.payload));
  if (draining_) {
    send_error(channel, frame.request_id, {ErrorCode::unavailable, "load: the engine is stopping"});
    return {};
  }
  {
    const std::lock_guard lock(mutex_);
    if (!open_ids_.insert(frame.request_id).second || frame.request_id == 0) {
      return fail(ErrorCode::malformed, "load: request id " + std::to_string(frame.request_id) + " can't be used");
    }
    if (state_ == State::empty) state_ = State::loading;
  }
  commands_.push(Load{frame.request_id, std::move(request)});
  return {};
}

void EngineServer::handle_plan(FrameChannel& channel, const Frame& frame, const LoadRequest& request) {
  const auto planned = plan_model(options_.store, request, options_.mode);
  if (!planned) return send_error(channel, frame.request_id, planned.error());
  send(channel, MessageType::planned, frame.request_id, to_json(*planned));
}

const LoadedModel* EngineServer::ready_model() const {
  const std::lock_guard lock(mutex_);
  return ready_;
}

Status EngineServer::handle_generate(FrameChannel& channel, const Frame& frame) {
  TRY_ASSIGN(const GenerateRequest request, parse_message<GenerateRequest>("generate", frame.payload));
  const LoadedModel* model = ready_model();
  if (model == nullptr || draining_) {
    send_error(
        channel, frame.request_id,
        {ErrorCode::unavailable, draining_ ? "generate: the engine is stopping" : "generate: no model is loaded"});
    return {};
  }
  {
    const std::lock_guard lock(mutex_);
    if (!open_ids_.insert(frame.request_id).second || frame.request_id == 0) {
      return fail(ErrorCode::malformed, "generate: request id " + std::to_string(frame.request_id) + " can't be used");
    }
  }
  Result<GenerationRequest> generation = to_generation(request, *model);
  if (!generation) {
    {
      const std::lock_guard lock(mutex_);
      open_ids_.erase(frame.request_id);
    }
    send_error(channel, frame.request_id, generation.error());
    return {};
  }
  commands_.push(Generate{frame.request_id, *std::move(generation)});
  return {};
}

Result<GenerationRequest> EngineServer::to_generation(const GenerateRequest& request, const LoadedModel& model) const {
  if (request.messages.has_value() == request.prompt.has_value()) {
    return fail(ErrorCode::invalid_argument, "generate: expected either messages or prompt");
  }
  GenerationRequest generation;
  if (request.messages) {
    TRY_ASSIGN(const std::vector<ChatMessage> chat, to_chat(*request.messages));
    TRY_ASSIGN(generation.prompt, model.chat_format->render(chat));
  } else {
    TRY_ASSIGN(generation.prompt, model.chat_format->render_prompt(*request.prompt));
  }
  TRY_ASSIGN(generation.max_tokens, to_count(request.max_tokens, "max_tokens"));
  TRY_ASSIGN(generation.sampling.top_k, to_count(request.top_k, "top_k"));
  TRY_ASSIGN(generation.credit, to_count(request.credit, "credit"));
  generation.sampling.temperature = static_cast<float>(request.temperature);
  generation.sampling.top_p = static_cast<float>(request.top_p);
  generation.sampling.min_p = static_cast<float>(request.min_p);
  generation.sampling.presence_penalty = static_cast<float>(request.presence_penalty);
  generation.sampling.frequency_penalty = static_cast<float>(request.frequency_penalty);
  generation.sampling.repetition_penalty = static_cast<float>(request.repetition_penalty);
  generation.sampling.seed = request.seed ? *request.seed : random_seed();
  generation.stop = request.stop;
  return generation;
}

Status EngineServer::handle_tokenize(FrameChannel& channel, const Frame& frame) {
  TRY_ASSIGN(const TokenizeRequest request, parse_message<TokenizeRequest>("tokenize", frame.payload));
  const LoadedModel* model = ready_model();
  const auto tokenize = [&]() -> Result<std::vector<TokenId>> {
    if (model == nullptr) return fail(ErrorCode::unavailable, "tokenize: no model is loaded");
    if (request.messages.has_value() == request.text.has_value()) {
      return fail(ErrorCode::invalid_argument, "tokenize: expected either text or messages");
    }
    if (request.text) return model->tokenizer->encode(*request.text);
    TRY_ASSIGN(const std::vector<ChatMessage> chat, to_chat(*request.messages));
    return model->chat_format->render(chat);
  };
  const Result<std::vector<TokenId>> tokens = tokenize();
  if (!tokens) {
    send_error(channel, frame.request_id, tokens.error());
    return {};
  }
  TokensReply reply;
  reply.count = static_cast<int64_t>(tokens->size());
  reply.ids.assign(tokens->begin(), tokens->end());
  const std::string payload = to_json(reply);
  if (payload.size() > max_frame_payload_bytes) {
    send_error(channel, frame.request_id,
               {ErrorCode::resource_exhausted,
                "tokenize: " + std::to_string(reply.count) + " ids don't fit into a frame; send the text in parts"});
    return {};
  }
  send(channel, MessageType::tokens, frame.request_id, payload);
  return {};
}

Status EngineServer::handle_render(FrameChannel& channel, const Frame& frame) {
  TRY_ASSIGN(const RenderRequest request, parse_message<RenderRequest>("render", frame.payload));
  const LoadedModel* model = ready_model();
  const auto render = [&]() -> Result<std::vector<PromptPiece>> {
    if (model == nullptr) return fail(ErrorCode::unavailable, "render: no model is loaded");
    if (request.messages.has_value() == request.prompt.has_value()) {
      return fail(ErrorCode::invalid_argument, "render: expected either messages or prompt");
    }
    if (request.prompt) return model->chat_format->pieces_of_prompt(*request.prompt);
    TRY_ASSIGN(const std::vector<ChatMessage> chat, to_chat(*request.messages));
    return model->chat_format->pieces(chat);
  };
  const Result<std::vector<PromptPiece>> pieces = render();
  if (!pieces) {
    send_error(channel, frame.request_id, pieces.error());
    return {};
  }
  RenderedReply reply;
  for (const PromptPiece& piece : *pieces)
    reply.pieces.push_back({whole_utf8(piece.text), piece.message, static_cast<int64_t>(piece.begin)});
  const std::string payload = to_json(reply);
  if (payload.size() > max_frame_payload_bytes) {
    send_error(channel, frame.request_id,
               {ErrorCode::resource_exhausted, "render: the prompt doesn't fit into a frame"});
    return {};
  }
  send(channel, MessageType::rendered, frame.request_id, payload);
  return {};
}

void EngineServer::handle_experts(FrameChannel& channel, const Frame& frame) {
  const LoadedModel* model = ready_model();
  if (model == nullptr)
    return send_error(channel, frame.request_id, {ErrorCode::unavailable, "experts: no model is loaded"});
  const Hyperparameters& shape = model->model->hyperparameters();
  ExpertCountsReply reply;
  reply.experts_per_token = shape.experts_per_token;
  for (uint32_t layer = 0; layer < shape.n_layers(); ++layer) {
    if (!shape.layers[layer].has_experts) continue;
    const std::vector<uint64_t> counts = model->model->expert_tally().layer(layer);
    reply.layers.push_back({layer, {counts.begin(), counts.end()}});
  }
  send(channel, MessageType::expert_counts, frame.request_id, to_json(reply));
}

EngineStatusReply EngineServer::status() const {
  EngineStatusReply reply;
  const std::lock_guard lock(mutex_);
  if (draining_) {
    reply.state = "draining";
  } else {
    reply.state = state_ == State::ready ? "ready" : state_ == State::loading ? "loading" : "empty";
  }
  reply.running = static_cast<int64_t>(counts_.running);
  reply.waiting = static_cast<int64_t>(counts_.waiting);
  reply.kv_blocks_used = counts_.kv_blocks_used;
  reply.kv_blocks = counts_.kv_blocks;
  reply.prompt_tokens = static_cast<int64_t>(counts_.prompt_tokens);
  reply.completion_tokens = static_cast<int64_t>(counts_.completion_tokens);
  reply.resident_bytes = own_resident_bytes();
  return reply;
}

void EngineServer::send(FrameChannel& channel, MessageType type, uint64_t id, const std::string& payload) {
  // A failed write means a lost connection, which the reading side sees and handles.
  if (!channel.write(number_of(type), id, payload)) channel.shutdown();
}

void EngineServer::send_error(FrameChannel& channel, uint64_t id, const Error& error) {
  send(channel, MessageType::error, id, to_json(peer_error({error.code, whole_utf8(error.message)})));
}

void EngineServer::send(MessageType type, uint64_t id, const std::string& payload) {
  if (channel_) send(*channel_, type, id, payload);
}

void EngineServer::run_engine() {
  pthread_setname_np(pthread_self(), "scheduler");
  while (wait_for_commands() && may_still_work()) {
    watchdog_.turned();
    if (!scheduler_ || !scheduler_->has_work()) continue;
    const Status stepped = scheduler_->step();
    publish_counts();
    if (stepped) continue;
    log_error(message::engine_step_failed, "engine: a step failed: " + stepped.error().message);
    const std::lock_guard lock(mutex_);
    failure_ = stepped.error();
    draining_ = true;
    break;
  }
  commands_.close();
  while (auto command = commands_.pop()) {  // what came too late; a Disconnect is answered by breaking its promise
  }
  if (channel_) channel_->shutdown();
  channel_.reset();
  scheduler_.reset();
}

// Takes what has come; waits for something when there is nothing to compute. False when the queue is closed.
bool EngineServer::wait_for_commands() {
  const bool works = scheduler_ && scheduler_->has_work();
  const auto turn = watchdog_.interval();
  std::optional<Command> command = works       ? commands_.pop_for(std::chrono::milliseconds(0))
                                   : draining_ ? commands_.pop_for(drain_poll)
                                   : turn      ? commands_.pop_for(*turn)
                                               : commands_.pop();
  while (command) {
    std::visit([this](auto& what) { execute(what); }, *command);
    command = commands_.pop_for(std::chrono::milliseconds(0));
  }
  return !commands_.closed();
}

bool EngineServer::may_still_work() {
  if (!draining_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (!drain_deadline_) drain_deadline_ = now + drain_limit;
  if (!scheduler_ || scheduler_->idle()) return false;
  if (now < *drain_deadline_) return true;
  scheduler_->cancel_all();
  return false;
}

void EngineServer::publish_counts() {
  if (!scheduler_) return;
  const SchedulerCounts counts = scheduler_->counts();
  const std::lock_guard lock(mutex_);
  counts_ = counts;
}

void EngineServer::execute(Connect& command) {
  channel_ = std::move(command.channel);
}

void EngineServer::execute(Disconnect& command) {
  channel_.reset();
  if (scheduler_) scheduler_->cancel_all();
  publish_counts();
  {
    const std::lock_guard lock(mutex_);
    open_ids_.clear();
  }
  command.done.set_value();
}

bool EngineServer::report_progress(uint64_t id, std::string_view stage, uint64_t done, uint64_t total) {
  watchdog_.turned();
  const auto now = std::chrono::steady_clock::now();
  if (done == total || stage != last_stage_ || now - last_progress_ >= progress_interval) {
    last_progress_ = now;
    last_stage_ = stage;
    send(MessageType::progress, id,
         to_json(Progress{std::string(stage), static_cast<int64_t>(done), static_cast<int64_t>(total)}));
  }
  return !cancels_load_;
}

void EngineServer::execute(Load& command) {
  const auto end = [this, &command](State state) {
    const std::lock_guard lock(mutex_);
    open_ids_.erase(command.id);
    state_ = state;
    if (state == State::ready) ready_ = loaded_.get();
  };
  if (loaded_) {
    end(State::ready);
    if (command.request == loaded_as_) {
      send(MessageType::loaded, command.id, to_json(loaded_->describe()));
    } else if (channel_) {
      send_error(*channel_, command.id,
                 {ErrorCode::already_exists,
                  "load: this engine holds model " + loaded_->sha256 + " already" +
                      (command.request.sha256 == loaded_->sha256 ? ", loaded with other options" : "")});
    }
    return;
  }
  auto loaded = load_model(options_.store, command.request, options_.mode,
                           [this, &command](std::string_view stage, uint64_t done, uint64_t total) {
                             return report_progress(command.id, stage, done, total);
                           });
  if (!loaded) {
    end(State::empty);
    // Later loads of this connection start afresh.
    if (!draining_ && channel_) cancels_load_ = false;
    if (channel_) send_error(*channel_, command.id, loaded.error());
    return;
  }
  loaded_ = *std::move(loaded);
  loaded_as_ = std::move(command.request);
  GenerationSink& sink = *this;
  scheduler_ =
      std::make_unique<Scheduler>(*loaded_->model, *loaded_->tokenizer, loaded_->chat_format->stop_tokens(), sink);
  publish_counts();
  end(State::ready);
  send(MessageType::loaded, command.id, to_json(loaded_->describe()));
}

void EngineServer::execute(Generate& command) {
  const auto n_prompt = static_cast<int64_t>(command.request.prompt.size());
  const auto refuse = [this, &command](const PeerError& error) {
    {
      const std::lock_guard lock(mutex_);
      open_ids_.erase(command.id);
    }
    send(MessageType::error, command.id, to_json(error));
  };
  if (const auto overflow = scheduler_->check_context(command.request.prompt.size())) {
    refuse({"context_length_exceeded",
            "the prompt has " + std::to_string(n_prompt) +
                " tokens and an answer needs at least one, but the context is " +
                std::to_string(overflow->limit_tokens) + " tokens",
            overflow->limit_tokens, overflow->asked_tokens});
    return;
  }
  const Status submitted = scheduler_->submit(command.id, std::move(command.request));
  if (!submitted) {
    refuse(peer_error(submitted.error()));
    return;
  }
  send(MessageType::accepted, command.id, to_json(AcceptedReply{n_prompt}));
  publish_counts();
}

void EngineServer::execute(Cancel& command) {
  if (scheduler_) scheduler_->cancel(command.id);
  publish_counts();
}

void EngineServer::execute(AddCredit& command) {
  if (scheduler_) scheduler_->add_credit(command.id, command.frames);
}

void EngineServer::on_delta(GenerationId id, std::string_view text, uint32_t n_tokens) {
  send(MessageType::delta, id, to_json(Delta{std::string(text), n_tokens}));
}

void EngineServer::on_finish(GenerationId id, FinishReason reason, const GenerationUsage& usage) {
  publish_counts();
  {
    const std::lock_guard lock(mutex_);
    open_ids_.erase(id);
  }
  Finish finish;
  finish.reason = name_of(reason);
  finish.prompt_tokens = usage.prompt_tokens;
  finish.completion_tokens = usage.completion_tokens;
  finish.queue_us = usage.queue_us;
  finish.prompt_us = usage.prompt_us;
  finish.decode_us = usage.decode_us;
  send(MessageType::finish, id, to_json(finish));
}

void EngineServer::on_error(GenerationId id, const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    open_ids_.erase(id);
  }
  if (channel_) send_error(*channel_, id, error);
}

}  // namespace tijori
