// Softmax attention over the paged cache, with an online softmax (Milakov and Gimelshein 2018). A block has up to
// sixteen queries that share a KV head, those of neighbouring tokens and of a group of heads; keys and values come in
// tiles of 32 positions, a cache block each, through shared memory.
//
// What a query sums up follows from its position alone: tiles in order within a partition of 512 positions, partitions
// in order, each from zero and then merged. One block carries a query over all partitions (prompts), or a block each
// computes one and merge_kernel adds them up (single tokens after a long context); the bits are the same.
#include "kernels/cuda/kv_cache.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/shared_limit.h"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr uint32_t warps = 4;
constexpr int threads = 32 * warps;
constexpr uint32_t rows_per_warp = attention_tile_rows / warps;
constexpr uint32_t most_lane_dims = 8;  // of 32: heads of up to 256

// Blocks that a multiprocessor is to hold, told where the compiler's own choice spills registers to hold one
// more; 0: its choice.
constexpr uint32_t blocks_at_once(uint32_t lane_dims, size_t element_bytes) {
  if (lane_dims == 2) return 4;
  return lane_dims == most_lane_dims && element_bytes == 2 ? 3 : 0;
}

template <class Element>
struct AttentionParameters {
  Global<const float> queries;
  Global<float> attended;
  Global<float> partials;  // [n, n_heads, n_partitions, head_dim + 2]; none: one block a query
  Global<const StepToken> tokens;
  Global<const AttentionTile> tiles;
  KvCacheView<const Element> cache;
  uint32_t n_heads;
  uint32_t n_kv_heads;
  uint32_t head_dim;
  uint32_t chunk;
  uint32_t n_partitions;
  double base_scale;
  double temperature_scale;
  uint32_t temperature_length;
};

template <class Element, uint32_t lane_dims>
struct alignas(16) AttentionShared {
  static constexpr uint32_t padding = 16 / sizeof(Element);  // eight lanes' reads of 16 bytes fall on different banks
  static constexpr uint32_t stride = 32 * lane_dims + padding;
  Array<Element, block_positions * stride> keys;
  Array<Element, block_positions * stride> values;
  Array<Array<float, 32 * lane_dims>, attention_tile_rows> queries;
};

// What is known of a query after some positions: the highest score, and relative to it the weights' sum and the
// weighted values, dims lane, lane + 32, … in each lane.
template <uint32_t lane_dims>
struct Running {
  float highest = -INFINITY;
  float sum = 0;
  float values[lane_dims] = {};
};

template <uint32_t lane_dims>
__device__ __forceinline__ void merge(Running<lane_dims>& all, const Running<lane_dims>& part) {
  if (part.sum == 0) return;
  const float highest = fmaxf(all.highest, part.highest);
  const float keep = all.sum == 0 ? 0.0F : expf(all.highest - highest);
  const float take = expf(part.highest - highest);
  all.sum = fmaf(all.sum, keep, part.sum * take);
#pragma unroll
  for (uint32_t c = 0; c < lane_dims; ++c) all.values[c] = fmaf(all.values[c], keep, part.values[c] * take);
  all.highest = highest;
}

// A query of the block: which, and the positions that it sees.
struct QueryRow {
  uint32_t token = 0;
  uint32_t head = 0;
  uint32_t first = 1;  // first > last: no query
  uint32_t last = 0;
};

template <class Element>
__device__ __forceinline__ QueryRow row_of_block(const AttentionParameters<Element>& p, const AttentionTile& tile,
                                                 uint32_t index) {
  QueryRow row;
  const uint32_t group = p.n_heads / p.n_kv_heads;
  const uint32_t heads_here = min(group, attention_tile_rows);
  const uint32_t parts = (group + attention_tile_rows - 1) / attention_tile_rows;
  const uint32_t in_group = blockIdx.y % parts * attention_tile_rows + index % heads_here;
  const uint32_t token = index / heads_here;
  if (token >= tile.n_tokens || in_group >= group) return row;
  row.token = tile.first_token + token;
  row.head = blockIdx.y / parts * group + in_group;
  row.last = p.tokens[row.token].position;
  row.first = p.chunk == 0 ? 0 : row.last / p.chunk * p.chunk;
  return row;
}

template <class Element>
__device__ __forceinline__ float scale_of(const AttentionParameters<Element>& p, uint32_t position) {
  double scale = p.base_scale;
  if (p.temperature_scale != 0) {
    const double steps = floor((position + 1.0) / p.temperature_length);
    scale *= 1 + p.temperature_scale * log(steps + 1);
  }
  return static_cast<float>(scale);
}

// The tile's keys and values into shared memory; past `last` nothing was written yet, and zeros stand there.
template <class Element, uint32_t lane_dims>
__device__ __forceinline__ void load_tile(const KvCacheView<const Element>& cache, uint32_t table, uint32_t start,
                                          uint32_t last, uint32_t kv_head,
                                          AttentionShared<Element, lane_dims>& shared) {
  using Shared = AttentionShared<Element, lane_dims>;
  constexpr uint32_t piece = 16 / sizeof(Element);
  const Global<const Element> keys = cache.keys(table, start, kv_head);
  const uint32_t pieces = cache.padded_head_dim / piece;
  for (uint32_t i = threadIdx.x; i < block_positions * pieces; i += threads) {
    const uint32_t position = i / pieces;
    const uint32_t d = i % pieces * piece;
    Element* const key = &shared.keys[static_cast<int>(position * Shared::stride + d)];
    Element* const value = &shared.values[static_cast<int>(position * Shared::stride + d)];
    if (start + position <= last) {
      copy_async_16(key, keys + position * cache.padded_head_dim + d);
      copy_async_16(value, keys + cache.values_offset() + position * cache.padded_head_dim + d);
    } else {
      *reinterpret_cast<uint4*>(key) = make_uint4(0, 0, 0, 0);
      *reinterpret_cast<uint4*>(value) = make_uint4(0, 0, 0, 0);
    }
  }
  copy_async_commit();
  copy_async_wait_all();
}

// The scores of the lane's position for all of the warp's queries.
template <class Element, uint32_t lane_dims>
__device__ __forceinline__ void score(const AttentionShared<Element, lane_dims>& shared, uint32_t head_dim,
                                      uint32_t lane, uint32_t first_row, float (&scores)[rows_per_warp]) {
  using Shared = AttentionShared<Element, lane_dims>;
  for (uint32_t d = 0; d < head_dim; ++d) {
    const float key = to_float(shared.keys[static_cast<int>(lane * Shared::stride + d)]);
#pragma unroll
    for (uint32_t r = 0; r < rows_per_warp; ++r) {
      scores[r] = fmaf(shared.queries[static_cast<int>(first_row + r)][static_cast<int>(d)], key, scores[r]);
    }
  }
}

template <class Element, uint32_t lane_dims>
__global__ void __launch_bounds__(threads, blocks_at_once(lane_dims, sizeof(Element)))
    attention_kernel(AttentionParameters<Element> p) {
  using Shared = AttentionShared<Element, lane_dims>;
  Shared& shared = shared_memory<Shared>();
  const AttentionTile tile = p.tiles[blockIdx.x];
  const uint32_t lane = threadIdx.x % 32;
  const uint32_t first_row = threadIdx.x / 32 * rows_per_warp;
  const uint32_t group = p.n_heads / p.n_kv_heads;
  const uint32_t kv_head = blockIdx.y / ((group + attention_tile_rows - 1) / attention_tile_rows);
  const uint32_t table = p.tokens[tile.first_token].block_table;

  // Tokens stand in order of position: the first sees furthest back, the last furthest on.
  const uint32_t last = p.tokens[tile.first_token + tile.n_tokens - 1].position;
  const uint32_t begin_position = p.tokens[tile.first_token].position;
  const uint32_t first = p.chunk == 0 ? 0 : begin_position / p.chunk * p.chunk;
  const bool in_parts = static_cast<bool>(p.partials);
  uint32_t begin = first / block_positions * block_positions;
  uint32_t end = last + 1;
  if (in_parts) {
    begin = max(begin, blockIdx.z * attention_partition);
    end = min(end, (blockIdx.z + 1) * attention_partition);
    if (begin >= end) return;
  }

  QueryRow rows[rows_per_warp];
#pragma unroll
  for (uint32_t r = 0; r < rows_per_warp; ++r) {
    rows[r] = row_of_block(p, tile, first_row + r);
    if (rows[r].first > rows[r].last) {
      for (uint32_t d = lane; d < p.head_dim; d += 32) {
        shared.queries[static_cast<int>(first_row + r)][static_cast<int>(d)] = 0;
      }
      continue;
    }
    const float scale = scale_of(p, rows[r].last);
    const size_t query = (static_cast<size_t>(rows[r].token) * p.n_heads + rows[r].head) * p.head_dim;
    for (uint32_t d = lane; d < p.head_dim; d += 32) {
      shared.queries[static_cast<int>(first_row + r)][static_cast<int>(d)] = p.queries[query + d] * scale;
    }
  }

  Running<lane_dims> all[rows_per_warp];
  Running<lane_dims> part[rows_per_warp];
  for (uint32_t start = begin; start < end; start += block_positions) {
    __syncthreads();  // the tile before is no longer read
    load_tile(p.cache, table, start, last, kv_head, shared);
    __syncthreads();
    float scores[rows_per_warp] = {};
    score(shared, p.head_dim, lane, first_row, scores);
#pragma unroll
    for (uint32_t r = 0; r < rows_per_warp; ++r) {
      const uint32_t position = start + lane;
      const bool sees = position >= rows[r].first && position <= rows[r].last;
      const float masked = sees ? scores[r] : -INFINITY;
      const float highest = fmaxf(part[r].highest, warp_max(masked));
      if (highest == -INFINITY) continue;  // nothing to see up to here
      const float weight = sees ? expf(masked - highest) : 0.0F;
      const float keep = part[r].sum == 0 ? 0.0F : expf(part[r].highest - highest);
      part[r].highest = highest;
      part[r].sum = fmaf(part[r].sum, keep, warp_sum(weight));
#pragma unroll
      for (uint32_t c = 0; c < lane_dims; ++c) part[r].values[c] *= keep;
      for (uint32_t j = 0; j < block_positions; ++j) {
        const float weight_of_j = __shfl_sync(whole_warp, weight, static_cast<int>(j));
        if (weight_of_j == 0) continue;  // what is masked isn't looked at, whatever stands there
#pragma unroll
        for (uint32_t c = 0; c < lane_dims; ++c) {
          const uint32_t d = lane + 32 * c;
          if (d < p.head_dim) {
            part[r].values[c] =
                fmaf(weight_of_j, to_float(shared.values[static_cast<int>(j * Shared::stride + d)]), part[r].values[c]);
          }
        }
      }
    }
    if ((start + block_positions) % attention_partition == 0) {
#pragma unroll
      for (uint32_t r = 0; r < rows_per_warp; ++r) {
        if (in_parts) continue;
        merge(all[r], part[r]);
        part[r] = Running<lane_dims>();
      }
    }
  }

#pragma unroll
  for (uint32_t r = 0; r < rows_per_warp; ++r) {
    if (rows[r].first > rows[r].last) continue;
    const size_t query = static_cast<size_t>(rows[r].token) * p.n_heads + rows[r].head;
    if (in_parts) {
      const Global<float> out = p.partials + (query * p.n_partitions + blockIdx.z) * (p.head_dim + 2);
      if (lane == 0) {
        out[0] = part[r].highest;
        out[1] = part[r].sum;
      }
#pragma unroll
      for (uint32_t c = 0; c < lane_dims; ++c) {
        if (lane + 32 * c < p.head_dim) out[2 + lane + 32 * c] = part[r].values[c];
      }
      continue;
    }
    merge(all[r], part[r]);
#pragma unroll
    for (uint32_t c = 0; c < lane_dims; ++c) {
      if (lane + 32 * c < p.head_dim) p.attended[query * p.head_dim + lane + 32 * c] = all[r].values[c] / all[r].sum;
    }
  }
}

// One warp adds up the partitions of one query.
template <uint32_t lane_dims>
__global__ void __launch_bounds__(32)
    merge_kernel(Global<const float> partials, Global<const StepToken> tokens, Global<float> attended, uint32_t n_heads,
                 uint32_t head_dim, uint32_t chunk, uint32_t n_partitions) {
  const uint32_t lane = threadIdx.x;
  const size_t query = static_cast<size_t>(blockIdx.x) * n_heads + blockIdx.y;
  const uint32_t last = tokens[blockIdx.x].position;
  const uint32_t first = chunk == 0 ? 0 : last / chunk * chunk;
  Running<lane_dims> all;
  for (uint32_t partition = first / attention_partition; partition <= last / attention_partition; ++partition) {
    const Global<const float> in = partials + (query * n_partitions + partition) * (head_dim + 2);
    Running<lane_dims> part;
    part.highest = in[0];
    part.sum = in[1];
#pragma unroll
    for (uint32_t c = 0; c < lane_dims; ++c) {
      if (lane + 32 * c < head_dim) part.values[c] = in[2 + lane + 32 * c];
    }
    merge(all, part);
  }
#pragma unroll
  for (uint32_t c = 0; c < lane_dims; ++c) {
    if (lane + 32 * c < head_dim) attended[query * head_dim + lane + 32 * c] = all.values[c] / all.sum;
  }
}

template <class Element, uint32_t lane_dims>
void launch_dims(Runtime& runtime, const AttentionArguments& a, const AttentionParameters<Element>& p) {
  using Shared = AttentionShared<Element, lane_dims>;
  const uint32_t group = a.n_heads / a.layout.n_kv_heads;
  const uint32_t parts = (group + attention_tile_rows - 1) / attention_tile_rows;
  const bool in_parts = a.n_partitions > 1;
  const auto kernel = attention_kernel<Element, lane_dims>;
  allow_shared(kernel, sizeof(Shared));
  TIJORI_LAUNCH(kernel, dim3(a.n_tiles, a.layout.n_kv_heads * parts, in_parts ? a.n_partitions : 1), dim3(threads),
                sizeof(Shared), stream_of(runtime), p);
  runtime.check_launch("attention");
  if (!in_parts) return;
  TIJORI_LAUNCH(
      merge_kernel<lane_dims>, dim3(a.step.n_tokens, a.n_heads), dim3(32), 0, stream_of(runtime),
      Global<const float>(a.partials, size_t{a.step.n_tokens} * a.n_heads * a.n_partitions * (a.layout.head_dim + 2)),
      p.tokens, p.attended, a.n_heads, a.layout.head_dim, a.chunk, a.n_partitions);
  runtime.check_launch("attention merge");
}

template <class Element>
void launch_element(Runtime& runtime, const AttentionArguments& a) {
  const size_t n = a.step.n_tokens;
  const size_t row = size_t{a.n_heads} * a.layout.head_dim;
  AttentionParameters<Element> p;
  p.queries = Global<const float>(a.queries, n * row);
  p.attended = Global<float>(a.attended, n * row);
  if (a.n_partitions > 1) {
    p.partials = Global<float>(a.partials, n * a.n_heads * a.n_partitions * (a.layout.head_dim + 2));
  }
  p.tokens = Global<const StepToken>(a.step.tokens, n);
  p.tiles = Global<const AttentionTile>(a.tiles, a.n_tiles);
  p.cache = kv_view<const Element>(a.layout, a.cache, a.step);
  p.n_heads = a.n_heads;
  p.n_kv_heads = a.layout.n_kv_heads;
  p.head_dim = a.layout.head_dim;
  p.chunk = a.chunk;
  p.n_partitions = a.n_partitions;
  p.base_scale = 1.0 / sqrt(static_cast<double>(a.layout.head_dim));
  p.temperature_scale = a.temperature_scale;
  p.temperature_length = a.temperature_length;
  const uint32_t lane_dims = (a.layout.head_dim + 31) / 32;
  if (lane_dims <= 1) return launch_dims<Element, 1>(runtime, a, p);
  if (lane_dims <= 2) return launch_dims<Element, 2>(runtime, a, p);
  if (lane_dims <= 4) return launch_dims<Element, 4>(runtime, a, p);
  launch_dims<Element, most_lane_dims>(runtime, a, p);
}

}  // namespace

void launch_attention(Runtime& runtime, const AttentionArguments& a) {
  if (a.layout.element == KvElement::f16) return launch_element<half>(runtime, a);
  launch_element<float>(runtime, a);
}

}  // namespace tijori::cuda
