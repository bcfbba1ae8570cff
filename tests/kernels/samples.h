// Weights and activations for the kernel tests: every type's raw bytes with scales of a sane size.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/half.h"
#include "kernels/cpu/kernels.h"

namespace tijori::test {

// Aligned as kernels want it, and filled with 0xFF so that an unwritten place reads as NaN.
class AlignedBytes {
 public:
  explicit AlignedBytes(size_t size)
      : bytes_(static_cast<std::byte*>(std::aligned_alloc(kernel_alignment, padded(size))), &std::free) {
    std::memset(bytes_.get(), 0xFF, padded(size));
  }
  std::byte* data() { return bytes_.get(); }
  const std::byte* data() const { return bytes_.get(); }

 private:
  static size_t padded(size_t size) { return (size + kernel_alignment) / kernel_alignment * kernel_alignment; }
  std::unique_ptr<std::byte, decltype(&std::free)> bytes_;
};

inline std::vector<float> normal_floats(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> out(count);
  for (float& v : out) v = normal(random);
  return out;
}

// Offsets of the half-precision fields of a block.
inline std::vector<size_t> half_fields(DType dtype) {
  switch (dtype) {
    case DType::q4_1:
    case DType::q5_1:
    case DType::q4_k:
    case DType::q5_k:
      return {0, 2};
    case DType::q2_k:
      return {80, 82};
    case DType::q3_k:
      return {108};
    case DType::q6_k:
      return {208};
    default:
      return {0};
  }
}

// [rows, cols] as the file would hold them. Scales are about `scale` times a random factor of either sign.
inline Bytes random_rows(DType dtype, size_t rows, size_t cols, unsigned seed, float scale = 0.01F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Bytes out(rows * row_bytes(dtype, cols));
  if (dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16) {
    for (size_t i = 0; i < rows * cols; ++i) {
      const float v = normal(random) * scale;
      if (dtype == DType::f32) store_le(out.data() + 4 * i, v);
      if (dtype == DType::f16) store_le(out.data() + 2 * i, half_of_float(v));
      if (dtype == DType::bf16) store_le(out.data() + 2 * i, static_cast<uint16_t>(std::bit_cast<uint32_t>(v) >> 16));
    }
    return out;
  }
  for (uint8_t& byte : out) byte = static_cast<uint8_t>(random());
  for (size_t block = 0; block < out.size(); block += traits_of(dtype).block_bytes) {
    if (dtype == DType::mxfp4) {
      out[block] = static_cast<uint8_t>(118 + random() % 6);
      continue;
    }
    for (const size_t field : half_fields(dtype))
      store_le(out.data() + block + field, half_of_float(normal(random) * scale));
  }
  return out;
}

inline std::vector<float> dequantized(DType dtype, const Bytes& raw, size_t rows, size_t cols) {
  std::vector<float> out(rows * cols);
  for (size_t r = 0; r < rows; ++r)
    dequantize_row(dtype, reinterpret_cast<const std::byte*>(raw.data()) + r * row_bytes(dtype, cols), cols,
                   out.data() + r * cols);
  return out;
}

inline constexpr Isa all_isas[] = {Isa::reference, Isa::avx2, Isa::avx512};
inline const char* isa_name(Isa isa) {
  return isa == Isa::reference ? "reference" : isa == Isa::avx2 ? "avx2" : "avx512";
}

}  // namespace tijori::test
