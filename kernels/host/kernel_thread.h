// A CUDA thread as the code of its kernel sees it, and how that code ends the process when it does what no kernel may.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <vector>

#include "kernels/host/vector_types.h"

namespace tijori::cuda::host {

struct BlockView {
  const char* kernel = "";
  uint3 index{};
  dim3 block_dim, grid_dim;
  unsigned char* shared = nullptr;
  size_t shared_bytes = 0;
};

// 16 bytes that copy_async_16 has promised. Group 0 is what is committed first.
struct AsyncCopy {
  void* to;
  const void* from;
  uint32_t group;
};

struct KernelThread {
  const BlockView* block = nullptr;
  uint3 index{};
  uint32_t warp = 0;
  uint32_t lane = 0;
  uint32_t committed_groups = 0;
  std::vector<AsyncCopy> copies;
};

// Null outside of kernels. The threads of a block all run on one thread of the CPU, each in turn. Initial-exec: it is
// read at each threadIdx.
extern constinit thread_local KernelThread* current_thread [[gnu::tls_model("initial-exec")]];

// One line to stderr: the kernel, the block and the thread if in one, the place if known, and what is wrong; then
// abort().
[[noreturn]] void die(std::source_location at, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace tijori::cuda::host
