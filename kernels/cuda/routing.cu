// The router's choice, and the rows sorted by expert. Both are small: a warp a token, then one block.
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr int route_threads = 128;
constexpr uint32_t lane_words = most_experts / 32;  // experts that a lane looks after

// --- the choice -----------------------------------------------------------------------------------------------------

// Whether one logit stands before another: the larger, among equals the lower index; NaN stands last.
__device__ __forceinline__ bool stands_before(float a, uint32_t index_a, float b, uint32_t index_b) {
  const bool nan_a = isnan(a);
  const bool nan_b = isnan(b);
  if (nan_a != nan_b) return nan_b;
  if (!nan_a && a != b) return a > b;
  return index_a < index_b;
}

__global__ void __launch_bounds__(route_threads)
    choose_kernel(Global<const float> logits, uint32_t n, uint32_t n_experts, uint32_t experts_per_token,
                  Global<uint32_t> choices, Global<float> scores) {
  const uint32_t token = (blockIdx.x * route_threads + threadIdx.x) / 32;
  const uint32_t lane = threadIdx.x % 32;
  if (token >= n) return;
  const Global<const float> row = logits + static_cast<size_t>(token) * n_experts;
  uint32_t taken = 0;  // bit w: expert lane + 32 w
  for (uint32_t chosen = 0; chosen < experts_per_token; ++chosen) {
    float best = 0;
    uint32_t best_expert = UINT32_MAX;
    for (uint32_t w = 0; w < lane_words && lane + 32 * w < n_experts; ++w) {
      const uint32_t expert = lane + 32 * w;
      if ((taken >> w & 1U) != 0) continue;
      if (best_expert == UINT32_MAX || stands_before(row[expert], expert, best, best_expert)) {
        best = row[expert];
        best_expert = expert;
      }
    }
    for (int distance = 16; distance > 0; distance /= 2) {
      const float other = __shfl_xor_sync(whole_warp, best, distance);
      const uint32_t other_expert = __shfl_xor_sync(whole_warp, best_expert, distance);
      if (other_expert == UINT32_MAX) continue;
      if (best_expert == UINT32_MAX || stands_before(other, other_expert, best, best_expert)) {
        best = other;
        best_expert = other_expert;
      }
    }
    if (best_expert % 32 == lane) taken |= 1U << (best_expert / 32);
  }
  // In ascending order: how many are taken before one is its place.
  uint32_t place = 0;
  for (uint32_t w = 0; w * 32 < n_experts; ++w) {
    const bool mine = (taken >> w & 1U) != 0;
    const uint32_t here = __ballot_sync(whole_warp, mine);
    if (mine) {
      const size_t at = static_cast<size_t>(token) * experts_per_token + place +
                        static_cast<uint32_t>(__popc(here & ((1U << lane) - 1)));
      choices[at] = lane + 32 * w;
      scores[at] = 1.0F / (1.0F + expf(-row[lane + 32 * w]));
    }
    place += static_cast<uint32_t>(__popc(here));
  }
}

// --- the order ------------------------------------------------------------------------------------------------------

constexpr int sort_threads = 512;
constexpr uint32_t sort_warps = sort_threads / 32;

struct SortShared {
  Array<uint32_t, most_experts> counts;
  Array<uint32_t, most_experts> first_rows;
};

struct Sort {
  Global<const uint32_t> choices;
  Global<const float> scores;
  uint32_t n_rows;  // n * experts_per_token
  uint32_t experts_per_token;
  uint32_t n_experts;
  uint32_t tile_width;
  Global<uint32_t> row_of_choice;
  Global<uint32_t> token_of_row;
  Global<float> score_of_row;
  Global<ExpertTile> tiles;
  Global<uint32_t> tile_count;
};

// Each warp finds the rows of every 16th expert, in order of token.
template <class Found>
__device__ __forceinline__ uint32_t for_each_of_expert(const Sort& p, uint32_t expert, uint32_t lane, Found found) {
  uint32_t count = 0;
  for (uint32_t begin = 0; begin < p.n_rows; begin += 32) {
    const uint32_t choice = begin + lane;
    const bool mine = choice < p.n_rows && p.choices[choice] == expert;
    const uint32_t here = __ballot_sync(whole_warp, mine);
    if (mine) found(choice, count + static_cast<uint32_t>(__popc(here & ((1U << lane) - 1))));
    count += static_cast<uint32_t>(__popc(here));
  }
  return count;
}

__global__ void __launch_bounds__(sort_threads) sort_kernel(Sort p) {
  SortShared& shared = shared_memory<SortShared>();
  const uint32_t lane = threadIdx.x % 32;
  for (uint32_t expert = threadIdx.x / 32; expert < p.n_experts; expert += sort_warps) {
    const uint32_t count = for_each_of_expert(p, expert, lane, [](uint32_t, uint32_t) {});
    if (lane == 0) shared.counts[static_cast<int>(expert)] = count;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    uint32_t row = 0;
    uint32_t n_tiles = 0;
    for (uint32_t expert = 0; expert < p.n_experts; ++expert) {
      const uint32_t count = shared.counts[static_cast<int>(expert)];
      shared.first_rows[static_cast<int>(expert)] = row;
      for (uint32_t done = 0; done < count; done += p.tile_width) {
        p.tiles[n_tiles++] = {expert, row + done, min(p.tile_width, count - done)};
      }
      row += count;
    }
    p.tile_count[0] = n_tiles;
  }
  __syncthreads();
  for (uint32_t expert = threadIdx.x / 32; expert < p.n_experts; expert += sort_warps) {
    const uint32_t first = shared.first_rows[static_cast<int>(expert)];
    for_each_of_expert(p, expert, lane, [&](uint32_t choice, uint32_t place) {
      const uint32_t row = first + place;
      p.row_of_choice[choice] = row;
      p.token_of_row[row] = choice / p.experts_per_token;
      p.score_of_row[row] = p.scores[choice];
    });
  }
}

}  // namespace

void launch_route(Runtime& runtime, const RouteArguments& a) {
  const uint32_t n_rows = a.n * a.experts_per_token;
  constexpr uint32_t tokens_per_block = route_threads / 32;
  TIJORI_LAUNCH(choose_kernel, dim3((a.n + tokens_per_block - 1) / tokens_per_block), dim3(route_threads), 0,
                stream_of(runtime), Global<const float>(a.logits, size_t{a.n} * a.n_experts), a.n, a.n_experts,
                a.experts_per_token, Global<uint32_t>(a.choices, n_rows), Global<float>(a.scores, n_rows));
  runtime.check_launch("choose");
  Sort p;
  p.choices = Global<const uint32_t>(a.choices, n_rows);
  p.scores = Global<const float>(a.scores, n_rows);
  p.n_rows = n_rows;
  p.experts_per_token = a.experts_per_token;
  p.n_experts = a.n_experts;
  p.tile_width = a.tile_width;
  p.row_of_choice = Global<uint32_t>(a.row_of_choice, n_rows);
  p.token_of_row = Global<uint32_t>(a.token_of_row, n_rows);
  p.score_of_row = Global<float>(a.score_of_row, n_rows);
  p.tiles = Global<ExpertTile>(a.tiles, most_expert_tiles(n_rows, a.n_experts, a.tile_width));
  p.tile_count = Global<uint32_t>(a.tile_count, 1);
  TIJORI_LAUNCH(sort_kernel, dim3(1), dim3(sort_threads), sizeof(SortShared), stream_of(runtime), p);
  runtime.check_launch("sort");
}

}  // namespace tijori::cuda
