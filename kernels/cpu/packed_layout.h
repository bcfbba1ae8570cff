// Weights and activations as the AVX2 and AVX-512 kernels read them. Both sets share one layout.
//
// 16 rows are a group. A 64-byte vector of quants holds 4 consecutive k of 16 rows, byte 4 * row + k mod 4, so that a
// 32-bit lane is an output row: one dot instruction with 4 broadcast activations feeds 16 outputs, and there are no
// sums across lanes. Blocks of 32 come in pairs (even, odd), and everything stands in the order of its use:
//
//   f32 f16 bf16  per k: [16 rows]
//   q8_0   per pair: f16 scale [even 16, odd 16] | even block 8 vectors | odd block 8 vectors      byte = q ^ 0x80
//   q4_0   per pair: f16 scale [even 16, odd 16] | 8 vectors             low nibble even block, high nibble odd block
//   q4_1   per pair: f16 scale [even, odd] | f16 minimum [even, odd] | 8 vectors likewise
//   q4_k   per 256: 4 pairs { u8 scale [even 16, odd 16] | u8 minimum [even 16, odd 16] | 8 vectors likewise }
//                   | f16 d [16] | f16 dmin [16]
//   q6_k   per 256: 4 pairs { i8 scale [even 0-15, even 16-31, odd 0-15, odd 16-31][16 rows] | 4 x (A0 | A1 | B) }
//                   | f16 d [16] | 32 zero bytes
//          A0, A1: vectors 2i and 2i + 1 of the pair; the high nibble belongs to the even block and holds q >> 2, the
//          low one to the odd block and holds q & 15. B, by bits: 0-1 even of A1 (q & 3), 2-3 even of A0, 4-5 odd of A0
//          (q >> 4), 6-7 odd of A1
//   wide   per pair: f32 scale [even 0-15, even 16-31, odd 0-15, odd 16-31][16 rows] | f32 minimum likewise
//                   | even block 8 vectors | odd block 8 vectors                                     byte = q ^ 0x80
//
// A last block without a partner gets an odd block of zero scales. Q5_0 and IQ4_NL become q8_0 exactly. Q5_1, Q2_K,
// Q3_K, Q5_K, IQ4_XS and MXFP4 become wide (12 bits a weight), whose scales are the float32 products that
// dequantisation forms.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/dtype.h"

namespace tijori {

enum class PackedForm { f32, f16, bf16, q8_0, q4_0, q4_1, q4_k, q6_k, wide };

PackedForm packed_form_of(DType dtype);

inline constexpr size_t chunk_values = 256;  // k per step of a kernel

// Bytes of a pair of 32-blocks, or of a 256-chunk for q4_k and q6_k.
inline constexpr size_t q8_0_pair_bytes = 64 + 1024;
inline constexpr size_t q4_0_pair_bytes = 64 + 512;
inline constexpr size_t q4_1_pair_bytes = 128 + 512;
inline constexpr size_t q4_k_pair_bytes = 64 + 512;
inline constexpr size_t q4_k_chunk_bytes = 4 * q4_k_pair_bytes + 64;
inline constexpr size_t q6_k_pair_bytes = 64 + 768;
inline constexpr size_t q6_k_chunk_bytes = 4 * q6_k_pair_bytes + 64;
inline constexpr size_t wide_pair_bytes = 512 + 1024;

// 256 activations of one column as 15-bit integers with a scale per 32, x = scale * (128 * high + low). A buffer holds
// [chunk][column]. Plain int8 activations would halve the dots, but their error (5e-3) is most of a quantised model's
// distance from the exact one, and it makes any small change elsewhere (a half-precision cache) flip roundings until
// two runs differ by as much again: mean KL 2e-3 to itself on a model where these stay below 5e-4.
//
// Besides the values a chunk has the sums that undo the offsets of unsigned weights: -(offset << shift) * sum, where an
// odd q4 block is used 4 bits up and an even q6 block 2 bits up. All sums fit: 32 * 255 * 16256 < 2^27.
inline constexpr int activation_levels = 127 * 128;  // what the largest magnitude of a block becomes
struct alignas(64) ActivationChunk {
  int8_t high[256];  // -127 ... 127
  int8_t low[256];   // -64 ... 63
  float scale[8];
  float scaled_sum[8];     // scale * sum of the integers
  int32_t start_q4[8];     // -8 * sum (even blocks), -128 * sum (odd blocks)
  int32_t start_q8[8];     // -128 * sum
  int32_t start_q6[16];    // per 16: -128 * sum (even blocks), -32 * sum (odd blocks)
  int32_t start_wide[16];  // per 16: -128 * sum
};
static_assert(sizeof(ActivationChunk) == 768);

// The table entries that do not depend on the instruction set.
size_t packed_group_bytes(DType dtype, size_t cols);
void pack_groups(DType dtype, const std::byte* rows_begin, size_t rows, size_t cols, std::byte* packed,
                 size_t group_begin, size_t group_end);
bool needs_quantised(DType dtype);
size_t quantised_bytes(size_t n, size_t cols);

}  // namespace tijori
