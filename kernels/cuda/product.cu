// Products of packed weights with rows of halves, on tensor cores. Two kernels with the same bits: `narrow` for up to
// eight rows, where eight warps take a segment of the columns each (packed_tile.h) and the weights are read once at the
// memory's pace, and `wide` for many, where a decoded fragment serves 64 rows.
#include "kernels/cuda/fragments.cuh"
#include "kernels/cuda/launchers.h"

namespace tijori::cuda {
namespace {

struct Product {
  Global<const uint8_t> weights;
  uint64_t matrix_bytes;  // from one matrix to the next
  uint64_t tile_stride;   // from one tile of rows to the next
  uint32_t rows;          // of a matrix
  uint32_t columns;
  Global<const half> halves;
  Global<const float> scales;
  uint32_t n;
  Global<float> out;
  bool adds;
  Global<const ExpertTile> tiles;
  Global<const uint32_t> tile_count;
};

// The rows that a block computes, and with which matrix; n_rows 0: none.
template <uint32_t width>
__device__ __forceinline__ ExpertTile tile_of_block(const Product& p, uint32_t index) {
  if (!p.tiles) {
    const uint32_t first = index * width;
    return {0, first, min(width, p.n - first)};
  }
  if (index >= p.tile_count[0]) return {0, 0, 0};
  return p.tiles[index];
}

__device__ __forceinline__ void store(const Product& p, uint32_t activation, uint32_t row, float product) {
  if (row >= p.rows) return;
  const float value = product * p.scales[activation];
  float& to = p.out[static_cast<size_t>(activation) * p.rows + row];
  to = p.adds ? to + value : value;
}

// Chunks that a product goes through: all of the columns, with F16 weights once more for what rounding the activations
// left.
template <DType type>
__device__ __forceinline__ uint32_t passes_of() {
  return type == DType::f16 ? 2 : 1;
}

__device__ __forceinline__ void multiply_chunk(float (&sum)[4], const Fragments& a, uint4 b) {
  const uint32_t first[2] = {b.x, b.y};
  const uint32_t second[2] = {b.z, b.w};
  mma_m16n8k16(sum, a.a[0], first);
  mma_m16n8k16(sum, a.a[1], second);
}

// --- up to eight rows -----------------------------------------------------------------------------------------------

constexpr int narrow_threads = 32 * product_segments;

struct NarrowShared {
  Array<Array<float, tile_rows * narrow_tile>, product_segments> sums;
};

template <DType type>
__global__ void __launch_bounds__(narrow_threads) narrow_kernel(Product p) {
  NarrowShared& shared = shared_memory<NarrowShared>();
  const ExpertTile tile = tile_of_block<narrow_tile>(p, blockIdx.y);
  if (tile.n_rows == 0) return;
  const uint32_t lane = threadIdx.x % 32;
  const uint32_t segment = threadIdx.x / 32;
  const uint32_t chunks = chunks_of(p.columns);
  const uint32_t all_chunks = passes_of<type>() * chunks;
  const uint32_t per_segment = segment_chunks(all_chunks);
  const uint32_t begin = min(segment * per_segment, all_chunks);
  const uint32_t end = min(begin + per_segment, all_chunks);
  const Global<const uint8_t> weights = p.weights + tile.expert * p.matrix_bytes + blockIdx.x * p.tile_stride;
  const uint32_t group = lane / 4;
  const bool has_row = group < tile.n_rows;
  const Global<const uint4> row =
      (p.halves + static_cast<size_t>(tile.first_row + (has_row ? group : 0)) * row_halves(p.columns))
          .as<const uint4>();

  float sum[4] = {0, 0, 0, 0};
#pragma unroll 2
  for (uint32_t chunk = begin; chunk < end; ++chunk) {
    Fragments a;
    ChunkReader<type>::read(weights, chunk < chunks ? chunk : chunk - chunks, lane, a);
    const uint4 b = has_row ? row[chunk * 4 + lane % 4] : make_uint4(0, 0, 0, 0);
    multiply_chunk(sum, a, b);
  }
  Array<float, tile_rows * narrow_tile>& mine = shared.sums[static_cast<int>(segment)];
  for (uint32_t i = 0; i < 4; ++i) {
    mine[static_cast<int>((lane % 4 * 2 + i % 2) * tile_rows + group + i / 2 * 8)] = sum[i];
  }
  __syncthreads();
  const uint32_t activation = threadIdx.x / tile_rows;
  if (activation >= tile.n_rows) return;
  float total = 0;
  for (int s = 0; s < static_cast<int>(product_segments); ++s) total += shared.sums[s][static_cast<int>(threadIdx.x)];
  store(p, tile.first_row + activation, blockIdx.x * tile_rows + threadIdx.x % tile_rows, total);
}

// --- many rows ------------------------------------------------------------------------------------------------------

constexpr uint32_t wide_warps = 4;  // each has 16 rows of weights
constexpr int wide_threads = 32 * wide_warps;
constexpr uint32_t wide_groups = wide_tile / 8;
constexpr uint32_t stage_chunks = 4;
constexpr uint32_t stages = 2;
// In pieces of 16 bytes: a chunk of a row is 4, and the rest of a row keeps eight lanes' reads on different banks.
constexpr uint32_t stage_row_pieces = stage_chunks * 4 + 4;

struct alignas(16) WideShared {
  Array<Array<uint4, wide_tile * stage_row_pieces>, stages> rows;
};

// Begins to copy chunks [first, first + stage_chunks) of the tile's rows, of which there are `chunks`.
__device__ __forceinline__ void stage(const Product& p, const ExpertTile& tile, uint32_t first, uint32_t chunks,
                                      Array<uint4, wide_tile * stage_row_pieces>& to) {
  const uint32_t row_pieces = row_halves(p.columns) / 8;
  for (uint32_t i = threadIdx.x; i < wide_tile * stage_chunks * 4; i += wide_threads) {
    const uint32_t row = i / (stage_chunks * 4);
    const uint32_t piece = i % (stage_chunks * 4);
    uint4* const place = &to[static_cast<int>(row * stage_row_pieces + piece)];
    if (row < tile.n_rows && first + piece / 4 < chunks) {
      const size_t at = static_cast<size_t>(tile.first_row + row) * row_pieces + first * 4 + piece;
      copy_async_16(place, p.halves.as<const uint4>() + at);
    } else {
      *place = make_uint4(0, 0, 0, 0);
    }
  }
  copy_async_commit();
}

template <DType type>
__global__ void __launch_bounds__(wide_threads) wide_kernel(Product p) {
  WideShared& shared = shared_memory<WideShared>();
  const ExpertTile tile = tile_of_block<wide_tile>(p, blockIdx.y);
  if (tile.n_rows == 0) return;
  const uint32_t lane = threadIdx.x % 32;
  const uint32_t row_tile = blockIdx.x * wide_warps + threadIdx.x / 32;
  const bool has_weights = row_tile * tile_rows < p.rows;
  const uint32_t chunks = chunks_of(p.columns);
  const uint32_t all_chunks = passes_of<type>() * chunks;
  const uint32_t per_segment = segment_chunks(all_chunks);
  const Global<const uint8_t> weights =
      p.weights + tile.expert * p.matrix_bytes + (has_weights ? row_tile : 0) * p.tile_stride;

  float total[wide_groups][4] = {};
  float sum[wide_groups][4] = {};
  uint32_t segment_end = per_segment;
  const auto end_segment = [&] {
    for (uint32_t g = 0; g < wide_groups; ++g) {
      for (uint32_t i = 0; i < 4; ++i) {
        total[g][i] += sum[g][i];
        sum[g][i] = 0;
      }
    }
    segment_end += per_segment;
  };

  stage(p, tile, 0, all_chunks, shared.rows[0]);
  for (uint32_t first = 0; first < all_chunks; first += stage_chunks) {
    const uint32_t number = first / stage_chunks % stages;
    if (first + stage_chunks < all_chunks) {
      stage(p, tile, first + stage_chunks, all_chunks, shared.rows[static_cast<int>((number + 1) % stages)]);
      copy_async_wait<1>();
    } else {
      copy_async_wait<0>();
    }
    __syncthreads();
    const Array<uint4, wide_tile * stage_row_pieces>& staged = shared.rows[static_cast<int>(number)];
    const uint32_t last = min(first + stage_chunks, all_chunks);
    for (uint32_t chunk = first; has_weights && chunk < last; ++chunk) {
      if (chunk == segment_end) end_segment();
      Fragments a;
      ChunkReader<type>::read(weights, chunk < chunks ? chunk : chunk - chunks, lane, a);
      for (uint32_t g = 0; g < wide_groups; ++g) {
        const uint32_t at = (g * 8 + lane / 4) * stage_row_pieces + (chunk - first) * 4 + lane % 4;
        multiply_chunk(sum[g], a, staged[static_cast<int>(at)]);
      }
    }
    __syncthreads();  // before the next stage but one takes this one's place
  }
  if (!has_weights) return;
  end_segment();
  for (uint32_t g = 0; g < wide_groups; ++g) {
    for (uint32_t i = 0; i < 4; ++i) {
      const uint32_t activation = g * 8 + lane % 4 * 2 + i % 2;
      if (activation >= tile.n_rows) continue;
      store(p, tile.first_row + activation, row_tile * tile_rows + lane / 4 + i / 2 * 8, total[g][i]);
    }
  }
}

template <DType type>
void launch_type(Runtime& runtime, const ProductArguments& a, const Product& p, bool wide) {
  const uint32_t row_tiles = (a.matrix.rows + tile_rows - 1) / tile_rows;
  const uint32_t width = wide ? wide_tile : narrow_tile;
  const uint32_t tiles = a.tiles != 0 ? a.most_tiles : (a.n + width - 1) / width;
  if (wide) {
    TIJORI_LAUNCH(wide_kernel<type>, dim3((row_tiles + wide_warps - 1) / wide_warps, tiles), dim3(wide_threads),
                  sizeof(WideShared), stream_of(runtime), p);
  } else {
    TIJORI_LAUNCH(narrow_kernel<type>, dim3(row_tiles, tiles), dim3(narrow_threads), sizeof(NarrowShared),
                  stream_of(runtime), p);
  }
  runtime.check_launch(wide ? "wide product" : "narrow product");
}

}  // namespace

void launch_product(Runtime& runtime, const ProductArguments& a) {
  if (a.n == 0) return;
  if (a.matrix.type == DType::f32) {
    launch_product_f32(runtime, a);
    return;
  }
  const bool wide = a.tiles != 0 ? a.tile_width == wide_tile : a.n > narrow_tile;
  Product p;
  p.weights = Global<const uint8_t>(a.matrix.at, a.matrix.stride_bytes * a.matrix.matrices);
  p.matrix_bytes = a.matrix.stride_bytes;
  p.tile_stride = tile_bytes(a.matrix.type, a.matrix.columns);
  p.rows = a.matrix.rows;
  p.columns = a.matrix.columns;
  p.halves = Global<const half>(a.rows.halves, size_t{a.n} * row_halves(a.matrix.columns));
  p.scales = Global<const float>(a.rows.scales, a.n);
  p.n = a.n;
  p.out = Global<float>(a.out, size_t{a.n} * a.matrix.rows);
  p.adds = a.adds;
  if (a.tiles != 0) {
    p.tiles = Global<const ExpertTile>(a.tiles, a.most_tiles);
    p.tile_count = Global<const uint32_t>(a.tile_count, 1);
  }
  switch (a.matrix.type) {
    case DType::q8_0:
      return launch_type<DType::q8_0>(runtime, a, p, wide);
    case DType::q4_0:
      return launch_type<DType::q4_0>(runtime, a, p, wide);
    case DType::q4_k:
      return launch_type<DType::q4_k>(runtime, a, p, wide);
    case DType::q6_k:
      return launch_type<DType::q6_k>(runtime, a, p, wide);
    default:
      return launch_type<DType::f16>(runtime, a, p, wide);
  }
}

}  // namespace tijori::cuda
