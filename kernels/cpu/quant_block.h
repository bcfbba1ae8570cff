// One block of a quantised type as integers with a scale and a minimum per 16 values: the common form behind
// dequantisation and behind the packed form of the types without a kernel of their own.
#pragma once

#include <cstdint>

#include "kernels/dtype.h"

namespace tijori {

inline constexpr size_t max_block_elements = 256;

// Element e is scale[e / 16] * q[e], plus minimum[e / 16] if the type has minima. Scales and minima are the float32
// products that ggml forms (d * sc, -(dmin * m)).
struct QuantBlock {
  int8_t q[max_block_elements];
  float scale[max_block_elements / 16];
  float minimum[max_block_elements / 16];
};

bool has_minima(DType dtype);

// The 6-bit scale and minimum of block `j` (0..7) out of the 12 bytes of a Q4_K or Q5_K super-block.
struct ScaleAndMinimum {
  uint8_t scale = 0;
  uint8_t minimum = 0;
};
inline ScaleAndMinimum six_bit_pair(const uint8_t* scales, size_t j) {
  if (j < 4) return {static_cast<uint8_t>(scales[j] & 63), static_cast<uint8_t>(scales[j + 4] & 63)};
  return {static_cast<uint8_t>((scales[j + 4] & 15) | (scales[j - 4] >> 6) << 4),
          static_cast<uint8_t>(scales[j + 4] >> 4 | (scales[j] >> 6) << 4)};
}

// Decodes one block (block_elements values) of a quantised type; the float types have none.
void decode_block(DType dtype, const uint8_t* block, QuantBlock& out);

}  // namespace tijori
