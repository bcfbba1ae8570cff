// How a matrix lies in the device's memory: in tiles of 16 rows, cut along the columns into chunks of 32, every chunk
// in the order in which the lanes of a warp feed it to mma_m16n8k16 (language.h). The bits are those of the file,
// permuted; nothing is rounded.
//
// With group = lane / 4 and pair = lane % 4, a lane holds of rows `group` and `group + 8` (its two rows) the four
// column pairs
//   i = 0…3: columns 8 i + 2 pair, 8 i + 2 pair + 1 of the chunk
// Activations in half precision are stored in the same order (chunk_order), so that a lane reads its part of a chunk at
// once.
//
//   F16    chunk: [2 steps][32 lanes][4] words, a lane's fragments as they are
//   Q8_0   chunk: [16 rows] scale (half) | [32 lanes][2 rows][4 pairs][2] bytes, each value + 128
//   Q4_0   chunk: [16 rows] scale (half) | [32 lanes][2 rows] word: pair i's values at bits 4 i and 16 + 4 i
//   Q4_K   8 chunks: [16 rows][16] bytes d, dmin and scales as in the file | [8 chunks] as in Q4_0
//   Q6_K   8 chunks: [16 rows] d (half) | [16 rows][16] scales | [8 chunks] low nibbles as in Q4_0 |
//          [8 chunks][32 lanes] word: row r's pair i: two high bits at bits 4 i + 2 r and 16 + 4 i + 2 r
//   F32    rows as in the file; no tiles
//
// Rows past the last are zero, as are columns past the last of an F16 matrix.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/dtype.h"

namespace tijori::cuda {

inline constexpr uint32_t tile_rows = 16;
inline constexpr uint32_t chunk_columns = 32;
inline constexpr uint32_t super_chunks = 8;  // chunks of a K-quant's block

// Along the columns a product is cut into so many segments, each a chain of its own, added up in ascending order: one
// warp computes one where a single token waits, or one warp all of them. The cut follows from the shape alone.
inline constexpr uint32_t product_segments = 8;

constexpr uint32_t chunks_of(uint32_t columns) {
  return (columns + chunk_columns - 1) / chunk_columns;
}
constexpr uint32_t segment_chunks(uint32_t chunks) {
  return (chunks + product_segments - 1) / product_segments;
}

// Halves of a row of activations: the values, and then what rounding them left, in the same order. Products with F16
// weights take both, so that the activations lose nothing; where weights were quantised the first will do.
constexpr uint32_t row_halves(uint32_t columns) {
  return 2 * chunks_of(columns) * chunk_columns;
}

// Where column `column` of a row of activations lies: its chunk's first place plus this.
constexpr uint32_t chunk_order(uint32_t column_in_chunk) {
  const uint32_t pair_index = column_in_chunk / 8;
  const uint32_t pair = column_in_chunk / 2 % 4;
  return pair * 8 + pair_index * 2 + column_in_chunk % 2;
}

// The types that kernels read; every other is expanded to F16 when a matrix is loaded.
constexpr bool is_native(DType type) {
  return type == DType::f32 || type == DType::f16 || type == DType::q8_0 || type == DType::q4_0 ||
         type == DType::q4_k || type == DType::q6_k;
}
constexpr DType device_type(DType type) {
  return is_native(type) ? type : DType::f16;
}

constexpr uint32_t q8_0_chunk_bytes = 32 + 32 * 16;
constexpr uint32_t q4_0_chunk_bytes = 32 + 32 * 8;
constexpr uint32_t q4_k_header_bytes = 16 * 16;
constexpr uint32_t q4_k_super_bytes = q4_k_header_bytes + super_chunks * 256;
constexpr uint32_t q6_k_scales_at = 32;
constexpr uint32_t q6_k_low_at = 32 + 16 * 16;
constexpr uint32_t q6_k_high_at = q6_k_low_at + super_chunks * 256;
constexpr uint32_t q6_k_super_bytes = q6_k_high_at + super_chunks * 128;
constexpr uint32_t f16_chunk_bytes = 2 * 32 * 16;

// Bytes of one tile of a matrix, F32 apart.
constexpr uint64_t tile_bytes(DType type, uint32_t columns) {
  const uint64_t chunks = chunks_of(columns);
  switch (type) {
    case DType::q8_0:
      return chunks * q8_0_chunk_bytes;
    case DType::q4_0:
      return chunks * q4_0_chunk_bytes;
    case DType::q4_k:
      return chunks / super_chunks * q4_k_super_bytes;
    case DType::q6_k:
      return chunks / super_chunks * q6_k_super_bytes;
    default:
      return chunks * f16_chunk_bytes;
  }
}

// Bytes of a packed matrix whose type is a device type.
constexpr uint64_t packed_matrix_bytes(DType type, uint32_t rows, uint32_t columns) {
  if (type == DType::f32) return uint64_t{rows} * columns * sizeof(float);
  return (rows + tile_rows - 1) / tile_rows * tile_bytes(type, columns);
}

}  // namespace tijori::cuda
