// One connection of the daemon to tijori-engine or tijori-audit: handshake, a reader thread, and a mailbox for every
// conversation. When the connection ends, every conversation in it ends with unavailable.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "base/frame.h"
#include "protocol/inner_messages.h"

namespace tijori {

// More waiting frames than this means that the peer sends without credit: the connection is closed.
inline constexpr size_t max_mailbox_frames = 1024;
inline constexpr int hello_timeout_ms = 2'000;
inline constexpr int inner_write_timeout_ms = 2'000;

// Where a peer listens, and as whom.
struct InnerSocket {
  InnerSocket(std::filesystem::path at, std::vector<uid_t> of = {}) : path(std::move(at)), users(std::move(of)) {}
  std::filesystem::path path;
  std::vector<uid_t> users;  // who may listen there besides this process's own user; systemd listens as root
};

class InnerChannel : public std::enable_shared_from_this<InnerChannel> {
 public:
  // One request and its replies. Used by one thread; interrupt() may come from any.
  class Conversation {
   public:
    explicit Conversation(std::shared_ptr<InnerChannel> channel);
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;
    ~Conversation();

    uint64_t id() const { return id_; }
    Status send(MessageType type, std::string_view payload);
    // The next frame; deadline_exceeded when none came in time, unavailable once the connection has ended, cancelled
    // once after interrupt(). `error` frames are frames.
    Result<Frame> next(std::chrono::milliseconds timeout);
    void interrupt();

   private:
    friend class InnerChannel;
    std::shared_ptr<InnerChannel> channel_;
    uint64_t id_ = 0;
    std::condition_variable changed_;
    std::deque<Frame> frames_;  // guarded by channel_->mutex_
    bool interrupted_ = false;  // guarded by channel_->mutex_
  };

  // Connects and shakes hands; permission_denied when somebody else listens there. on_end is called once, from the
  // reader thread, when the connection has ended.
  static Result<std::shared_ptr<InnerChannel>> connect(const InnerSocket& socket, std::function<void()> on_end);
  ~InnerChannel();
  InnerChannel(const InnerChannel&) = delete;
  InnerChannel& operator=(const InnerChannel&) = delete;

  bool alive() const { return !ended_.load(); }
  const std::string& peer_version() const { return peer_version_; }
  // Ends the connection; conversations find out at once.
  void close();

  // Sends one message and takes its one reply, skipping progress. A reply of type `error` becomes its Error.
  Result<std::string> ask(MessageType type, std::string_view payload, MessageType reply,
                          std::chrono::milliseconds timeout,
                          const std::function<void(const Progress&)>& on_progress = {});

 private:
  InnerChannel(UniqueFd fd, std::function<void()> on_end);
  Status shake_hands();
  void read_frames();
  void deliver(Frame frame);

  FrameChannel frames_;
  std::function<void()> on_end_;
  std::string peer_version_;
  std::atomic<bool> ended_{false};
  std::mutex mutex_;
  uint64_t next_id_ = 1;                                       // guarded by mutex_
  std::unordered_map<uint64_t, Conversation*> conversations_;  // guarded by mutex_
  std::thread reader_;
};

}  // namespace tijori
