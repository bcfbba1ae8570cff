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
constexpr milliseconds count_timeout{60'000};
// Without a sign of progress; checking one segment's file gives none.
constexpr milliseconds verify_quiet_timeout{300'000};
constexpr milliseconds chunk_timeout{30'000};

Result<Appended> append_over(InnerChannel& channel, const AppendRequest& request) {
  TRY_ASSIGN(const std::string payload,
             channel.ask(MessageType::append, to_json(request), MessageType::appended, append_timeout));
  TRY_ASSIGN(AppendedReply reply, parse_message<AppendedReply>("appended", payload));
  if (reply.records.empty() || reply.records.size() != request.records.size())
    return fail(ErrorCode::malformed, "appended: expected " + std::to_string(request.records.size()) + " records");
  AppendedRecord& last = reply.records.back();
  return Appended{std::move(reply.log_id), {last.seq, std::move(last.leaf)}};
}

Result<AuditStatusReply> status_over(InnerChannel& channel) {
  TRY_ASSIGN(const std::string payload,
             channel.ask(MessageType::status, "{}", MessageType::status_reply, append_timeout));
  return parse_message<AuditStatusReply>("status_reply", payload);
}

Status check_open(const AuditStatusReply& status) {
  if (status.state != "blocked") return {};
  return fail(ErrorCode::unavailable, "the log is blocked: " + status.reason);
}

Status check_state(InnerChannel& channel) {
  TRY_ASSIGN(const AuditStatusReply status, status_over(channel));
  return check_open(status);
}

// A log that refuses this very draft keeps refusing it; anything else may pass.
bool is_final(const Error& error) {
  return error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found ||
         error.code == ErrorCode::malformed || error.code == ErrorCode::already_exists;
}

}  // namespace

AuditChannel::AuditChannel(InnerSocket socket, std::function<Status()> before_connect,
                           std::optional<AuditDraft> first_draft, KnownLog* known_log)
    : socket_(std::move(socket)),
      before_connect_(std::move(before_connect)),
      known_log_(known_log),
      away_since_us_(wall_clock_us()) {
  if (first_draft) pending_.push_back(*std::move(first_draft));
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

bool AuditChannel::is_another_log() const {
  const std::lock_guard lock(mutex_);
  return is_another_log_;
}

void AuditChannel::set_trouble(std::string why) {
  const std::lock_guard lock(mutex_);
  if (trouble_.empty()) away_since_us_ = wall_clock_us();
  if (trouble_ != why) log_error(message::log_away, "audit: " + why);
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
      const auto disturbed = [&] { return stopping_ || !channel_->alive() || !trouble_.empty() || !pending_.empty(); };
      while (!changed_.wait_for(lock, remember_interval, disturbed)) {
        lock.unlock();
        save_known_log();
        lock.lock();
      }
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
    log_checked_ = false;
    if (before_connect_) TRY(before_connect_());
    TRY_ASSIGN(current, InnerChannel::connect(socket_, [this] {
                 const std::lock_guard lock(mutex_);
                 changed_.notify_all();
               }));
  }
  const bool is_new = !log_checked_;
  if (is_new) TRY(check_log(current));
  // Nothing else is written before the pending ones are, so that the log keeps their order.
  TRY(write_pending(current));
  TRY(check_state(*current));
  if (is_new) save_known_log();
  const std::lock_guard lock(mutex_);
  if (!pending_.empty()) return {};
  if (!trouble_.empty()) log_info(message::log_connected, "audit: connected");
  trouble_.clear();
  away_since_us_ = 0;
  return {};
}

// Before anything is written. A log that takes no records, or isn't ours, can be read all the same.
Status AuditChannel::check_log(const std::shared_ptr<InnerChannel>& channel) {
  // First what is known, then what is there, which may have grown meanwhile.
  const RememberedLog known = known_log_ == nullptr ? RememberedLog() : known_log_->known();
  TRY_ASSIGN(const AuditStatusReply status, status_over(*channel));
  const Status open = check_open(status);
  // A blocked one may not know yet which log it has.
  const Status same = !open ? Status() : check_same_log(known, {status.log_id, status.records});
  {
    // The old connection's reader may be waiting for the lock: it goes after the lock is free again.
    std::shared_ptr<InnerChannel> old = channel;
    const std::lock_guard lock(mutex_);
    channel_.swap(old);
    is_another_log_ = !same;
  }
  TRY(open);
  TRY(same);
  log_checked_ = true;
  return {};
}

void AuditChannel::acknowledged(const Appended& appended) {
  if (known_log_ != nullptr) known_log_->acknowledged(appended.log_id, appended.entry.seq);
}

void AuditChannel::save_known_log() {
  if (known_log_ == nullptr) return;
  if (const Status saved = known_log_->save(); !saved)
    log_error(message::log_state_not_kept,
              "the state of the audit log could not be remembered: " + saved.error().message);
}

Status AuditChannel::write_pending(const std::shared_ptr<InnerChannel>& channel) {
  for (;;) {
    AuditDraft draft;
    {
      const std::lock_guard lock(mutex_);
      if (pending_.empty()) return {};
      draft = pending_.front();
    }
    const auto appended = append_over(*channel, {{draft}});
    if (appended) {
      acknowledged(*appended);
    } else {
      if (!is_final(appended.error())) return fail(appended.error());
      const std::string line = "audit: a late record of " + draft.event + " was refused: " + appended.error().message;
      // The log itself may have closed the request meanwhile; which of the two records it has, it says.
      appended.error().code == ErrorCode::not_found ? log_warning(message::late_record_refused, line)
                                                    : log_error(message::late_record_refused, line);
    }
    const std::lock_guard lock(mutex_);
    if (!pending_.empty()) pending_.pop_front();
  }
}

Result<Appended> AuditChannel::append_all(std::vector<AuditDraft> drafts) {
  const auto current = channel();
  if (current == nullptr || !available()) return fail(ErrorCode::unavailable, "the audit log is away");
  auto appended = append_over(*current, {std::move(drafts)});
  if (appended) {
    acknowledged(*appended);
    return appended;
  }
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
    log_error(message::record_dropped, "audit: more than " + std::to_string(max_pending_drafts) +
                                           " records wait; one of " + draft.event + " is dropped");
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
    const bool connected = channel_ != nullptr && channel_->alive() && !is_another_log_;
    if (connected) changed_.wait_for(lock, timeout, [&] { return pending_.empty() || !channel_->alive(); });
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  save_known_log();
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

Result<ConsistencyProof> AuditChannel::compare(int64_t old_size, int64_t size) {
  return ask<ConsistencyProof>(MessageType::compare, to_json(ConsistencyRequest{old_size, size}),
                               MessageType::comparison, read_timeout);
}

Result<AuditCounts> AuditChannel::count(const CountRequest& request) {
  return ask<AuditCounts>(MessageType::count, to_json(request), MessageType::counts, count_timeout);
}

Result<AuditVerdict> AuditChannel::verify(const std::function<void(Stop)>& on_start) {
  const auto current = channel();
  if (current == nullptr || !current->alive()) return fail(ErrorCode::unavailable, "the audit log is away");
  const auto conversation = std::make_shared<InnerChannel::Conversation>(current);
  if (on_start) {
    on_start([weak = std::weak_ptr(conversation)] {
      if (const auto running = weak.lock()) running->interrupt();
    });
  }
  TRY(conversation->send(MessageType::verify, "{}"));
  for (;;) {
    const Result<Frame> frame = conversation->next(verify_quiet_timeout);
    if (!frame) {
      (void)conversation->send(MessageType::cancel, "{}");
      return fail(frame.error());
    }
    if (frame->type == number_of(MessageType::verdict)) return parse_message<AuditVerdict>("verdict", frame->payload);
    if (frame->type == number_of(MessageType::error)) {
      TRY_ASSIGN(const PeerError error, parse_message<PeerError>("error", frame->payload));
      return fail(error_of(error));
    }
    if (frame->type != number_of(MessageType::progress)) {
      current->close();
      return fail(ErrorCode::malformed, "verify: a frame of type " + std::to_string(frame->type) + " was not expected");
    }
  }
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
