// One layer's paged cache of keys and values (KvLayout), as kernels read and write it.
#pragma once

#include "kernels/cuda/kernels.h"
#include "kernels/cuda/language.h"

namespace tijori::cuda {

constexpr uint32_t block_positions = 32;

template <class Element>
struct KvCacheView {
  Global<Element> cache;
  Global<const uint32_t> tables;
  uint32_t n_kv_heads;
  uint32_t padded_head_dim;

  // Of the block that holds `position` in the sequence whose table begins at `table`: 32 rows of keys of this head.
  __device__ __forceinline__ Global<Element> keys(uint32_t table, uint32_t position, uint32_t kv_head) const {
    const size_t head = static_cast<size_t>(tables[table + position / block_positions]) * n_kv_heads + kv_head;
    return cache + head * 2 * block_positions * padded_head_dim;
  }
  // The values follow the keys.
  __device__ __forceinline__ uint32_t values_offset() const { return block_positions * padded_head_dim; }
};

template <class Element>
KvCacheView<Element> kv_view(const KvLayout& layout, DeviceAddress cache, const StepArrays& step) {
  return {Global<Element>(cache, layout.n_blocks * layout.block_elements()),
          Global<const uint32_t>(step.block_tables, step.n_table_entries), layout.n_kv_heads, layout.padded_head_dim()};
}

__device__ __forceinline__ float to_float(float value) {
  return value;
}
__device__ __forceinline__ float to_float(half value) {
  return __half2float(value);
}
__device__ __forceinline__ void from_float(float& to, float value) {
  to = value;
}
__device__ __forceinline__ void from_float(half& to, float value) {
  to = __float2half_rn(value);
}

}  // namespace tijori::cuda
