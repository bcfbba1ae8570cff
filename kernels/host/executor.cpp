#include "kernels/host/executor.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>

#include <sched.h>

#include "kernels/host/sanitizer.h"
#include "kernels/host/thread_block.h"

namespace tijori::cuda::host {

namespace {

std::optional<uint64_t> number_in(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::strtoull(value, nullptr, 10);
}

unsigned workers_wanted() {
  constexpr uint64_t most = 256;
  if (const auto told = number_in("TIJORI_CUDA_HOST_WORKERS"); told)
    return static_cast<unsigned>(std::clamp<uint64_t>(*told, 1, most));
  if (thread_sanitizer) return 1;
  cpu_set_t usable;
  CPU_ZERO(&usable);
  if (sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
  return static_cast<unsigned>(std::clamp<int>(CPU_COUNT(&usable), 1, most));
}

std::unique_ptr<ThreadBlock> make_block() {
  return std::make_unique<ThreadBlock>(number_in("TIJORI_CUDA_HOST_SEED"));
}

}  // namespace

struct Executor::Job {
  const Launch& launch;
  LaunchOrder order;
  std::atomic<size_t> next_block{0};

  void work(ThreadBlock& block) {
    const size_t blocks = launch.blocks();
    for (size_t i = next_block.fetch_add(1, std::memory_order_relaxed); i < blocks;
         i = next_block.fetch_add(1, std::memory_order_relaxed))
      block.run(launch, i, order);
  }
};

Executor::Executor() : workers_(workers_wanted()), own_block_(make_block()) {}

Executor::~Executor() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  work_is_there_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Executor::run(const Launch& launch) {
  Job job{.launch = launch, .order = {}, .next_block = {}};
  const bool with_helpers = workers_ > 1 && launch.blocks() > 1;
  if (with_helpers) {
    start_helpers();
    const std::scoped_lock lock(mutex_);
    job_ = &job;
    ++jobs_;
    work_is_there_.notify_all();
  }
  job.work(*own_block_);
  if (with_helpers) {
    std::unique_lock lock(mutex_);
    job_ = nullptr;
    work_is_done_.wait(lock, [this] { return helping_ == 0; });
  }
  acquire(&job.order.ended);
}

void Executor::start_helpers() {
  while (helpers_.size() + 1 < workers_) helpers_.emplace_back([this] { help(); });
}

void Executor::help() {
  const std::unique_ptr<ThreadBlock> block = make_block();
  uint64_t jobs_seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    work_is_there_.wait(lock, [&] { return ends_ || (job_ != nullptr && jobs_ != jobs_seen); });
    if (ends_) return;
    jobs_seen = jobs_;
    ++helping_;
    Job& job = *job_;
    lock.unlock();
    job.work(*block);
    lock.lock();
    if (--helping_ == 0) work_is_done_.notify_one();
  }
}

}  // namespace tijori::cuda::host
