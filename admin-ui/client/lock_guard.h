// How often a passphrase may be guessed: after three wrong ones one waits, each time twice as long. No window here.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tijori {

class LockGuard {
 public:
  static constexpr int free_tries = 3;
  static constexpr int64_t first_wait_us = 30'000'000;
  static constexpr int64_t longest_wait_us = 15 * 60'000'000LL;

  void failed(int64_t now_us) {
    if (++failures_ < free_tries) return;
    const int doublings = std::min(failures_ - free_tries, 10);
    until_us_ = now_us + std::min(first_wait_us << doublings, longest_wait_us);
  }
  void succeeded() { *this = {}; }
  // 0: try.
  int64_t wait_us(int64_t now_us) const { return std::max<int64_t>(until_us_ - now_us, 0); }
  int failures() const { return failures_; }

 private:
  int failures_ = 0;
  int64_t until_us_ = 0;
};

}  // namespace tijori
