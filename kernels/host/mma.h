// The mma of one warp, all lanes at once.
#pragma once

#include <cstdint>

namespace tijori::cuda::host {

// A lane's fragments, as kernels/cuda/language.h lays them out.
struct MmaFragments {
  float* d = nullptr;           // [4]
  const uint32_t* a = nullptr;  // [4]
  const uint32_t* b = nullptr;  // [2]
};

// Products of halves are exact in float; they are added to d one after the other, k ascending.
void multiply_tiles_of_warp(const MmaFragments (&lanes)[32]);

}  // namespace tijori::cuda::host
