// Appends from many threads, committed together: while one commit waits for the disk, the next one gathers. Owns the
// log and the one thread that touches it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "audit/store/log_writer.h"
#include "base/error.h"
#include "base/watchdog.h"

namespace tijori {

inline constexpr size_t max_waiting_appends = 8192;
inline constexpr size_t max_commit_records = 4096;

class GroupCommit {
 public:
  // Called on the log's thread; must not block on anything that waits for the log.
  using Done = std::function<void(Receipts receipts)>;

  // The watchdog is told by the log's thread.
  explicit GroupCommit(std::unique_ptr<LogWriter> log, Watchdog watchdog = {});
  // stop() before, for a clean end; without it the log is left as after a crash.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Any thread. resource_exhausted at once when too much waits.
  void append(AppendBatch request, Done done);
  // Waits for the outcome.
  Receipts append(AppendBatch request);

  // Runs on the log's thread, between commits; waits for it.
  void with_log(const std::function<void(LogWriter&)>& work);

  // As of the last commit; never waits for the disk.
  LogStatus status() const;
  uint64_t commits() const;

  // Commits what waits, then stops the log and ends the thread. Later appends are unavailable.
  Status stop(std::string_view cause);

 private:
  struct Waiting {
    AppendBatch request;
    Done done;
    std::function<void(LogWriter&)> work;  // instead of a request
  };

  void run();
  void commit(std::deque<Waiting> batch);
  void publish();

  std::unique_ptr<LogWriter> log_;
  Watchdog watchdog_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  LogStatus status_;
  uint64_t commits_ = 0;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace tijori
