// A row of floats as halves in chunk order (packed_tile.h), with the power of two that brings its largest value near
// the top of what a half can hold.
#pragma once

#include "kernels/cuda/kernels.h"
#include "kernels/cuda/language.h"
#include "kernels/cuda/packed_tile.h"

namespace tijori::cuda {

// What a kernel writes of a row: floats, halves with their scale, or both.
struct RowsOut {
  Global<float> floats;
  Global<half> halves;
  Global<float> scales;
};

inline RowsOut rows_out(const DeviceRows& rows, uint32_t n, uint32_t columns) {
  RowsOut out;
  if (rows.floats != 0) out.floats = Global<float>(rows.floats, size_t{n} * columns);
  if (rows.halves != 0) {
    out.halves = Global<half>(rows.halves, size_t{n} * row_halves(columns));
    out.scales = Global<float>(rows.scales, n);
  }
  return out;
}

// The power of two that a row with this largest magnitude is divided by: it comes to lie in [2^14, 2^15). 1 for a row
// of zeros or one that isn't finite.
__device__ __forceinline__ float half_scale(float largest) {
  const int exponent = static_cast<int>(__float_as_uint(largest) >> 23 & 0xffU);
  if (exponent == 0 || exponent == 255) return 1;
  // Down to where the inverse is still a normal number.
  const int shift = max(exponent - 127 - 14, -126);
  return __uint_as_float(static_cast<uint32_t>(shift + 127) << 23);
}
__device__ __forceinline__ float inverse_power(float scale) {
  return __uint_as_float((254U - (__float_as_uint(scale) >> 23)) << 23);
}

// Place `index` of a row in chunk order belongs to this column.
__device__ __forceinline__ uint32_t column_of_place(uint32_t index) {
  const uint32_t in_chunk = index % chunk_columns;
  return index - in_chunk + in_chunk % 8 / 2 * 8 + in_chunk / 8 * 2 + in_chunk % 2;
}

// The block writes row `row`; value(column) gives its values.
template <class Value>
__device__ __forceinline__ void write_halves(const RowsOut& out, uint32_t row, uint32_t columns, float largest,
                                             Value value) {
  const float scale = half_scale(largest);
  const float inverse = inverse_power(scale);
  const uint32_t padded = chunks_of(columns) * chunk_columns;
  const Global<half> halves = out.halves + static_cast<size_t>(row) * row_halves(columns);
  for (uint32_t i = threadIdx.x; i < padded; i += blockDim.x) {
    const uint32_t column = column_of_place(i);
    const float scaled = column < columns ? value(column) * inverse : 0.0F;
    const half rounded = __float2half_rn(scaled);
    halves[i] = rounded;
    halves[padded + i] = __float2half_rn(scaled - __half2float(rounded));
  }
  if (threadIdx.x == 0) out.scales[row] = scale;
}

}  // namespace tijori::cuda
