// Offsets inside a KV block (kernels.h, KvShape), the same for every instruction set.
#pragma once

#include "kernels/cpu/kernels.h"

namespace tijori {

inline size_t kv_element_bytes(KvType type) {
  return type == KvType::f32 ? 4 : type == KvType::f16 ? 2 : 1;
}

inline size_t padded_head_dim(size_t head_dim) {
  return (head_dim + 15) / 16 * 16;
}

// Offsets from the start of one KV head's part of a block.
struct KvHeadLayout {
  size_t v = 0;         // V [32][padded head_dim]; K [head_dim][32] is at 0
  size_t k_scales = 0;  // q8: f32 [32]
  size_t v_scales = 0;  // q8: f32 [32]
  size_t bytes = 0;     // from one head to the next

  explicit KvHeadLayout(const KvShape& shape) {
    const size_t element = kv_element_bytes(shape.type);
    v = shape.head_dim * kv_block_positions * element;
    k_scales = v + padded_head_dim(shape.head_dim) * kv_block_positions * element;
    v_scales = k_scales + (shape.type == KvType::q8 ? kv_block_positions * sizeof(float) : 0);
    bytes = v_scales + (v_scales - k_scales);
  }
};

// The block of `position` in one layer of a sequence.
inline std::byte* kv_block_of(const KvTable& kv, size_t position) {
  return kv.base + static_cast<size_t>(kv.table[position / kv_block_positions]) * kv.stride_bytes;
}

}  // namespace tijori
