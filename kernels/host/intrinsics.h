// The device functions of CUDA that are arithmetic and nothing else. expf, rsqrtf and their like round as the CPU's
// library does, which may be another last digit than a GPU's.
#pragma once

#include <bit>
#include <cstdint>

#include <math.h>

// NOLINTBEGIN(bugprone-reserved-identifier): the names are CUDA's.
inline unsigned __float_as_uint(float a) {
  return std::bit_cast<unsigned>(a);
}
inline int __float_as_int(float a) {
  return std::bit_cast<int>(a);
}
inline float __uint_as_float(unsigned a) {
  return std::bit_cast<float>(a);
}
inline float __int_as_float(int a) {
  return std::bit_cast<float>(a);
}

// Byte i of the result is the one of the eight bytes of (high, low) that nibble i of the selector names.
inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector) {
  const uint64_t bytes = static_cast<uint64_t>(high) << 32 | low;
  unsigned out = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned named = selector >> (4 * i) & 7U;
    out |= static_cast<unsigned>(bytes >> (8 * named) & 0xFFU) << (8 * i);
  }
  return out;
}
inline int __popc(unsigned a) {
  return std::popcount(a);
}
inline int __popcll(unsigned long long a) {
  return std::popcount(a);
}
inline int __clz(int a) {
  return std::countl_zero(static_cast<unsigned>(a));
}
inline int __ffs(int a) {
  return a == 0 ? 0 : std::countr_zero(static_cast<unsigned>(a)) + 1;
}

inline float rsqrtf(float a) {
  return 1.0F / sqrtf(a);
}

constexpr int min(int a, int b) {
  return b < a ? b : a;
}
constexpr unsigned min(unsigned a, unsigned b) {
  return b < a ? b : a;
}
constexpr long min(long a, long b) {
  return b < a ? b : a;
}
constexpr unsigned long min(unsigned long a, unsigned long b) {
  return b < a ? b : a;
}
constexpr long long min(long long a, long long b) {
  return b < a ? b : a;
}
constexpr unsigned long long min(unsigned long long a, unsigned long long b) {
  return b < a ? b : a;
}
inline float min(float a, float b) {
  return fminf(a, b);
}
inline double min(double a, double b) {
  return fmin(a, b);
}
constexpr int max(int a, int b) {
  return a < b ? b : a;
}
constexpr unsigned max(unsigned a, unsigned b) {
  return a < b ? b : a;
}
constexpr long max(long a, long b) {
  return a < b ? b : a;
}
constexpr unsigned long max(unsigned long a, unsigned long b) {
  return a < b ? b : a;
}
constexpr long long max(long long a, long long b) {
  return a < b ? b : a;
}
constexpr unsigned long long max(unsigned long long a, unsigned long long b) {
  return a < b ? b : a;
}
inline float max(float a, float b) {
  return fmaxf(a, b);
}
inline double max(double a, double b) {
  return fmax(a, b);
}
// NOLINTEND(bugprone-reserved-identifier)
