// Queries and keys rotated and normalised, keys and values into the cache.
#include "kernels/cuda/kv_cache.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr uint32_t warps = 4;  // a head each
constexpr int threads = 32 * warps;

template <class Element>
struct Rotate {
  Global<float> queries;
  Global<float> keys;
  Global<const float> values;
  Global<const float> cos_sin;
  Global<const StepToken> tokens;
  KvCacheView<Element> cache;
  bool norms;
  float epsilon;
  uint32_t n_heads;
  uint32_t n_kv_heads;
  uint32_t head_dim;
};

// (a, b) -> (a cos - b sin, a sin + b cos) of each adjacent pair, then over the root of the head's mean square.
template <class Element>
__device__ __forceinline__ void rotate_head(const Rotate<Element>& p, Global<float> head, uint32_t token,
                                            uint32_t lane) {
  const uint32_t pairs = p.head_dim / 2;
  float squares = 0;
  for (uint32_t pair = lane; pair < pairs; pair += 32) {
    float a = head[2 * pair];
    float b = head[2 * pair + 1];
    if (p.cos_sin) {
      const size_t at = (static_cast<size_t>(token) * pairs + pair) * 2;
      const float cosine = p.cos_sin[at];
      const float sine = p.cos_sin[at + 1];
      const float turned = fmaf(a, cosine, -(b * sine));
      b = fmaf(a, sine, b * cosine);
      a = turned;
      head[2 * pair] = a;
      head[2 * pair + 1] = b;
    }
    squares = fmaf(a, a, fmaf(b, b, squares));
  }
  if (!p.norms) return;
  const float factor = 1.0F / sqrtf(warp_sum(squares) / static_cast<float>(p.head_dim) + p.epsilon);
  for (uint32_t pair = lane; pair < pairs; pair += 32) {
    head[2 * pair] *= factor;
    head[2 * pair + 1] *= factor;
  }
}

template <class Element>
__global__ void __launch_bounds__(threads) rotate_kernel(Rotate<Element> p) {
  const uint32_t token = blockIdx.x;
  const uint32_t head = blockIdx.y * warps + threadIdx.x / 32;
  const uint32_t lane = threadIdx.x % 32;
  if (head < p.n_heads) {
    rotate_head(p, p.queries + (static_cast<size_t>(token) * p.n_heads + head) * p.head_dim, token, lane);
    return;
  }
  const uint32_t kv_head = head - p.n_heads;
  if (kv_head >= p.n_kv_heads) return;
  const size_t row = (static_cast<size_t>(token) * p.n_kv_heads + kv_head) * p.head_dim;
  const Global<float> key = p.keys + row;
  rotate_head(p, key, token, lane);
  __syncwarp();
  const StepToken at = p.tokens[token];
  const Global<Element> keys =
      p.cache.keys(at.block_table, at.position, kv_head) + at.position % block_positions * p.cache.padded_head_dim;
  const Global<Element> values = keys + p.cache.values_offset();
  for (uint32_t d = lane; d < p.cache.padded_head_dim; d += 32) {
    from_float(keys[d], d < p.head_dim ? key[d] : 0.0F);
    from_float(values[d], d < p.head_dim ? p.values[row + d] : 0.0F);
  }
}

template <class Element>
void launch_element(Runtime& runtime, const RotateArguments& a) {
  const size_t n = a.step.n_tokens;
  const size_t head_dim = a.layout.head_dim;
  Rotate<Element> p;
  p.queries = Global<float>(a.queries, n * a.n_heads * head_dim);
  p.keys = Global<float>(a.keys, n * a.layout.n_kv_heads * head_dim);
  p.values = Global<const float>(a.values, n * a.layout.n_kv_heads * head_dim);
  if (a.cos_sin != 0) p.cos_sin = Global<const float>(a.cos_sin, n * head_dim);
  p.tokens = Global<const StepToken>(a.step.tokens, n);
  p.cache = kv_view<Element>(a.layout, a.cache, a.step);
  p.norms = a.norms;
  p.epsilon = a.epsilon;
  p.n_heads = a.n_heads;
  p.n_kv_heads = a.layout.n_kv_heads;
  p.head_dim = a.layout.head_dim;
  const uint32_t heads = a.n_heads + a.layout.n_kv_heads;
  TIJORI_LAUNCH(rotate_kernel<Element>, dim3(a.step.n_tokens, (heads + warps - 1) / warps), dim3(threads), 0,
                stream_of(runtime), p);
  runtime.check_launch("rotate");
}

}  // namespace

void launch_rotate(Runtime& runtime, const RotateArguments& a) {
  if (a.layout.element == KvElement::f16) return launch_element<half>(runtime, a);
  launch_element<float>(runtime, a);
}

}  // namespace tijori::cuda
