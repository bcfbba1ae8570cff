// The daemon's way to tijori-audit: what it returns as appended is on the disk. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/inner_channel.h"
#include "daemon/known_log.h"
#include "protocol/audit_messages.h"
#include "protocol/chat_response.h"

namespace tijori {

inline constexpr std::chrono::milliseconds append_timeout{2'000};
// How old what state.db remembers of the log may be.
inline constexpr std::chrono::milliseconds remember_interval{10'000};
inline constexpr size_t max_pending_drafts = 8192;
inline constexpr int64_t export_credit_frames = 8;

// One durable record.
struct Appended {
  std::string log_id;
  ReceiptEntry entry;
};

// What the pipeline and the admin service need of the log; a fake stands in for it in tests.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  // Durable when it returns. Otherwise the request must not go on: deadline_exceeded when it isn't known whether the
  // record was written, any other code when it was not.
  Result<Appended> append(AuditDraft draft) {
    std::vector<AuditDraft> drafts;
    drafts.push_back(std::move(draft));
    return append_all(std::move(drafts));
  }
  // All of them together or none, at most max_drafts_per_append; answers with the last.
  virtual Result<Appended> append_all(std::vector<AuditDraft> drafts) = 0;
  // For what has happened already and must not be lost: kept, in order, and written as soon as the log is back.
  virtual void append_later(AuditDraft draft) = 0;
  // False from the moment the log is known to be away: answers under way are cut.
  virtual bool available() const = 0;
};

class AuditChannel final : public AuditLog {
 public:
  // Starts connecting, again and again. `before_connect` runs before each attempt (it starts the process in a
  // checkout); `first_draft`, if any, is written before anything else, once. With `known_log`, which must outlive the
  // channel, no other log takes a record; it can still be read.
  AuditChannel(InnerSocket socket, std::function<Status()> before_connect, std::optional<AuditDraft> first_draft,
               KnownLog* known_log);
  ~AuditChannel() override;

  Result<Appended> append_all(std::vector<AuditDraft> drafts) override;
  void append_later(AuditDraft draft) override;
  bool available() const override;

  // Blocks until the first draft is durable or the time is over.
  Status wait_until_available(std::chrono::milliseconds timeout);
  // Writes what is pending, as far as the time allows, and disconnects.
  void stop(std::chrono::milliseconds timeout);
  // Why the last attempt failed; "" while connected.
  std::string trouble() const;
  int64_t away_since_us() const;  // 0 while connected
  // True while tijori-audit has another log than the known one, or an older state of it.
  bool is_another_log() const;

  Result<AuditStatusReply> status();
  Result<AuditRecords> list(const ListRequest& request);
  Result<AuditRecord> show(int64_t seq);
  Result<AuditProof> prove(int64_t seq);
  Result<ConsistencyProof> compare(int64_t old_size, int64_t size);
  Result<AuditCounts> count(const CountRequest& request);
  // Told, before it starts, by what it can be ended from any thread, until it returns and after; then cancelled.
  using Stop = std::function<void()>;
  Result<AuditVerdict> verify(const std::function<void(Stop)>& on_start = {});
  Result<CheckpointReply> checkpoint();
  Result<AuditKeys> keys();
  // Hands on the chunks as they come; a failing `write` ends the export.
  Result<ExportedReply> export_log(ExportRequest request, const std::function<Status(std::string_view)>& write);

 private:
  void run();
  Status connect();
  Status check_log(const std::shared_ptr<InnerChannel>& channel);
  Status write_pending(const std::shared_ptr<InnerChannel>& channel);
  void acknowledged(const Appended& appended);
  void save_known_log();
  std::shared_ptr<InnerChannel> channel() const;
  void set_trouble(std::string why);
  void notify();
  template <class Reply>
  Result<Reply> ask(MessageType type, std::string_view payload, MessageType reply, std::chrono::milliseconds timeout);

  const InnerSocket socket_;
  const std::function<Status()> before_connect_;
  KnownLog* const known_log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<InnerChannel> channel_;  // guarded by mutex_, as all below
  std::deque<AuditDraft> pending_;
  std::string trouble_ = "not connected yet";
  int64_t away_since_us_;
  bool is_another_log_ = false;
  bool stopping_ = false;
  bool log_checked_ = false;  // of this connection; only for the thread
  std::thread thread_;
};

}  // namespace tijori
