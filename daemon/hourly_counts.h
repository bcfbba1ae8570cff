// What isn't recorded one by one: counted here, one record an hour and one at the end. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "daemon/audit_channel.h"

namespace tijori {

class HourlyCounts {
 public:
  explicit HourlyCounts(AuditLog& audit, const Clock& clock = system_clock());
  ~HourlyCounts();

  // The counters of counts.hourly: requests, health, models, tokenize, status, capabilities, other, refused.
  void count(std::string_view counter);
  // Records what has gathered; nothing when nothing has.
  void flush();
  // Ends the thread after a last flush().
  void stop();

 private:
  void run();

  AuditLog& audit_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int64_t, std::less<>> counts_;  // guarded by mutex_, as all below
  int64_t since_us_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tijori
