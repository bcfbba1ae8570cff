// Products of F32 weights with rows of floats: routers, and small models that keep every bit. A warp has one row of the
// matrix, its lanes every 32nd column, and up to eight rows of activations at a time.
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr uint32_t warps = 8;
constexpr int threads = 32 * warps;
constexpr uint32_t width = narrow_tile;

struct ProductF32 {
  Global<const float> weights;
  uint32_t rows;
  uint32_t columns;
  Global<const float> activations;
  uint32_t n;
  Global<float> out;
  bool adds;
  Global<const ExpertTile> tiles;
  Global<const uint32_t> tile_count;
};

__global__ void __launch_bounds__(threads) product_f32_kernel(ProductF32 p) {
  ExpertTile tile{0, blockIdx.y * width, 0};
  if (p.tiles) {
    if (blockIdx.y >= p.tile_count[0]) return;
    tile = p.tiles[blockIdx.y];
  } else {
    tile.n_rows = min(width, p.n - tile.first_row);
  }
  const uint32_t row = blockIdx.x * warps + threadIdx.x / 32;
  if (row >= p.rows) return;
  const uint32_t lane = threadIdx.x % 32;
  const Global<const float> weights = p.weights + (static_cast<size_t>(tile.expert) * p.rows + row) * p.columns;
  // A tile of experts may be wider than what a warp holds.
  for (uint32_t first = 0; first < tile.n_rows; first += width) {
    const uint32_t here = min(width, tile.n_rows - first);
    const Global<const float> x = p.activations + static_cast<size_t>(tile.first_row + first) * p.columns;
    float sums[width] = {};
    for (uint32_t column = lane; column < p.columns; column += 32) {
      const float weight = weights[column];
      for (uint32_t i = 0; i < width; ++i) {
        if (i < here) sums[i] = fmaf(weight, x[static_cast<size_t>(i) * p.columns + column], sums[i]);
      }
    }
    for (uint32_t i = 0; i < width; ++i) {
      if (i >= here) break;  // all lanes alike
      const float sum = warp_sum(sums[i]);
      if (lane != 0) continue;
      float& to = p.out[static_cast<size_t>(tile.first_row + first + i) * p.rows + row];
      to = p.adds ? to + sum : sum;
    }
  }
}

}  // namespace

void launch_product_f32(Runtime& runtime, const ProductArguments& a) {
  const size_t columns = a.matrix.columns;
  ProductF32 p;
  p.weights = Global<const float>(a.matrix.at, size_t{a.matrix.matrices} * a.matrix.rows * columns);
  p.rows = a.matrix.rows;
  p.columns = a.matrix.columns;
  p.activations = Global<const float>(a.rows.floats, a.n * columns);
  p.n = a.n;
  p.out = Global<float>(a.out, size_t{a.n} * a.matrix.rows);
  p.adds = a.adds;
  if (a.tiles != 0) {
    p.tiles = Global<const ExpertTile>(a.tiles, a.most_tiles);
    p.tile_count = Global<const uint32_t>(a.tile_count, 1);
  }
  const uint32_t tiles = a.tiles != 0 ? a.most_tiles : (a.n + width - 1) / width;
  TIJORI_LAUNCH(product_f32_kernel, dim3((a.matrix.rows + warps - 1) / warps, tiles), dim3(threads), 0,
                stream_of(runtime), p);
  runtime.check_launch("f32 product");
}

}  // namespace tijori::cuda
