// What verifications of the log are under way in all sessions together, and how the last one ended. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

namespace tijori {

struct VerificationState {
  size_t running = 0;
  // Of the one that began last.
  uint64_t done = 0;
  uint64_t total = 0;
  // Of the last one that came to a verdict since the process started; "" before the first.
  std::string verdict;
  int64_t verified_up_to = -1;
  int64_t ended_us = 0;
};

class Verifications {
 public:
  // One of them, from its construction to its end, whatever way that comes.
  class Run {
   public:
    Run(Verifications& all, uint64_t total);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    void advance(uint64_t done);
    void conclude(std::string verdict, int64_t verified_up_to, int64_t now_us);

   private:
    Verifications& all_;
    uint64_t number_;
  };

  VerificationState state() const;

 private:
  mutable std::mutex mutex_;
  VerificationState state_;
  uint64_t last_number_ = 0;
};

}  // namespace tijori
