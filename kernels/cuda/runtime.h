// The device under the kernels: its memory, its one in-order stream, its errors. runtime.cu is the GPU's, over the CUDA
// runtime; kernels/host/runtime.cpp the host executor's, where what is enqueued runs at the next wait and not before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernels/cuda/device_address.h"

namespace tijori::cuda {

inline constexpr size_t message_bytes = 512;

struct DeviceProperties {
  char name[256] = {};
  uint64_t memory_bytes = 0;
  uint64_t free_bytes = 0;
  uint32_t compute_major = 0;  // compute capability
  uint32_t compute_minor = 0;
  uint32_t driver_version = 0;  // as CUDA counts: 13000 is 13.0
};

// Not thread-safe. Calls that fail keep their first error, which synchronize() tells; after it nothing else can be
// relied on.
class Runtime {
 public:
  // Null, with the reason in `message`, where there is no such device: no driver, too old a driver, no GPU.
  static std::unique_ptr<Runtime> open(uint32_t index, char (&message)[message_bytes]);
  virtual ~Runtime() = default;

  virtual const DeviceProperties& properties() const = 0;

  // Aligned to 256 bytes, contents undefined; 0 when there is no more. Freed with the runtime.
  virtual DeviceAddress allocate(uint64_t size_bytes) = 0;
  // Memory of the CPU's from and to which the device copies by itself; null when there is no more.
  virtual void* allocate_pinned(uint64_t size_bytes) = 0;

  // Enqueued; the memory on the CPU's side is pinned, and left alone until a later wait() or synchronize().
  virtual void copy_in(DeviceAddress to, const void* from, uint64_t size_bytes) = 0;
  virtual void copy_out(void* to, DeviceAddress from, uint64_t size_bytes) = 0;
  virtual void fill_zero(DeviceAddress at, uint64_t size_bytes) = 0;

  // A moment on the stream, after what is enqueued now, and the wait for it.
  virtual uint64_t mark() = 0;
  virtual void wait(uint64_t mark) = 0;

  // Waits for everything; false, with the first error since opening in `message`, when anything failed.
  virtual bool synchronize(char (&message)[message_bytes]) = 0;

  // language.h's Stream, which this header knows nothing of: it is read by those who never launch.
  virtual void* stream() = 0;
  // After a launch: remembers its error.
  virtual void check_launch(const char* kernel) = 0;
};

}  // namespace tijori::cuda
