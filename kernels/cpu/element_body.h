// Quantisation of activations, norms, rotation and other element kernels, in terms of a simd_*.h. Included inside a
// region and namespace. Rows need no alignment, and no kernel reads or writes past `count`.

// Lanes 8 apart are added, then 4, 2, 1: one fixed tree.
TIJORI_INLINE float sum_lanes(F32x16 v) {
  const __m256 eight = _mm256_add_ps(low_half(v), high_half(v));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_shuffle_ps(four, four, 1)));
}
TIJORI_INLINE float max_lane(F32x16 v) {
  const __m256 eight = _mm256_max_ps(low_half(v), high_half(v));
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  four = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(four, _mm_shuffle_ps(four, four, 1)));
}

// e^x with relative error below 3e-7; 0 below -87.3, at most e^88.3; NaN stays NaN; exp(0) is 1.
// x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial in r (Taylor to r^7), then n added to the exponent.
TIJORI_INLINE F32x16 exp_f(F32x16 x) {
  const F32x16 lowest = set1(-87.3F);
  const F32x16 clamped = max_f(lowest, min_f(set1(88.3F), x));
  const F32x16 n = round_f(mul_f(clamped, set1(1.44269504F)));
  F32x16 r = fnma_f(n, set1(0.693145752F), clamped);  // the high bits of ln 2: n times it is exact
  r = fnma_f(n, set1(1.42860677e-6F), r);
  F32x16 p = set1(1.98412698e-4F);
  p = fma_f(p, r, set1(1.38888889e-3F));
  p = fma_f(p, r, set1(8.33333333e-3F));
  p = fma_f(p, r, set1(4.16666667e-2F));
  p = fma_f(p, r, set1(1.66666667e-1F));
  p = fma_f(p, r, set1(0.5F));
  p = fma_f(p, r, set1(1.0F));
  p = fma_f(p, r, set1(1.0F));
  const F32x16 power = float_of_bits(shift_left<23>(add_i(to_int(n), set1_i(127))));
  return zero_below(mul_f(p, power), x, lowest);
}

// The factor of a block's values on their way to integers of `levels`, and back. Below 1e-30 a block counts as zero
// (its inverse would overflow). Comparing magnitudes as integers lets NaN win, so that a block with NaN or infinity has
// a scale like it.
struct QuantiseScale {
  float inverse, scale;
};
TIJORI_INLINE QuantiseScale quantise_scale(I32x16 magnitudes, float levels) {
  const float largest = __builtin_bit_cast(float, max_lane(magnitudes));
  if (largest <= 1e-30F) return {0, 0};
  return {levels / largest, largest / levels};
}
TIJORI_INLINE I32x16 magnitude(F32x16 v) {
  return and_i(bits_of(v), set1_i(0x7FFFFFFF));
}

// Splits integers of activation_levels into 128 * high + low.
TIJORI_INLINE void store_split(I32x16 q, int8_t* high, int8_t* low) {
  const I32x16 upper = shift_right_signed<7>(add_i(q, set1_i(64)));
  store_i8(high, upper);
  store_i8(low, sub_i(q, shift_left<7>(upper)));
}

TIJORI_INLINE void quantise_block(F32x16 a, F32x16 b, size_t block, ActivationChunk& out) {
  const QuantiseScale s = quantise_scale(max_i(magnitude(a), magnitude(b)), static_cast<float>(activation_levels));
  const I32x16 qa = to_int(mul_f(a, set1(s.inverse))), qb = to_int(mul_f(b, set1(s.inverse)));
  store_split(qa, out.high + 32 * block, out.low + 32 * block);
  store_split(qb, out.high + 32 * block + 16, out.low + 32 * block + 16);
  // Only a NaN or infinite block could leave the levels; its sums must not overflow either.
  constexpr int32_t limit = 16 * activation_levels;
  int32_t sum_a = sum_lanes(qa), sum_b = sum_lanes(qb);
  if (sum_a > limit || sum_a < -limit) sum_a = 0;
  if (sum_b > limit || sum_b < -limit) sum_b = 0;
  const int32_t sum = sum_a + sum_b;
  const bool odd = block % 2 != 0;
  out.scale[block] = s.scale;
  out.scaled_sum[block] = s.scale * static_cast<float>(sum);
  out.start_q4[block] = (odd ? -128 : -8) * sum;
  out.start_q8[block] = -128 * sum;
  out.start_q6[2 * block] = (odd ? -32 : -128) * sum_a;
  out.start_q6[2 * block + 1] = (odd ? -32 : -128) * sum_b;
  out.start_wide[2 * block] = -128 * sum_a;
  out.start_wide[2 * block + 1] = -128 * sum_b;
}

void quantise(const float* x, size_t x_stride, size_t n, size_t cols, std::byte* out, size_t begin, size_t end) {
  auto* chunks = reinterpret_cast<ActivationChunk*>(out);
  for (size_t c = begin; c < end; ++c) {
    const float* row = x + c * x_stride;
    for (size_t k = 0; k < cols; k += chunk_values) {
      ActivationChunk& chunk = chunks[k / chunk_values * n + c];
      const size_t blocks = (cols - k) / 32 < 8 ? (cols - k) / 32 : 8;
      for (size_t b = 0; b < blocks; ++b) quantise_block(load(row + k + 32 * b), load(row + k + 32 * b + 16), b, chunk);
      for (size_t b = blocks; b < 8; ++b) quantise_block(zero_f(), zero_f(), b, chunk);
    }
  }
}

// Squares are summed in four accumulators of 16 lanes, by k / 16 mod 4.
TIJORI_INLINE float mean_square(const float* x, size_t cols) {
  F32x16 sums[4] = {zero_f(), zero_f(), zero_f(), zero_f()};
  size_t k = 0;
  for (; k + 64 <= cols; k += 64) TIJORI_UNROLL for (size_t i = 0; i < 4; ++i) {
      const F32x16 v = load(x + k + 16 * i);
      sums[i] = fma_f(v, v, sums[i]);
    }
  for (size_t i = 0; k < cols; k += 16, ++i) {
    const F32x16 v = load_partial(x + k, cols - k < 16 ? cols - k : 16);
    sums[i] = fma_f(v, v, sums[i]);
  }
  return sum_lanes(add_f(add_f(sums[0], sums[1]), add_f(sums[2], sums[3]))) / static_cast<float>(cols);
}

void rms_norm(const float* x, size_t x_stride, const float* weight, float eps, size_t n, size_t cols, float* out,
              size_t out_stride) {
  for (size_t row = 0; row < n; ++row, x += x_stride, out += out_stride) {
    const float root = _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(mean_square(x, cols) + eps)));
    const F32x16 factor = set1(1.0F / root);
    for (size_t k = 0; k < cols; k += 16) {
      const size_t count = cols - k < 16 ? cols - k : 16;
      F32x16 v = mul_f(load_partial(x + k, count), factor);
      if (weight != nullptr) v = mul_f(v, load_partial(weight + k, count));
      store_partial(out + k, v, count);
    }
  }
}

void rope(float* x, size_t n_heads, size_t head_dim, const float* cos_sin) {
  for (size_t head = 0; head < n_heads; ++head, x += head_dim)
    for (size_t d = 0; d < head_dim; d += 16) {
      const size_t count = head_dim - d < 16 ? head_dim - d : 16;
      const F32x16 v = load_partial(x + d, count), angle = load_partial(cos_sin + d, count);
      // Even lanes: a cos - (b sin); odd lanes: b cos + (a sin).
      store_partial(x + d, fma_add_sub(v, even_lanes(angle), mul_f(swap_pairs(v), odd_lanes(angle))), count);
    }
}

void swiglu(const float* gate, const float* up, size_t count, float* out) {
  for (size_t i = 0; i < count; i += 16) {
    const size_t part = count - i < 16 ? count - i : 16;
    const F32x16 g = load_partial(gate + i, part), u = load_partial(up + i, part);
    const F32x16 silu = div_f(g, add_f(set1(1.0F), exp_f(sub_f(zero_f(), g))));
    store_partial(out + i, mul_f(silu, u), part);
  }
}

void add(float* x, const float* y, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    const size_t part = count - i < 16 ? count - i : 16;
    store_partial(x + i, add_f(load_partial(x + i, part), load_partial(y + i, part)), part);
  }
}

void scaled_add(float* x, const float* y, float factor, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    const size_t part = count - i < 16 ? count - i : 16;
    const F32x16 product = mul_f(set1(factor), load_partial(y + i, part));
    store_partial(x + i, add_f(load_partial(x + i, part), product), part);
  }
}

void scale(const float* x, float factor, size_t count, float* out) {
  for (size_t i = 0; i < count; i += 16) {
    const size_t part = count - i < 16 ? count - i : 16;
    store_partial(out + i, mul_f(set1(factor), load_partial(x + i, part)), part);
  }
}
