// Sixteen lanes as two 256-bit registers, lanes 0-7 and 8-15: the same names and the same bits as simd_avx512.h.
// Included inside an AVX2 region and namespace.

struct F32x16 {
  __m256 a, b;
};
struct I32x16 {
  __m256i a, b;
};
using Bytes64 = I32x16;  // 4 consecutive k of 16 rows: byte 4 * row + k mod 4

constexpr size_t wide_columns = 4;
constexpr size_t wide_groups = 1;
constexpr size_t float_groups = 1;  // the same for float weights
constexpr size_t matvec_groups = 2;
constexpr size_t attention_rows = 1;
constexpr size_t paired_columns = 1;

TIJORI_INLINE F32x16 zero_f() {
  return {_mm256_setzero_ps(), _mm256_setzero_ps()};
}
TIJORI_INLINE F32x16 set1(float v) {
  return {_mm256_set1_ps(v), _mm256_set1_ps(v)};
}
TIJORI_INLINE F32x16 load(const float* p) {
  return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
TIJORI_INLINE void store(float* p, F32x16 v) {
  _mm256_storeu_ps(p, v.a);
  _mm256_storeu_ps(p + 8, v.b);
}
TIJORI_INLINE F32x16 load_partial(const float* p, size_t count) {
  if (count == 16) return load(p);
  alignas(32) float lanes[16] = {};
  __builtin_memcpy(lanes, p, count * sizeof(float));
  return load(lanes);
}
TIJORI_INLINE void store_partial(float* p, F32x16 v, size_t count) {
  if (count == 16) return store(p, v);
  alignas(32) float lanes[16];
  store(lanes, v);
  __builtin_memcpy(p, lanes, count * sizeof(float));
}
TIJORI_INLINE F32x16 add_f(F32x16 x, F32x16 y) {
  return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 sub_f(F32x16 x, F32x16 y) {
  return {_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 mul_f(F32x16 x, F32x16 y) {
  return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 div_f(F32x16 x, F32x16 y) {
  return {_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 fma_f(F32x16 x, F32x16 y, F32x16 z) {
  return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
TIJORI_INLINE F32x16 fnma_f(F32x16 x, F32x16 y, F32x16 z) {
  return {_mm256_fnmadd_ps(x.a, y.a, z.a), _mm256_fnmadd_ps(x.b, y.b, z.b)};
}
TIJORI_INLINE F32x16 max_f(F32x16 x, F32x16 y) {
  return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 min_f(F32x16 x, F32x16 y) {
  return {_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)};
}
TIJORI_INLINE F32x16 round_f(F32x16 v) {
  return {_mm256_round_ps(v.a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
          _mm256_round_ps(v.b, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
TIJORI_INLINE F32x16 zero_below(F32x16 v, F32x16 x, F32x16 limit) {
  return {_mm256_and_ps(v.a, _mm256_cmp_ps(x.a, limit.a, _CMP_NLT_UQ)),
          _mm256_and_ps(v.b, _mm256_cmp_ps(x.b, limit.b, _CMP_NLT_UQ))};
}
TIJORI_INLINE F32x16 keep_lanes(F32x16 v, uint32_t lanes, F32x16 other) {
  const __m256i low = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i high = _mm256_slli_epi32(low, 8);
  const __m256i all = _mm256_set1_epi32(static_cast<int32_t>(lanes));
  return {_mm256_blendv_ps(other.a, v.a, _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(all, low), low))),
          _mm256_blendv_ps(other.b, v.b, _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(all, high), high)))};
}

TIJORI_INLINE F32x16 swap_pairs(F32x16 v) {
  return {_mm256_permute_ps(v.a, 0xB1), _mm256_permute_ps(v.b, 0xB1)};
}
TIJORI_INLINE F32x16 even_lanes(F32x16 v) {
  return {_mm256_moveldup_ps(v.a), _mm256_moveldup_ps(v.b)};
}
TIJORI_INLINE F32x16 odd_lanes(F32x16 v) {
  return {_mm256_movehdup_ps(v.a), _mm256_movehdup_ps(v.b)};
}
TIJORI_INLINE F32x16 fma_add_sub(F32x16 x, F32x16 y, F32x16 z) {
  return {_mm256_fmaddsub_ps(x.a, y.a, z.a), _mm256_fmaddsub_ps(x.b, y.b, z.b)};
}

TIJORI_INLINE __m256 high_half(F32x16 v) {
  return v.b;
}
TIJORI_INLINE __m256 low_half(F32x16 v) {
  return v.a;
}
TIJORI_INLINE int32_t sum_lanes(I32x16 v) {
  const __m256i eight = _mm256_add_epi32(v.a, v.b);
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1)));
}

TIJORI_INLINE I32x16 zero_i() {
  return {_mm256_setzero_si256(), _mm256_setzero_si256()};
}
TIJORI_INLINE I32x16 set1_i(int32_t v) {
  return {_mm256_set1_epi32(v), _mm256_set1_epi32(v)};
}
TIJORI_INLINE I32x16 add_i(I32x16 x, I32x16 y) {
  return {_mm256_add_epi32(x.a, y.a), _mm256_add_epi32(x.b, y.b)};
}
TIJORI_INLINE I32x16 sub_i(I32x16 x, I32x16 y) {
  return {_mm256_sub_epi32(x.a, y.a), _mm256_sub_epi32(x.b, y.b)};
}
TIJORI_INLINE I32x16 max_i(I32x16 x, I32x16 y) {
  return {_mm256_max_epi32(x.a, y.a), _mm256_max_epi32(x.b, y.b)};
}
TIJORI_INLINE I32x16 and_i(I32x16 x, I32x16 y) {
  return {_mm256_and_si256(x.a, y.a), _mm256_and_si256(x.b, y.b)};
}
template <int Bits>
TIJORI_INLINE I32x16 shift_left(I32x16 v) {
  return {_mm256_slli_epi32(v.a, Bits), _mm256_slli_epi32(v.b, Bits)};
}
template <int Bits>
TIJORI_INLINE I32x16 shift_right_signed(I32x16 v) {
  return {_mm256_srai_epi32(v.a, Bits), _mm256_srai_epi32(v.b, Bits)};
}
TIJORI_INLINE I32x16 bits_of(F32x16 v) {
  return {_mm256_castps_si256(v.a), _mm256_castps_si256(v.b)};
}
TIJORI_INLINE F32x16 float_of_bits(I32x16 v) {
  return {_mm256_castsi256_ps(v.a), _mm256_castsi256_ps(v.b)};
}
TIJORI_INLINE F32x16 to_float(I32x16 v) {
  return {_mm256_cvtepi32_ps(v.a), _mm256_cvtepi32_ps(v.b)};
}
TIJORI_INLINE I32x16 to_int(F32x16 v) {
  return {_mm256_cvtps_epi32(v.a), _mm256_cvtps_epi32(v.b)};
}
TIJORI_INLINE int32_t max_lane(I32x16 v) {
  const __m256i eight = _mm256_max_epi32(v.a, v.b);
  __m128i four = _mm_max_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  return _mm_cvtsi128_si32(_mm_max_epi32(four, _mm_shuffle_epi32(four, 0xB1)));
}

TIJORI_INLINE F32x16 load_half(const void* p) {
  const auto* halves = static_cast<const __m128i*>(p);
  return {_mm256_cvtph_ps(_mm_loadu_si128(halves)), _mm256_cvtph_ps(_mm_loadu_si128(halves + 1))};
}
TIJORI_INLINE void store_half(void* p, F32x16 v) {
  auto* halves = static_cast<__m128i*>(p);
  _mm_storeu_si128(halves, _mm256_cvtps_ph(v.a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  _mm_storeu_si128(halves + 1, _mm256_cvtps_ph(v.b, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
TIJORI_INLINE F32x16 load_bf16(const void* p) {
  const auto* values = static_cast<const __m128i*>(p);
  const I32x16 wide = {_mm256_cvtepu16_epi32(_mm_loadu_si128(values)),
                       _mm256_cvtepu16_epi32(_mm_loadu_si128(values + 1))};
  return float_of_bits(shift_left<16>(wide));
}
TIJORI_INLINE I32x16 load_u8(const void* p) {
  const __m128i v = _mm_loadu_si128(static_cast<const __m128i*>(p));
  return {_mm256_cvtepu8_epi32(v), _mm256_cvtepu8_epi32(_mm_srli_si128(v, 8))};
}
TIJORI_INLINE I32x16 load_i8(const void* p) {
  const __m128i v = _mm_loadu_si128(static_cast<const __m128i*>(p));
  return {_mm256_cvtepi8_epi32(v), _mm256_cvtepi8_epi32(_mm_srli_si128(v, 8))};
}
TIJORI_INLINE void store_i8(void* p, I32x16 v) {
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(v.a, v.b), 0xD8);
  _mm_storeu_si128(static_cast<__m128i*>(p),
                   _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}

// Without VNNI a dot is a product of byte pairs summed to 16 bits, then to 32. Fields are moved down to bit 0 first,
// because an unsigned byte above 127 could overflow the 16-bit sum; the power of two comes back in finish().
TIJORI_INLINE Bytes64 load_bytes(const uint8_t* p) {
  const auto* halves = reinterpret_cast<const __m256i*>(p);
  return {_mm256_load_si256(halves), _mm256_load_si256(halves + 1)};
}
TIJORI_INLINE Bytes64 mask_bytes(Bytes64 v, int mask) {
  const __m256i m = _mm256_set1_epi8(static_cast<char>(mask));
  return {_mm256_and_si256(v.a, m), _mm256_and_si256(v.b, m)};
}
TIJORI_INLINE Bytes64 select_bits(int mask, Bytes64 set, Bytes64 clear) {
  const __m256i m = _mm256_set1_epi8(static_cast<char>(mask));
  return {_mm256_or_si256(_mm256_and_si256(m, set.a), _mm256_andnot_si256(m, clear.a)),
          _mm256_or_si256(_mm256_and_si256(m, set.b), _mm256_andnot_si256(m, clear.b))};
}
template <int Bits>
TIJORI_INLINE Bytes64 shift_bytes_left(Bytes64 v) {
  return {_mm256_slli_epi16(v.a, Bits), _mm256_slli_epi16(v.b, Bits)};
}
template <int Bits>
TIJORI_INLINE Bytes64 shift_bytes_right(Bytes64 v) {
  return {_mm256_srli_epi16(v.a, Bits), _mm256_srli_epi16(v.b, Bits)};
}
template <int Bits>
TIJORI_INLINE Bytes64 field(Bytes64 masked) {  // the mask has cleared the low Bits of every byte
  return shift_bytes_right<Bits>(masked);
}
template <int Bits>
TIJORI_INLINE I32x16 start(int32_t offset) {
  return Bits == 0 ? set1_i(offset) : zero_i();
}
template <int Bits>
TIJORI_INLINE I32x16 finish(I32x16 dot, int32_t offset) {
  return Bits == 0 ? dot : add_i(shift_left<Bits>(dot), set1_i(offset));
}
TIJORI_INLINE __m256i broadcast_x4(const int8_t* x4) {
  int32_t four;
  __builtin_memcpy(&four, x4, sizeof four);
  return _mm256_set1_epi32(four);
}
TIJORI_INLINE I32x16 dot(I32x16 sum, Bytes64 weights, const int8_t* x4) {  // weights at most 127
  const __m256i x = broadcast_x4(x4);
  const __m256i one = _mm256_set1_epi16(1);
  return {_mm256_add_epi32(sum.a, _mm256_madd_epi16(_mm256_maddubs_epi16(weights.a, x), one)),
          _mm256_add_epi32(sum.b, _mm256_madd_epi16(_mm256_maddubs_epi16(weights.b, x), one))};
}
TIJORI_INLINE I32x16 byte_start(int32_t) {
  return zero_i();
}
TIJORI_INLINE I32x16 byte_dot(I32x16 sum, Bytes64 weights, const int8_t* x4) {
  const __m256i x = broadcast_x4(x4);
  const __m256i offset = _mm256_set1_epi8(static_cast<char>(0x80));
  const __m256i one = _mm256_set1_epi16(1);
  const __m256i wa = _mm256_xor_si256(weights.a, offset), wb = _mm256_xor_si256(weights.b, offset);
  // |w| * (x with w's sign): 2 * 128 * 127 fits 16 bits; an activation is never -128.
  const __m256i pa = _mm256_maddubs_epi16(_mm256_abs_epi8(wa), _mm256_sign_epi8(x, wa));
  const __m256i pb = _mm256_maddubs_epi16(_mm256_abs_epi8(wb), _mm256_sign_epi8(x, wb));
  return {_mm256_add_epi32(sum.a, _mm256_madd_epi16(pa, one)), _mm256_add_epi32(sum.b, _mm256_madd_epi16(pb, one))};
}
