#include "kernels/cpu/quant_block.h"

#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "kernels/cpu/half.h"

namespace tijori {
namespace {

constexpr int8_t iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
constexpr int8_t e2m1_doubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

float half_at(const uint8_t* bytes) {
  return float_of_half(load_le<uint16_t>(bytes));
}

// 2^(e - 128), half the MXFP4 scale because the value table is doubled; e of 0 and 1 give subnormals.
float mxfp4_scale(uint8_t e) {
  return std::bit_cast<float>(e < 2 ? 0x00200000U << e : static_cast<uint32_t>(e - 1) << 23);
}

void set_all(QuantBlock& out, float scale, float minimum) {
  out.scale[0] = out.scale[1] = scale;
  out.minimum[0] = out.minimum[1] = minimum;
}

// Nibbles of a 32-block: byte j holds element j low and element j + 16 high.
void nibbles(const uint8_t* qs, int offset, int8_t* q) {
  for (int j = 0; j < 16; ++j) {
    q[j] = static_cast<int8_t>((qs[j] & 15) - offset);
    q[j + 16] = static_cast<int8_t>((qs[j] >> 4) - offset);
  }
}
void nibbles(const uint8_t* qs, const int8_t* table, int8_t* q) {
  for (int j = 0; j < 16; ++j) {
    q[j] = table[qs[j] & 15];
    q[j + 16] = table[qs[j] >> 4];
  }
}
void five_bits(const uint8_t* qs, uint32_t high, int offset, int8_t* q) {
  nibbles(qs, 0, q);
  for (int e = 0; e < 32; ++e) q[e] = static_cast<int8_t>(q[e] + static_cast<int>((high >> e) & 1U) * 16 - offset);
}

void q2_k(const uint8_t* block, QuantBlock& out) {
  const float d = half_at(block + 80);
  const float dmin = half_at(block + 82);
  for (size_t e = 0; e < 256; ++e)
    out.q[e] = static_cast<int8_t>((block[16 + 32 * (e / 128) + e % 32] >> 2 * (e % 128 / 32)) & 3);
  for (size_t k = 0; k < 16; ++k) {
    out.scale[k] = d * static_cast<float>(block[k] & 15);
    out.minimum[k] = -(dmin * static_cast<float>(block[k] >> 4));
  }
}

void q3_k(const uint8_t* block, QuantBlock& out) {
  const float d = half_at(block + 108);
  for (size_t e = 0; e < 256; ++e) {
    const int low = (block[32 + 32 * (e / 128) + e % 32] >> 2 * (e % 128 / 32)) & 3;
    out.q[e] = static_cast<int8_t>(low - ((block[e % 32] >> (e / 32)) & 1 ? 0 : 4));
  }
  const uint8_t* scales = block + 96;
  for (size_t k = 0; k < 16; ++k) {
    const int low = k < 8 ? scales[k] & 15 : scales[k - 8] >> 4;
    const int high = (scales[8 + k % 4] >> 2 * (k / 4)) & 3;
    out.scale[k] = d * static_cast<float>((low | high << 4) - 32);
  }
}

void q4_k_or_q5_k(const uint8_t* block, const uint8_t* high, const uint8_t* low, QuantBlock& out) {
  const float d = half_at(block);
  const float dmin = half_at(block + 2);
  for (size_t j = 0; j < 8; ++j) {
    const ScaleAndMinimum pair = six_bit_pair(block + 4, j);
    out.scale[2 * j] = out.scale[2 * j + 1] = d * static_cast<float>(pair.scale);
    out.minimum[2 * j] = out.minimum[2 * j + 1] = -(dmin * static_cast<float>(pair.minimum));
    for (size_t l = 0; l < 32; ++l) {
      const uint8_t byte = low[32 * (j / 2) + l];
      const int fifth = high != nullptr ? (high[l] >> j & 1) * 16 : 0;
      out.q[32 * j + l] = static_cast<int8_t>((j % 2 != 0 ? byte >> 4 : byte & 15) + fifth);
    }
  }
}

void q6_k(const uint8_t* block, QuantBlock& out) {
  const float d = half_at(block + 208);
  for (size_t e = 0; e < 256; ++e) {
    const size_t half = e / 128, g = e % 128 / 32, l = e % 32;
    const uint8_t byte = block[64 * half + l + (g % 2 != 0 ? 32 : 0)];
    const int low = g < 2 ? byte & 15 : byte >> 4;
    const int high = (block[128 + 32 * half + l] >> 2 * g) & 3;
    out.q[e] = static_cast<int8_t>((low | high << 4) - 32);
  }
  for (size_t k = 0; k < 16; ++k) out.scale[k] = d * static_cast<float>(static_cast<int8_t>(block[192 + k]));
}

void iq4_xs(const uint8_t* block, QuantBlock& out) {
  const float d = half_at(block);
  const uint16_t scales_high = load_le<uint16_t>(block + 2);
  for (size_t j = 0; j < 8; ++j) {
    const int low = (block[4 + j / 2] >> 4 * (j % 2)) & 15;
    const int high = (scales_high >> 2 * j) & 3;
    out.scale[2 * j] = out.scale[2 * j + 1] = d * static_cast<float>((low | high << 4) - 32);
    nibbles(block + 8 + 16 * j, iq4_values, out.q + 32 * j);
  }
}

}  // namespace

bool has_minima(DType dtype) {
  switch (dtype) {
    case DType::q4_1:
    case DType::q5_1:
    case DType::q2_k:
    case DType::q4_k:
    case DType::q5_k:
      return true;
    default:
      return false;
  }
}

void decode_block(DType dtype, const uint8_t* block, QuantBlock& out) {
  switch (dtype) {
    case DType::q8_0:
      set_all(out, half_at(block), 0);
      for (int e = 0; e < 32; ++e) out.q[e] = static_cast<int8_t>(block[2 + e]);
      return;
    case DType::q4_0:
      set_all(out, half_at(block), 0);
      return nibbles(block + 2, 8, out.q);
    case DType::q4_1:
      set_all(out, half_at(block), half_at(block + 2));
      return nibbles(block + 4, 0, out.q);
    case DType::q5_0:
      set_all(out, half_at(block), 0);
      return five_bits(block + 6, load_le<uint32_t>(block + 2), 16, out.q);
    case DType::q5_1:
      set_all(out, half_at(block), half_at(block + 2));
      return five_bits(block + 8, load_le<uint32_t>(block + 4), 0, out.q);
    case DType::iq4_nl:
      set_all(out, half_at(block), 0);
      return nibbles(block + 2, iq4_values, out.q);
    case DType::mxfp4:
      set_all(out, mxfp4_scale(block[0]), 0);
      return nibbles(block + 1, e2m1_doubled, out.q);
    case DType::q2_k:
      return q2_k(block, out);
    case DType::q3_k:
      return q3_k(block, out);
    case DType::q4_k:
      return q4_k_or_q5_k(block, nullptr, block + 16, out);
    case DType::q5_k:
      return q4_k_or_q5_k(block, block + 16, block + 48, out);
    case DType::q6_k:
      return q6_k(block, out);
    case DType::iq4_xs:
      return iq4_xs(block, out);
    case DType::f32:
    case DType::f16:
    case DType::bf16:
      break;
  }
  CHECK(false && "decode_block of a float type");
}

}  // namespace tijori
