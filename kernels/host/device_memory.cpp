#include "kernels/host/device_memory.h"

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

#include <sys/mman.h>

#include "kernels/host/kernel_thread.h"
#include "kernels/host/sanitizer.h"

namespace tijori::cuda::host {

namespace {

// The upper 16 bits of a device address: 0xD says that it is one, which no address of the CPU's has there; the rest is
// the runtime.
constexpr unsigned tag_shift = 48;
constexpr uint64_t tag_mark = 0xD000, tag_mark_mask = 0xF000;
constexpr uint64_t page_bytes = 4096;
constexpr uint64_t allocation_alignment = 256;

uint64_t next_tag() {
  static std::atomic<uint64_t> runtimes{0};
  return (tag_mark | (runtimes.fetch_add(1) & ~tag_mark_mask & 0xFFFF)) << tag_shift;
}

struct Allocation {
  DeviceAddress start = 0;  // 0: none
  uint64_t size_bytes = 0;
  unsigned char* data = nullptr;

  uint64_t left(DeviceAddress address) const { return size_bytes - (address - start); }
  unsigned char* at(DeviceAddress address) const { return data + (address - start); }
};

// All live allocations of the process, by address.
struct Registry {
  std::mutex mutex;
  std::map<DeviceAddress, Allocation> allocations;

  static Registry& get() {
    static Registry registry;
    return registry;
  }
  // The one that `address` lies in or just after.
  Allocation around(DeviceAddress address) {
    const std::scoped_lock lock(mutex);
    auto after = allocations.upper_bound(address);
    if (after == allocations.begin()) return {};
    const Allocation& found = std::prev(after)->second;
    return address - found.start <= found.size_bytes ? found : Allocation();
  }
};

}  // namespace

unsigned char* find(DeviceAddress address, uint64_t size_bytes) {
  const Allocation found = Registry::get().around(address);
  return found.start != 0 && size_bytes <= found.left(address) ? found.at(address) : nullptr;
}

unsigned char* translate(DeviceAddress address, size_t count, size_t element_bytes, size_t alignment,
                         std::source_location at) {
  if (address == 0) return nullptr;
  const auto shown = static_cast<unsigned long long>(address);
  if ((address >> tag_shift & tag_mark_mask) != tag_mark)
    die(at, "0x%llx is not a device address; is it a pointer of the CPU's?", shown);
  const Allocation found = Registry::get().around(address);
  if (found.start == 0) die(at, "device address 0x%llx is stale or wild: no live allocation holds it", shown);
  if (count > found.left(address) / element_bytes)
    die(at, "%zu elements of %zu bytes from device address 0x%llx on: its allocation of %llu bytes has %llu left",
        count, element_bytes, shown, static_cast<unsigned long long>(found.size_bytes),
        static_cast<unsigned long long>(found.left(address)));
  if (address % alignment != 0) die(at, "device address 0x%llx is not aligned to %zu bytes", shown, alignment);
  return found.at(address);
}

Region::Region(uint64_t size_bytes) : size_bytes_(size_bytes) {
  const uint64_t pages_bytes = (size_bytes + page_bytes - 1) / page_bytes * page_bytes;
  void* mapped = mmap(nullptr, pages_bytes + 2 * page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return;
  mapped_bytes_ = pages_bytes + 2 * page_bytes;
  data_ = static_cast<unsigned char*>(mapped) + page_bytes;
  if (pages_bytes != 0 && mprotect(data_, pages_bytes, PROT_READ | PROT_WRITE) != 0) {
    munmap(mapped, std::exchange(mapped_bytes_, 0));
    data_ = nullptr;
    return;
  }
  std::memset(data_, 0xFF, size_bytes);
  poison(data_ + size_bytes, pages_bytes - size_bytes);
}

Region::Region(Region&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)),
      mapped_bytes_(std::exchange(other.mapped_bytes_, 0)) {}

Region::~Region() {
  if (mapped_bytes_ == 0) return;
  unpoison(data_, mapped_bytes_ - 2 * page_bytes);
  munmap(data_ - page_bytes, mapped_bytes_);
}

bool Region::holds(const void* from, uint64_t size_bytes) const {
  const auto at = reinterpret_cast<uintptr_t>(from), start = reinterpret_cast<uintptr_t>(data_);
  return data_ != nullptr && at >= start && at - start <= size_bytes_ && size_bytes <= size_bytes_ - (at - start);
}

DeviceMemory::DeviceMemory(uint64_t size_bytes) : tag_(next_tag()), size_bytes_(size_bytes), free_bytes_(size_bytes) {}

DeviceMemory::~DeviceMemory() {
  Registry& registry = Registry::get();
  const std::scoped_lock lock(registry.mutex);
  for (const Region& region : regions_) registry.allocations.erase(reinterpret_cast<uintptr_t>(region.data()) | tag_);
}

DeviceAddress DeviceMemory::allocate(uint64_t size_bytes) {
  if (size_bytes > free_bytes_) return 0;
  const uint64_t taken = (size_bytes + allocation_alignment - 1) / allocation_alignment * allocation_alignment;
  if (taken > free_bytes_) return 0;
  Region region(size_bytes);
  if (region.data() == nullptr) return 0;
  free_bytes_ -= taken;
  const DeviceAddress address = reinterpret_cast<uintptr_t>(region.data()) | tag_;
  const Allocation made{.start = address, .size_bytes = size_bytes, .data = region.data()};
  regions_.push_back(std::move(region));
  Registry& registry = Registry::get();
  const std::scoped_lock lock(registry.mutex);
  registry.allocations.emplace(address, made);
  return address;
}

}  // namespace tijori::cuda::host
