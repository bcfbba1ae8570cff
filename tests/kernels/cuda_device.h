// The device that the tests of the CUDA kernels run on: a plug-in, opened once, and the memory of one case.
//
//   TIJORI_CUDA_PLUGIN=FILE   the plug-in; without it that of the host executor, $TIJORI_BIN_DIR/libtijori-cuda-host.so
//   TIJORI_CUDA_SMALL=1       a small half of the cases, for ThreadSanitizer
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <dlfcn.h>

#include "kernels/cpu/half.h"
#include "kernels/cuda/plugin.h"

namespace tijori::test {

inline bool only_small_half() {
  const char* told = std::getenv("TIJORI_CUDA_SMALL");
  return told != nullptr && std::strcmp(told, "1") == 0;
}

[[noreturn]] inline void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

inline const cuda::Plugin& cuda_plugin() {
  static const cuda::Plugin* const plugin = [] {
    const char* told = std::getenv("TIJORI_CUDA_PLUGIN");
    const char* folder = std::getenv("TIJORI_BIN_DIR");
    if (told == nullptr && folder == nullptr) stop("neither TIJORI_CUDA_PLUGIN nor TIJORI_BIN_DIR is set");
    const std::string path = told != nullptr ? told : std::string(folder) + "/libtijori-cuda-host.so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) stop(dlerror());
    const auto entry = reinterpret_cast<decltype(&tijori_cuda_plugin)>(dlsym(library, "tijori_cuda_plugin"));
    if (entry == nullptr) stop(dlerror());
    if (std::string(entry()->version) != TIJORI_VERSION) stop(path + " is of version " + entry()->version);
    return entry();
  }();
  return *plugin;
}

// Why there is no device; empty where there is one.
inline std::string why_no_device() {
  char message[cuda::message_bytes] = {};
  return cuda_plugin().open(0, message) == nullptr ? message : "";
}

// Memory lives as long as this.
class CudaDevice {
 public:
  CudaDevice() {
    char message[cuda::message_bytes] = {};
    runtime_ = cuda_plugin().open(0, message);
    if (runtime_ == nullptr) stop(message);
  }

  const cuda::Kernels& kernels() const { return cuda_plugin().kernels; }
  cuda::Runtime& runtime() { return *runtime_; }

  template <class T>
  cuda::DeviceAddress upload(const std::vector<T>& values) {
    const size_t size = values.size() * sizeof(T);
    const cuda::DeviceAddress at = allocate(size);
    std::memcpy(pinned(size), values.data(), size);
    runtime_->copy_in(at, pinned(size), size);
    wait();
    return at;
  }

  // Filled with 0xFF, so that a float or a half that no kernel wrote reads as NaN.
  template <class T>
  cuda::DeviceAddress output(size_t count) {
    return upload(std::vector<uint8_t>(count * sizeof(T), 0xFF));
  }

  // After all that was launched.
  template <class T>
  std::vector<T> download(cuda::DeviceAddress at, size_t count) {
    std::vector<T> values(count);
    runtime_->copy_out(pinned(count * sizeof(T)), at, count * sizeof(T));
    wait();
    std::memcpy(values.data(), pinned(count * sizeof(T)), count * sizeof(T));
    return values;
  }

 private:
  cuda::DeviceAddress allocate(size_t size_bytes) {
    const cuda::DeviceAddress at = runtime_->allocate(size_bytes);
    if (at == 0) wait();
    return at;
  }
  void* pinned(size_t size_bytes) {
    if (pinned_bytes_ < size_bytes) {
      pinned_bytes_ = std::max(size_bytes * 2, size_t{1} << 16);
      pinned_ = runtime_->allocate_pinned(pinned_bytes_);
      if (pinned_ == nullptr) wait();
    }
    return pinned_;
  }
  void wait() {
    char message[cuda::message_bytes] = {};
    if (!runtime_->synchronize(message)) stop(message);
  }

  std::unique_ptr<cuda::Runtime> runtime_;
  void* pinned_ = nullptr;
  size_t pinned_bytes_ = 0;
};

template <class T>
bool same_bits(const T* a, const T* b, size_t count) {
  return std::memcmp(a, b, count * sizeof(T)) == 0;
}
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && same_bits(a.data(), b.data(), a.size());
}

// Rows of floats as halves, by the words of kernels.h and packed_tile.h.
struct HalfRows {
  std::vector<uint16_t> halves;  // [n, 2, columns padded to 32], chunk order: the values, and what rounding left
  std::vector<float> scales;     // [n]
};
inline HalfRows as_half_rows(const std::vector<float>& rows, size_t n, size_t columns) {
  const size_t padded = (columns + 31) / 32 * 32;
  HalfRows out{std::vector<uint16_t>(n * 2 * padded), std::vector<float>(n, 1.0F)};
  for (size_t i = 0; i < n; ++i) {
    const float* row = rows.data() + i * columns;
    float largest = 0;
    for (size_t c = 0; c < columns; ++c)
      if (!std::isnan(row[c])) largest = std::max(largest, std::abs(row[c]));
    if (std::isnormal(largest)) out.scales[i] = std::ldexp(1.0F, std::max(std::ilogb(largest) - 14, -126));
    for (size_t c = 0; c < columns; ++c) {
      const size_t place = c / 2 % 4 * 8 + c % 32 / 8 * 2 + c % 2;
      const float scaled = row[c] * (1.0F / out.scales[i]);
      uint16_t* const at = out.halves.data() + i * 2 * padded + c / 32 * 32 + place;
      at[0] = half_of_float(scaled);
      at[padded] = half_of_float(scaled - float_of_half(at[0]));
    }
  }
  return out;
}

}  // namespace tijori::test
