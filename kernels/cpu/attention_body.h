// The KV cache and attention, in terms of a simd_*.h. Included inside a region and namespace.
//
// Order, the contract behind equal bits: blocks of 32 positions ascending, aligned to multiples of 32, with a running
// softmax. Per block: score = (sum over even d) + (sum over odd d), each by fma with d ascending, of the scaled query;
// the largest score so far; 16 sums (position mod 16) = sum * rescale + (weight + weight of the position 16 further
// on), added up as a tree at the end; out[d] = out[d] * rescale, then fma(weight, v[d]) with positions ascending over
// the visible ones only. Rows of other queries never enter.

constexpr size_t max_tile_rows = 12;  // (query, head) rows sharing a KV head that walk the cache together

template <KvType Type>
struct KvElements;
template <>
struct KvElements<KvType::f32> {
  static constexpr size_t bytes = 4;
  static TIJORI_INLINE F32x16 get(const std::byte* p) { return load(reinterpret_cast<const float*>(p)); }
};
template <>
struct KvElements<KvType::f16> {
  static constexpr size_t bytes = 2;
  static TIJORI_INLINE F32x16 get(const std::byte* p) { return load_half(p); }
};
template <>
struct KvElements<KvType::q8> {
  static constexpr size_t bytes = 1;
  static TIJORI_INLINE F32x16 get(const std::byte* p) { return to_float(load_i8(p)); }
};

// Rows of one KV head: queries of one sequence times the query heads that share it, query-major.
struct AttentionTile {
  size_t rows;
  size_t head_dim;
  size_t padded;
  alignas(64) float q[max_tile_rows][max_head_dim];    // scaled
  alignas(64) float out[max_tile_rows][max_head_dim];  // [row][padded head_dim]
  alignas(64) float weights[max_tile_rows][kv_block_positions];
  alignas(64) float sum[max_tile_rows][16];
  float largest[max_tile_rows];
  float rescale[max_tile_rows];
};

// weights[row][position] = q . k for N rows.
template <KvType Type, size_t N>
TIJORI_INLINE void score_rows(AttentionTile& t, size_t row, const std::byte* k) {
  using E = KvElements<Type>;
  F32x16 acc[2][N][2];  // [d mod 2][row][half of the positions]
  TIJORI_UNROLL for (size_t n = 0; n < N; ++n) TIJORI_UNROLL for (size_t h = 0; h < 2; ++h) acc[0][n][h] =
      acc[1][n][h] = zero_f();
  const float* q = t.q[row];
  for (size_t d = 0; d < t.head_dim; d += 2)  // head_dim is even
    TIJORI_UNROLL for (size_t i = 0; i < 2; ++i) {
      const std::byte* at = k + (d + i) * kv_block_positions * E::bytes;
      const F32x16 k0 = E::get(at), k1 = E::get(at + 16 * E::bytes);
      TIJORI_UNROLL for (size_t n = 0; n < N; ++n) {
        const F32x16 x = set1(q[n * max_head_dim + d + i]);
        acc[i][n][0] = fma_f(k0, x, acc[i][n][0]);
        acc[i][n][1] = fma_f(k1, x, acc[i][n][1]);
      }
    }
  TIJORI_UNROLL for (size_t n = 0; n < N; ++n) TIJORI_UNROLL for (size_t h = 0; h < 2; ++h)
      store(t.weights[row + n] + 16 * h, add_f(acc[0][n][h], acc[1][n][h]));
}

// out[row][d ...] = out * rescale + sum over positions [begin, end) of weight * v, D vectors of d and N rows at once.
template <KvType Type, size_t N, size_t D>
TIJORI_INLINE void add_values(AttentionTile& t, size_t row, const std::byte* v, size_t d, size_t begin, size_t end) {
  using E = KvElements<Type>;
  F32x16 acc[N][D];
  TIJORI_UNROLL for (size_t n = 0; n < N; ++n) TIJORI_UNROLL for (size_t i = 0; i < D; ++i) acc[n][i] =
      mul_f(load(t.out[row + n] + d + 16 * i), set1(t.rescale[row + n]));
  for (size_t p = begin; p < end; ++p) {
    const std::byte* at = v + (p * t.padded + d) * E::bytes;
    F32x16 value[D];
    TIJORI_UNROLL for (size_t i = 0; i < D; ++i) value[i] = E::get(at + 16 * i * E::bytes);
    TIJORI_UNROLL for (size_t n = 0; n < N; ++n) {
      const F32x16 weight = set1(t.weights[row + n][p]);
      TIJORI_UNROLL for (size_t i = 0; i < D; ++i) acc[n][i] = fma_f(weight, value[i], acc[n][i]);
    }
  }
  TIJORI_UNROLL for (size_t n = 0; n < N; ++n) TIJORI_UNROLL for (size_t i = 0; i < D; ++i)
      store(t.out[row + n] + d + 16 * i, acc[n][i]);
}

template <KvType Type, size_t N>
TIJORI_INLINE void value_rows(AttentionTile& t, size_t row, const std::byte* v, size_t begin, size_t end) {
  size_t d = 0;
  for (; d + 64 <= t.padded; d += 64) add_values<Type, N, 4>(t, row, v, d, begin, end);
  for (; d < t.padded; d += 16) add_values<Type, N, 1>(t, row, v, d, begin, end);
}

// Rows [begin, end) in steps of attention_rows.
template <KvType Type>
__attribute__((noinline)) void score(AttentionTile& t, const std::byte* k) {
  size_t row = 0;
  if constexpr (attention_rows > 1) {
    for (; row + 4 <= t.rows; row += 4) score_rows<Type, 4>(t, row, k);
    if (t.rows - row == 3) return score_rows<Type, 3>(t, row, k);
    if (t.rows - row == 2) return score_rows<Type, 2>(t, row, k);
  }
  for (; row < t.rows; ++row) score_rows<Type, 1>(t, row, k);
}

template <KvType Type>
__attribute__((noinline)) void add_rows(AttentionTile& t, size_t row, size_t row_end, const std::byte* v, size_t begin,
                                        size_t end) {
  if constexpr (attention_rows > 1) {
    for (; row + 4 <= row_end; row += 4) value_rows<Type, 4>(t, row, v, begin, end);
    if (row_end - row == 3) return value_rows<Type, 3>(t, row, v, begin, end);
    if (row_end - row == 2) return value_rows<Type, 2>(t, row, v, begin, end);
  }
  for (; row < row_end; ++row) value_rows<Type, 1>(t, row, v, begin, end);
}

// Turns a row's scores of a block into weights; positions outside [begin, end) get none.
template <KvType Type>
TIJORI_INLINE void soften(AttentionTile& t, size_t row, size_t begin, size_t end, const float* k_scales,
                          const float* v_scales) {
  float* weights = t.weights[row];
  const uint32_t visible = static_cast<uint32_t>((1ULL << end) - (1ULL << begin));
  const F32x16 nothing = set1(-__builtin_inff());
  F32x16 s[2];
  TIJORI_UNROLL for (size_t h = 0; h < 2; ++h) {
    s[h] = load(weights + 16 * h);
    if constexpr (Type == KvType::q8) s[h] = mul_f(s[h], load(k_scales + 16 * h));
    s[h] = keep_lanes(s[h], (visible >> 16 * h) & 0xFFFFU, nothing);
  }
  const float block_largest = max_lane(max_f(s[0], s[1]));
  const float largest = block_largest > t.largest[row] ? block_largest : t.largest[row];
  const F32x16 shift = set1(largest);
  TIJORI_UNROLL for (size_t h = 0; h < 2; ++h) s[h] = exp_f(sub_f(s[h], shift));
  t.rescale[row] = 1;  // as exp_f gives it for 0
  if (largest != t.largest[row]) {
    alignas(64) float factor[16];
    store(factor, exp_f(set1(t.largest[row] - largest)));
    t.rescale[row] = factor[0];
    t.largest[row] = largest;
  }
  store(t.sum[row], add_f(mul_f(load(t.sum[row]), set1(t.rescale[row])), add_f(s[0], s[1])));
  TIJORI_UNROLL for (size_t h = 0; h < 2; ++h) {
    if constexpr (Type == KvType::q8) s[h] = mul_f(s[h], load(v_scales + 16 * h));
    store(weights + 16 * h, s[h]);
  }
}

struct VisibleRange {
  size_t begin, end;  // positions within a block; empty when begin >= end
};
TIJORI_INLINE VisibleRange visible_in(const AttentionQuery& query, size_t block) {
  const size_t base = block * kv_block_positions;
  if (query.last < base || query.first >= base + kv_block_positions) return {0, 0};
  return {query.first > base ? query.first - base : 0,
          query.last - base < kv_block_positions ? query.last - base + 1 : kv_block_positions};
}

template <KvType Type>
void attend_tile(const Attention& a, const KvHeadLayout& layout, size_t kv_head, const AttentionQuery* queries,
                 size_t n_queries, size_t head_begin, size_t n_heads) {
  AttentionTile t;
  t.rows = n_queries * n_heads;
  t.head_dim = a.shape.head_dim;
  t.padded = padded_head_dim(t.head_dim);
  size_t first = queries[0].first, last = queries[0].last;
  for (size_t i = 0; i < n_queries; ++i) {
    if (queries[i].first < first) first = queries[i].first;
    if (queries[i].last > last) last = queries[i].last;
    for (size_t h = 0; h < n_heads; ++h) {
      const size_t row = i * n_heads + h;
      scale(queries[i].q + (head_begin + h) * t.head_dim, queries[i].scale, t.head_dim, t.q[row]);
      for (size_t d = 0; d < t.padded; d += 16) store(t.out[row] + d, zero_f());
      t.largest[row] = -__builtin_inff();
      store(t.sum[row], zero_f());
    }
  }
  for (size_t block = first / kv_block_positions; block <= last / kv_block_positions; ++block) {
    const std::byte* head = kv_block_of(queries[0].kv, block * kv_block_positions) + kv_head * layout.bytes;
    const auto* k_scales = reinterpret_cast<const float*>(head + layout.k_scales);
    const auto* v_scales = reinterpret_cast<const float*>(head + layout.v_scales);
    score<Type>(t, head);
    const VisibleRange whole = visible_in(queries[0], block);
    bool same = true;
    for (size_t i = 0; i < n_queries; ++i) {
      const VisibleRange visible = visible_in(queries[i], block);
      same = same && visible.begin == whole.begin && visible.end == whole.end;
      if (visible.begin >= visible.end) continue;
      for (size_t row = i * n_heads; row < (i + 1) * n_heads; ++row)
        soften<Type>(t, row, visible.begin, visible.end, k_scales, v_scales);
    }
    if (same) {
      add_rows<Type>(t, 0, t.rows, head + layout.v, whole.begin, whole.end);
      continue;
    }
    for (size_t i = 0; i < n_queries; ++i) {
      const VisibleRange visible = visible_in(queries[i], block);
      if (visible.begin < visible.end)
        add_rows<Type>(t, i * n_heads, (i + 1) * n_heads, head + layout.v, visible.begin, visible.end);
    }
  }
  for (size_t i = 0; i < n_queries; ++i)
    for (size_t h = 0; h < n_heads; ++h) {
      const size_t row = i * n_heads + h;
      scale(t.out[row], 1.0F / sum_lanes(load(t.sum[row])), t.head_dim, queries[i].out + (head_begin + h) * t.head_dim);
    }
}

TIJORI_INLINE bool same_sequence(const KvTable& a, const KvTable& b) {
  return a.base == b.base && a.stride_bytes == b.stride_bytes && a.table == b.table;
}

template <KvType Type>
void attend(const Attention& a, size_t query_begin, size_t query_end, size_t kv_head_begin, size_t kv_head_end) {
  const KvHeadLayout layout(a.shape);
  const AttentionQuery* queries = a.queries.data();
  const size_t heads = a.n_heads / a.shape.n_kv_heads;
  const size_t tile_heads = heads < max_tile_rows ? heads : max_tile_rows;
  const size_t tile_queries = max_tile_rows / tile_heads;
  for (size_t kv_head = kv_head_begin; kv_head < kv_head_end; ++kv_head)
    for (size_t i = query_begin; i < query_end;) {
      size_t count = 1;
      while (count < tile_queries && i + count < query_end && same_sequence(queries[i].kv, queries[i + count].kv))
        ++count;
      for (size_t h = 0; h < heads; h += tile_heads)
        attend_tile<Type>(a, layout, kv_head, queries + i, count, kv_head * heads + h,
                          heads - h < tile_heads ? heads - h : tile_heads);
      i += count;
    }
}

void attention(const Attention& a, size_t query_begin, size_t query_end, size_t kv_head_begin, size_t kv_head_end) {
  switch (a.shape.type) {
    case KvType::f32:
      return attend<KvType::f32>(a, query_begin, query_end, kv_head_begin, kv_head_end);
    case KvType::f16:
      return attend<KvType::f16>(a, query_begin, query_end, kv_head_begin, kv_head_end);
    case KvType::q8:
      return attend<KvType::q8>(a, query_begin, query_end, kv_head_begin, kv_head_end);
  }
}

// One head's row as cache elements; returns the scale of q8.
TIJORI_INLINE float kv_elements(KvType type, const float* x, size_t head_dim, std::byte* elements) {
  if (type == KvType::f32) {
    __builtin_memcpy(elements, x, head_dim * sizeof(float));
    return 1;
  }
  float inverse = 1;
  float scale_of_row = 1;
  if (type == KvType::q8) {
    I32x16 largest = zero_i();
    for (size_t d = 0; d < head_dim; d += 16)
      largest = max_i(largest, magnitude(load_partial(x + d, head_dim - d < 16 ? head_dim - d : 16)));
    const QuantiseScale s = quantise_scale(largest, 127.0F);
    inverse = s.inverse;
    scale_of_row = s.scale;
  }
  for (size_t d = 0; d < head_dim; d += 16) {
    const F32x16 v = load_partial(x + d, head_dim - d < 16 ? head_dim - d : 16);
    if (type == KvType::f16) {
      store_half(elements + 2 * d, v);
    } else {
      store_i8(elements + d, to_int(mul_f(v, set1(inverse))));
    }
  }
  return scale_of_row;
}

template <class Element>
TIJORI_INLINE void scatter_k(const std::byte* elements, size_t head_dim, std::byte* k, size_t slot) {
  for (size_t d = 0; d < head_dim; ++d)
    __builtin_memcpy(k + (d * kv_block_positions + slot) * sizeof(Element), elements + d * sizeof(Element),
                     sizeof(Element));
}

void kv_write(const KvShape& shape, const float* k, const float* v, const KvTable& kv, size_t position) {
  const KvHeadLayout layout(shape);
  const size_t slot = position % kv_block_positions;
  const size_t element_bytes = kv_element_bytes(shape.type);
  std::byte* head = kv_block_of(kv, position);
  alignas(64) std::byte elements[max_head_dim * sizeof(float)];
  for (size_t h = 0; h < shape.n_kv_heads; ++h, head += layout.bytes, k += shape.head_dim, v += shape.head_dim) {
    const float k_scale = kv_elements(shape.type, k, shape.head_dim, elements);
    switch (shape.type) {
      case KvType::f32:
        scatter_k<uint32_t>(elements, shape.head_dim, head, slot);
        break;
      case KvType::f16:
        scatter_k<uint16_t>(elements, shape.head_dim, head, slot);
        break;
      case KvType::q8:
        scatter_k<uint8_t>(elements, shape.head_dim, head, slot);
        break;
    }
    const float v_scale = kv_elements(shape.type, v, shape.head_dim, elements);
    const size_t row_size = shape.head_dim * element_bytes;
    std::byte* row = head + layout.v + slot * padded_head_dim(shape.head_dim) * element_bytes;
    __builtin_memcpy(row, elements, row_size);
    __builtin_memset(row + row_size, 0, (padded_head_dim(shape.head_dim) - shape.head_dim) * element_bytes);
    if (shape.type == KvType::q8) {
      __builtin_memcpy(head + layout.k_scales + slot * sizeof(float), &k_scale, sizeof k_scale);
      __builtin_memcpy(head + layout.v_scales + slot * sizeof(float), &v_scale, sizeof v_scale);
    }
  }
}
