#include "kernels/cpu/dequantize.h"

#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "kernels/cpu/half.h"
#include "kernels/cpu/quant_block.h"

namespace tijori {

void dequantize_row(DType dtype, const std::byte* row, size_t cols, float* out) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(row);
  if (dtype == DType::f32) {
    std::memcpy(out, bytes, cols * sizeof(float));
    return;
  }
  if (dtype == DType::f16) {
    for (size_t i = 0; i < cols; ++i) out[i] = float_of_half(load_le<uint16_t>(bytes + 2 * i));
    return;
  }
  if (dtype == DType::bf16) {
    for (size_t i = 0; i < cols; ++i) out[i] = float_of_bf16(load_le<uint16_t>(bytes + 2 * i));
    return;
  }
  const DTypeTraits& traits = traits_of(dtype);
  CHECK(cols % traits.block_elements == 0);
  const bool minima = has_minima(dtype);
  QuantBlock block;
  for (size_t done = 0; done < cols; done += traits.block_elements, bytes += traits.block_bytes) {
    decode_block(dtype, bytes, block);
    for (size_t e = 0; e < traits.block_elements; ++e) {
      const float product = block.scale[e / 16] * static_cast<float>(block.q[e]);
      out[done + e] = minima ? product + block.minimum[e / 16] : product;
    }
  }
}

}  // namespace tijori
