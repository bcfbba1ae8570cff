// Marks a region of a source file as compiled for an instruction set, instead of the whole file: code of included
// headers keeps the baseline, so the linker can't pick an AVX copy of a shared inline function for an older CPU.
// Inside a region stand only functions of an ISA's own namespace, and no standard library templates.
#pragma once

#define TIJORI_PRAGMA(text) _Pragma(#text)

#if defined(__clang__)
#define TIJORI_AVX2_BEGIN \
  TIJORI_PRAGMA(clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function))
// clang-format off: a line break inside the string would not reach the pragma.
#define TIJORI_AVX512_BEGIN \
  TIJORI_PRAGMA(clang attribute push(__attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function))
// clang-format on
#define TIJORI_TARGET_END _Pragma("clang attribute pop")
#define TIJORI_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TIJORI_AVX2_BEGIN TIJORI_PRAGMA(GCC push_options) TIJORI_PRAGMA(GCC target("avx2,fma,f16c"))
#define TIJORI_AVX512_BEGIN       \
  TIJORI_PRAGMA(GCC push_options) \
  TIJORI_PRAGMA(GCC target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,prefer-vector-width=512"))
#define TIJORI_TARGET_END _Pragma("GCC pop_options")
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TIJORI_UNROLL  // with every access checked, unrolled kernels take minutes to compile
#else
#define TIJORI_UNROLL _Pragma("GCC unroll 16")
#endif
#endif

#define TIJORI_INLINE inline __attribute__((always_inline))
