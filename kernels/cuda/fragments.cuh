// A lane's part of one chunk of a packed matrix (packed_tile.h) as operands of mma_m16n8k16: decoded in registers, each
// value rounded once, to half.
#pragma once

#include "kernels/cuda/language.h"
#include "kernels/cuda/packed_tile.h"
#include "kernels/cuda/raw_block.cuh"

namespace tijori::cuda {

struct Fragments {
  uint32_t a[2][4];  // [step of 16 columns][register]
};

// The register of a step that holds pair i of the lane's row r.
__device__ __forceinline__ uint32_t& fragment(Fragments& fragments, int r, int i) {
  return fragments.a[i / 2][i % 2 * 2 + r];
}

__device__ __forceinline__ half2 as_half2(uint32_t bits) {
  half2 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
__device__ __forceinline__ uint32_t as_bits(half2 value) {
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
__device__ __forceinline__ half2 twice(half value) {
  return __halves2half2(value, value);
}

// Integers up to 1023 under the exponent of 1024 are 1024 more as halves; what is subtracted makes them exact again.
constexpr uint32_t half_1024 = 0x64006400U;
__device__ __forceinline__ half2 integers(uint32_t low_bits, uint32_t zero) {
  return __hsub2(as_half2(low_bits | half_1024), as_half2(half_1024 + zero * 0x00010001U));
}

// A scale read from the tile's table of one half per row.
__device__ __forceinline__ half row_half(Global<const uint8_t> table, uint32_t row) {
  return table.as<const half>()[row];
}

template <DType type>
struct ChunkReader;

template <>
struct ChunkReader<DType::f16> {
  static __device__ __forceinline__ void read(Global<const uint8_t> tile, uint32_t chunk, uint32_t lane,
                                              Fragments& out) {
    const Global<const uint4> words = (tile + size_t{chunk} * f16_chunk_bytes).as<const uint4>();
    for (int step = 0; step < 2; ++step) {
      const uint4 word = words[static_cast<uint32_t>(step) * 32 + lane];
      out.a[step][0] = word.x;
      out.a[step][1] = word.y;
      out.a[step][2] = word.z;
      out.a[step][3] = word.w;
    }
  }
};

template <>
struct ChunkReader<DType::q8_0> {
  static __device__ __forceinline__ void read(Global<const uint8_t> tile, uint32_t chunk, uint32_t lane,
                                              Fragments& out) {
    const Global<const uint8_t> at = tile + size_t{chunk} * q8_0_chunk_bytes;
    const uint4 bytes = (at + 32).as<const uint4>()[lane];
    const uint32_t words[2][2] = {{bytes.x, bytes.y}, {bytes.z, bytes.w}};
    for (int r = 0; r < 2; ++r) {
      const half2 scale = twice(row_half(at, lane / 4 + 8 * static_cast<uint32_t>(r)));
      for (int i = 0; i < 4; ++i) {
        const uint32_t pair = __byte_perm(words[r][i / 2], 0, i % 2 == 0 ? 0x4140U : 0x4342U);
        fragment(out, r, i) = as_bits(__hmul2(integers(pair, 128), scale));
      }
    }
  }
};

// The low nibbles of pair i of a row's word, a half apart.
__device__ __forceinline__ uint32_t nibble_pair(uint32_t word, int i) {
  return word >> (4 * i) & 0x000f000fU;
}

template <>
struct ChunkReader<DType::q4_0> {
  static __device__ __forceinline__ void read(Global<const uint8_t> tile, uint32_t chunk, uint32_t lane,
                                              Fragments& out) {
    const Global<const uint8_t> at = tile + size_t{chunk} * q4_0_chunk_bytes;
    const uint2 nibbles = (at + 32).as<const uint2>()[lane];
    const uint32_t words[2] = {nibbles.x, nibbles.y};
    for (int r = 0; r < 2; ++r) {
      const half2 scale = twice(row_half(at, lane / 4 + 8 * static_cast<uint32_t>(r)));
      for (int i = 0; i < 4; ++i) fragment(out, r, i) = as_bits(__hmul2(integers(nibble_pair(words[r], i), 8), scale));
    }
  }
};

// The bytes of a row's scales as they came in one load. The words are chosen between, not indexed: registers have no
// addresses, and an array would go to the stack.
struct ScaleBytes {
  uint32_t first, second, third;
  __device__ __forceinline__ uint32_t operator[](uint32_t i) const {
    return (i < 4 ? first : i < 8 ? second : third) >> (i % 4 * 8) & 255U;
  }
};

template <>
struct ChunkReader<DType::q4_k> {
  static __device__ __forceinline__ void read(Global<const uint8_t> tile, uint32_t chunk, uint32_t lane,
                                              Fragments& out) {
    const Global<const uint8_t> at = tile + size_t{chunk / super_chunks} * q4_k_super_bytes;
    const uint32_t j = chunk % super_chunks;
    const uint2 nibbles = (at + q4_k_header_bytes + j * 256).as<const uint2>()[lane];
    const uint32_t words[2] = {nibbles.x, nibbles.y};
    for (int r = 0; r < 2; ++r) {
      const uint4 header = at.as<const uint4>()[lane / 4 + 8 * static_cast<uint32_t>(r)];
      const ScaleBytes scales{header.y, header.z, header.w};
      uint32_t scale_bits = 0;
      uint32_t minimum_bits = 0;
      six_bit_pair(scales, j, scale_bits, minimum_bits);
      const float2 d = __half22float2(as_half2(header.x));  // d, dmin
      const half2 scale = twice(__float2half_rn(d.x * static_cast<float>(scale_bits)));
      const half2 minimum = twice(__float2half_rn(-(d.y * static_cast<float>(minimum_bits))));
      for (int i = 0; i < 4; ++i) {
        fragment(out, r, i) = as_bits(__hfma2(integers(nibble_pair(words[r], i), 0), scale, minimum));
      }
    }
  }
};

template <>
struct ChunkReader<DType::q6_k> {
  static __device__ __forceinline__ void read(Global<const uint8_t> tile, uint32_t chunk, uint32_t lane,
                                              Fragments& out) {
    const Global<const uint8_t> at = tile + size_t{chunk / super_chunks} * q6_k_super_bytes;
    const uint32_t j = chunk % super_chunks;
    const uint2 nibbles = (at + q6_k_low_at + j * 256).as<const uint2>()[lane];
    const uint32_t high = (at + q6_k_high_at + j * 128).as<const uint32_t>()[lane];
    const uint32_t words[2] = {nibbles.x, nibbles.y};
    for (int r = 0; r < 2; ++r) {
      const uint32_t row = lane / 4 + 8 * static_cast<uint32_t>(r);
      const float d = __half2float(row_half(at, row));
      const Global<const uint8_t> scales = at + q6_k_scales_at + row * 16 + 2 * j;
      for (int i = 0; i < 4; ++i) {
        // A scale holds for 16 columns: pairs 0 and 1 have the first of the chunk, 2 and 3 the second.
        const half2 scale =
            twice(__float2half_rn(d * static_cast<float>(static_cast<int8_t>(scales[static_cast<uint32_t>(i / 2)]))));
        const uint32_t high_pair = high >> (4 * i + 2 * r) & 0x00030003U;
        fragment(out, r, i) = as_bits(__hmul2(integers(nibble_pair(words[r], i) | high_pair << 4, 32), scale));
      }
    }
  }
};

}  // namespace tijori::cuda
