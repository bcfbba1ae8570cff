// Where the threads of a kernel meet: calls from its code into the ThreadBlock that runs it. What passes from lane to
// lane goes through the block's own memory, which no sanitizer looks at. Only the two barriers order other memory; by
// CUDA's words a shuffle, a vote or an mma does not.
#pragma once

#include <cstdint>
#include <source_location>

namespace tijori::cuda::host {

void meet_block(std::source_location at);
void meet_warp(uint32_t mask, std::source_location at);

// The bits that lane `source` gave; all ones where the block has no such lane.
uint64_t exchange(uint32_t mask, uint64_t bits, uint32_t source, std::source_location at);
// The lanes of the mask that said yes.
uint32_t vote(uint32_t mask, bool yes, std::source_location at);
// mma.m16n8k16, with this lane's fragments: float[4], uint32_t[4], uint32_t[2].
void multiply_tiles(float* d, const uint32_t* a, const uint32_t* b, std::source_location at);

}  // namespace tijori::cuda::host
