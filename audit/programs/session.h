// One connection of the daemon: reads its frames, hands appends to the log's thread, runs readings on threads of their
// own. Message table: docs/engine-protocol.md, "Audit".
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/programs/verifications.h"
#include "audit/store/group_commit.h"
#include "audit/store/log_reader.h"
#include "base/error.h"
#include "base/file.h"
#include "base/frame.h"
#include "base/key_source.h"
#include "protocol/inner_messages.h"

namespace tijori {

inline constexpr size_t max_readings_per_session = 8;
inline constexpr int send_timeout_s = 10;

class Session {
 public:
  // The log and the list of verifications outlive the session; `directory` is where its readers look, `keys` what it
  // says of where the log's keys come from.
  Session(UniqueFd socket, GroupCommit& log, Verifications& verifications, AuditDirectory directory,
          std::vector<KeySource> keys);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Serves until the peer goes or end() is called.
  void run();
  // Any thread: makes run() return.
  void end();
  // Any thread: lists, exports and verifications under way end soon with cancelled.
  void cancel_readings();

 private:
  // A list, proof, export or verification under way.
  struct Reading {
    std::mutex mutex;
    std::condition_variable changed;
    int64_t credit = 0;
    bool cancelled = false;
    bool finished = false;
    std::thread thread;
  };
  using Work = std::function<Status(uint64_t request_id, Reading& reading)>;

  static Status check_cancelled(Reading& reading);
  Status greet();
  Status dispatch(const Frame& frame);
  Status append(const Frame& frame);
  void start_reading(uint64_t request_id, int64_t credit, Work work);
  void collect_readings(bool all);
  Result<LogReader> open_reader();
  Status list(uint64_t request_id, const std::string& payload);
  Status show(uint64_t request_id, const std::string& payload);
  Status prove(uint64_t request_id, const std::string& payload);
  Status compare(uint64_t request_id, const std::string& payload);
  Status count(uint64_t request_id, const std::string& payload, Reading& reading);
  Status export_log(uint64_t request_id, const std::string& payload, Reading& reading);
  Status verify(uint64_t request_id, Reading& reading);
  Status checkpoint(uint64_t request_id);
  Status reopen(uint64_t request_id);
  std::string status_reply() const;
  Status send(MessageType type, uint64_t request_id, std::string_view payload);
  Status send_error(uint64_t request_id, const Error& error);

  // Shared with appends that the log answers after this session is gone.
  std::shared_ptr<FrameChannel> channel_;
  GroupCommit& log_;
  Verifications& verifications_;
  AuditDirectory directory_;
  const std::vector<KeySource> keys_;
  std::mutex readings_mutex_;
  std::map<uint64_t, std::shared_ptr<Reading>> readings_;
};

}  // namespace tijori
