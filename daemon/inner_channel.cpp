#include "daemon/inner_channel.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/socket.h"
#include "base/user.h"

namespace tijori {
namespace {

Status set_timeout(int fd, int option, int timeout_ms) {
  const timeval limit{timeout_ms / 1000, (timeout_ms % 1000) * 1000L};
  if (setsockopt(fd, SOL_SOCKET, option, &limit, sizeof limit) != 0) return fail_errno("setsockopt", "inner socket");
  return {};
}

// SO_PEERCRED of a connecting socket: who called listen().
Status check_listener(int fd, const InnerSocket& socket) {
  TRY_ASSIGN(const PeerCredentials peer, peer_credentials(fd));
  if (peer.uid == ::geteuid() || std::ranges::find(socket.users, peer.uid) != socket.users.end()) return {};
  return fail(ErrorCode::permission_denied, socket.path.string() + ": " + user_text(peer.uid) +
                                                " listens there, who isn't expected to (see tijorid --peer-user)");
}

}  // namespace

InnerChannel::Conversation::Conversation(std::shared_ptr<InnerChannel> channel) : channel_(std::move(channel)) {
  const std::lock_guard lock(channel_->mutex_);
  id_ = channel_->next_id_++;
  channel_->conversations_.emplace(id_, this);
}

InnerChannel::Conversation::~Conversation() {
  const std::lock_guard lock(channel_->mutex_);
  channel_->conversations_.erase(id_);
}

Status InnerChannel::Conversation::send(MessageType type, std::string_view payload) {
  if (!channel_->alive()) return fail(ErrorCode::unavailable, "connection closed");
  if (payload.size() > max_frame_payload_bytes)
    return fail(ErrorCode::resource_exhausted, "message of " + std::to_string(payload.size()) + " bytes, at most " +
                                                   std::to_string(max_frame_payload_bytes) + " can be sent");
  auto status = channel_->frames_.write(number_of(type), id_, payload);
  // A frame that was cut leaves the stream without a beginning.
  if (!status) channel_->close();
  return status;
}

Result<Frame> InnerChannel::Conversation::next(std::chrono::milliseconds timeout) {
  std::unique_lock lock(channel_->mutex_);
  const auto ready = [&] { return interrupted_ || !frames_.empty() || !channel_->alive(); };
  if (!changed_.wait_for(lock, timeout, ready)) return fail(ErrorCode::deadline_exceeded, "no reply in time");
  if (std::exchange(interrupted_, false)) return fail(ErrorCode::cancelled, "interrupted");
  if (frames_.empty()) return fail(ErrorCode::unavailable, "connection closed");
  Frame frame = std::move(frames_.front());
  frames_.pop_front();
  return frame;
}

void InnerChannel::Conversation::interrupt() {
  const std::lock_guard lock(channel_->mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

InnerChannel::InnerChannel(UniqueFd fd, std::function<void()> on_end)
    : frames_(std::move(fd)), on_end_(std::move(on_end)) {}

Result<std::shared_ptr<InnerChannel>> InnerChannel::connect(const InnerSocket& socket, std::function<void()> on_end) {
  TRY_ASSIGN(UniqueFd fd, connect_unix(socket.path));
  TRY(check_listener(fd.get(), socket));
  TRY(set_timeout(fd.get(), SO_SNDTIMEO, inner_write_timeout_ms));
  TRY(set_timeout(fd.get(), SO_RCVTIMEO, hello_timeout_ms));
  std::shared_ptr<InnerChannel> channel(new InnerChannel(std::move(fd), std::move(on_end)));
  if (auto status = channel->shake_hands(); !status) return fail(status.error().in(socket.path.string()));
  TRY(set_timeout(channel->frames_.fd(), SO_RCVTIMEO, 0));
  channel->reader_ = std::thread([raw = channel.get()] { raw->read_frames(); });
  return channel;
}

InnerChannel::~InnerChannel() {
  close();
  if (!reader_.joinable()) return;
  // The last owner may be the reader's own on_end.
  if (reader_.get_id() == std::this_thread::get_id())
    reader_.detach();
  else
    reader_.join();
}

Status InnerChannel::shake_hands() {
  const Hello hello{inner_protocol_version, "tijorid", TIJORI_VERSION};
  TRY(frames_.write(number_of(MessageType::hello), 0, to_json(hello)));
  TRY_ASSIGN(const Frame frame, frames_.read());
  if (frame.type == number_of(MessageType::error)) {
    TRY_ASSIGN(const PeerError error, parse_message<PeerError>("error", frame.payload));
    return fail(error_of(error));
  }
  if (frame.type != number_of(MessageType::hello))
    return fail(ErrorCode::malformed, "the peer's first frame has type " + std::to_string(frame.type) + ", not hello");
  TRY_ASSIGN(const Hello reply, parse_message<Hello>("hello", frame.payload));
  if (reply.protocol != inner_protocol_version)
    return fail(ErrorCode::unsupported, "the peer speaks protocol " + std::to_string(reply.protocol) + ", not " +
                                            std::to_string(inner_protocol_version));
  peer_version_ = reply.version;
  return {};
}

void InnerChannel::close() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& [id, conversation] : conversations_) conversation->changed_.notify_all();
  }
  frames_.shutdown();
}

void InnerChannel::read_frames() {
  for (;;) {
    auto frame = frames_.read();
    if (!frame || frame->request_id == 0) break;  // request 0: an error that ends the connection
    deliver(*std::move(frame));
  }
  close();
  if (on_end_) on_end_();
}

void InnerChannel::deliver(Frame frame) {
  const std::lock_guard lock(mutex_);
  const auto found = conversations_.find(frame.request_id);
  if (found == conversations_.end()) return;  // its asker has given up
  if (found->second->frames_.size() >= max_mailbox_frames) {
    frames_.shutdown();
    return;
  }
  found->second->frames_.push_back(std::move(frame));
  found->second->changed_.notify_all();
}

Result<std::string> InnerChannel::ask(MessageType type, std::string_view payload, MessageType reply,
                                      std::chrono::milliseconds timeout,
                                      const std::function<void(const Progress&)>& on_progress) {
  Conversation conversation(shared_from_this());
  TRY(conversation.send(type, payload));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    TRY_ASSIGN(Frame frame, conversation.next(std::max(left, std::chrono::milliseconds(0))));
    if (frame.type == number_of(reply)) return std::move(frame.payload);
    if (frame.type == number_of(MessageType::error)) {
      TRY_ASSIGN(const PeerError error, parse_message<PeerError>("error", frame.payload));
      return fail(error_of(error));
    }
    if (frame.type != number_of(MessageType::progress)) {
      close();
      return fail(ErrorCode::malformed, "a reply of type " + std::to_string(frame.type) + " was not expected");
    }
    if (!on_progress) continue;
    TRY_ASSIGN(const Progress progress, parse_message<Progress>("progress", frame.payload));
    on_progress(progress);
  }
}

}  // namespace tijori
