// Single values of a row as the file stores it: what an embedding is read from. Formulas as in
// kernels/cpu/quant_block.cpp.
#pragma once

#include "kernels/cuda/language.h"
#include "kernels/dtype.h"

namespace tijori::cuda {

__device__ __forceinline__ float half_at(Global<const uint8_t> at) {
  const uint32_t bits = at[0] | static_cast<uint32_t>(at[1]) << 8;
  return __half2float(__ushort_as_half(static_cast<unsigned short>(bits)));
}

// The 6-bit scale and minimum of sub-block j (0…7) out of the 12 bytes of a Q4_K block.
template <class Bytes>
__device__ __forceinline__ void six_bit_pair(const Bytes& bytes, uint32_t j, uint32_t& scale, uint32_t& minimum) {
  if (j < 4) {
    scale = bytes[j] & 63U;
    minimum = bytes[j + 4] & 63U;
  } else {
    scale = (bytes[j + 4] & 15U) | bytes[j - 4] >> 6U << 4U;
    minimum = static_cast<uint32_t>(bytes[j + 4] >> 4U) | bytes[j] >> 6U << 4U;
  }
}

__device__ __forceinline__ float raw_f32(Global<const uint8_t> row, uint32_t column) {
  const Global<const uint8_t> at = row + size_t{column} * 4;
  return __uint_as_float(at[0] | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 |
                         static_cast<uint32_t>(at[3]) << 24);
}

__device__ __forceinline__ float raw_q8_0(Global<const uint8_t> row, uint32_t column) {
  const Global<const uint8_t> block = row + size_t{column / 32} * 34;
  return half_at(block) * static_cast<float>(static_cast<int8_t>(block[2 + column % 32]));
}

__device__ __forceinline__ float raw_q4_0(Global<const uint8_t> row, uint32_t column) {
  const Global<const uint8_t> block = row + size_t{column / 32} * 18;
  const uint32_t byte = block[2 + column % 16];
  const uint32_t nibble = column % 32 < 16 ? byte & 15U : byte >> 4;
  return half_at(block) * static_cast<float>(static_cast<int>(nibble) - 8);
}

__device__ __forceinline__ float raw_q4_k(Global<const uint8_t> row, uint32_t column) {
  const Global<const uint8_t> block = row + size_t{column / 256} * 144;
  const uint32_t j = column % 256 / 32;
  uint32_t scale = 0;
  uint32_t minimum = 0;
  six_bit_pair(block + 4, j, scale, minimum);
  const uint32_t byte = block[16 + 32 * (j / 2) + column % 32];
  const uint32_t q = j % 2 == 0 ? byte & 15U : byte >> 4;
  const float product = half_at(block) * static_cast<float>(scale) * static_cast<float>(q);
  return product - half_at(block + 2) * static_cast<float>(minimum);
}

__device__ __forceinline__ float raw_q6_k(Global<const uint8_t> row, uint32_t column) {
  const Global<const uint8_t> block = row + size_t{column / 256} * 210;
  const uint32_t e = column % 256;
  const uint32_t quarter = e % 128 / 32;
  const uint32_t byte = block[64 * (e / 128) + e % 32 + (quarter % 2 != 0 ? 32U : 0U)];
  const uint32_t low = quarter < 2 ? byte & 15U : byte >> 4;
  const uint32_t high = block[128 + 32 * (e / 128) + e % 32] >> (2 * quarter) & 3U;
  const auto scale = static_cast<float>(static_cast<int8_t>(block[192 + e / 16]));
  return half_at(block + 208) * scale * static_cast<float>(static_cast<int>(low | high << 4) - 32);
}

__device__ __forceinline__ float raw_value(DType type, Global<const uint8_t> row, uint32_t column) {
  switch (type) {
    case DType::f32:
      return raw_f32(row, column);
    case DType::q8_0:
      return raw_q8_0(row, column);
    case DType::q4_0:
      return raw_q4_0(row, column);
    case DType::q4_k:
      return raw_q4_k(row, column);
    case DType::q6_k:
      return raw_q6_k(row, column);
    default:
      return half_at(row + size_t{column} * 2);
  }
}

}  // namespace tijori::cuda
