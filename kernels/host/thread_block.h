// A thread block at work: each CUDA thread is a fiber, and all of a block run on one thread of the CPU's, each until it
// has to wait for others. Who comes next is fixed (the lanes of a warp in turn, then the next warp), or a matter of
// chance where a seed is given. Fibers and their stacks are kept from block to block.
//
// Compiled without -fsanitize=thread: what is here is shared by fibers that nothing orders but the switch itself, which
// ThreadSanitizer is told is no order.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>

#include "kernels/host/fiber.h"
#include "kernels/host/kernel_thread.h"
#include "kernels/host/launch.h"

namespace tijori::cuda::host {

// For ThreadSanitizer: every thread of a launch comes before what follows it; blocks have no order among themselves.
struct LaunchOrder {
  char ended = 0;
};

class ThreadBlock {
 public:
  explicit ThreadBlock(std::optional<uint64_t> seed);
  ~ThreadBlock();
  ThreadBlock(const ThreadBlock&) = delete;
  ThreadBlock& operator=(const ThreadBlock&) = delete;

  // Block `number` of the grid, x fastest.
  void run(const Launch& launch, size_t number, LaunchOrder& order);

  // For the thread that runs now; kernels/host/meeting.h tells what they do.
  void meet_block(std::source_location at);
  void meet_warp(uint32_t mask, std::source_location at);
  uint64_t exchange(uint32_t mask, uint64_t bits, uint32_t source, std::source_location at);
  uint32_t vote(uint32_t mask, bool yes, std::source_location at);
  void multiply_tiles(float* d, const uint32_t* a, const uint32_t* b, std::source_location at);

  static ThreadBlock& of_current_thread();

 private:
  enum class Waits : uint8_t { no, for_block, for_warp, ended };
  struct Thread;
  struct Warp;
  struct Meeting;

  static void enter(boost::context::detail::transfer_t from);
  void prepare_threads(const Launch& launch);
  void prepare_shared();
  void leave(Thread& self);

  Thread* next_thread();
  void switch_from(Fiber& fiber, Thread& next);
  void give_way(Thread& self);
  void wake(Warp& warp, uint32_t lanes);
  void finish_turn(Thread& self);

  Meeting& join(Thread& self, uint32_t mask, std::source_location at);
  void wait(Thread& self);
  void complete(Thread& self, Meeting& meeting);

  [[noreturn]] void die_of_deadlock();

  static constexpr unsigned most_warps = most_threads / warp_lanes;

  std::unique_ptr<Thread[]> threads_;
  std::unique_ptr<Warp[]> warps_;
  unsigned fibers_ = 0;  // threads that have a stack
  Fiber outside_;

  BlockView view_;
  const Launch* launch_ = nullptr;
  LaunchOrder* order_ = nullptr;
  unsigned count_ = 0, ended_ = 0, at_barrier_ = 0;
  unsigned turn_ = 0;  // the warp whose lanes come next
  uint32_t ready_warps_ = 0;
  std::source_location barrier_at_;
  uint32_t barriers_ = 0;
  std::array<char, 2> barrier_order_{};
  char start_order_ = 0;

  bool by_chance_;
  uint64_t seed_, chance_ = 0;
  unsigned char* shared_ = nullptr;
};

}  // namespace tijori::cuda::host
