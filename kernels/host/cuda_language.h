// The host's half of kernels/cuda/language.h: CUDA's words for a C++ compiler, every one of them checked as it runs.
//
//   a kernel may not…                                       found by
//   leave its arrays                                        Global, Array, shared_memory
//   take the CPU's or a stale address for the device's      Global's constructor
//   reach __syncthreads() with some of its threads          ThreadBlock: exited threads, other lines, deadlock
//   meet in a warp with other masks, lines, exited lanes    ThreadBlock
//   read what nobody has written                            0xff in shared and device memory: NaN
//   read what copy_async_16 has not brought yet             0xff until the wait
//   count on an order that no barrier makes                 ThreadSanitizer; TIJORI_CUDA_HOST_SEED
//
// What it can't show: time, registers, bank conflicts, the device's own rounding of expf and its like, memory that
// other blocks see late, threads that spin until another one acts.
#pragma once

#include "kernels/host/async_copy.h"
#include "kernels/host/collectives.h"
#include "kernels/host/global.h"
#include "kernels/host/half.h"
#include "kernels/host/intrinsics.h"
#include "kernels/host/kernel_thread.h"
#include "kernels/host/meeting.h"
#include "kernels/host/stream.h"
#include "kernels/host/vector_types.h"

// NOLINTBEGIN(bugprone-reserved-identifier): the names are CUDA's.
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
// NOLINTEND(bugprone-reserved-identifier)

#define threadIdx (::tijori::cuda::host::current_thread->index)
#define blockIdx (::tijori::cuda::host::current_thread->block->index)
#define blockDim (::tijori::cuda::host::current_thread->block->block_dim)
#define gridDim (::tijori::cuda::host::current_thread->block->grid_dim)

namespace tijori::cuda {

template <class T>
T& shared_memory(std::source_location at = std::source_location::current()) {
  static_assert(alignof(T) <= 16 && std::is_trivially_copyable_v<T>);
  const host::BlockView& block = *host::current_thread->block;
  if (sizeof(T) > block.shared_bytes)
    host::die(at, "%zu bytes of shared memory are used; the launch gave %zu", sizeof(T), block.shared_bytes);
  return *reinterpret_cast<T*>(block.shared);
}

inline void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2],
                         std::source_location at = std::source_location::current()) {
  host::multiply_tiles(d, a, b, at);
}

using Stream = host::HostStream*;

}  // namespace tijori::cuda

// The arguments are copied now, and each thread gets copies of its own. A kernel whose name has a comma goes in
// parentheses.
#define TIJORI_LAUNCH(kernel, grid, block, shared_bytes, stream, ...) \
  ::tijori::cuda::host::launch(#kernel, kernel, (grid), (block), (shared_bytes), (stream)__VA_OPT__(, ) __VA_ARGS__)
