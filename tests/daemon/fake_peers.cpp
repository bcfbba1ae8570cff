#include "tests/daemon/fake_peers.h"

#include <sys/socket.h>

#include "base/check.h"

namespace tijori::test {

void Journal::note(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

std::vector<std::string> Journal::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

int Journal::find(std::string_view start) const {
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < lines_.size(); ++i)
    if (lines_[i].starts_with(start)) return static_cast<int>(i);
  return -1;
}

bool Journal::wait_for(std::string_view start, std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] {
    return std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) { return line.starts_with(start); });
  });
}

FakePeer::FakePeer(std::filesystem::path socket) : socket_(std::move(socket)) {
  start();
}

FakePeer::~FakePeer() {
  stop();
}

void FakePeer::start() {
  auto listener = listen_unix(socket_, 0600);
  CHECK(listener.has_value());
  listener_ = std::move(*listener);
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void FakePeer::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  shutdown(listener_.get(), SHUT_RDWR);
  drop();
  thread_.join();
  listener_.reset();
  std::filesystem::remove(socket_);
}

void FakePeer::drop() {
  const std::lock_guard lock(mutex_);
  if (channel_ != nullptr) channel_->shutdown();
}

void FakePeer::reply(MessageType type, uint64_t id, std::string_view payload) {
  std::shared_ptr<FrameChannel> channel;
  {
    const std::lock_guard lock(mutex_);
    channel = channel_;
  }
  if (channel != nullptr) (void)channel->write(number_of(type), id, payload);
}

void FakePeer::run() {
  while (!stopping_) {
    auto fd = accept_from_uid(listener_.get(), getuid());
    if (!fd) return;
    auto channel = std::make_shared<FrameChannel>(*std::move(fd));
    {
      const std::lock_guard lock(mutex_);
      channel_ = channel;
    }
    while (auto frame = channel->read()) {
      if (frame->type == number_of(MessageType::hello))
        reply(MessageType::hello, 0, to_json(Hello{inner_protocol_version, "fake", "0"}));
      else
        handle(*frame);
    }
    channel->shutdown();
  }
}

FakeAudit::FakeAudit(std::filesystem::path socket, Journal& journal) : FakePeer(std::move(socket)), journal_(journal) {}

std::vector<AuditDraft> FakeAudit::drafts(std::string_view event) const {
  const std::lock_guard lock(drafts_mutex_);
  std::vector<AuditDraft> found;
  for (const AuditDraft& draft : drafts_)
    if (event.empty() || draft.event == event) found.push_back(draft);
  return found;
}

void FakeAudit::handle(const Frame& frame) {
  if (mode == Mode::silent) return;
  if (frame.type == number_of(MessageType::status)) {
    AuditStatusReply status;
    status.state = mode == Mode::blocked ? "blocked" : "normal";
    status.log_id = log_id;
    status.records = static_cast<int64_t>(drafts().size());
    return reply(MessageType::status_reply, frame.request_id, to_json(status));
  }
  if (frame.type == number_of(MessageType::list)) {
    AuditRecords records;
    records.records.emplace_back().event = "log.started";
    return reply(MessageType::records, frame.request_id, to_json(records));
  }
  if (frame.type == number_of(MessageType::compare)) {
    const auto request = from_json<ConsistencyRequest>(frame.payload);
    CHECK(request.has_value());
    return reply(MessageType::comparison, frame.request_id,
                 to_json(ConsistencyProof{request->old_size, "0a", request->size, "0b", {"0c"}, ""}));
  }
  if (frame.type == number_of(MessageType::count)) {
    const auto request = from_json<CountRequest>(frame.payload);
    CHECK(request.has_value());
    return reply(MessageType::counts, frame.request_id,
                 to_json(AuditCounts{9, 4, 1, 2, {{request->since_us.value_or(0), 4, 1}}}));
  }
  if (frame.type == number_of(MessageType::verify) && mode == Mode::verifying) {
    verifying_id_ = frame.request_id;
    return reply(MessageType::progress, frame.request_id, to_json(Progress{"verify", 1, 10}));
  }
  if (frame.type == number_of(MessageType::cancel)) {
    if (frame.request_id != verifying_id_) return;
    reply(MessageType::error, frame.request_id, to_json(peer_error({ErrorCode::cancelled, "cancelled"})));
    return journal_.note("verification cancelled");
  }
  if (frame.type == number_of(MessageType::verify)) {
    AuditVerdict verdict;
    verdict.verdict = "verified";
    return reply(MessageType::verdict, frame.request_id, to_json(verdict));
  }
  if (frame.type == number_of(MessageType::export_log)) {
    reply(MessageType::chunk, frame.request_id, "TJAU");
    reply(MessageType::chunk, frame.request_id, "DIT");
    return reply(MessageType::exported, frame.request_id, to_json(ExportedReply{7, "", 0, 0}));
  }
  if (frame.type != number_of(MessageType::append))
    return reply(MessageType::error, frame.request_id, to_json(peer_error({ErrorCode::unsupported, "not in a fake"})));
  if (mode == Mode::blocked)
    return reply(MessageType::error, frame.request_id, to_json(peer_error({ErrorCode::unavailable, "disk full"})));
  auto request = from_json<AppendRequest>(frame.payload);
  CHECK(request.has_value());
  std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
  AppendedReply appended{log_id, {}};
  for (AuditDraft& draft : request->records) {
    const std::string line = "appended " + draft.event + " " + draft.outcome;
    {
      const std::lock_guard lock(drafts_mutex_);
      appended.records.push_back({static_cast<int64_t>(drafts_.size()), "1eaf"});
      drafts_.push_back(std::move(draft));
    }
    journal_.note(line);
  }
  reply(MessageType::appended, frame.request_id, to_json(appended));
}

FakeEngine::FakeEngine(std::filesystem::path socket, Journal& journal)
    : FakePeer(std::move(socket)), journal_(journal) {}

void FakeEngine::handle(const Frame& frame) {
  if (mode == Mode::stopped) return;
  switch (static_cast<MessageType>(frame.type)) {
    case MessageType::load: {
      LoadedReply loaded;
      loaded.sha256 = model_digest;
      loaded.template_sha256 = model_digest;
      loaded.context_tokens = 128;
      journal_.note("loaded");
      return reply(MessageType::loaded, frame.request_id, to_json(loaded));
    }
    case MessageType::status:
      return reply(MessageType::status_reply, frame.request_id, to_json(EngineStatusReply()));
    case MessageType::tokenize:
      return reply(MessageType::tokens, frame.request_id, to_json(TokensReply{2, {5, 6}}));
    case MessageType::cancel:
      journal_.note("cancel");
      return reply(MessageType::finish, frame.request_id,
                   to_json(Finish{"cancelled", 3, static_cast<int64_t>(answer().size()), 0, 0, 0}));
    case MessageType::render:
      return render(frame);
    case MessageType::generate:
      journal_.note("generate");
      return generate(frame);
    default:
      return;
  }
}

void FakeEngine::set_answer(std::vector<std::string> deltas) {
  const std::lock_guard lock(answer_mutex_);
  answer_ = std::move(deltas);
}

std::vector<std::string> FakeEngine::answer() const {
  const std::lock_guard lock(answer_mutex_);
  return answer_;
}

std::string FakeEngine::take_prompt() {
  const std::lock_guard lock(answer_mutex_);
  return std::exchange(prompt_, {});
}

// A format of its own: "<role>" before each message.
void FakeEngine::render(const Frame& frame) {
  const auto request = from_json<RenderRequest>(frame.payload);
  CHECK(request.has_value());
  RenderedReply rendered;
  if (request->prompt) rendered.pieces.push_back({*request->prompt, 0, 0});
  const std::vector<EngineMessage> messages = request->messages.value_or(std::vector<EngineMessage>());
  for (size_t i = 0; i < messages.size(); ++i) {
    rendered.pieces.push_back({"<" + messages[i].role + ">", -1, 0});
    rendered.pieces.push_back({messages[i].content, static_cast<int64_t>(i), 0});
  }
  reply(MessageType::rendered, frame.request_id, to_json(rendered));
}

void FakeEngine::generate(const Frame& frame) {
  const auto request = from_json<GenerateRequest>(frame.payload);
  CHECK(request.has_value());
  {
    const std::lock_guard lock(answer_mutex_);
    prompt_ = request->prompt.value_or("");
    for (const EngineMessage& message : request->messages.value_or(std::vector<EngineMessage>()))
      prompt_ += message.content + "\n";
  }
  const uint64_t id = frame.request_id;
  if (mode == Mode::too_long)
    return reply(MessageType::error, id, to_json(PeerError{"context_length_exceeded", "too long", 128, 4096}));
  reply(MessageType::accepted, id, to_json(AcceptedReply{3}));
  if (mode == Mode::quiet) std::this_thread::sleep_for(std::chrono::milliseconds(quiet_ms));
  const std::vector<std::string> deltas = answer();
  for (size_t i = 0; i < deltas.size(); ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(gap_ms));
    reply(MessageType::delta, id, to_json(Delta{deltas[i], 1}));
    if (mode != Mode::crash) continue;
    journal_.note("crash");
    return drop();
  }
  if (mode == Mode::endless) return;
  reply(MessageType::finish, id, to_json(Finish{"stop", 3, static_cast<int64_t>(deltas.size()), 10, 20, 30}));
}

Status FakeWriter::send(HttpResponse sent) {
  if (gone_) return fail(ErrorCode::cancelled, "gone");
  journal_.note("client " + std::to_string(sent.status));
  response = std::move(sent);
  finished = true;
  return {};
}

Status FakeWriter::begin(HttpResponse head) {
  if (gone_) return fail(ErrorCode::cancelled, "gone");
  response = std::move(head);
  return {};
}

Status FakeWriter::write(std::string_view piece) {
  if (gone_) return fail(ErrorCode::cancelled, "gone");
  journal_.note("client " + std::string(piece));
  response.body += piece;
  return {};
}

Status FakeWriter::finish() {
  if (gone_) return fail(ErrorCode::cancelled, "gone");
  finished = true;
  return {};
}

void FakeWriter::on_gone(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    on_gone_ = callback;
    if (!gone_) return;
  }
  callback();
}

void FakeWriter::go_away() {
  std::function<void()> callback;
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    callback = on_gone_;
  }
  if (callback) callback();
}

}  // namespace tijori::test
