// Barriers, shuffles, votes and atomics under CUDA's names.
#pragma once

#include <atomic>
#include <cstring>
#include <type_traits>

#include "kernels/host/kernel_thread.h"
#include "kernels/host/meeting.h"

// NOLINTBEGIN(bugprone-reserved-identifier): the names are CUDA's.
inline void __syncthreads(std::source_location at = std::source_location::current()) {
  tijori::cuda::host::meet_block(at);
}
inline void __syncwarp(unsigned mask = 0xFFFFFFFFU, std::source_location at = std::source_location::current()) {
  tijori::cuda::host::meet_warp(mask, at);
}

namespace tijori::cuda::host {

template <class T>
T shuffle(uint32_t mask, T value, uint32_t source, std::source_location at) {
  static_assert(std::is_trivially_copyable_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "a shuffle moves 32 or 64 bits");
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = exchange(mask, bits, source, at);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace tijori::cuda::host

// `width`, a power of two, cuts the warp into parts that shuffle each for itself; a lane whose source would lie in
// another part keeps its own value.
template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32,
              std::source_location at = std::source_location::current()) {
  const unsigned lane = tijori::cuda::host::current_thread->lane, part = static_cast<unsigned>(width);
  return tijori::cuda::host::shuffle(mask, value, (lane & ~(part - 1)) | (static_cast<unsigned>(source) & (part - 1)),
                                     at);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int flipped, int width = 32,
                  std::source_location at = std::source_location::current()) {
  // A source in an earlier part is read; only one in a later part isn't.
  const unsigned lane = tijori::cuda::host::current_thread->lane, part = static_cast<unsigned>(width);
  const unsigned source = lane ^ static_cast<unsigned>(flipped);
  return tijori::cuda::host::shuffle(mask, value, source <= (lane | (part - 1)) ? source : lane, at);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   std::source_location at = std::source_location::current()) {
  const unsigned lane = tijori::cuda::host::current_thread->lane, part = static_cast<unsigned>(width);
  return tijori::cuda::host::shuffle(mask, value, (lane & (part - 1)) + delta < part ? lane + delta : lane, at);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 std::source_location at = std::source_location::current()) {
  const unsigned lane = tijori::cuda::host::current_thread->lane, part = static_cast<unsigned>(width);
  return tijori::cuda::host::shuffle(mask, value, (lane & (part - 1)) >= delta ? lane - delta : lane, at);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return tijori::cuda::host::vote(mask, predicate != 0, at);
}
inline int __any_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return tijori::cuda::host::vote(mask, predicate != 0, at) != 0;
}
inline int __all_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return tijori::cuda::host::vote(mask, predicate == 0, at) == 0;
}

// Relaxed, as CUDA's are: they order nothing but themselves.
template <class T>
T atomicAdd(T* at, std::type_identity_t<T> value) {
  static_assert(std::is_same_v<T, int> || std::is_same_v<T, unsigned> || std::is_same_v<T, unsigned long long> ||
                std::is_same_v<T, float>);
  return std::atomic_ref<T>(*at).fetch_add(value, std::memory_order_relaxed);
}
template <class T>
T atomicMax(T* at, std::type_identity_t<T> value) {
  static_assert(std::is_integral_v<T> && sizeof(T) >= 4);
  std::atomic_ref<T> element(*at);
  T before = element.load(std::memory_order_relaxed);
  while (before < value && !element.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
  }
  return before;
}
template <class T>
T atomicMin(T* at, std::type_identity_t<T> value) {
  static_assert(std::is_integral_v<T> && sizeof(T) >= 4);
  std::atomic_ref<T> element(*at);
  T before = element.load(std::memory_order_relaxed);
  while (value < before && !element.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
  }
  return before;
}
// NOLINTEND(bugprone-reserved-identifier)
