#include "engine/thread_pool.h"

#include <algorithm>

#include <sched.h>

namespace tijori {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// About 30 us on today's CPUs: longer than the serial stretch between two operations of a decoding step, far shorter
// than a time slice.
constexpr uint32_t spins_before_sleep = 2000;

// A piece that takes this long, and several times as long as the caller's own, is held by a thread that isn't running.
constexpr auto least_straggling = microseconds(200);
constexpr int straggling_factor = 4;
constexpr auto first_penalty = milliseconds(5);
constexpr auto longest_penalty = milliseconds(320);
constexpr auto forgiven_after = milliseconds(500);

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

ThreadPool::ThreadPool(uint32_t n_threads)
    : n_workers_(std::max(1U, n_threads) - 1), workers_(std::make_unique<Worker[]>(n_workers_)) {
  for (uint32_t i = 0; i < n_workers_; ++i) {
    workers_[i].thread = std::thread([this, i] { work(workers_[i]); });
  }
}

ThreadPool::~ThreadPool() {
  stopping_.store(true);
  round_.fetch_add(1);
  round_.notify_all();
  for (uint32_t i = 0; i < n_workers_; ++i) workers_[i].thread.join();
}

void ThreadPool::run_erased(uint32_t n_pieces, void* context, Function function) {
  if (n_workers_ != 0 && n_left_out_ != 0) take_back(Clock::now());
  if (n_workers_ == n_left_out_ || n_pieces <= 1) {
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

  const Clock::time_point start = Clock::now();
  int own_pieces = 0;
  while (take_and_do()) ++own_pieces;
  if (undone_.load(std::memory_order_acquire) == 0) return;
  wait_for_pieces((Clock::now() - start) / std::max(1, own_pieces));
}

void ThreadPool::wait_for_pieces(Clock::duration own_piece) {
  const Clock::time_point start = Clock::now();
  const auto patience = std::max<Clock::duration>(least_straggling, straggling_factor * own_piece);
  bool is_patient = true;
  for (uint32_t spin = 0;; ++spin) {
    const uint32_t undone = undone_.load(std::memory_order_acquire);
    if (undone == 0) return;
    if (is_patient) {
      relax();
      if (spin % 64 != 63) continue;
      const Clock::time_point now = Clock::now();
      if (now - start < patience) continue;
      leave_out_stragglers(now);
      is_patient = false;
    } else {
      undone_.wait(undone, std::memory_order_acquire);
    }
  }
}

void ThreadPool::leave_out_stragglers(Clock::time_point now) {
  for (uint32_t i = 0; i < n_workers_; ++i) {
    Worker& worker = workers_[i];
    if (!worker.holds_piece.load(std::memory_order_relaxed) || worker.is_left_out.load(std::memory_order_relaxed)) {
      continue;
    }
    const bool is_repeated = worker.penalty != Clock::duration{} && now - worker.back_at < forgiven_after;
    worker.penalty = is_repeated ? std::min<Clock::duration>(2 * worker.penalty, longest_penalty) : first_penalty;
    worker.back_at = now + worker.penalty;
    worker.is_left_out.store(true, std::memory_order_relaxed);
    ++n_left_out_;
  }
}

void ThreadPool::take_back(Clock::time_point now) {
  for (uint32_t i = 0; i < n_workers_; ++i) {
    Worker& worker = workers_[i];
    if (!worker.is_left_out.load(std::memory_order_relaxed) || now < worker.back_at) continue;
    worker.is_left_out.store(false, std::memory_order_relaxed);
    --n_left_out_;
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

void ThreadPool::work(Worker& self) {
  uint32_t seen = round_.load(std::memory_order_acquire);
  while (!stopping_.load(std::memory_order_acquire)) {
    while (!self.is_left_out.load(std::memory_order_relaxed)) {
      self.holds_piece.store(true, std::memory_order_relaxed);
      const bool did_one = take_and_do();
      self.holds_piece.store(false, std::memory_order_relaxed);
      if (!did_one) break;
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
