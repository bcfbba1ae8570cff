#include "engine/thread_pool.h"

#include <algorithm>

#include <sched.h>

namespace tijori {
namespace {

// About 20 us of spinning on today's CPUs: longer than the serial stretch between two operations of a decoding step,
// far shorter than a time slice.
constexpr uint32_t spins_before_sleep = 2000;

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

uint32_t available_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1U, std::thread::hardware_concurrency());
  return static_cast<uint32_t>(std::max(1, CPU_COUNT(&set)));
}

ThreadPool::ThreadPool(uint32_t n_threads) {
  for (uint32_t i = 1; i < n_threads; ++i) workers_.emplace_back([this] { worker(); });
}

ThreadPool::~ThreadPool() {
  stopping_.store(true);
  round_.fetch_add(1);
  round_.notify_all();
  for (std::thread& thread : workers_) thread.join();
}

void ThreadPool::run_erased(uint32_t n_pieces, void* context, Function function) {
  if (workers_.empty() || n_pieces <= 1) {
    for (uint32_t piece = 0; piece < n_pieces; ++piece) function(context, piece);
    return;
  }
  context_ = context;
  function_ = function;
  n_pieces_ = n_pieces;
  undone_.store(n_pieces, std::memory_order_relaxed);
  left_.store(n_pieces, std::memory_order_release);
  round_.fetch_add(1, std::memory_order_seq_cst);
  if (sleepers_.load(std::memory_order_seq_cst) != 0) round_.notify_all();

  while (take_and_do()) {
  }
  for (uint32_t spin = 0;; ++spin) {
    const uint32_t undone = undone_.load(std::memory_order_acquire);
    if (undone == 0) return;
    if (spin < spins_before_sleep) {
      relax();
    } else {
      undone_.wait(undone, std::memory_order_acquire);
    }
  }
}

// A thread may come late and meet the counter of a later call: then it works on that one, whose description is in
// place before its pieces are offered.
bool ThreadPool::take_and_do() {
  uint32_t left = left_.load(std::memory_order_acquire);
  do {
    if (left == 0) return false;
  } while (!left_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel, std::memory_order_acquire));
  function_(context_, n_pieces_ - left);
  // Only the last piece of a call can have the caller waiting for good.
  if (undone_.fetch_sub(1, std::memory_order_acq_rel) == 1) undone_.notify_all();
  return true;
}

void ThreadPool::worker() {
  uint32_t seen = round_.load(std::memory_order_acquire);
  while (!stopping_.load(std::memory_order_acquire)) {
    while (take_and_do()) {
    }
    uint32_t spin = 0;
    for (; spin < spins_before_sleep && round_.load(std::memory_order_acquire) == seen; ++spin) relax();
    if (spin == spins_before_sleep) {
      sleepers_.fetch_add(1, std::memory_order_seq_cst);
      round_.wait(seen, std::memory_order_seq_cst);
      sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    }
    seen = round_.load(std::memory_order_acquire);
  }
}

}  // namespace tijori
