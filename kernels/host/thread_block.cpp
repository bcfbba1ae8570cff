#include "kernels/host/thread_block.h"

#include <bit>
#include <cstring>
#include <string>

#include <sys/mman.h>

#include "kernels/host/meeting.h"
#include "kernels/host/mma.h"

namespace tijori::cuda::host {

namespace {

namespace context = boost::context::detail;

constexpr size_t page_bytes = 4096;
constexpr size_t stack_bytes = address_sanitizer || thread_sanitizer ? 256 << 10 : 64 << 10;
// The stacks' hot ends would all lie in the same sets of the CPU's first cache.
constexpr size_t stack_stagger_bytes = 320;
constexpr size_t shared_pages_bytes = (most_shared_bytes + page_bytes - 1) / page_bytes * page_bytes;

unsigned char* map_pages(size_t size_bytes) {
  void* pages = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) die({}, "there is no memory to run threads in");
  return static_cast<unsigned char*>(pages);
}

bool same_line(const std::source_location& a, const std::source_location& b) {
  return a.line() == b.line() && (a.file_name() == b.file_name() || std::strcmp(a.file_name(), b.file_name()) == 0);
}

std::string text_of(const std::source_location& at) {
  return std::string(at.file_name()) + ":" + std::to_string(at.line());
}

uint32_t first_bits(unsigned count) {
  return static_cast<uint32_t>((uint64_t{1} << count) - 1);
}

// The position of one of the bits, chosen by `chance`.
unsigned any_bit(uint32_t bits, uint64_t chance) {
  const auto turned = static_cast<unsigned>(chance >> 32) & 31U;
  return (static_cast<unsigned>(std::countr_zero(std::rotr(bits, static_cast<int>(turned)))) + turned) & 31U;
}

uint64_t mixed(uint64_t a) {  // splitmix64
  a += 0x9E3779B97F4A7C15U;
  a = (a ^ (a >> 30)) * 0xBF58476D1CE4E5B9U;
  a = (a ^ (a >> 27)) * 0x94D049BB133111EBU;
  return a ^ (a >> 31);
}

}  // namespace

struct ThreadBlock::Thread : KernelThread {
  Fiber fiber;
  ThreadBlock* owner = nullptr;
  std::source_location at;  // where it waits
  Waits waits = Waits::no;
  unsigned char* stack = nullptr;
};

struct ThreadBlock::Meeting {
  uint32_t bit = 0;   // of its place among the warp's
  uint32_t mask = 0;  // 0: nobody is here
  uint32_t arrived = 0;
  std::source_location at;
  uint32_t held = 0;
  std::array<char, 2> order{};  // for ThreadSanitizer, in turn: who is early for the next one orders nobody in this one
};

struct ThreadBlock::Warp {
  uint32_t existing = 0, live = 0, ready = 0;
  uint32_t ballot = 0;
  uint32_t under_way = 0;  // of the meetings
  uint64_t given[warp_lanes], taken[warp_lanes];
  uint8_t sources[warp_lanes];
  MmaFragments fragments[warp_lanes];
  // One has usually the place of its mask's lowest lane; each lane waits in one at most, so there is always another
  // place.
  Meeting meetings[warp_lanes];

  Warp() {
    for (unsigned i = 0; i < warp_lanes; ++i) meetings[i].bit = 1U << i;
  }
  Meeting& place_for(uint32_t lanes);
};

// The meeting of these lanes that is under way, or an unused one.
ThreadBlock::Meeting& ThreadBlock::Warp::place_for(uint32_t lanes) {
  const auto usual = static_cast<unsigned>(std::countr_zero(lanes));
  if (meetings[usual].mask == lanes || under_way == 0) return meetings[usual];
  for (uint32_t left = under_way; left != 0; left &= left - 1)
    if (Meeting& meeting = meetings[std::countr_zero(left)]; meeting.mask == lanes) return meeting;
  return meetings[under_way >> usual & 1U ? static_cast<unsigned>(std::countr_one(under_way)) : usual];
}

ThreadBlock::ThreadBlock(std::optional<uint64_t> seed)
    : threads_(std::make_unique<Thread[]>(most_threads)),
      warps_(std::make_unique<Warp[]>(most_warps)),
      by_chance_(seed.has_value()),
      seed_(seed.value_or(0)) {}

ThreadBlock::~ThreadBlock() {
  for (unsigned i = 0; i < fibers_; ++i) {
    unpoison(threads_[i].stack, page_bytes + stack_bytes);
    munmap(threads_[i].stack, page_bytes + stack_bytes);
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
    __tsan_destroy_fiber(threads_[i].fiber.clock);
#endif
  }
  if (shared_ != nullptr) {
    unpoison(shared_, shared_pages_bytes);
    munmap(shared_, shared_pages_bytes);
  }
}

ThreadBlock& ThreadBlock::of_current_thread() {
  return *static_cast<Thread*>(current_thread)->owner;
}

void ThreadBlock::run(const Launch& launch, size_t number, LaunchOrder& order) {
  launch_ = &launch;
  order_ = &order;
  const dim3& grid = launch.grid;
  view_ = {.kernel = launch.kernel.c_str(),
           .index = {static_cast<unsigned>(number % grid.x), static_cast<unsigned>(number / grid.x % grid.y),
                     static_cast<unsigned>(number / grid.x / grid.y)},
           .block_dim = launch.block,
           .grid_dim = grid,
           .shared_bytes = launch.shared_bytes};
  chance_ = mixed(seed_ ^ mixed(number));
  prepare_shared();
  prepare_threads(launch);
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
  outside_.clock = __tsan_get_current_fiber();
#endif
  release(&start_order_);
  switch_from(outside_, *next_thread());
  current_thread = nullptr;
}

void ThreadBlock::prepare_shared() {
  // A new mapping for each block has no past for ThreadSanitizer, to which blocks are unordered; here they take turns
  // in one.
  if (thread_sanitizer && shared_ != nullptr) {
    munmap(shared_, shared_pages_bytes);
    shared_ = nullptr;
  }
  if (shared_ == nullptr) shared_ = map_pages(shared_pages_bytes);
  unpoison(shared_, shared_pages_bytes);
  std::memset(shared_, 0xFF, view_.shared_bytes);
  poison(shared_ + view_.shared_bytes, shared_pages_bytes - view_.shared_bytes);
  view_.shared = shared_;
}

void ThreadBlock::prepare_threads(const Launch& launch) {
  count_ = static_cast<unsigned>(launch.threads());
  ended_ = at_barrier_ = turn_ = 0;
  for (; fibers_ < count_; ++fibers_) {
    Thread& thread = threads_[fibers_];
    thread.stack = map_pages(page_bytes + stack_bytes);
    mprotect(thread.stack, page_bytes, PROT_NONE);
    const size_t used = stack_bytes - fibers_ % 12 * stack_stagger_bytes;
    unsigned char* top = thread.stack + page_bytes + used;
    thread.owner = this;
    thread.block = &view_;
    thread.warp = fibers_ / warp_lanes;
    thread.lane = fibers_ % warp_lanes;
    thread.fiber.at = context::make_fcontext(top, used, &ThreadBlock::enter);
#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
    thread.fiber.stack = thread.stack + page_bytes;
    thread.fiber.stack_bytes = used;
#endif
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
    thread.fiber.clock = __tsan_create_fiber(0);
#endif
  }
  uint3 index{};
  for (unsigned i = 0; i < count_; ++i) {
    threads_[i].index = index;
    threads_[i].committed_groups = 0;
    threads_[i].waits = Waits::no;
    if (++index.x == launch.block.x) {
      index.x = 0;
      if (++index.y == launch.block.y) {
        index.y = 0;
        ++index.z;
      }
    }
  }
  const unsigned warps = (count_ + warp_lanes - 1) / warp_lanes;
  for (unsigned i = 0; i < warps; ++i) {
    const unsigned lanes = std::min(warp_lanes, count_ - i * warp_lanes);
    warps_[i].existing = warps_[i].live = warps_[i].ready = first_bits(lanes);
  }
  ready_warps_ = first_bits(warps);
}

// A fiber runs its thread of one block after the other; between them it lies in leave().
void ThreadBlock::enter(context::transfer_t from) {
  Thread& self = *static_cast<Thread*>(current_thread);
  self.fiber.arrive(from);
  for (;;) {
    acquire(&self.owner->start_order_);
    self.owner->launch_->body();
    release(&self.owner->order_->ended);
    self.owner->leave(self);
  }
}

void ThreadBlock::leave(Thread& self) {
  Warp& warp = warps_[self.warp];
  const uint32_t bit = 1U << self.lane;
  self.copies.clear();
  self.waits = Waits::ended;
  warp.live &= ~bit;
  ++ended_;
  if (at_barrier_ != 0)
    die(barrier_at_, "__syncthreads is waited at here by %u threads, but this one has ended without it", at_barrier_);
  if (warp.under_way != 0) {
    for (const Meeting& meeting : warp.meetings)
      if (meeting.mask & bit)
        die(meeting.at, "a warp collective waits here for lanes 0x%x, but lane %u has exited", meeting.mask, self.lane);
  }
  if (ended_ == count_) {
    self.fiber.switch_to(outside_);
    return;
  }
  Thread* next = next_thread();
  if (next == nullptr) die_of_deadlock();
  switch_from(self.fiber, *next);
}

ThreadBlock::Thread* ThreadBlock::next_thread() {
  if (ready_warps_ == 0) return nullptr;
  if (by_chance_) {
    chance_ = chance_ * 6364136223846793005U + 1442695040888963407U;
    turn_ = any_bit(ready_warps_, chance_);
  } else if (warps_[turn_].ready == 0) {
    turn_ = static_cast<unsigned>(std::countr_zero(ready_warps_));
  }
  Warp& warp = warps_[turn_];
  const unsigned lane =
      by_chance_ ? any_bit(warp.ready, chance_ << 5) : static_cast<unsigned>(std::countr_zero(warp.ready));
  warp.ready &= ~(1U << lane);
  if (warp.ready == 0) ready_warps_ &= ~(1U << turn_);
  return &threads_[turn_ * warp_lanes + lane];
}

void ThreadBlock::switch_from(Fiber& fiber, Thread& next) {
  current_thread = &next;
  fiber.switch_to(next.fiber);
}

void ThreadBlock::give_way(Thread& self) {
  Thread* next = next_thread();
  if (next == nullptr) die_of_deadlock();
  if (next != &self) switch_from(self.fiber, *next);
}

void ThreadBlock::wake(Warp& warp, uint32_t lanes) {
  warp.ready |= lanes;
  if (lanes != 0) ready_warps_ |= 1U << (&warp - warps_.get());
}

// Who comes last to a meeting goes on at once, which saves a switch; by chance anybody does.
void ThreadBlock::finish_turn(Thread& self) {
  if (!by_chance_) return;
  wake(warps_[self.warp], 1U << self.lane);
  give_way(self);
}

void ThreadBlock::meet_block(std::source_location at) {
  Thread& self = *static_cast<Thread*>(current_thread);
  if (ended_ != 0) die(at, "__syncthreads is reached, but %u threads of the block have ended without it", ended_);
  if (at_barrier_ == 0)
    barrier_at_ = at;
  else if (!same_line(barrier_at_, at))
    die(at, "__syncthreads is reached, but %u threads of the block wait at another one, %s", at_barrier_,
        text_of(barrier_at_).c_str());
  char* order = &barrier_order_[barriers_ & 1];
  release(order);
  if (++at_barrier_ < count_) {
    self.waits = Waits::for_block;
    self.at = at;
    give_way(self);
    self.waits = Waits::no;
  } else {
    ++barriers_;
    at_barrier_ = 0;
    for (unsigned i = 0; i * warp_lanes < count_; ++i)
      wake(warps_[i], i == self.warp ? warps_[i].existing & ~(1U << self.lane) : warps_[i].existing);
    finish_turn(self);
  }
  acquire(order);
}

ThreadBlock::Meeting& ThreadBlock::join(Thread& self, uint32_t mask, std::source_location at) {
  Warp& warp = warps_[self.warp];
  const uint32_t bit = 1U << self.lane, lanes = mask & warp.existing;
  if (!(lanes & bit)) die(at, "lane %u calls a warp collective whose mask 0x%x leaves it out", self.lane, mask);
  if (lanes & ~warp.live)
    die(at, "the mask 0x%x of a warp collective names lanes that have exited: 0x%x", mask, lanes & ~warp.live);
  Meeting& meeting = warp.place_for(lanes);
  if (meeting.mask == lanes) {
    if (!same_line(meeting.at, at))
      die(at, "lane %u is in a warp collective, but lanes 0x%x of its mask are in another one, %s", self.lane,
          meeting.arrived, text_of(meeting.at).c_str());
  } else {
    // Masks may overlap while some lanes are ahead of others, but not so that two wait for each other.
    for (uint32_t left = warp.under_way; left != 0; left &= left - 1) {
      const Meeting& other = warp.meetings[std::countr_zero(left)];
      if (other.mask & bit && other.arrived & lanes)
        die(at, "lane %u is in a warp collective of mask 0x%x, but lanes 0x%x are in one of mask 0x%x, %s", self.lane,
            lanes, other.arrived, other.mask, text_of(other.at).c_str());
    }
    meeting.mask = lanes;
    meeting.arrived = 0;
    meeting.at = at;
    warp.under_way |= meeting.bit;
  }
  meeting.arrived |= bit;
  return meeting;
}

void ThreadBlock::wait(Thread& self) {
  self.waits = Waits::for_warp;
  give_way(self);
  self.waits = Waits::no;
}

void ThreadBlock::complete(Thread& self, Meeting& meeting) {
  Warp& warp = warps_[self.warp];
  const uint32_t others = meeting.mask & ~(1U << self.lane);
  warp.under_way &= ~meeting.bit;
  meeting.mask = 0;
  ++meeting.held;
  wake(warp, others);
  finish_turn(self);
}

void ThreadBlock::meet_warp(uint32_t mask, std::source_location at) {
  Thread& self = *static_cast<Thread*>(current_thread);
  Meeting& meeting = join(self, mask, at);
  char* order = &meeting.order[meeting.held & 1];
  release(order);
  self.at = at;
  if (meeting.arrived == meeting.mask)
    complete(self, meeting);
  else
    wait(self);
  acquire(order);
}

uint64_t ThreadBlock::exchange(uint32_t mask, uint64_t bits, uint32_t source, std::source_location at) {
  Thread& self = *static_cast<Thread*>(current_thread);
  Warp& warp = warps_[self.warp];
  if (!(mask >> source & 1U))
    die(at, "lane %u shuffles from lane %u, which is not in the mask 0x%x", self.lane, source, mask);
  warp.given[self.lane] = bits;
  warp.sources[self.lane] = static_cast<uint8_t>(source);
  Meeting& meeting = join(self, mask, at);
  self.at = at;
  if (meeting.arrived == meeting.mask) {
    if (meeting.mask == ~0U) {
      for (unsigned lane = 0; lane < warp_lanes; ++lane) warp.taken[lane] = warp.given[warp.sources[lane]];
    } else {
      for (uint32_t left = meeting.mask; left != 0; left &= left - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(left));
        const unsigned from = warp.sources[lane];
        warp.taken[lane] = meeting.mask >> from & 1U ? warp.given[from] : ~uint64_t{0};
      }
    }
    complete(self, meeting);
  } else {
    wait(self);
  }
  return warp.taken[self.lane];
}

uint32_t ThreadBlock::vote(uint32_t mask, bool yes, std::source_location at) {
  Thread& self = *static_cast<Thread*>(current_thread);
  Warp& warp = warps_[self.warp];
  const uint32_t bit = 1U << self.lane;
  warp.ballot = yes ? warp.ballot | bit : warp.ballot & ~bit;
  Meeting& meeting = join(self, mask, at);
  self.at = at;
  if (meeting.arrived == meeting.mask) {
    for (uint32_t left = meeting.mask; left != 0; left &= left - 1)
      warp.taken[std::countr_zero(left)] = warp.ballot & meeting.mask;
    complete(self, meeting);
  } else {
    wait(self);
  }
  return static_cast<uint32_t>(warp.taken[self.lane]);
}

void ThreadBlock::multiply_tiles(float* d, const uint32_t* a, const uint32_t* b, std::source_location at) {
  Thread& self = *static_cast<Thread*>(current_thread);
  Warp& warp = warps_[self.warp];
  if (warp.existing != ~0U) die(at, "mma in a warp that has not all its 32 lanes");
  warp.fragments[self.lane] = {.d = d, .a = a, .b = b};
  Meeting& meeting = join(self, ~0U, at);
  self.at = at;
  if (meeting.arrived == meeting.mask) {
    multiply_tiles_of_warp(warp.fragments);
    complete(self, meeting);
  } else {
    wait(self);
  }
}

void ThreadBlock::die_of_deadlock() {
  std::string where;
  constexpr unsigned most_places = 4;
  unsigned places = 0;
  std::source_location seen[most_places];
  for (unsigned i = 0; i < count_ && places < most_places; ++i) {
    const Thread& thread = threads_[i];
    if (thread.waits != Waits::for_block && thread.waits != Waits::for_warp) continue;
    bool known = false;
    for (unsigned k = 0; k < places; ++k) known |= same_line(seen[k], thread.at);
    if (known) continue;
    seen[places++] = thread.at;
    unsigned waiting = 0;
    for (unsigned k = 0; k < count_; ++k)
      waiting += threads_[k].waits == thread.waits && same_line(threads_[k].at, thread.at);
    where += (places == 1 ? "" : "; ") + std::to_string(waiting) +
             (thread.waits == Waits::for_block ? " threads wait at __syncthreads, "
                                               : " threads wait in a warp collective, ") +
             text_of(thread.at);
  }
  die(seen[0], "deadlock: %s", where.c_str());
}

void meet_block(std::source_location at) {
  ThreadBlock::of_current_thread().meet_block(at);
}
void meet_warp(uint32_t mask, std::source_location at) {
  ThreadBlock::of_current_thread().meet_warp(mask, at);
}
uint64_t exchange(uint32_t mask, uint64_t bits, uint32_t source, std::source_location at) {
  return ThreadBlock::of_current_thread().exchange(mask, bits, source, at);
}
uint32_t vote(uint32_t mask, bool yes, std::source_location at) {
  return ThreadBlock::of_current_thread().vote(mask, yes, at);
}
void multiply_tiles(float* d, const uint32_t* a, const uint32_t* b, std::source_location at) {
  ThreadBlock::of_current_thread().multiply_tiles(d, a, b, at);
}

}  // namespace tijori::cuda::host
