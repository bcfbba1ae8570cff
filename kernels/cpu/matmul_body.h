// Matrix products over the layouts of packed_layout.h, in terms of a simd_*.h. Included inside a region and namespace.
//
// Order of accumulation, the contract behind equal bits: per output one float accumulator, k ascending, one rounding
// per step written here; threads split rows only. A block's (q6_k, wide: half block's) dot is an exact integer, so its
// inner order is free.
//   f32 f16 bf16  acc = fma(w, x, acc) per k
//   q8_0 q4_0     acc = fma(float(dot) * dx, dw, acc) per block; q4_1: then acc = fma(m, dx * sum, acc)
//   q4_k          per block s = fma(float(dot) * dx, scale, s), t = fma(minimum, dx * sum, t);
//                 per 256 acc = fma(s, d, acc), then acc = acc - t * dmin
//   q6_k          per block u = float(dot0) * scale0, u = fma(float(dot1), scale1, u), s = fma(u, dx, s);
//                 per 256 acc = fma(s, d, acc)
//   wide          per half block acc = fma(float(dot) * dx, dw, acc), then acc = fma(m, dx * sum, acc)
// Powers of two from fields used in place are exact and change no rounding.

// What a step works on: up to wide_columns columns of one 256-chunk.
struct QuantisedColumns {
  const ActivationChunk* chunk;  // of the first column; columns follow each other
};
struct FloatColumns {
  const float* x;  // of the first column, at the chunk's first k
  size_t stride;
};

// sums[r][c] lives in memory between chunks: [column][group].
template <size_t R, size_t C>
TIJORI_INLINE void take_sums(const F32x16* sums, F32x16 (&acc)[R][C]) {
  TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) acc[r][c] = sums[c * R + r];
}
template <size_t R, size_t C>
TIJORI_INLINE void put_sums(F32x16* sums, const F32x16 (&acc)[R][C]) {
  TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) sums[c * R + r] = acc[r][c];
}

template <PackedForm Form>
struct FloatWeights {
  using Columns = FloatColumns;
  static constexpr size_t wide = float_groups;
  static constexpr size_t k_bytes = Form == PackedForm::f32 ? 64 : 32;
  static constexpr size_t chunk_bytes = chunk_values * k_bytes;

  static TIJORI_INLINE F32x16 weights(const uint8_t* at) {
    if constexpr (Form == PackedForm::f32) return load(reinterpret_cast<const float*>(at));
    if constexpr (Form == PackedForm::f16) return load_half(at);
    if constexpr (Form == PackedForm::bf16) return load_bf16(at);
  }
  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t values, FloatColumns a, F32x16* sums) {
    F32x16 acc[R][C];
    take_sums<R, C>(sums, acc);
    for (size_t k = 0; k < values; ++k, tile += k_bytes) {
      F32x16 w[R];
      TIJORI_UNROLL for (size_t r = 0; r < R; ++r) w[r] = weights(tile + r * group_bytes);
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
        const F32x16 x = set1(a.x[c * a.stride + k]);
        TIJORI_UNROLL for (size_t r = 0; r < R; ++r) acc[r][c] = fma_f(w[r], x, acc[r][c]);
      }
    }
    put_sums<R, C>(sums, acc);
  }
};

// The dot of one block with both halves of the activations.
struct Dot {
  I32x16 high, low;
};
template <int Shift>
TIJORI_INLINE Dot start_dot(int32_t offset) {
  return {zero_i(), start<Shift>(offset)};
}
TIJORI_INLINE void add_dot(Dot& d, Bytes64 w, const ActivationChunk& a, size_t k) {
  d.high = dot(d.high, w, a.high + k);
  d.low = dot(d.low, w, a.low + k);
}
template <int Shift>
TIJORI_INLINE I32x16 total(const Dot& d, int32_t offset) {
  return finish<Shift>(add_i(shift_left<7>(d.high), d.low), offset);
}
TIJORI_INLINE Dot start_byte_dot(int32_t offset) {
  return {zero_i(), byte_start(offset)};
}
TIJORI_INLINE void add_byte_dot(Dot& d, Bytes64 w, const ActivationChunk& a, size_t k) {
  d.high = byte_dot(d.high, w, a.high + k);
  d.low = byte_dot(d.low, w, a.low + k);
}

// Dots of one 32-block (of four-bit fields `Shift` up in their bytes) for R groups and C columns.
template <size_t R, size_t C, int Shift>
TIJORI_INLINE void nibble_dots(const uint8_t* vectors, size_t group_bytes, const ActivationChunk* a, size_t block,
                               const int32_t (&offset)[C], I32x16 (&sum)[R][C]) {
  Dot d[R][C];
  TIJORI_UNROLL for (size_t r = 0; r < R; ++r) TIJORI_UNROLL for (size_t c = 0; c < C; ++c) d[r][c] =
      start_dot<Shift>(offset[c]);
  TIJORI_UNROLL for (size_t g = 0; g < 8; ++g) {
    Bytes64 w[R];
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) w[r] =
        field<Shift>(mask_bytes(load_bytes(vectors + r * group_bytes + g * 64), 0x0F << Shift));
    TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r)
        add_dot(d[r][c], w[r], a[c], block * 32 + g * 4);
  }
  TIJORI_UNROLL for (size_t r = 0; r < R; ++r) TIJORI_UNROLL for (size_t c = 0; c < C; ++c) sum[r][c] =
      total<Shift>(d[r][c], offset[c]);
}

// Both blocks of a pair in one pass over the bytes, which then are read once and in order: for few columns.
template <size_t R, size_t C>
TIJORI_INLINE void nibble_pair(const uint8_t* vectors, const ActivationChunk* a, size_t even_block,
                               const int32_t (&even_offset)[C], const int32_t (&odd_offset)[C], I32x16 (&even)[R][C],
                               I32x16 (&odd)[R][C]) {
  static_assert(R == 1);
  Dot e[C], o[C];
  TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
    e[c] = start_dot<0>(even_offset[c]);
    o[c] = start_dot<4>(odd_offset[c]);
  }
  TIJORI_UNROLL for (size_t g = 0; g < 8; ++g) {
    const Bytes64 w = load_bytes(vectors + g * 64);
    const Bytes64 low = mask_bytes(w, 0x0F), high = field<4>(mask_bytes(w, 0xF0));
    TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
      add_dot(e[c], low, a[c], even_block * 32 + g * 4);
      add_dot(o[c], high, a[c], even_block * 32 + 32 + g * 4);
    }
  }
  TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
    even[0][c] = total<0>(e[c], even_offset[c]);
    odd[0][c] = total<4>(o[c], odd_offset[c]);
  }
}

template <PackedForm Form>
struct NibbleWeights {  // q4_0, q4_1
  using Columns = QuantisedColumns;
  static constexpr size_t wide = wide_groups;
  static constexpr bool minima = Form == PackedForm::q4_1;
  static constexpr size_t header = minima ? 128 : 64;
  static constexpr size_t pair_bytes = minima ? q4_1_pair_bytes : q4_0_pair_bytes;
  static constexpr size_t chunk_bytes = 4 * pair_bytes;

  template <size_t R, size_t C>
  static TIJORI_INLINE void close(const uint8_t* pair, size_t group_bytes, const ActivationChunk* a, size_t block,
                                  bool odd, const I32x16 (&sum)[R][C], F32x16 (&acc)[R][C]) {
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
      const uint8_t* at = pair + r * group_bytes + (odd ? 32 : 0);
      F32x16 scale = load_half(at);
      if (odd) scale = mul_f(scale, set1(0.0625F));
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) acc[r][c] =
          fma_f(mul_f(to_float(sum[r][c]), set1(a[c].scale[block])), scale, acc[r][c]);
      if constexpr (minima) {
        const F32x16 minimum = load_half(at + 64);
        TIJORI_UNROLL for (size_t c = 0; c < C; ++c) acc[r][c] =
            fma_f(minimum, set1(a[c].scaled_sum[block]), acc[r][c]);
      }
    }
  }
  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t values, QuantisedColumns columns,
                                 F32x16* sums) {
    const ActivationChunk* a = columns.chunk;
    F32x16 acc[R][C];
    take_sums<R, C>(sums, acc);
    const size_t blocks = (values + 63) / 64 * 2;
    for (size_t b = 0; b < blocks; b += 2, tile += pair_bytes) {
      int32_t even_offset[C], odd_offset[C];
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
        even_offset[c] = minima ? 0 : a[c].start_q4[b];
        odd_offset[c] = minima ? 0 : a[c].start_q4[b + 1];
      }
      const uint8_t* vectors = tile + header;
      if constexpr (R == 1 && C <= paired_columns) {
        I32x16 even[R][C], odd[R][C];
        nibble_pair<R, C>(vectors, a, b, even_offset, odd_offset, even, odd);
        close<R, C>(tile, group_bytes, a, b, false, even, acc);
        close<R, C>(tile, group_bytes, a, b + 1, true, odd, acc);
      } else {
        I32x16 sum[R][C];
        nibble_dots<R, C, 0>(vectors, group_bytes, a, b, even_offset, sum);
        close<R, C>(tile, group_bytes, a, b, false, sum, acc);
        nibble_dots<R, C, 4>(vectors, group_bytes, a, b + 1, odd_offset, sum);
        close<R, C>(tile, group_bytes, a, b + 1, true, sum, acc);
      }
    }
    put_sums<R, C>(sums, acc);
  }
};

struct ByteWeights {  // q8_0
  using Columns = QuantisedColumns;
  static constexpr size_t wide = wide_groups;
  static constexpr size_t chunk_bytes = 4 * q8_0_pair_bytes;

  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t values, QuantisedColumns columns,
                                 F32x16* sums) {
    const ActivationChunk* a = columns.chunk;
    F32x16 acc[R][C];
    take_sums<R, C>(sums, acc);
    const size_t blocks = (values + 63) / 64 * 2;
    for (size_t b = 0; b < blocks; ++b) {
      const uint8_t* vectors = tile + 64 + b % 2 * 512;
      Dot d[R][C];
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) d[r][c] =
          start_byte_dot(a[c].start_q8[b]);
      TIJORI_UNROLL for (size_t g = 0; g < 8; ++g) {
        Bytes64 w[R];
        TIJORI_UNROLL for (size_t r = 0; r < R; ++r) w[r] = load_bytes(vectors + r * group_bytes + g * 64);
        TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r)
            add_byte_dot(d[r][c], w[r], a[c], b * 32 + g * 4);
      }
      TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        const F32x16 scale = load_half(tile + r * group_bytes + b % 2 * 32);
        TIJORI_UNROLL for (size_t c = 0; c < C; ++c) acc[r][c] =
            fma_f(mul_f(to_float(total<0>(d[r][c], 0)), set1(a[c].scale[b])), scale, acc[r][c]);
      }
      if (b % 2 != 0) tile += q8_0_pair_bytes;
    }
    put_sums<R, C>(sums, acc);
  }
};

struct SuperNibbleWeights {  // q4_k
  using Columns = QuantisedColumns;
  static constexpr size_t wide = wide_groups;
  static constexpr size_t chunk_bytes = q4_k_chunk_bytes;

  template <size_t R, size_t C>
  static TIJORI_INLINE void close(const uint8_t* pair, size_t group_bytes, const ActivationChunk* a, size_t block,
                                  bool odd, const I32x16 (&sum)[R][C], F32x16 (&s)[R][C]) {
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
      F32x16 scale = to_float(load_u8(pair + r * group_bytes + (odd ? 16 : 0)));
      if (odd) scale = mul_f(scale, set1(0.0625F));
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) s[r][c] =
          fma_f(mul_f(to_float(sum[r][c]), set1(a[c].scale[block])), scale, s[r][c]);
    }
  }
  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t, QuantisedColumns columns,
                                 F32x16* sums) {
    const ActivationChunk* a = columns.chunk;
    const int32_t none[C] = {};
    F32x16 s[R][C], t[R][C];
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) TIJORI_UNROLL for (size_t c = 0; c < C; ++c) s[r][c] = t[r][c] =
        zero_f();
    const uint8_t* pair = tile;
    for (size_t b = 0; b < 8; b += 2, pair += q4_k_pair_bytes) {
      if constexpr (R == 1 && C <= paired_columns) {
        I32x16 even[R][C], odd[R][C];
        nibble_pair<R, C>(pair + 64, a, b, none, none, even, odd);
        close<R, C>(pair, group_bytes, a, b, false, even, s);
        close<R, C>(pair, group_bytes, a, b + 1, true, odd, s);
      } else {
        I32x16 sum[R][C];
        nibble_dots<R, C, 0>(pair + 64, group_bytes, a, b, none, sum);
        close<R, C>(pair, group_bytes, a, b, false, sum, s);
        nibble_dots<R, C, 4>(pair + 64, group_bytes, a, b + 1, none, sum);
        close<R, C>(pair, group_bytes, a, b + 1, true, sum, s);
      }
      if constexpr (R == 1) minima<R, C>(pair, group_bytes, a, b, t);
    }
    if constexpr (R != 1) {  // apart from the dots, to leave them the registers
      pair = tile;
      for (size_t b = 0; b < 8; b += 2, pair += q4_k_pair_bytes) minima<R, C>(pair, group_bytes, a, b, t);
    }
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
      const F32x16 d = load_half(pair + r * group_bytes), dmin = load_half(pair + r * group_bytes + 32);
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) sums[c * R + r] =
          fnma_f(t[r][c], dmin, fma_f(s[r][c], d, sums[c * R + r]));
    }
  }
  template <size_t R, size_t C>
  static TIJORI_INLINE void minima(const uint8_t* pair, size_t group_bytes, const ActivationChunk* a, size_t block,
                                   F32x16 (&t)[R][C]) {
    TIJORI_UNROLL for (size_t i = 0; i < 2; ++i) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
      const F32x16 minimum = to_float(load_u8(pair + r * group_bytes + 32 + 16 * i));
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) t[r][c] = fma_f(minimum, set1(a[c].scaled_sum[block + i]), t[r][c]);
    }
  }
};

struct SixBitWeights {  // q6_k
  using Columns = QuantisedColumns;
  static constexpr size_t wide = wide_groups;
  static constexpr size_t chunk_bytes = q6_k_chunk_bytes;

  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t, QuantisedColumns columns,
                                 F32x16* sums) {
    const ActivationChunk* a = columns.chunk;
    F32x16 s[R][C];
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) TIJORI_UNROLL for (size_t c = 0; c < C; ++c) s[r][c] = zero_f();
    const uint8_t* pair = tile;
    for (size_t b = 0; b < 8; b += 2, pair += q6_k_pair_bytes) {
      if constexpr (R == 1 && C <= paired_columns) {
        F32x16 even[R][C], odd[R][C];
        half_blocks<R, C, true, true>(pair, group_bytes, a, b, even, odd);
        close<R, C>(even, a, b, 0.25F, s);
        close<R, C>(odd, a, b + 1, 1.0F, s);
      } else {
        F32x16 u[R][C];
        half_blocks<R, C, true, false>(pair, group_bytes, a, b, u, u);
        close<R, C>(u, a, b, 0.25F, s);
        half_blocks<R, C, false, true>(pair, group_bytes, a, b, u, u);
        close<R, C>(u, a, b + 1, 1.0F, s);
      }
    }
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
      const F32x16 d = load_half(pair + r * group_bytes);
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) sums[c * R + r] = fma_f(s[r][c], d, sums[c * R + r]);
    }
  }

  template <size_t R, size_t C>
  static TIJORI_INLINE void close(const F32x16 (&u)[R][C], const ActivationChunk* a, size_t block, float unit,
                                  F32x16 (&s)[R][C]) {
    TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
      const F32x16 scale = set1(a[c].scale[block] * unit);
      TIJORI_UNROLL for (size_t r = 0; r < R; ++r) s[r][c] = fma_f(u[r][c], scale, s[r][c]);
    }
  }
  static TIJORI_INLINE Bytes64 even_quants(Bytes64 a, Bytes64 b) {
    return field<2>(mask_bytes(select_bits(0xF0, a, b), 0xFC));
  }
  static TIJORI_INLINE Bytes64 odd_quants(Bytes64 a, Bytes64 b) { return mask_bytes(select_bits(0x0F, a, b), 0x3F); }

  // float(dot0) * scale0 + float(dot1) * scale1 of the even block (4 times too large), the odd one, or both.
  template <size_t R, size_t C, bool Even, bool Odd>
  static TIJORI_INLINE void half_blocks(const uint8_t* pair, size_t group_bytes, const ActivationChunk* a, size_t b,
                                        F32x16 (&even)[R][C], F32x16 (&odd)[R][C]) {
    TIJORI_UNROLL for (size_t h = 0; h < 2; ++h) {
      Dot e[R][C], o[R][C];
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        if constexpr (Even) e[r][c] = start_dot<2>(a[c].start_q6[2 * b + h]);
        if constexpr (Odd) o[r][c] = start_dot<0>(a[c].start_q6[2 * b + 2 + h]);
      }
      TIJORI_UNROLL for (size_t i = 0; i < 2; ++i) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        const uint8_t* at = pair + r * group_bytes + 64 + (2 * h + i) * 192;
        const Bytes64 a0 = load_bytes(at), a1 = load_bytes(at + 64), bits = load_bytes(at + 128);
        if constexpr (Even) {
          const Bytes64 first = even_quants(a0, bits), second = even_quants(a1, shift_bytes_left<2>(bits));
          TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
            const size_t k = b * 32 + h * 16 + i * 8;
            add_dot(e[r][c], first, a[c], k);
            add_dot(e[r][c], second, a[c], k + 4);
          }
        }
        if constexpr (Odd) {
          const Bytes64 first = odd_quants(a0, bits), second = odd_quants(a1, shift_bytes_right<2>(bits));
          TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
            const size_t k = b * 32 + 32 + h * 16 + i * 8;
            add_dot(o[r][c], first, a[c], k);
            add_dot(o[r][c], second, a[c], k + 4);
          }
        }
      }
      TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        if constexpr (Even) {
          const F32x16 scale = to_float(load_i8(pair + r * group_bytes + 16 * h));
          TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
            const F32x16 sum = to_float(total<2>(e[r][c], a[c].start_q6[2 * b + h]));
            even[r][c] = h == 0 ? mul_f(sum, scale) : fma_f(sum, scale, even[r][c]);
          }
        }
        if constexpr (Odd) {
          const F32x16 scale = to_float(load_i8(pair + r * group_bytes + 32 + 16 * h));
          TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
            const F32x16 sum = to_float(total<0>(o[r][c], 0));
            odd[r][c] = h == 0 ? mul_f(sum, scale) : fma_f(sum, scale, odd[r][c]);
          }
        }
      }
    }
  }
};

struct WideWeights {
  using Columns = QuantisedColumns;
  static constexpr size_t wide = wide_groups;
  static constexpr size_t chunk_bytes = 4 * wide_pair_bytes;

  template <size_t R, size_t C>
  static TIJORI_INLINE void step(const uint8_t* tile, size_t group_bytes, size_t values, QuantisedColumns columns,
                                 F32x16* sums) {
    const ActivationChunk* a = columns.chunk;
    F32x16 acc[R][C];
    take_sums<R, C>(sums, acc);
    const size_t halves = (values + 63) / 64 * 4;
    for (size_t h = 0; h < halves; ++h) {
      const uint8_t* pair = tile + h / 4 * wide_pair_bytes;
      const size_t sub = h % 4;
      Dot d[R][C];
      TIJORI_UNROLL for (size_t c = 0; c < C; ++c) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) d[r][c] =
          start_byte_dot(a[c].start_wide[h]);
      TIJORI_UNROLL for (size_t g = 0; g < 4; ++g) TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        const Bytes64 w = load_bytes(pair + r * group_bytes + 512 + sub * 256 + g * 64);
        TIJORI_UNROLL for (size_t c = 0; c < C; ++c) add_byte_dot(d[r][c], w, a[c], h * 16 + g * 4);
      }
      TIJORI_UNROLL for (size_t r = 0; r < R; ++r) {
        const auto* scales = reinterpret_cast<const float*>(pair + r * group_bytes + sub * 64);
        const F32x16 scale = load(scales), minimum = load(scales + 64);
        TIJORI_UNROLL for (size_t c = 0; c < C; ++c) {
          const float dx = a[c].scale[h / 2];
          acc[r][c] = fma_f(mul_f(to_float(total<0>(d[r][c], 0)), set1(dx)), scale, acc[r][c]);
          const float x_sum = dx * (static_cast<float>(a[c].start_wide[h]) * -0.0078125F);
          acc[r][c] = fma_f(minimum, set1(x_sum), acc[r][c]);
        }
      }
    }
    put_sums<R, C>(sums, acc);
  }
};

// One step for `columns` of 1..wide_columns columns.
template <class Weights, size_t R>
TIJORI_INLINE void step_of(size_t columns, const uint8_t* tile, size_t group_bytes, size_t values,
                           typename Weights::Columns a, F32x16* sums) {
  static_assert(wide_columns == 4);
  switch (columns) {
    case 1:
      return Weights::template step<R, 1>(tile, group_bytes, values, a, sums);
    case 2:
      return Weights::template step<R, 2>(tile, group_bytes, values, a, sums);
    case 3:
      return Weights::template step<R, 3>(tile, group_bytes, values, a, sums);
    default:
      return Weights::template step<R, 4>(tile, group_bytes, values, a, sums);
  }
}

constexpr size_t tile_columns = 32;  // columns whose sums stay on the stack while a group's k are walked once

template <class Weights>
TIJORI_INLINE typename Weights::Columns columns_at(const Matmul& m, size_t k, size_t column) {
  if constexpr (__is_same(typename Weights::Columns, FloatColumns)) {
    return {m.x + column * m.x_stride + k, m.x_stride};
  } else {
    return {reinterpret_cast<const ActivationChunk*>(m.quantised) + k / chunk_values * m.n + column};
  }
}

TIJORI_INLINE void put_output(const Matmul& m, size_t column, size_t group, F32x16 v) {
  float* y = m.y + column * m.y_stride + group * group_rows;
  const size_t left = m.rows - group * group_rows;
  if (left >= group_rows) {
    store(y, m.store == MatmulStore::add ? add_f(load(y), v) : v);
  } else {
    store_partial(y, m.store == MatmulStore::add ? add_f(load_partial(y, left), v) : v, left);
  }
}

// R groups from `group` on, columns [begin, end), at most tile_columns of them.
template <class Weights, size_t R>
__attribute__((noinline)) void matmul_tile(const Matmul& m, size_t group_bytes, size_t group, size_t begin,
                                           size_t end) {
  F32x16 sums[tile_columns * R];
  for (size_t i = 0; i < (end - begin) * R; ++i) sums[i] = zero_f();
  const auto* tile = reinterpret_cast<const uint8_t*>(m.weights) + group * group_bytes;
  for (size_t k = 0; k < m.cols; k += chunk_values, tile += Weights::chunk_bytes) {
    const size_t values = m.cols - k < chunk_values ? m.cols - k : chunk_values;
    for (size_t c = begin; c < end; c += wide_columns) {
      const size_t columns = end - c < wide_columns ? end - c : wide_columns;
      step_of<Weights, R>(columns, tile, group_bytes, values, columns_at<Weights>(m, k, c), sums + (c - begin) * R);
    }
  }
  for (size_t c = begin; c < end; ++c)
    TIJORI_UNROLL for (size_t r = 0; r < R; ++r) put_output(m, c, group + r, sums[(c - begin) * R + r]);
}

// Columns kept in the second-level cache while all groups pass by; a multiple of tile_columns.
constexpr size_t cached_activation_bytes = size_t{384} * 1024;

template <class Weights>
void matmul_of(const Matmul& m, size_t group_begin, size_t group_end) {
  constexpr bool floats = __is_same(typename Weights::Columns, FloatColumns);
  const size_t group_bytes = packed_group_bytes(m.dtype, m.cols);
  size_t cached = cached_activation_bytes / ((m.cols + 1) * (floats ? 4 : 3)) / tile_columns * tile_columns;
  if (cached < tile_columns) cached = tile_columns;
  for (size_t first = 0; first < m.n; first += cached) {
    const size_t last = m.n - first < cached ? m.n : first + cached;
    size_t group = group_begin;
    if (floats ? m.n == 1 : false) {
      for (; group + matvec_groups <= group_end; group += matvec_groups)
        matmul_tile<Weights, floats ? matvec_groups : 1>(m, group_bytes, group, 0, 1);
    } else if (Weights::wide > 1 && m.n > (floats ? 1 : wide_columns)) {
      for (; group + Weights::wide <= group_end; group += Weights::wide)
        for (size_t c = first; c < last; c += tile_columns)
          matmul_tile<Weights, Weights::wide>(m, group_bytes, group, c,
                                              last - c < tile_columns ? last : c + tile_columns);
    }
    for (; group < group_end; ++group)
      for (size_t c = first; c < last; c += tile_columns)
        matmul_tile<Weights, 1>(m, group_bytes, group, c, last - c < tile_columns ? last : c + tile_columns);
  }
}

void matmul(const Matmul& m, size_t group_begin, size_t group_end) {
  switch (packed_form_of(m.dtype)) {
    case PackedForm::f32:
      return matmul_of<FloatWeights<PackedForm::f32>>(m, group_begin, group_end);
    case PackedForm::f16:
      return matmul_of<FloatWeights<PackedForm::f16>>(m, group_begin, group_end);
    case PackedForm::bf16:
      return matmul_of<FloatWeights<PackedForm::bf16>>(m, group_begin, group_end);
    case PackedForm::q8_0:
      return matmul_of<ByteWeights>(m, group_begin, group_end);
    case PackedForm::q4_0:
      return matmul_of<NibbleWeights<PackedForm::q4_0>>(m, group_begin, group_end);
    case PackedForm::q4_1:
      return matmul_of<NibbleWeights<PackedForm::q4_1>>(m, group_begin, group_end);
    case PackedForm::q4_k:
      return matmul_of<SuperNibbleWeights>(m, group_begin, group_end);
    case PackedForm::q6_k:
      return matmul_of<SixBitWeights>(m, group_begin, group_end);
    case PackedForm::wide:
      return matmul_of<WideWeights>(m, group_begin, group_end);
  }
}
