// The memory of the host executor's device: real memory of the CPU's under addresses that the CPU faults on. Those of a
// runtime that has ended never become valid again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <vector>

namespace tijori::cuda {

using DeviceAddress = uint64_t;  // as in kernels/cuda/language.h, which includes this

namespace host {

// Where `count` elements from `address` on really lie; null for address 0. Dies, naming the place of the call, on
// anything that isn't wholly inside one live allocation.
unsigned char* translate(DeviceAddress address, size_t count, size_t element_bytes, size_t alignment,
                         std::source_location at);

// The same for who can tell of an error: null when it isn't.
unsigned char* find(DeviceAddress address, uint64_t size_bytes);

// A piece of memory of its own, with pages around it that fault. Filled with 0xff, which is NaN in all of our types.
class Region {
 public:
  Region() = default;
  // `data()` is null when the system has no more.
  explicit Region(uint64_t size_bytes);
  ~Region();
  Region(Region&& other) noexcept;
  Region& operator=(Region&&) = delete;

  unsigned char* data() const { return data_; }
  uint64_t size_bytes() const { return size_bytes_; }
  bool holds(const void* from, uint64_t size_bytes) const;

 private:
  unsigned char* data_ = nullptr;
  uint64_t size_bytes_ = 0;
  uint64_t mapped_bytes_ = 0;
};

// What one runtime has allocated.
class DeviceMemory {
 public:
  explicit DeviceMemory(uint64_t size_bytes);
  ~DeviceMemory();
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  // 0 when there is no more.
  DeviceAddress allocate(uint64_t size_bytes);
  uint64_t size_bytes() const { return size_bytes_; }
  uint64_t free_bytes() const { return free_bytes_; }

 private:
  const uint64_t tag_;
  const uint64_t size_bytes_;
  uint64_t free_bytes_;
  std::vector<Region> regions_;
};

}  // namespace host
}  // namespace tijori::cuda
