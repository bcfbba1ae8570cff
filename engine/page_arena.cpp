#include "engine/page_arena.h"

#include <algorithm>
#include <string>

#include <sys/mman.h>

namespace tijori {
namespace {

constexpr uint64_t alignment = 64;
constexpr uint64_t huge_page_bytes = 2U << 20;
constexpr uint64_t least_chunk_bytes = 16U << 20;

uint64_t round_up(uint64_t value, uint64_t to) {
  return (value + to - 1) / to * to;
}

}  // namespace

PageArena::~PageArena() {
  for (const Chunk& chunk : chunks_) ::munmap(chunk.start, chunk.size_bytes);
}

Result<std::byte*> PageArena::allocate(uint64_t size_bytes) {
  if (size_bytes > UINT64_MAX / 2) {
    return fail(ErrorCode::resource_exhausted, "memory: " + std::to_string(size_bytes) + " bytes are absurd");
  }
  const uint64_t wanted = round_up(std::max<uint64_t>(size_bytes, 1), alignment);
  if (wanted > left_bytes_) {
    // One huge page more than needed, so that the start can be moved to a huge page's border.
    const uint64_t usable = round_up(std::max(wanted, least_chunk_bytes), huge_page_bytes);
    const uint64_t mapped = usable + huge_page_bytes;
    void* address = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) {
      return fail(ErrorCode::resource_exhausted, "memory: the system refused " + std::to_string(mapped) + " bytes");
    }
    chunks_.push_back({static_cast<std::byte*>(address), mapped});
    const auto start = reinterpret_cast<uintptr_t>(address);
    next_ = static_cast<std::byte*>(address) + (round_up(start, huge_page_bytes) - start);
    left_bytes_ = usable;
    // Advice only: where the kernel doesn't take it, small pages serve.
    ::madvise(next_, usable, MADV_HUGEPAGE);
  }
  std::byte* const result = next_;
  next_ += wanted;
  left_bytes_ -= wanted;
  return result;
}

}  // namespace tijori
