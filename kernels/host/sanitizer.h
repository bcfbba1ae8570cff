// What the sanitizers have to be told, and nothing where there is none. A file that ThreadSanitizer doesn't instrument
// but has to speak to is compiled with TIJORI_CUDA_HOST_TSAN.
#pragma once

#include <cstddef>

#if defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define TIJORI_CUDA_HOST_WITH_ASAN
#endif
#if __has_feature(thread_sanitizer)
#define TIJORI_CUDA_HOST_WITH_TSAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define TIJORI_CUDA_HOST_WITH_ASAN
#endif
#if defined(__SANITIZE_THREAD__) || defined(TIJORI_CUDA_HOST_TSAN)
#define TIJORI_CUDA_HOST_WITH_TSAN
#endif

#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace tijori::cuda::host {

#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
inline constexpr bool address_sanitizer = true;
inline void poison(void* at, size_t size_bytes) {
  __asan_poison_memory_region(at, size_bytes);
}
inline void unpoison(void* at, size_t size_bytes) {
  __asan_unpoison_memory_region(at, size_bytes);
}
#else
inline constexpr bool address_sanitizer = false;
inline void poison(void*, size_t) {}
inline void unpoison(void*, size_t) {}
#endif

// What came before release(at) comes before what follows a later acquire(at).
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
inline constexpr bool thread_sanitizer = true;
inline void acquire(void* at) {
  __tsan_acquire(at);
}
inline void release(void* at) {
  __tsan_release(at);
}
#else
inline constexpr bool thread_sanitizer = false;
inline void acquire(void*) {}
inline void release(void*) {}
#endif

}  // namespace tijori::cuda::host
