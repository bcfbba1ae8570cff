// What a kernel source is written in: plain CUDA C++, and the few things below that have no other spelling for two
// compilers. A source compiled by nvcc runs on a GPU; compiled for the CPU it runs on the host executor
// (kernels/host/executor.h), which checks as it runs what a GPU would silently let pass.
//
//   Global<T>                an array in the device's memory
//   Array<T, n>              an array in shared memory or in registers
//   shared_memory<T>()       the block's shared memory, seen as one T; its size is given at the launch
//   TIJORI_LAUNCH(…)         kernel<<<grid, block, shared_bytes, stream>>>(arguments)
//   copy_async_16, _commit, _wait_all   cp.async, global to shared memory
//   mma_m16n8k16             mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
//
// Every rounding is the one written: products that are to be fused say fmaf or __hfma2, and both compilers are told not
// to fuse others, so that two kernels that write the same operations give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/device_address.h"

#if defined(__CUDACC__)

#include <type_traits>

#include <cuda_fp16.h>
#include <cuda_runtime.h>

namespace tijori::cuda {

template <class T>
class Global {
 public:
  __host__ __device__ Global() : at_(nullptr) {}
  // `count` elements from `address` on.
  __host__ Global(DeviceAddress address, size_t count) : at_(reinterpret_cast<T*>(address)) {
    static_cast<void>(count);
  }
  template <class Other>
    requires(!std::is_same_v<Other, T> && std::is_same_v<const Other, T>)
  __host__ __device__ Global(Global<Other> other) : at_(other.raw()) {}
  __device__ __forceinline__ T& operator[](size_t index) const { return at_[index]; }
  __device__ __forceinline__ Global operator+(size_t count) const { return Global(at_ + count); }
  __host__ __device__ explicit operator bool() const { return at_ != nullptr; }
  // The same bytes as elements of another type, to whose alignment the address must have been brought.
  template <class Other>
  __device__ __forceinline__ Global<Other> as() const {
    return Global<Other>(reinterpret_cast<Other*>(at_));
  }
  __host__ __device__ __forceinline__ T* raw() const { return at_; }

 private:
  template <class Other>
  friend class Global;
  __device__ __forceinline__ explicit Global(T* at) : at_(at) {}
  T* at_;
};

template <class T, int n>
struct Array {
  T values[n];
  __device__ __forceinline__ T& operator[](int index) { return values[index]; }
  __device__ __forceinline__ const T& operator[](int index) const { return values[index]; }
};

template <class T>
__device__ __forceinline__ T& shared_memory() {
  extern __shared__ __align__(16) unsigned char tijori_shared[];
  return *reinterpret_cast<T*>(tijori_shared);
}

// 16 bytes, both sides aligned to 16; not to be read before copy_async_wait_all() and a barrier.
template <class T>
__device__ __forceinline__ void copy_async_16(T* shared, Global<const T> from) {
  const auto to = static_cast<uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(to), "l"(from.raw()) : "memory");
}
__device__ __forceinline__ void copy_async_commit() {
  asm volatile("cp.async.commit_group;\n" ::: "memory");
}
// Until at most `pending` of the thread's latest groups are under way.
template <int pending>
__device__ __forceinline__ void copy_async_wait() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(pending) : "memory");
}
__device__ __forceinline__ void copy_async_wait_all() {
  asm volatile("cp.async.wait_all;\n" ::: "memory");
}

// d (16 x 8, f32) += a (16 x 16, f16, rows) * b (16 x 8, f16, columns), by one warp. With group = lane / 4 and pair =
// lane % 4,
//   a[0] (group, 2 pair…), a[1] (group + 8, 2 pair…), a[2] (group, 2 pair + 8…), a[3] (group + 8, 2 pair + 8…), two
//   columns each b[0] (2 pair…, group), b[1] (2 pair + 8…, group), two rows each d[0], d[1] (group, 2 pair…), d[2],
//   d[3] (group + 8, 2 pair…)
// PTX ISA 8.5, "Matrix Fragments for mma.m16n8k16 with floating point type".
__device__ __forceinline__ void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

using Stream = cudaStream_t;

}  // namespace tijori::cuda

#define TIJORI_LAUNCH(kernel, grid, block, shared_bytes, stream, ...) \
  kernel<<<(grid), (block), (shared_bytes), (stream)>>>(__VA_ARGS__)

#else
#include "kernels/host/cuda_language.h"
#endif
