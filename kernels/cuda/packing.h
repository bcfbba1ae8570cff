// Lays a file's rows out as packed_tile.h says, on the CPU.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/dtype.h"

namespace tijori::cuda {

// Tiles [tile_begin, tile_end) of a matrix whose rows stand one after another at `rows_begin`, any type but F32;
// `packed` is the place of tile_begin. Types that no kernel reads become F16, rounded to nearest.
void pack_tiles(DType type, const std::byte* rows_begin, uint32_t rows, uint32_t columns, uint32_t tile_begin,
                uint32_t tile_end, std::byte* packed);

// A row as F16: what a table of a type that no kernel reads becomes.
void expand_to_f16(DType type, const std::byte* row, uint32_t columns, uint16_t* out);

}  // namespace tijori::cuda
