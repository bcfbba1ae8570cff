// Zeroed memory for weights, caches and activations: page-aligned, huge pages advised, never given back piecemeal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"

namespace tijori {

// Owns what it hands out until it is destroyed. Not thread-safe.
class PageArena {
 public:
  PageArena() = default;
  ~PageArena();
  PageArena(const PageArena&) = delete;
  PageArena& operator=(const PageArena&) = delete;

  // Aligned to 64 bytes, zeroed; resource_exhausted when the system has no more.
  Result<std::byte*> allocate(uint64_t size_bytes);

 private:
  struct Chunk {
    std::byte* start = nullptr;
    uint64_t size_bytes = 0;
  };
  std::vector<Chunk> chunks_;
  std::byte* next_ = nullptr;
  uint64_t left_bytes_ = 0;
};

}  // namespace tijori
