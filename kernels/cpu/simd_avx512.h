// Sixteen lanes as one 512-bit register: the vocabulary of the *_body.h files. Included inside an AVX-512 region and
// namespace; simd_avx2.h offers the same names with the same bits.

using F32x16 = __m512;
using I32x16 = __m512i;
using Bytes64 = __m512i;  // 4 consecutive k of 16 rows: byte 4 * row + k mod 4

constexpr size_t wide_columns = 4;    // columns per step of a matmul
constexpr size_t wide_groups = 2;     // row groups per step with many columns
constexpr size_t float_groups = 4;    // the same for float weights
constexpr size_t matvec_groups = 2;   // row groups per step of a float matvec, enough to hide the latency of an FMA
constexpr size_t attention_rows = 4;  // (query, head) rows computed together
constexpr size_t paired_columns = 4;  // up to so many columns, both blocks of a pair are kept in registers

TIJORI_INLINE F32x16 zero_f() {
  return _mm512_setzero_ps();
}
TIJORI_INLINE F32x16 set1(float v) {
  return _mm512_set1_ps(v);
}
TIJORI_INLINE F32x16 load(const float* p) {
  return _mm512_loadu_ps(p);
}
TIJORI_INLINE void store(float* p, F32x16 v) {
  _mm512_storeu_ps(p, v);
}
TIJORI_INLINE __mmask16 first_lanes(size_t count) {
  return static_cast<__mmask16>((1U << count) - 1U);
}
TIJORI_INLINE F32x16 load_partial(const float* p, size_t count) {
  return _mm512_maskz_loadu_ps(first_lanes(count), p);
}
TIJORI_INLINE void store_partial(float* p, F32x16 v, size_t count) {
  _mm512_mask_storeu_ps(p, first_lanes(count), v);
}
TIJORI_INLINE F32x16 add_f(F32x16 a, F32x16 b) {
  return _mm512_add_ps(a, b);
}
TIJORI_INLINE F32x16 sub_f(F32x16 a, F32x16 b) {
  return _mm512_sub_ps(a, b);
}
TIJORI_INLINE F32x16 mul_f(F32x16 a, F32x16 b) {
  return _mm512_mul_ps(a, b);
}
TIJORI_INLINE F32x16 div_f(F32x16 a, F32x16 b) {
  return _mm512_div_ps(a, b);
}
TIJORI_INLINE F32x16 fma_f(F32x16 a, F32x16 b, F32x16 c) {
  return _mm512_fmadd_ps(a, b, c);
}  // a * b + c
TIJORI_INLINE F32x16 fnma_f(F32x16 a, F32x16 b, F32x16 c) {
  return _mm512_fnmadd_ps(a, b, c);
}  // c - a * b
TIJORI_INLINE F32x16 max_f(F32x16 a, F32x16 b) {
  return _mm512_max_ps(a, b);
}  // b where either is NaN
TIJORI_INLINE F32x16 min_f(F32x16 a, F32x16 b) {
  return _mm512_min_ps(a, b);
}  // b where either is NaN
TIJORI_INLINE F32x16 round_f(F32x16 v) {
  return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
TIJORI_INLINE F32x16 zero_below(F32x16 v, F32x16 x, F32x16 limit) {  // 0 in lanes where x < limit, else v
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, limit, _CMP_NLT_UQ), v);
}
TIJORI_INLINE F32x16 keep_lanes(F32x16 v, uint32_t lanes, F32x16 other) {  // v where the bit is set
  return _mm512_mask_mov_ps(other, static_cast<__mmask16>(lanes), v);
}

// Pairs of lanes (2i, 2i + 1), for rotation.
TIJORI_INLINE F32x16 swap_pairs(F32x16 v) {
  return _mm512_permute_ps(v, 0xB1);
}
TIJORI_INLINE F32x16 even_lanes(F32x16 v) {
  return _mm512_moveldup_ps(v);
}
TIJORI_INLINE F32x16 odd_lanes(F32x16 v) {
  return _mm512_movehdup_ps(v);
}
TIJORI_INLINE F32x16 fma_add_sub(F32x16 a, F32x16 b, F32x16 c) {
  return _mm512_fmaddsub_ps(a, b, c);
}

// Halves are added until one lane is left: lanes 8 apart, then 4, 2, 1.
TIJORI_INLINE __m256 high_half(F32x16 v) {
  return _mm512_extractf32x8_ps(v, 1);
}
TIJORI_INLINE __m256 low_half(F32x16 v) {
  return _mm512_castps512_ps256(v);
}
TIJORI_INLINE int32_t sum_lanes(I32x16 v) {  // wraps around; the intrinsic for it adds plain ints, which may not
  const __m256i eight = _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1)));
}

TIJORI_INLINE I32x16 zero_i() {
  return _mm512_setzero_si512();
}
TIJORI_INLINE I32x16 set1_i(int32_t v) {
  return _mm512_set1_epi32(v);
}
TIJORI_INLINE I32x16 add_i(I32x16 a, I32x16 b) {
  return _mm512_add_epi32(a, b);
}
TIJORI_INLINE I32x16 sub_i(I32x16 a, I32x16 b) {
  return _mm512_sub_epi32(a, b);
}
TIJORI_INLINE I32x16 max_i(I32x16 a, I32x16 b) {
  return _mm512_max_epi32(a, b);
}
TIJORI_INLINE I32x16 and_i(I32x16 a, I32x16 b) {
  return _mm512_and_si512(a, b);
}
template <int Bits>
TIJORI_INLINE I32x16 shift_left(I32x16 v) {
  return _mm512_slli_epi32(v, Bits);
}
template <int Bits>
TIJORI_INLINE I32x16 shift_right_signed(I32x16 v) {
  return _mm512_srai_epi32(v, Bits);
}
TIJORI_INLINE I32x16 bits_of(F32x16 v) {
  return _mm512_castps_si512(v);
}
TIJORI_INLINE F32x16 float_of_bits(I32x16 v) {
  return _mm512_castsi512_ps(v);
}
TIJORI_INLINE F32x16 to_float(I32x16 v) {
  return _mm512_cvtepi32_ps(v);
}
TIJORI_INLINE I32x16 to_int(F32x16 v) {
  return _mm512_cvtps_epi32(v);
}
TIJORI_INLINE int32_t max_lane(I32x16 v) {
  return _mm512_reduce_max_epi32(v);
}

// Sixteen narrow values, widened or narrowed.
TIJORI_INLINE F32x16 load_half(const void* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(p)));
}
TIJORI_INLINE void store_half(void* p, F32x16 v) {
  _mm256_storeu_si256(static_cast<__m256i*>(p), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
TIJORI_INLINE F32x16 load_bf16(const void* p) {
  return float_of_bits(
      _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(static_cast<const __m256i*>(p))), 16));
}
TIJORI_INLINE I32x16 load_u8(const void* p) {
  return _mm512_cvtepu8_epi32(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}
TIJORI_INLINE I32x16 load_i8(const void* p) {
  return _mm512_cvtepi8_epi32(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}
TIJORI_INLINE void store_i8(void* p, I32x16 v) {
  _mm_storeu_si128(static_cast<__m128i*>(p), _mm512_cvtsepi32_epi8(v));
}

// Quantised dots. Weights are unsigned bytes, activations signed. A field that lies `Bits` up in its byte is used in
// place, so its dot is 2^Bits too large; start() and finish() put the offset in. byte_dot takes full bytes q ^ 0x80.
TIJORI_INLINE Bytes64 load_bytes(const uint8_t* p) {
  return _mm512_load_si512(p);
}
TIJORI_INLINE Bytes64 mask_bytes(Bytes64 v, int mask) {
  return _mm512_and_si512(v, _mm512_set1_epi8(static_cast<char>(mask)));
}
TIJORI_INLINE Bytes64 select_bits(int mask, Bytes64 set, Bytes64 clear) {
  return _mm512_ternarylogic_epi32(_mm512_set1_epi8(static_cast<char>(mask)), set, clear, 0xCA);
}
template <int Bits>
TIJORI_INLINE Bytes64 shift_bytes_left(Bytes64 v) {
  return _mm512_slli_epi16(v, Bits);
}  // bits cross into the neighbour
template <int Bits>
TIJORI_INLINE Bytes64 shift_bytes_right(Bytes64 v) {
  return _mm512_srli_epi16(v, Bits);
}
template <int Bits>
TIJORI_INLINE Bytes64 field(Bytes64 masked) {
  return masked;
}
template <int Bits>
TIJORI_INLINE I32x16 start(int32_t offset) {
  return _mm512_set1_epi32(offset);
}
template <int Bits>
TIJORI_INLINE I32x16 finish(I32x16 dot, int32_t) {
  return dot;
}
TIJORI_INLINE I32x16 dot(I32x16 sum, Bytes64 weights, const int8_t* x4) {
  int32_t four;
  __builtin_memcpy(&four, x4, sizeof four);
  return _mm512_dpbusd_epi32(sum, weights, _mm512_set1_epi32(four));
}
TIJORI_INLINE I32x16 byte_start(int32_t offset) {
  return _mm512_set1_epi32(offset);
}
TIJORI_INLINE I32x16 byte_dot(I32x16 sum, Bytes64 weights, const int8_t* x4) {
  return dot(sum, weights, x4);
}
