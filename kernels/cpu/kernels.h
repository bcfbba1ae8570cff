// The CPU's numerical kernels as one table of functions per instruction set.
//
// Kernels are pure functions over the caller's memory: they don't allocate, log, fail or start threads. Most take a
// sub-range of their output, so that a thread pool can split one call; ranges of two threads must not overlap.
//
// Contract, batch invariance: an output depends on its own inputs alone, and every reduction's order follows from the
// shape, never from the number of columns, the ranges or the neighbours. So the bits of a result are the same for one
// column or 512, one thread or many. avx2 and avx512 also give the same bits as each other; reference does not (it
// sums in double over exactly dequantised weights and keeps activations as floats).
//
// NaN and infinite inputs give NaN or infinite outputs of the same row, never a fault.
//
// Buffers called packed, quantised or KV block are aligned to `kernel_alignment`; float rows need no alignment.
// Strides of float rows count floats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kernels/dtype.h"

namespace tijori {

inline constexpr size_t kernel_alignment = 64;
inline constexpr size_t group_rows = 16;          // output rows per unit of packing and of a matmul's range
inline constexpr size_t kv_block_positions = 32;  // positions per block of the KV cache
inline constexpr size_t max_head_dim = 256;       // attention; the engine refuses larger models

enum class Isa { reference, avx2, avx512 };

inline constexpr size_t group_count(size_t rows) {
  return (rows + group_rows - 1) / group_rows;
}

enum class MatmulStore {
  assign,  // y = W x
  add,     // y = y + W x, the product rounded first
};

// y[c][r] = sum over k of W[r][k] * x[c][k].
struct Matmul {
  DType dtype = DType::f32;
  size_t rows = 0;                       // any
  size_t cols = 0;                       // a multiple of the type's block
  const std::byte* weights = nullptr;    // as pack() left them
  size_t n = 0;                          // columns of x and y, at least 1
  const float* x = nullptr;              // [n, cols]; read when !needs_quantised(dtype)
  size_t x_stride = 0;                   // floats from one x row to the next
  const std::byte* quantised = nullptr;  // of quantise() with the same n and cols; read when needs_quantised(dtype)
  float* y = nullptr;                    // [n, rows]
  size_t y_stride = 0;                   // floats from one y row to the next
  MatmulStore store = MatmulStore::assign;
};

enum class KvType { f32, f16, q8 };

// One layer's share of the KV cache, in blocks of 32 positions. A block holds, per KV head,
//   f32, f16   K [head_dim][32] | V [32][padded head_dim]
//   q8         the same as int8, then f32 scales: K [32] | V [32]; one scale per position and head
// with head_dim padded to a multiple of 16 in V. Contents of positions never written are never used.
struct KvShape {
  KvType type = KvType::f32;
  size_t n_kv_heads = 0;
  size_t head_dim = 0;  // even, at most max_head_dim
};

// Bytes of one block of one layer (all KV heads), a multiple of kernel_alignment.
size_t kv_block_bytes(const KvShape& shape);

// Where one sequence's positions lie in one layer: position p is in the block at base + table[p / 32] * stride_bytes.
struct KvTable {
  std::byte* base = nullptr;
  size_t stride_bytes = 0;
  const int32_t* table = nullptr;
};

struct AttentionQuery {
  const float* q = nullptr;  // [n_heads, head_dim]
  float* out = nullptr;      // [n_heads, head_dim]; may not alias q
  KvTable kv;        // queries of one sequence share the table; neighbours of one sequence are computed together
  size_t first = 0;  // first visible position: 0, or the start of the query's chunk
  size_t last = 0;   // last visible position (the query's own), >= first
  float scale = 1;   // 1 / sqrt(head_dim), times the temperature where the layer has one
};

struct Attention {
  KvShape shape;
  size_t n_heads = 0;  // a multiple of n_kv_heads; head h reads KV head h / (n_heads / n_kv_heads)
  std::span<const AttentionQuery> queries;
};

struct CpuKernels {
  Isa isa = Isa::reference;
  std::string_view name;  // "reference", "avx2", "avx512"

  // --- weights ---
  // Bytes of one packed row group; a packed matrix is group_count(rows) of them in a row.
  size_t (*packed_group_bytes)(DType dtype, size_t cols);
  // Re-lays row groups [group_begin, group_end) of a matrix whose rows are stored one after another as in the file.
  // `packed` is the whole matrix's start. Rows past the last are filled with zeros.
  void (*pack)(DType dtype, const std::byte* rows_begin, size_t rows, size_t cols, std::byte* packed,
               size_t group_begin, size_t group_end);

  // --- matrix products ---
  // Whether matmul reads `quantised` (true) or `x` for this type. One quantise() serves every type that needs it.
  bool (*needs_quantised)(DType dtype);
  size_t (*quantised_bytes)(size_t n, size_t cols);
  // Quantises columns [begin, end) of x [n, cols] to 15-bit integers with a scale per 32 values. `out` is the whole
  // buffer's start.
  void (*quantise)(const float* x, size_t x_stride, size_t n, size_t cols, std::byte* out, size_t begin, size_t end);
  // Computes rows [16 * group_begin, 16 * group_end) of every column. y may not alias x.
  void (*matmul)(const Matmul& m, size_t group_begin, size_t group_end);

  // --- element kernels; in place where in and out may be the same rows ---
  // out = x / sqrt(mean(x^2) + eps) * weight, for `n` rows; weight null: none. out may be x.
  void (*rms_norm)(const float* x, size_t x_stride, const float* weight, float eps, size_t n, size_t cols, float* out,
                   size_t out_stride);
  // Rotates adjacent pairs of each head of one token in place: (a, b) -> (a cos - b sin, a sin + b cos).
  // cos_sin is [head_dim / 2] pairs (cos, sin) of the token's position.
  void (*rope)(float* x, size_t n_heads, size_t head_dim, const float* cos_sin);
  // out = gate / (1 + exp(-gate)) * up. out may be gate or up.
  void (*swiglu)(const float* gate, const float* up, size_t count, float* out);
  void (*add)(float* x, const float* y, size_t count);                       // x += y
  void (*scaled_add)(float* x, const float* y, float factor, size_t count);  // x += factor * y, product rounded first
  void (*scale)(const float* x, float factor, size_t count, float* out);     // out = factor * x; out may be x

  // --- attention ---
  // Writes one position's k and v [n_kv_heads, head_dim] (k after rotation and norm) into its block.
  void (*kv_write)(const KvShape& shape, const float* k, const float* v, const KvTable& kv, size_t position);
  // softmax(scale * q K^T) V over the visible positions, for queries [query_begin, query_end) and the heads of KV
  // heads [kv_head_begin, kv_head_end).
  void (*attention)(const Attention& a, size_t query_begin, size_t query_end, size_t kv_head_begin, size_t kv_head_end);
};

// The kernels of an instruction set, or null when this CPU lacks it (avx2 also needs FMA and F16C; avx512 needs
// F, BW, DQ, VL and VNNI). Reference is always there. The table lives as long as the program.
const CpuKernels* find_cpu_kernels(Isa isa);

// The fastest of the sets this CPU has.
const CpuKernels& best_cpu_kernels();

inline size_t packed_bytes(const CpuKernels& kernels, DType dtype, size_t rows, size_t cols) {
  return group_count(rows) * kernels.packed_group_bytes(dtype, cols);
}

struct ExpertChoice {
  int32_t expert = 0;
  float weight = 0;  // sigmoid(logit)
};

// The `choices.size()` experts of largest logit, best first, ties to the lower index; a NaN logit ranks last.
// logits.size() >= choices.size().
void route_experts(std::span<const float> logits, std::span<ExpertChoice> choices);

}  // namespace tijori
