// CUDA's half and half2. Each operation rounds once, to nearest and ties to even, as the device does; only the payload
// of a NaN is the CPU's own.
#pragma once

#include <bit>
#include <cstdint>

#include <immintrin.h>

#include "kernels/host/vector_types.h"

struct half {
  __extension__ _Float16 value;
};
struct alignas(4) half2 {
  half x, y;
};
// NOLINTBEGIN(bugprone-reserved-identifier): the names are CUDA's.
using __half = half;
using __half2 = half2;

inline half __ushort_as_half(unsigned short bits) {
  return std::bit_cast<half>(bits);
}
inline unsigned short __half_as_ushort(half a) {
  return std::bit_cast<unsigned short>(a);
}

#if defined(__F16C__)
// Through the instructions: gcc 12 calls a function of libgcc for the conversions of _Float16.
inline float __half2float(half a) {
  return _cvtsh_ss(std::bit_cast<uint16_t>(a));
}
inline half __float2half_rn(float a) {
  return std::bit_cast<half>(static_cast<uint16_t>(_cvtss_sh(a, _MM_FROUND_TO_NEAREST_INT)));
}
#else
inline float __half2float(half a) {
  return static_cast<float>(a.value);
}
inline half __float2half_rn(float a) {
  return {static_cast<_Float16>(a)};
}
#endif
inline half __float2half(float a) {
  return __float2half_rn(a);
}

inline half2 __halves2half2(half low, half high) {
  return {low, high};
}
inline half2 __half2half2(half a) {
  return {a, a};
}
inline half2 __floats2half2_rn(float low, float high) {
  return {__float2half_rn(low), __float2half_rn(high)};
}
inline half2 __float2half2_rn(float a) {
  return __half2half2(__float2half_rn(a));
}
inline float2 __half22float2(half2 a) {
  return {__half2float(a.x), __half2float(a.y)};
}
inline half __low2half(half2 a) {
  return a.x;
}
inline half __high2half(half2 a) {
  return a.y;
}
inline float __low2float(half2 a) {
  return __half2float(a.x);
}
inline float __high2float(half2 a) {
  return __half2float(a.y);
}

// float holds 24 digits, which is twice half's 11 and 2 more: rounding a sum, difference or product to it first does no
// harm.
inline half __hadd(half a, half b) {
  return __float2half_rn(__half2float(a) + __half2float(b));
}
inline half __hsub(half a, half b) {
  return __float2half_rn(__half2float(a) - __half2float(b));
}
inline half __hmul(half a, half b) {
  return __float2half_rn(__half2float(a) * __half2float(b));
}

// The product is exact in double, and so is the sum wherever it comes near a tie of half. It goes to float with what is
// cut off kept in the last digit (rounding to odd), so that the step to half is the only one that rounds.
inline half __hfma(half a, half b, half c) {
  constexpr uint64_t cut = (uint64_t{1} << 29) - 1;
  const double product = static_cast<double>(__half2float(a)) * static_cast<double>(__half2float(b));
  const auto sum = std::bit_cast<uint64_t>(product + static_cast<double>(__half2float(c)));
  const uint64_t odd = (sum & ~cut) | (static_cast<uint64_t>((sum & cut) != 0) << 29);
  return __float2half_rn(static_cast<float>(std::bit_cast<double>(odd)));
}

inline half2 __hadd2(half2 a, half2 b) {
  return {__hadd(a.x, b.x), __hadd(a.y, b.y)};
}
inline half2 __hsub2(half2 a, half2 b) {
  return {__hsub(a.x, b.x), __hsub(a.y, b.y)};
}
inline half2 __hmul2(half2 a, half2 b) {
  return {__hmul(a.x, b.x), __hmul(a.y, b.y)};
}
inline half2 __hfma2(half2 a, half2 b, half2 c) {
  return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}
// NOLINTEND(bugprone-reserved-identifier)
