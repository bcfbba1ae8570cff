// A kernel that wants more shared memory than every device gives unasked says so before its launch.
#pragma once

#include "kernels/cuda/language.h"

namespace tijori::cuda {

template <class Kernel>
void allow_shared(Kernel kernel, size_t size_bytes) {
#if defined(__CUDACC__)
  constexpr size_t unasked = 48 * 1024;
  if (size_bytes > unasked) {
    // Where the device has less, the launch fails and says so.
    static_cast<void>(
        cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(size_bytes)));
  }
#else
  static_cast<void>(kernel);
  static_cast<void>(size_bytes);
#endif
}

}  // namespace tijori::cuda
