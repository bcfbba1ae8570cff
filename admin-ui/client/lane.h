// A worker thread with one connection to the appliance: jobs run there one after another, results come back to the GUI
// thread as queued calls. The window never waits for the daemon.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "protocol/client/http_client.h"

namespace tijori {

class Lane {
 public:
  using Job = std::function<void(HttpClient& client, const Cancellation& cancellation)>;

  // Starts the thread; connects at the first job.
  static Result<std::unique_ptr<Lane>> create(ClientOptions options);
  // Cancels the running job, drops the waiting ones and joins: within a few milliseconds.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Any thread. A lane that already has `max_waiting_jobs` drops the job and returns false.
  bool post(Job job);
  // Ends the running job with `cancelled`; the waiting ones still run.
  void cancel_running();
  bool idle() const;

 private:
  static constexpr size_t max_waiting_jobs = 64;

  Lane(HttpClient client, Cancellation cancellation);
  void run();

  HttpClient client_;  // of the thread alone
  Cancellation cancellation_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool running_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tijori
