// Takes refusals off the I/O thread: gathers them without ever blocking, and hands them to a RefusalRecorder on a
// thread of its own.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "daemon/refusal.h"
#include "daemon/refusal_recorder.h"

namespace tijori {

class RefusalRelay {
 public:
  explicit RefusalRelay(RefusalSink& sink, const Clock& clock = system_clock());
  // Records what is still counted, then ends the thread.
  ~RefusalRelay();
  RefusalRelay(const RefusalRelay&) = delete;
  RefusalRelay& operator=(const RefusalRelay&) = delete;

  void note(const Refusal& refusal);

 private:
  void run();

  RefusalRecorder recorder_;  // of the thread alone
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<uid_t, RefusalCause>, Refusal> waiting_;  // at most a recorder's number of pairs
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tijori
