// What the bytes of a weight row mean. Formulas: ggml's block formats, products in float32 in the order written there.
#pragma once

#include <cstddef>

#include "kernels/dtype.h"

namespace tijori {

// Writes `cols` floats of one row, stored as the file stores it (any alignment). cols is a multiple of the block's
// elements. NaN stays NaN; no bit pattern is refused.
void dequantize_row(DType dtype, const std::byte* row, size_t cols, float* out);

}  // namespace tijori
