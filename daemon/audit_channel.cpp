#include "daemon/audit_channel.h"

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_back_off{50};
constexpr milliseconds longest_back_off{2'000};
constexpr milliseconds read_timeout{10'000};
constexpr milliseconds verify_timeout{600'000};
constexpr milliseconds chunk_timeout{30'000};

Result<Appended> append_over(InnerChannel& channel, const AuditDraft& draft) {
  TRY_ASSIGN(const std::string payload,
             channel.ask(MessageType::append, to_json(AppendRequest{{draft}}), MessageType::appended, append_timeout));
  TRY_ASSIGN(AppendedReply reply, parse_message<AppendedReply>("appended", payload));
  if (reply.records.size() != 1) return fail(ErrorCode::malformed, "appended: expected one record");
  return Appended{std::move(reply.log_id), {reply.records[0].seq, std::move(reply.records[0].leaf)}};
}

Status check_state(InnerChannel& channel) {
  TRY_ASSIGN(const std::string payload,
             channel.ask(MessageType::status, "{}", MessageType::status_reply, append_timeout));
  TRY_ASSIGN(const AuditStatusReply status, parse_message<AuditStatusReply>("status_reply", payload));
  if (status.state == "blocked") return fail(ErrorCode::unavailable, "the log is blocked: " + status.reason);
  return {};
}

// A log that refuses this very draft keeps refusing it; anything else may pass.
bool is_final(const Error& error) {
  return error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found ||
         error.code == ErrorCode::malformed || error.code == ErrorCode::already_exists;
}

}  // namespace

AuditChannel::AuditChannel(std::filesystem::path socket, std::function<Status()> before_connect, AuditDraft first_draft)
    : socket_(std::move(socket)), before_connect_(std::move(before_connect)), away_since_us_(wall_clock_us()) {
  pending_.push_back(std::move(first_draft));
  thread_ = std::thread([this] { run(); });
}

AuditChannel::~AuditChannel() {
  stop(milliseconds(0));
}

std::shared_ptr<InnerChannel> AuditChannel::channel() const {
  const std::lock_guard lock(mutex_);
  return channel_;
}

bool AuditChannel::available() const {
  const std::lock_guard lock(mutex_);
  return channel_ != nullptr && channel_->alive() && trouble_.empty();
}

std::string AuditChannel::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

int64_t AuditChannel::away_since_us() const {
  const std::lock_guard lock(mutex_);
  return away_since_us_;
}

void AuditChannel::set_trouble(std::string why) {
  const std::lock_guard lock(mutex_);
  if (trouble_.empty()) away_since_us_ = wall_clock_us();
  if (trouble_ != why) log_error("audit: " + why);
  trouble_ = std::move(why);
}

void AuditChannel::run() {
  milliseconds back_off = first_back_off;
  for (;;) {
    auto status = connect();
    if (!status) set_trouble(status.error().message);
    std::unique_lock lock(mutex_);
    if (status) {
      back_off = first_back_off;
      changed_.notify_all();
      changed_.wait(lock, [&] { return stopping_ || !channel_->alive() || !trouble_.empty() || !pending_.empty(); });
      if (stopping_) return;
      if (channel_->alive() && trouble_.empty()) continue;  // something is pending
      lock.unlock();
      if (trouble().empty()) set_trouble("tijori-audit has gone away");
      lock.lock();
    }
    if (stopping_) return;
    changed_.wait_for(lock, back_off, [&] { return stopping_; });
    if (stopping_) return;
    back_off = std::min(back_off * 2, longest_back_off);
  }
}

Status AuditChannel::connect() {
  std::shared_ptr<InnerChannel> current = channel();
  if (current == nullptr || !current->alive()) {
    if (before_connect_) TRY(before_connect_());
    TRY_ASSIGN(current, InnerChannel::connect(socket_, [this] {
                 const std::lock_guard lock(mutex_);
                 changed_.notify_all();
               }));
  }
  // Nothing else is written before the pending ones are, so that the log keeps their order.
  TRY(write_pending(current));
  TRY(check_state(*current));
  // The old connection's reader may be waiting for the lock: it goes after the lock is free again.
  std::shared_ptr<InnerChannel> old = current;
  const std::lock_guard lock(mutex_);
  channel_.swap(old);
  if (!pending_.empty()) return {};
  if (!trouble_.empty()) log_info("audit: connected");
  trouble_.clear();
  away_since_us_ = 0;
  return {};
}

Status AuditChannel::write_pending(const std::shared_ptr<InnerChannel>& channel) {
  for (;;) {
    AuditDraft draft;
    {
      const std::lock_guard lock(mutex_);
      if (pending_.empty()) return {};
      draft = pending_.front();
    }
    const auto appended = append_over(*channel, draft);
    if (!appended) {
      if (!is_final(appended.error())) return fail(appended.error());
      const std::string line = "audit: a late record of " + draft.event + " was refused: " + appended.error().message;
      // The log itself may have closed the request meanwhile; which of the two records it has, it says.
      appended.error().code == ErrorCode::not_found ? log_warning(line) : log_error(line);
    }
    const std::lock_guard lock(mutex_);
    if (!pending_.empty()) pending_.pop_front();
  }
}

Result<Appended> AuditChannel::append(AuditDraft draft) {
  const auto current = channel();
  if (current == nullptr || !available()) return fail(ErrorCode::unavailable, "the audit log is away");
  auto appended = append_over(*current, draft);
  if (appended) return appended;
  if (appended.error().code == ErrorCode::deadline_exceeded || !current->alive()) {
    // Whether it was written isn't known. A new connection starts from what is known.
    set_trouble("append: " + appended.error().message);
    current->close();
    notify();
    return fail(ErrorCode::deadline_exceeded, appended.error().message);
  }
  if (appended.error().code == ErrorCode::unavailable) {
    set_trouble("append: " + appended.error().message);
    notify();
  }
  return appended;
}

void AuditChannel::notify() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void AuditChannel::append_later(AuditDraft draft) {
  const std::lock_guard lock(mutex_);
  if (pending_.size() >= max_pending_drafts) {
    log_error("audit: more than " + std::to_string(max_pending_drafts) + " records wait; one of " + draft.event +
              " is dropped");
    return;
  }
  pending_.push_back(std::move(draft));
  changed_.notify_all();
}

Status AuditChannel::wait_until_available(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const bool connected =
      changed_.wait_for(lock, timeout, [&] { return channel_ != nullptr && channel_->alive() && trouble_.empty(); });
  if (connected) return {};
  return fail(ErrorCode::unavailable, trouble_);
}

void AuditChannel::stop(milliseconds timeout) {
  {
    std::unique_lock lock(mutex_);
    const bool connected = channel_ != nullptr && channel_->alive();
    if (connected) changed_.wait_for(lock, timeout, [&] { return pending_.empty() || !channel_->alive(); });
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  const auto current = channel();
  if (current != nullptr) current->close();
}

template <class Reply>
Result<Reply> AuditChannel::ask(MessageType type, std::string_view payload, MessageType reply, milliseconds timeout) {
  const auto current = channel();
  if (current == nullptr || !current->alive()) return fail(ErrorCode::unavailable, "the audit log is away");
  TRY_ASSIGN(const std::string text, current->ask(type, payload, reply, timeout));
  return parse_message<Reply>("tijori-audit", text);
}

Result<AuditStatusReply> AuditChannel::status() {
  return ask<AuditStatusReply>(MessageType::status, "{}", MessageType::status_reply, append_timeout);
}

Result<AuditRecords> AuditChannel::list(const ListRequest& request) {
  return ask<AuditRecords>(MessageType::list, to_json(request), MessageType::records, read_timeout);
}

Result<AuditRecord> AuditChannel::show(int64_t seq) {
  TRY_ASSIGN(AuditRecords reply,
             ask<AuditRecords>(MessageType::show, to_json(SeqRequest{seq}), MessageType::records, read_timeout));
  if (reply.records.size() != 1) return fail(ErrorCode::malformed, "tijori-audit: expected one record");
  return std::move(reply.records.front());
}

Result<AuditProof> AuditChannel::prove(int64_t seq) {
  return ask<AuditProof>(MessageType::prove, to_json(SeqRequest{seq}), MessageType::proof, read_timeout);
}

Result<AuditVerdict> AuditChannel::verify() {
  return ask<AuditVerdict>(MessageType::verify, "{}", MessageType::verdict, verify_timeout);
}

Result<CheckpointReply> AuditChannel::checkpoint() {
  return ask<CheckpointReply>(MessageType::checkpoint, "{}", MessageType::checkpoint_reply, read_timeout);
}

Result<AuditKeys> AuditChannel::keys() {
  return ask<AuditKeys>(MessageType::keys, "{}", MessageType::keys_reply, read_timeout);
}

Result<ExportedReply> AuditChannel::export_log(ExportRequest request,
                                               const std::function<Status(std::string_view)>& write) {
  const auto current = channel();
  if (current == nullptr || !current->alive()) return fail(ErrorCode::unavailable, "the audit log is away");
  InnerChannel::Conversation conversation(current);
  request.credit = export_credit_frames;
  TRY(conversation.send(MessageType::export_log, to_json(request)));
  for (;;) {
    TRY_ASSIGN(Frame frame, conversation.next(chunk_timeout));
    if (frame.type == number_of(MessageType::chunk)) {
      auto written = write(frame.payload);
      if (!written) {
        (void)conversation.send(MessageType::cancel, "{}");
        return fail(written.error());
      }
      TRY(conversation.send(MessageType::credit, to_json(Credit{1})));
    } else if (frame.type == number_of(MessageType::exported)) {
      return parse_message<ExportedReply>("exported", frame.payload);
    } else if (frame.type == number_of(MessageType::error)) {
      TRY_ASSIGN(const PeerError error, parse_message<PeerError>("error", frame.payload));
      return fail(error_of(error));
    } else if (frame.type != number_of(MessageType::progress)) {
      current->close();
      return fail(ErrorCode::malformed, "export: a frame of type " + std::to_string(frame.type) + " was not expected");
    }
  }
}

}  // namespace tijori
