// Threads that share the pieces of one piece of work after another. The caller is one of them.
//
// Pieces are handed out from a counter and the caller waits for pieces, not for threads: a thread that the kernel has
// taken off its CPU holds up nobody unless it holds a piece. One that does, because its CPU has a busy neighbour, costs
// a whole time slice; so a thread caught at that is left out for a while, longer each time it happens again. Idle
// threads spin briefly, then sleep. Which thread does which piece is left to chance, so a piece's result must not
// depend on it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace tijori {

// One thread calls run(); create and destroy it there too.
class ThreadPool {
 public:
  explicit ThreadPool(uint32_t n_threads);  // including the caller; at least 1
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  uint32_t n_threads() const { return n_workers_ + 1; }

  // Calls work(piece) for every piece in [0, n_pieces), each once, and returns when all are done. What one call wrote
  // is visible to the pieces of the next.
  template <class Work>
  void run(uint32_t n_pieces, Work& work) {
    run_erased(n_pieces, &work, [](void* context, uint32_t piece) { (*static_cast<Work*>(context))(piece); });
  }
  template <class Work>
  void run(uint32_t n_pieces, Work&& work) {
    run(n_pieces, work);
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Function = void (*)(void* context, uint32_t piece);

  struct alignas(64) Worker {
    std::thread thread;
    std::atomic<bool> holds_piece{false};
    std::atomic<bool> is_left_out{false};
    // The caller's own book-keeping.
    Clock::time_point back_at;
    Clock::duration penalty{};
  };

  void run_erased(uint32_t n_pieces, void* context, Function function);
  bool take_and_do();
  void work(Worker& self);
  void wait_for_pieces(Clock::duration own_piece);
  void leave_out_stragglers(Clock::time_point now);
  void take_back(Clock::time_point now);

  // The work at hand; written by the caller while no piece is out.
  void* context_ = nullptr;
  Function function_ = nullptr;
  uint32_t n_pieces_ = 0;

  alignas(64) std::atomic<uint32_t> left_{0};    // pieces nobody has taken yet
  alignas(64) std::atomic<uint32_t> undone_{0};  // pieces not finished
  alignas(64) std::atomic<uint32_t> round_{0};   // counts the calls; what sleeping threads wait on
  std::atomic<uint32_t> sleepers_{0};
  std::atomic<bool> stopping_{false};
  uint32_t n_workers_;
  uint32_t n_left_out_ = 0;
  std::unique_ptr<Worker[]> workers_;
};

// CPUs this process may run on.
uint32_t available_cpus();

}  // namespace tijori
