// kernels/cuda/runtime.h on the host executor.
//
//   TIJORI_CUDA_HOST_MEMORY=bytes   how much memory the device has; 4 GiB without it
#include "kernels/cuda/runtime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "kernels/host/device_memory.h"
#include "kernels/host/stream.h"

namespace tijori::cuda {

namespace {

using host::DeviceMemory;
using host::HostStream;
using host::Region;

constexpr uint64_t usual_memory_bytes = uint64_t{4} << 30;

uint64_t memory_bytes() {
  const char* told = std::getenv("TIJORI_CUDA_HOST_MEMORY");
  return told == nullptr || *told == '\0' ? usual_memory_bytes : std::strtoull(told, nullptr, 10);
}

template <size_t size>
void put(char (&to)[size], const std::string& text) {
  const size_t length = std::min(text.size(), size - 1);
  std::memcpy(to, text.data(), length);
  to[length] = '\0';
}

class HostRuntime : public Runtime {
 public:
  HostRuntime() : memory_(memory_bytes()) {
    put(properties_.name, "CPU (host executor)");
    properties_.memory_bytes = properties_.free_bytes = memory_.size_bytes();
    properties_.compute_major = 9;
    properties_.compute_minor = 0;
    properties_.driver_version = 13000;
  }

  const DeviceProperties& properties() const override { return properties_; }

  DeviceAddress allocate(uint64_t size_bytes) override {
    const DeviceAddress address = memory_.allocate(size_bytes);
    if (address == 0)
      stream_.fail("out of device memory: " + std::to_string(size_bytes) + " bytes are asked for, " +
                   std::to_string(memory_.free_bytes()) + " are free");
    return address;
  }

  void* allocate_pinned(uint64_t size_bytes) override {
    Region region(size_bytes);
    if (region.data() == nullptr) {
      stream_.fail("out of pinned memory: " + std::to_string(size_bytes) + " bytes are asked for");
      return nullptr;
    }
    pinned_.push_back(std::move(region));
    return pinned_.back().data();
  }

  void copy_in(DeviceAddress to, const void* from, uint64_t size_bytes) override {
    unsigned char* device = place("copy_in", to, size_bytes);
    if (device == nullptr || !is_pinned("copy_in", from, size_bytes)) return;
    stream_.enqueue([=] { std::memcpy(device, from, size_bytes); });
  }

  void copy_out(void* to, DeviceAddress from, uint64_t size_bytes) override {
    const unsigned char* device = place("copy_out", from, size_bytes);
    if (device == nullptr || !is_pinned("copy_out", to, size_bytes)) return;
    stream_.enqueue([=] { std::memcpy(to, device, size_bytes); });
  }

  void fill_zero(DeviceAddress at, uint64_t size_bytes) override {
    unsigned char* device = place("fill_zero", at, size_bytes);
    if (device == nullptr) return;
    stream_.enqueue([=] { std::memset(device, 0, size_bytes); });
  }

  uint64_t mark() override { return stream_.enqueued(); }
  void wait(uint64_t mark) override { stream_.run_until(mark); }

  bool synchronize(char (&message)[message_bytes]) override {
    stream_.run_until(stream_.enqueued());
    put(message, stream_.error());
    return stream_.error().empty();
  }

  void* stream() override { return &stream_; }
  void check_launch(const char*) override {}  // HostStream::enqueue has looked at it already

 private:
  unsigned char* place(const char* call, DeviceAddress at, uint64_t size_bytes) {
    unsigned char* found = host::find(at, size_bytes);
    if (found == nullptr)
      stream_.fail(std::string(call) + ": " + std::to_string(size_bytes) +
                   " bytes are not inside one allocation of the device's");
    return found;
  }
  bool is_pinned(const char* call, const void* at, uint64_t size_bytes) {
    for (const Region& region : pinned_)
      if (region.holds(at, size_bytes)) return true;
    stream_.fail(std::string(call) + ": " + std::to_string(size_bytes) +
                 " bytes of the CPU's are not inside pinned memory");
    return false;
  }

  DeviceProperties properties_;
  DeviceMemory memory_;
  std::vector<Region> pinned_;
  HostStream stream_;
};

}  // namespace

std::unique_ptr<Runtime> Runtime::open(uint32_t index, char (&message)[message_bytes]) {
  if (index != 0) {
    put(message, "the host executor is one device; there is none of number " + std::to_string(index));
    return nullptr;
  }
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("f16c") || !__builtin_cpu_supports("fma")) {
    put(message, "the host executor needs a CPU with AVX2, F16C and FMA");
    return nullptr;
  }
  return std::make_unique<HostRuntime>();
}

}  // namespace tijori::cuda
