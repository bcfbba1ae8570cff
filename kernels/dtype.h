// The weight types of a GGUF file that this build computes with, under the ids the file gives them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tijori {

enum class DType : uint32_t {
  f32 = 0,
  f16 = 1,
  q4_0 = 2,
  q4_1 = 3,
  q5_0 = 6,
  q5_1 = 7,
  q8_0 = 8,
  q2_k = 10,
  q3_k = 11,
  q4_k = 12,
  q5_k = 13,
  q6_k = 14,
  iq4_nl = 20,
  iq4_xs = 23,
  bf16 = 30,
  mxfp4 = 39,
};

inline constexpr std::array all_dtypes = {
    DType::f32,  DType::f16,  DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1,   DType::q5_0,   DType::q5_1,
    DType::q2_k, DType::q3_k, DType::q4_k, DType::q5_k, DType::q6_k, DType::iq4_nl, DType::iq4_xs, DType::mxfp4,
};

// A type's values come in blocks along a row; a row is a whole number of blocks.
struct DTypeTraits {
  std::string_view name;  // as llama.cpp prints it: "Q4_K"
  uint32_t block_elements = 0;
  uint32_t block_bytes = 0;
};

// The type of a file's id, or nothing for an id that this build does not compute with.
std::optional<DType> dtype_of_id(uint32_t id);

const DTypeTraits& traits_of(DType dtype);

// Bytes of a row of `cols` values; cols must be a multiple of the block's elements.
inline size_t row_bytes(DType dtype, size_t cols) {
  const DTypeTraits& traits = traits_of(dtype);
  return cols / traits.block_elements * traits.block_bytes;
}

}  // namespace tijori
