// Re-lays weights (packed_layout.h) with plain 32- and 64-bit arithmetic: several bytes at a time, no instruction set.
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "kernels/cpu/half.h"
#include "kernels/cpu/kernels.h"
#include "kernels/cpu/packed_layout.h"
#include "kernels/cpu/quant_block.h"

namespace tijori {
namespace {

constexpr size_t vector_bytes = 64;

size_t pair_count(size_t cols) {
  return (cols / 32 + 1) / 2;
}
size_t chunk_count(size_t cols) {
  return (cols + chunk_values - 1) / chunk_values;
}

// Writes `words` 32-bit words (4 k each) of one row into its lane of consecutive vectors.
void scatter(const uint8_t* from, size_t words, uint8_t* vectors, size_t row) {
  for (size_t i = 0; i < words; ++i) std::memcpy(vectors + i * vector_bytes + 4 * row, from + 4 * i, 4);
}

// Nibbles in ggml's order (byte j: elements j and j + 16) of an even and an odd block, merged into bytes whose low
// nibble is the even block's and whose high nibble is the odd block's element, in order of k.
void merge_nibbles(const uint8_t* even, const uint8_t* odd, uint8_t* merged) {
  constexpr uint64_t low = 0x0F0F0F0F0F0F0F0FULL;
  for (size_t i = 0; i < 16; i += 8) {
    const auto e = load_le<uint64_t>(even + i);
    const uint64_t o = odd != nullptr ? load_le<uint64_t>(odd + i) : 0;
    store_le<uint64_t>(merged + i, (e & low) | (o & low) << 4);
    store_le<uint64_t>(merged + 16 + i, (e >> 4 & low) | (o & ~low));
  }
}

template <class T>
void float_row(const uint8_t* from, size_t cols, uint8_t* group, size_t row) {
  for (size_t k = 0; k < cols; ++k)
    std::memcpy(group + (k * group_rows + row) * sizeof(T), from + k * sizeof(T), sizeof(T));
}

void q4_row(const uint8_t* from, size_t blocks, bool minima, uint8_t* group, size_t row) {
  const size_t header = minima ? 4 : 2;
  const size_t block_bytes = header + 16;
  const size_t scale_bytes = minima ? 128 : 64;
  uint8_t merged[32];
  for (size_t b = 0; b < blocks; b += 2, from += 2 * block_bytes, group += scale_bytes + 512) {
    const uint8_t* odd = b + 1 < blocks ? from + block_bytes : nullptr;
    for (size_t i = 0; i < header / 2; ++i) {
      std::memcpy(group + 64 * i + 2 * row, from + 2 * i, 2);
      if (odd != nullptr) std::memcpy(group + 64 * i + 32 + 2 * row, odd + 2 * i, 2);
    }
    merge_nibbles(from + header, odd != nullptr ? odd + header : nullptr, merged);
    scatter(merged, 8, group + scale_bytes, row);
  }
}

void q8_row(DType dtype, const uint8_t* from, size_t blocks, uint8_t* group, size_t row) {
  const size_t block_bytes = traits_of(dtype).block_bytes;
  QuantBlock decoded;
  for (size_t b = 0; b < blocks; ++b, from += block_bytes) {
    uint8_t* pair = group + b / 2 * q8_0_pair_bytes;
    std::memcpy(pair + b % 2 * 32 + 2 * row, from, 2);
    const auto* q = reinterpret_cast<const uint8_t*>(decoded.q);
    if (dtype == DType::q8_0) {
      q = from + 2;
    } else {
      decode_block(dtype, from, decoded);
    }
    uint8_t flipped[32];
    for (size_t i = 0; i < 32; i += 8)
      store_le<uint64_t>(flipped + i, load_le<uint64_t>(q + i) ^ 0x8080808080808080ULL);
    scatter(flipped, 8, pair + 64 + b % 2 * 512, row);
  }
}

void q4_k_row(const uint8_t* from, size_t chunks, uint8_t* group, size_t row) {
  for (size_t chunk = 0; chunk < chunks; ++chunk, from += 144, group += q4_k_chunk_bytes) {
    for (size_t j = 0; j < 8; ++j) {
      const ScaleAndMinimum six_bit = six_bit_pair(from + 4, j);
      uint8_t* scales = group + j / 2 * q4_k_pair_bytes + j % 2 * 16 + row;
      scales[0] = six_bit.scale;
      scales[32] = six_bit.minimum;
    }
    // ggml keeps blocks 2p and 2p + 1 as the nibbles of the same 32 bytes: already the order wanted here.
    for (size_t p = 0; p < 4; ++p) scatter(from + 16 + 32 * p, 8, group + p * q4_k_pair_bytes + 64, row);
    std::memcpy(group + 4 * q4_k_pair_bytes + 2 * row, from, 2);
    std::memcpy(group + 4 * q4_k_pair_bytes + 32 + 2 * row, from + 2, 2);
  }
}

// Two 6-bit quants of 8 consecutive k of 32-blocks 2p and 2p + 1 as their low nibbles and high pairs of bits.
struct SixBits {
  uint64_t even_low, even_high, odd_low, odd_high;
};
SixBits six_bits(const uint8_t* block, size_t pair, size_t l) {
  constexpr uint64_t nibble = 0x0F0F0F0F0F0F0F0FULL, two = 0x0303030303030303ULL;
  const size_t half = pair / 2;
  const size_t g = pair % 2 * 2;  // groups g and g + 1 of the half
  const auto first = load_le<uint64_t>(block + 64 * half + l), second = load_le<uint64_t>(block + 64 * half + 32 + l);
  const auto high = load_le<uint64_t>(block + 128 + 32 * half + l);
  const unsigned shift = g == 0 ? 0 : 4;
  return {first >> shift & nibble, high >> 2 * g & two, second >> shift & nibble, high >> (2 * g + 2) & two};
}

void q6_k_row(const uint8_t* from, size_t chunks, uint8_t* group, size_t row) {
  constexpr uint64_t two = 0x0303030303030303ULL;
  for (size_t chunk = 0; chunk < chunks; ++chunk, from += 210, group += q6_k_chunk_bytes) {
    for (size_t p = 0; p < 4; ++p) {
      uint8_t* pair = group + p * q6_k_pair_bytes;
      for (size_t s = 0; s < 4; ++s) pair[16 * s + row] = from[192 + 4 * p + s];
      for (size_t i = 0; i < 4; ++i) {
        const SixBits six = six_bits(from, p, 8 * i);
        // Both A at once: its first four bytes are A0's and the other four A1's.
        const uint64_t a = (six.even_low >> 2 & two) << 4 | six.even_high << 6 | six.odd_low;
        const uint64_t even = six.even_low & two;
        uint8_t* vectors = pair + 64 + 192 * i + 4 * row;
        store_le(vectors, static_cast<uint32_t>(a));
        store_le(vectors + 64, static_cast<uint32_t>(a >> 32));
        const uint64_t b =
            even >> 32 | (even & 0xFFFFFFFFU) << 2 | (six.odd_high & 0xFFFFFFFFU) << 4 | (six.odd_high >> 32) << 6;
        store_le(vectors + 128, static_cast<uint32_t>(b));
      }
    }
    std::memcpy(group + 4 * q6_k_pair_bytes + 2 * row, from + 208, 2);
  }
}

void wide_row(DType dtype, const uint8_t* from, size_t cols, uint8_t* group, size_t row) {
  const DTypeTraits& traits = traits_of(dtype);
  const bool minima = has_minima(dtype);
  QuantBlock decoded;
  for (size_t k = 0; k < cols; k += traits.block_elements, from += traits.block_bytes) {
    decode_block(dtype, from, decoded);
    for (size_t e = 0; e < traits.block_elements; e += 16) {
      const size_t sub = (k + e) / 16;
      uint8_t* pair = group + sub / 4 * wide_pair_bytes;
      store_le(pair + sub % 4 * 64 + 4 * row, decoded.scale[e / 16]);
      store_le(pair + 256 + sub % 4 * 64 + 4 * row, minima ? decoded.minimum[e / 16] : 0.0F);
      uint8_t flipped[16];
      for (size_t i = 0; i < 16; ++i) flipped[i] = static_cast<uint8_t>(decoded.q[e + i]) ^ 0x80;
      scatter(flipped, 4, pair + 512 + sub % 4 * 256, row);
    }
  }
}

void pack_row(DType dtype, const uint8_t* from, size_t cols, uint8_t* group, size_t row) {
  switch (packed_form_of(dtype)) {
    case PackedForm::f32:
      return float_row<uint32_t>(from, cols, group, row);
    case PackedForm::f16:
    case PackedForm::bf16:
      return float_row<uint16_t>(from, cols, group, row);
    case PackedForm::q8_0:
      return q8_row(dtype, from, cols / 32, group, row);
    case PackedForm::q4_0:
      return q4_row(from, cols / 32, false, group, row);
    case PackedForm::q4_1:
      return q4_row(from, cols / 32, true, group, row);
    case PackedForm::q4_k:
      return q4_k_row(from, cols / chunk_values, group, row);
    case PackedForm::q6_k:
      return q6_k_row(from, cols / chunk_values, group, row);
    case PackedForm::wide:
      return wide_row(dtype, from, cols, group, row);
  }
}

}  // namespace

PackedForm packed_form_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return PackedForm::f32;
    case DType::f16:
      return PackedForm::f16;
    case DType::bf16:
      return PackedForm::bf16;
    case DType::q8_0:
    case DType::q5_0:
    case DType::iq4_nl:
      return PackedForm::q8_0;
    case DType::q4_0:
      return PackedForm::q4_0;
    case DType::q4_1:
      return PackedForm::q4_1;
    case DType::q4_k:
      return PackedForm::q4_k;
    case DType::q6_k:
      return PackedForm::q6_k;
    case DType::q5_1:
    case DType::q2_k:
    case DType::q3_k:
    case DType::q5_k:
    case DType::iq4_xs:
    case DType::mxfp4:
      return PackedForm::wide;
  }
  CHECK(false && "a DType outside its enumeration");
}

size_t packed_group_bytes(DType dtype, size_t cols) {
  switch (packed_form_of(dtype)) {
    case PackedForm::f32:
      return cols * group_rows * 4;
    case PackedForm::f16:
    case PackedForm::bf16:
      return (cols * group_rows * 2 + 63) / 64 * 64;
    case PackedForm::q8_0:
      return pair_count(cols) * q8_0_pair_bytes;
    case PackedForm::q4_0:
      return pair_count(cols) * q4_0_pair_bytes;
    case PackedForm::q4_1:
      return pair_count(cols) * q4_1_pair_bytes;
    case PackedForm::q4_k:
      return chunk_count(cols) * q4_k_chunk_bytes;
    case PackedForm::q6_k:
      return chunk_count(cols) * q6_k_chunk_bytes;
    case PackedForm::wide:
      return pair_count(cols) * wide_pair_bytes;
  }
  return 0;
}

void pack_groups(DType dtype, const std::byte* rows_begin, size_t rows, size_t cols, std::byte* packed,
                 size_t group_begin, size_t group_end) {
  CHECK(cols % traits_of(dtype).block_elements == 0);
  const size_t raw = row_bytes(dtype, cols);
  const size_t group_bytes = packed_group_bytes(dtype, cols);
  const bool whole_pairs = cols % 64 == 0;
  for (size_t group = group_begin; group < group_end; ++group) {
    auto* to = reinterpret_cast<uint8_t*>(packed) + group * group_bytes;
    const size_t left = rows - group * group_rows;
    const size_t filled = left < group_rows ? left : group_rows;
    if (filled < group_rows || !whole_pairs || packed_form_of(dtype) == PackedForm::q6_k)
      std::memset(to, 0, group_bytes);
    const auto* from = reinterpret_cast<const uint8_t*>(rows_begin) + group * group_rows * raw;
    for (size_t row = 0; row < filled; ++row) pack_row(dtype, from + row * raw, cols, to, row);
  }
}

bool needs_quantised(DType dtype) {
  const PackedForm form = packed_form_of(dtype);
  return form != PackedForm::f32 && form != PackedForm::f16 && form != PackedForm::bf16;
}

size_t quantised_bytes(size_t n, size_t cols) {
  return chunk_count(cols) * n * sizeof(ActivationChunk);
}

}  // namespace tijori
