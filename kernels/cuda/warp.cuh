// Sums and maxima over a warp and over a block, in an order that the shape fixes.
#pragma once

#include "kernels/cuda/language.h"

namespace tijori::cuda {

constexpr uint32_t warp_lanes = 32;
constexpr uint32_t whole_warp = 0xffffffffU;

__device__ __forceinline__ float warp_sum(float value) {
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(whole_warp, value, distance);
  return value;
}

__device__ __forceinline__ float warp_max(float value) {
  for (int distance = 16; distance > 0; distance /= 2)
    value = fmaxf(value, __shfl_xor_sync(whole_warp, value, distance));
  return value;
}

// One value a warp; reused after the barrier that block_sum and block_max end with.
template <int n_warps>
using WarpValues = Array<float, n_warps>;

template <int n_warps>
__device__ __forceinline__ float block_sum(float value, WarpValues<n_warps>& values) {
  value = warp_sum(value);
  if (threadIdx.x % warp_lanes == 0) values[static_cast<int>(threadIdx.x / warp_lanes)] = value;
  __syncthreads();
  float total = 0;
  for (int i = 0; i < n_warps; ++i) total += values[i];
  __syncthreads();
  return total;
}

template <int n_warps>
__device__ __forceinline__ float block_max(float value, WarpValues<n_warps>& values) {
  value = warp_max(value);
  if (threadIdx.x % warp_lanes == 0) values[static_cast<int>(threadIdx.x / warp_lanes)] = value;
  __syncthreads();
  float highest = values[0];
  for (int i = 1; i < n_warps; ++i) highest = fmaxf(highest, values[i]);
  __syncthreads();
  return highest;
}

}  // namespace tijori::cuda
