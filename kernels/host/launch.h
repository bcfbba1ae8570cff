// One launch of a kernel, ready to run.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "kernels/host/vector_types.h"

namespace tijori::cuda::host {

inline constexpr unsigned most_threads = 1024;
inline constexpr unsigned warp_lanes = 32;
inline constexpr size_t most_shared_bytes = 227 << 10;

struct Launch {
  std::string kernel;
  dim3 grid, block;
  size_t shared_bytes = 0;
  // The kernel as one thread of it, called once in each.
  std::move_only_function<void() const> body;

  size_t blocks() const { return size_t{grid.x} * grid.y * grid.z; }
  size_t threads() const { return size_t{block.x} * block.y * block.z; }
};

}  // namespace tijori::cuda::host
