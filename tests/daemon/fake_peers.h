// Stand-ins for tijori-audit, tijori-engine and a client: real frames over real sockets, behaviour as a test asks.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/frame.h"
#include "base/socket.h"
#include "daemon/engine_launcher.h"
#include "daemon/http.h"
#include "protocol/audit_messages.h"
#include "protocol/engine_messages.h"
#include "protocol/inner_messages.h"

namespace tijori::test {

// What happened, in order, across all the stand-ins of one test.
class Journal {
 public:
  void note(std::string line);
  std::vector<std::string> lines() const;
  // Index of the first line that starts so; -1 for none.
  int find(std::string_view start) const;
  bool wait_for(std::string_view start, std::chrono::milliseconds limit = std::chrono::milliseconds(5000)) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> lines_;
};

// Accepts connections of the inner protocol, one at a time, and shakes hands.
class FakePeer {
 public:
  explicit FakePeer(std::filesystem::path socket);
  virtual ~FakePeer();

  void start();
  void stop();  // stops listening, drops the connection
  void drop();  // drops the connection only
  const std::filesystem::path& socket() const { return socket_; }

 protected:
  virtual void handle(const Frame& frame) = 0;
  void reply(MessageType type, uint64_t id, std::string_view payload);

 private:
  void run();

  const std::filesystem::path socket_;
  std::mutex mutex_;
  UniqueFd listener_;
  std::shared_ptr<FrameChannel> channel_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

class FakeAudit final : public FakePeer {
 public:
  enum class Mode { normal, blocked, silent, verifying };  // verifying: a verification never ends by itself
  FakeAudit(std::filesystem::path socket, Journal& journal);
  ~FakeAudit() override { stop(); }

  std::atomic<Mode> mode{Mode::normal};
  std::atomic<int> delay_ms{0};  // before each `appended`
  std::string log_id = "10c";    // changed only while stopped
  // Drafts so far, all of one event, "" for every.
  std::vector<AuditDraft> drafts(std::string_view event = "") const;

 private:
  void handle(const Frame& frame) override;

  Journal& journal_;
  uint64_t verifying_id_ = 0;  // only for the peer's thread
  mutable std::mutex drafts_mutex_;
  std::vector<AuditDraft> drafts_;
};

class FakeEngine final : public FakePeer {
 public:
  enum class Mode { answer, crash, endless, too_long, quiet, stopped };
  FakeEngine(std::filesystem::path socket, Journal& journal);
  ~FakeEngine() override { stop(); }

  std::atomic<Mode> mode{Mode::answer};
  std::atomic<int> quiet_ms{0};                      // before the first delta
  std::atomic<int> gap_ms{0};                        // before each other one
  void set_answer(std::vector<std::string> deltas);  // a token each; "Hello" and " there" at first
  // All text of the last generate, or "" when there was none since: what would become tokens.
  std::string take_prompt();

 private:
  void handle(const Frame& frame) override;
  void generate(const Frame& frame);
  void render(const Frame& frame);
  std::vector<std::string> answer() const;

  mutable std::mutex answer_mutex_;
  std::vector<std::string> answer_{"Hello", " there"};
  std::string prompt_;

  Journal& journal_;
};

// Hands out a socket that listens already.
class FakeLauncher final : public EngineLauncher {
 public:
  explicit FakeLauncher(std::filesystem::path socket) : socket_(std::move(socket)) {}
  Result<InnerSocket> start(int /*slot*/) override { return InnerSocket(socket_); }
  std::optional<ProcessEnd> finish(int /*slot*/) override { return ProcessEnd{9, 0}; }

 private:
  const std::filesystem::path socket_;
};

// Keeps what a handler answers; goes away when told.
class FakeWriter final : public ResponseWriter {
 public:
  explicit FakeWriter(Journal& journal) : journal_(journal) {}

  Status send(HttpResponse response) override;
  Status begin(HttpResponse head) override;
  Status write(std::string_view piece) override;
  Status finish() override;
  bool gone() const override { return gone_; }
  void on_gone(std::function<void()> callback) override;
  void go_away();

  HttpResponse response;  // with what was written as its body
  bool finished = false;

 private:
  Journal& journal_;
  std::mutex mutex_;
  std::function<void()> on_gone_;
  std::atomic<bool> gone_{false};
};

inline const std::string model_digest(64, 'd');

}  // namespace tijori::test
