// Runs a launch: its blocks on a few threads of the CPU's, each block as a ThreadBlock.
//
//   TIJORI_CUDA_HOST_WORKERS=n   so many threads; without it as many as there are CPUs to use, one under
//   ThreadSanitizer TIJORI_CUDA_HOST_SEED=n      the threads of a block run in an order of chance, the same for the
//   same n
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/host/launch.h"

namespace tijori::cuda::host {

class ThreadBlock;

// Not thread-safe. The other threads start with the first launch that has work for them and live as long as the
// executor.
class Executor {
 public:
  Executor();
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Returns when all blocks have ended.
  void run(const Launch& launch);

 private:
  struct Job;

  void start_helpers();
  void help();

  const unsigned workers_;
  std::unique_ptr<ThreadBlock> own_block_;
  std::vector<std::thread> helpers_;

  std::mutex mutex_;
  std::condition_variable work_is_there_, work_is_done_;
  Job* job_ = nullptr;
  uint64_t jobs_ = 0;
  unsigned helping_ = 0;  // helpers that are at the job
  bool ends_ = false;
};

}  // namespace tijori::cuda::host
