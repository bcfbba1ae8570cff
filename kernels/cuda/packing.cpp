#include "kernels/cuda/packing.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/bytes.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/half.h"
#include "kernels/cpu/quant_block.h"
#include "kernels/cuda/packed_tile.h"

namespace tijori::cuda {
namespace {

// Columns of a lane's pair i in a chunk: this and the next.
constexpr size_t first_column(size_t lane, size_t i) {
  return 8 * i + 2 * (lane % 4);
}

// The sixteen rows of one block's columns, as integers from `zero` up.
struct BlockRows {
  std::array<std::array<uint8_t, max_block_elements>, tile_rows> values{};
  std::array<const uint8_t*, tile_rows> raw{};  // null: a row past the last
};

void put_word(std::byte* at, uint32_t word) {
  store_le(reinterpret_cast<uint8_t*>(at), word);
}

// The low nibbles of one chunk whose first column is `column` of the block.
void put_nibbles(const BlockRows& rows, size_t column, std::byte* out) {
  for (size_t lane = 0; lane < 32; ++lane) {
    for (size_t r = 0; r < 2; ++r) {
      const auto& row = rows.values[lane / 4 + 8 * r];
      uint32_t word = 0;
      for (size_t i = 0; i < 4; ++i) {
        const size_t at = column + first_column(lane, i);
        word |= (row[at] & 15U) << 4 * i | (row[at + 1] & 15U) << (16 + 4 * i);
      }
      put_word(out + lane * 8 + r * 4, word);
    }
  }
}

void put_high_bits(const BlockRows& rows, size_t column, std::byte* out) {
  for (size_t lane = 0; lane < 32; ++lane) {
    uint32_t word = 0;
    for (size_t r = 0; r < 2; ++r) {
      const auto& row = rows.values[lane / 4 + 8 * r];
      for (size_t i = 0; i < 4; ++i) {
        const size_t at = column + first_column(lane, i);
        word |= (row[at] >> 4U) << (4 * i + 2 * r) | (row[at + 1] >> 4U) << (16 + 4 * i + 2 * r);
      }
    }
    put_word(out + lane * 4, word);
  }
}

void put_bytes(const BlockRows& rows, std::byte* out) {
  for (size_t lane = 0; lane < 32; ++lane) {
    for (size_t r = 0; r < 2; ++r) {
      const auto& row = rows.values[lane / 4 + 8 * r];
      for (size_t i = 0; i < 4; ++i) {
        std::byte* const pair = out + lane * 16 + r * 8 + i * 2;
        pair[0] = std::byte{row[first_column(lane, i)]};
        pair[1] = std::byte{row[first_column(lane, i) + 1]};
      }
    }
  }
}

// Copies `bytes` from `offset` of each row's raw block, one row after another; nothing for rows past the last.
void put_header(const BlockRows& rows, uint32_t offset, uint32_t bytes, std::byte* out) {
  for (size_t row = 0; row < tile_rows; ++row) {
    if (rows.raw[row] != nullptr) std::memcpy(out + row * bytes, rows.raw[row] + offset, bytes);
  }
}

int zero_of(DType type) {
  switch (type) {
    case DType::q8_0:
      return 128;
    case DType::q4_0:
      return 8;
    case DType::q6_k:
      return 32;
    default:
      return 0;
  }
}

// One block of all sixteen rows; returns its size as packed.
uint32_t pack_block(DType type, const BlockRows& rows, std::byte* out) {
  switch (type) {
    case DType::q8_0:
      put_header(rows, 0, 2, out);
      put_bytes(rows, out + 32);
      return q8_0_chunk_bytes;
    case DType::q4_0:
      put_header(rows, 0, 2, out);
      put_nibbles(rows, 0, out + 32);
      return q4_0_chunk_bytes;
    case DType::q4_k:
      put_header(rows, 0, 16, out);
      for (size_t chunk = 0; chunk < super_chunks; ++chunk) {
        put_nibbles(rows, chunk * chunk_columns, out + q4_k_header_bytes + chunk * 256);
      }
      return q4_k_super_bytes;
    default:  // Q6_K
      put_header(rows, 208, 2, out);
      put_header(rows, 192, 16, out + q6_k_scales_at);
      for (size_t chunk = 0; chunk < super_chunks; ++chunk) {
        put_nibbles(rows, chunk * chunk_columns, out + q6_k_low_at + chunk * 256);
        put_high_bits(rows, chunk * chunk_columns, out + q6_k_high_at + chunk * 128);
      }
      return q6_k_super_bytes;
  }
}

void pack_quantised(DType type, const std::byte* rows_begin, uint32_t rows, uint32_t columns, uint32_t tile,
                    std::byte* out) {
  const DTypeTraits& traits = traits_of(type);
  const size_t row_stride = row_bytes(type, columns);
  const int zero = zero_of(type);
  BlockRows block;
  QuantBlock decoded;
  for (uint32_t number = 0; number < columns / traits.block_elements; ++number) {
    for (size_t r = 0; r < tile_rows; ++r) {
      const size_t row = size_t{tile} * tile_rows + r;
      if (row >= rows) {
        block.values[r].fill(0);
        continue;
      }
      block.raw[r] =
          reinterpret_cast<const uint8_t*>(rows_begin) + row * row_stride + size_t{number} * traits.block_bytes;
      decode_block(type, block.raw[r], decoded);
      for (size_t e = 0; e < traits.block_elements; ++e) {
        block.values[r][e] = static_cast<uint8_t>(decoded.q[e] + zero);
      }
    }
    out += pack_block(type, block, out);
  }
}

constexpr uint32_t slab_columns = super_chunks * chunk_columns;  // a multiple of every block

void pack_halves(DType type, const std::byte* rows_begin, uint32_t rows, uint32_t columns, uint32_t tile,
                 std::byte* out) {
  const size_t row_stride = row_bytes(type, columns);
  std::array<std::array<uint16_t, slab_columns>, tile_rows> values;
  for (uint32_t first = 0; first < columns; first += slab_columns) {
    const uint32_t here = std::min(slab_columns, columns - first);
    for (size_t r = 0; r < tile_rows; ++r) {
      values[r].fill(0);
      if (size_t{tile} * tile_rows + r >= rows) continue;
      const std::byte* const row = rows_begin + (size_t{tile} * tile_rows + r) * row_stride;
      expand_to_f16(type, row + row_bytes(type, first), here, values[r].data());
    }
    for (size_t chunk = 0; chunk < chunks_of(here); ++chunk, out += f16_chunk_bytes) {
      for (size_t lane = 0; lane < 32; ++lane) {
        // Word w: step w / 4, and of the fragment register w % 4 the row (low bit) and the column pair.
        for (size_t w = 0; w < 8; ++w) {
          const uint16_t* const pair =
              values[lane / 4 + 8 * (w % 2)].data() + chunk * chunk_columns + first_column(lane, w / 4 * 2 + w % 4 / 2);
          put_word(out + (w / 4 * 32 + lane) * 16 + w % 4 * 4, pair[0] | uint32_t{pair[1]} << 16);
        }
      }
    }
  }
}

}  // namespace

void expand_to_f16(DType type, const std::byte* row, uint32_t columns, uint16_t* out) {
  if (type == DType::f16) {
    std::memcpy(out, row, columns * sizeof(uint16_t));
    return;
  }
  std::array<float, slab_columns> values;
  for (uint32_t first = 0; first < columns; first += slab_columns) {
    const uint32_t here = std::min(slab_columns, columns - first);
    dequantize_row(type, row + row_bytes(type, first), here, values.data());
    std::transform(values.begin(), values.begin() + here, out + first, half_of_float);
  }
}

void pack_tiles(DType type, const std::byte* rows_begin, uint32_t rows, uint32_t columns, uint32_t tile_begin,
                uint32_t tile_end, std::byte* packed) {
  const DType device = device_type(type);
  const uint64_t stride = tile_bytes(device, columns);
  std::memset(packed, 0, (tile_end - tile_begin) * stride);
  for (uint32_t tile = tile_begin; tile < tile_end; ++tile) {
    std::byte* const out = packed + (tile - tile_begin) * stride;
    if (device == DType::f16) {
      pack_halves(type, rows_begin, rows, columns, tile, out);
    } else {
      pack_quantised(type, rows_begin, rows, columns, tile, out);
    }
  }
}

}  // namespace tijori::cuda
