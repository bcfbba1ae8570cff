#include <cstdio>
#include <cstring>
#include <vector>

#include "kernels/cuda/language.h"
#include "kernels/cuda/runtime.h"

namespace tijori::cuda {
namespace {

class CudaRuntime final : public Runtime {
 public:
  explicit CudaRuntime(const DeviceProperties& properties) : properties_(properties) {
    check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "creating a stream");
  }
  ~CudaRuntime() override {
    // A device that failed may refuse these too; the process is about to end then.
    static_cast<void>(cudaStreamSynchronize(stream_));
    for (const cudaEvent_t event : events_) static_cast<void>(cudaEventDestroy(event));
    for (void* const memory : device_) static_cast<void>(cudaFree(memory));
    for (void* const memory : pinned_) static_cast<void>(cudaFreeHost(memory));
    static_cast<void>(cudaStreamDestroy(stream_));
  }

  const DeviceProperties& properties() const override { return properties_; }

  DeviceAddress allocate(uint64_t size_bytes) override {
    void* memory = nullptr;
    if (cudaMalloc(&memory, size_bytes) != cudaSuccess) {
      static_cast<void>(cudaGetLastError());
      return 0;
    }
    device_.push_back(memory);
    return reinterpret_cast<DeviceAddress>(memory);
  }
  void* allocate_pinned(uint64_t size_bytes) override {
    void* memory = nullptr;
    if (cudaMallocHost(&memory, size_bytes) != cudaSuccess) {
      static_cast<void>(cudaGetLastError());
      return nullptr;
    }
    pinned_.push_back(memory);
    return memory;
  }

  void copy_in(DeviceAddress to, const void* from, uint64_t size_bytes) override {
    check(cudaMemcpyAsync(reinterpret_cast<void*>(to), from, size_bytes, cudaMemcpyHostToDevice, stream_),
          "copying in");
  }
  void copy_out(void* to, DeviceAddress from, uint64_t size_bytes) override {
    check(cudaMemcpyAsync(to, reinterpret_cast<const void*>(from), size_bytes, cudaMemcpyDeviceToHost, stream_),
          "copying out");
  }
  void fill_zero(DeviceAddress at, uint64_t size_bytes) override {
    check(cudaMemsetAsync(reinterpret_cast<void*>(at), 0, size_bytes, stream_), "filling");
  }

  uint64_t mark() override {
    const size_t slot = marks_ % n_events;
    if (events_.size() <= slot) {
      cudaEvent_t event = nullptr;
      check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming | cudaEventBlockingSync), "creating an event");
      events_.push_back(event);
    }
    check(cudaEventRecord(events_[slot], stream_), "recording an event");
    return marks_++;
  }
  void wait(uint64_t mark) override {
    // An event that was recorded again since stands for a later moment, which will do.
    check(cudaEventSynchronize(events_[mark % n_events]), "waiting");
  }

  bool synchronize(char (&message)[message_bytes]) override {
    check(cudaStreamSynchronize(stream_), "computing");
    std::memcpy(message, message_, sizeof message);
    return message_[0] == 0;
  }

  void* stream() override { return stream_; }
  void check_launch(const char* kernel) override { check(cudaGetLastError(), kernel); }

 private:
  static constexpr size_t n_events = 16;

  void check(cudaError_t error, const char* doing) {
    if (error == cudaSuccess || message_[0] != 0) return;
    std::snprintf(message_, sizeof message_, "%s: %s (%s)", doing, cudaGetErrorString(error), cudaGetErrorName(error));
  }

  DeviceProperties properties_;
  cudaStream_t stream_ = nullptr;
  std::vector<void*> device_;
  std::vector<void*> pinned_;
  std::vector<cudaEvent_t> events_;
  uint64_t marks_ = 0;
  char message_[message_bytes] = {};
};

}  // namespace

std::unique_ptr<Runtime> Runtime::open(uint32_t index, char (&message)[message_bytes]) {
  int count = 0;
  const cudaError_t counted = cudaGetDeviceCount(&count);
  int driver = 0;
  static_cast<void>(cudaDriverGetVersion(&driver));
  if (counted != cudaSuccess) {
    std::snprintf(message, sizeof message, "%s",
                  driver == 0 ? "no NVIDIA driver is loaded" : cudaGetErrorString(counted));
    return nullptr;
  }
  if (static_cast<uint32_t>(count) <= index) {
    std::snprintf(message, sizeof message, "there is no device %u, the driver knows %d", index, count);
    return nullptr;
  }
  cudaDeviceProp found;
  DeviceProperties properties;
  size_t free_bytes = 0;
  size_t all_bytes = 0;
  cudaError_t error = cudaSetDevice(static_cast<int>(index));
  if (error == cudaSuccess) error = cudaGetDeviceProperties(&found, static_cast<int>(index));
  if (error == cudaSuccess) error = cudaMemGetInfo(&free_bytes, &all_bytes);
  if (error != cudaSuccess) {
    std::snprintf(message, sizeof message, "device %u: %s", index, cudaGetErrorString(error));
    return nullptr;
  }
  std::snprintf(properties.name, sizeof properties.name, "%s", found.name);
  properties.memory_bytes = all_bytes;
  properties.free_bytes = free_bytes;
  properties.compute_major = static_cast<uint32_t>(found.major);
  properties.compute_minor = static_cast<uint32_t>(found.minor);
  properties.driver_version = static_cast<uint32_t>(driver);
  if (properties.compute_major < 8) {
    std::snprintf(message, sizeof message, "%s has compute capability %u.%u; 8.0 is the least", properties.name,
                  properties.compute_major, properties.compute_minor);
    return nullptr;
  }
  return std::make_unique<CudaRuntime>(properties);
}

}  // namespace tijori::cuda
