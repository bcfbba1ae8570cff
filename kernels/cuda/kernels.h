// The device's numerical kernels as one table, like CpuKernels for a CPU: what engine/cuda_backend.cpp enqueues. Built
// twice from the same sources, by nvcc into libtijori-cuda.so and for the host executor into libtijori-cuda-host.so.
//
// Contract, batch invariance: an output row depends on its own inputs alone, and the order of every sum follows from
// the shape. Which kernel variant runs (one for few tokens, one for many) may depend on the batch; the bits may not.
//
// Rows of activations are [n, columns] floats, and for products with weights that aren't F32 also `halves`: [n,
// row_halves(columns)] in chunk order (packed_tile.h), with a power of two per row in `scales` that they are to be
// multiplied with, so that no finite row overflows. Columns past the last are zero. All launches go to the runtime's
// stream and return at once. Sizes are counts of elements unless their name says bytes.
#pragma once

#include <cstdint>

#include "kernels/cuda/device_address.h"
#include "kernels/dtype.h"

namespace tijori::cuda {

class Runtime;

// As kernels/cuda/packed_tile.h lays it out; a table is rows as in the file.
struct DeviceMatrix {
  DType type = DType::f32;  // a device type
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t matrices = 1;      // experts
  uint64_t stride_bytes = 0;  // from one matrix to the next, and of one
  DeviceAddress at = 0;
};

struct DeviceRows {
  DeviceAddress floats = 0;  // [n, columns]
  DeviceAddress halves = 0;  // [n, row_halves(columns)]
  DeviceAddress scales = 0;  // [n]
};

// Of Step::Token, as kernels see it.
struct StepToken {
  uint32_t id = 0;
  uint32_t position = 0;
  uint32_t block_table = 0;  // index into the step's block tables
};

// Neighbouring tokens of one sequence, whose queries share what they read of the cache.
struct AttentionTile {
  uint32_t first_token = 0;
  uint32_t n_tokens = 0;
};

// Rows of one expert that are computed together.
struct ExpertTile {
  uint32_t expert = 0;
  uint32_t first_row = 0;
  uint32_t n_rows = 0;
};

enum class KvElement : uint32_t { f32, f16 };

// One layer's cache: blocks of 32 positions, each [n_kv_heads][K, V][32][padded head_dim].
struct KvLayout {
  KvElement element = KvElement::f16;
  uint32_t n_kv_heads = 0;
  uint32_t head_dim = 0;
  uint32_t n_blocks = 0;

  uint32_t padded_head_dim() const { return (head_dim + 7) / 8 * 8; }
  uint64_t element_bytes() const { return element == KvElement::f16 ? 2 : 4; }
  uint64_t block_elements() const { return uint64_t{n_kv_heads} * 2 * 32 * padded_head_dim(); }
  uint64_t bytes() const { return n_blocks * block_elements() * element_bytes(); }
};

struct StepArrays {
  DeviceAddress tokens = 0;        // StepToken [n_tokens]
  DeviceAddress block_tables = 0;  // u32 [n_table_entries]
  uint32_t n_tokens = 0;
  uint32_t n_table_entries = 0;
};

struct EmbedArguments {
  DeviceMatrix table;
  StepArrays step;
  DeviceAddress residual = 0;  // out [n_tokens, columns]
};

// cos and sin of every position's angles, in double until the last rounding.
struct AnglesArguments {
  StepArrays step;
  DeviceAddress frequencies = 0;  // f64 [n_frequencies], radians per position
  uint32_t n_frequencies = 0;
  uint32_t head_dim = 0;      // pairs past the frequencies get the angle 0
  DeviceAddress cos_sin = 0;  // out [n_tokens, head_dim / 2, 2]
};

// out = rms_norm(rows) * weight, of all rows or of those that `picked` lists.
struct RmsNormArguments {
  DeviceAddress rows = 0;  // [n_rows, columns]
  uint32_t n_rows = 0;
  DeviceAddress picked = 0;  // u32 [n]; 0: all
  DeviceAddress weight = 0;  // [columns]
  float epsilon = 0;
  uint32_t n = 0;
  uint32_t columns = 0;
  DeviceRows out;
};

// Rows that are there as floats, brought into halves; with `source`, row i is floats row source[i] times factor[i].
struct HalvesArguments {
  DeviceAddress rows = 0;  // [n_rows, columns]
  uint32_t n_rows = 0;
  DeviceAddress source = 0;  // u32 [n]; 0: each row itself, unscaled
  DeviceAddress factor = 0;  // f32 [n]
  uint32_t n = 0;
  uint32_t columns = 0;
  DeviceRows out;  // floats 0: not wanted
};

// out = silu(gate) * up
struct SwigluArguments {
  DeviceAddress gate = 0;  // [n, columns]
  DeviceAddress up = 0;
  uint32_t n = 0;
  uint32_t columns = 0;
  DeviceRows out;
};

// out[row] = matrix * rows[row], or added to it; with expert tiles each tile's rows by its own matrix.
struct ProductArguments {
  DeviceMatrix matrix;
  DeviceRows rows;
  uint32_t n = 0;
  DeviceAddress out = 0;         // [n, matrix.rows]
  bool adds = false;             // the product is rounded first
  DeviceAddress tiles = 0;       // ExpertTile [most_tiles]; 0: one matrix for all rows
  DeviceAddress tile_count = 0;  // u32
  uint32_t most_tiles = 0;
  uint32_t tile_width = 0;  // most rows of a tile: narrow_tile or wide_tile
};
inline constexpr uint32_t narrow_tile = 8;
inline constexpr uint32_t wide_tile = 64;

// Queries and keys are rotated and normalised in place; keys and values go to the cache.
struct RotateArguments {
  DeviceAddress queries = 0;  // [n, n_heads, head_dim]
  DeviceAddress keys = 0;     // [n, n_kv_heads, head_dim]
  DeviceAddress values = 0;   // [n, n_kv_heads, head_dim]
  DeviceAddress cos_sin = 0;  // [n, head_dim / 2, 2]; 0: no rotation
  bool norms = false;
  float epsilon = 0;
  uint32_t n_heads = 0;
  KvLayout layout;
  DeviceAddress cache = 0;
  StepArrays step;
};

struct AttentionArguments {
  DeviceAddress queries = 0;   // [n, n_heads, head_dim]
  DeviceAddress attended = 0;  // out [n, n_heads, head_dim]
  uint32_t n_heads = 0;
  KvLayout layout;
  DeviceAddress cache = 0;
  StepArrays step;
  DeviceAddress tiles = 0;  // AttentionTile [n_tiles]
  uint32_t n_tiles = 0;
  uint32_t chunk = 0;
  double temperature_scale = 0;
  uint32_t temperature_length = 0;
  // Partitions of the longest sequence; above 1 they are computed side by side into `partials` and merged.
  uint32_t n_partitions = 1;
  DeviceAddress partials = 0;  // [n, n_heads, n_partitions, head_dim + 2]
};
// Positions that one softmax is carried over before it is merged with those before it.
inline constexpr uint32_t attention_partition = 512;
inline constexpr uint32_t attention_tile_rows = 16;  // queries (of all heads) that a block computes
// Tokens of a tile, so that its heads' queries fill a block.
constexpr uint32_t attention_tile_tokens(uint32_t n_heads, uint32_t n_kv_heads) {
  const uint32_t group = n_heads / n_kv_heads;
  return group >= attention_tile_rows ? 1 : attention_tile_rows / group;
}

// The experts of each token, ascending, and their sigmoid; then the rows sorted by expert, in order of token.
struct RouteArguments {
  DeviceAddress logits = 0;  // [n, n_experts]
  uint32_t n = 0;
  uint32_t n_experts = 0;  // at most most_experts
  uint32_t experts_per_token = 0;
  uint32_t tile_width = 0;
  DeviceAddress choices = 0;        // out u32 [n, experts_per_token]
  DeviceAddress scores = 0;         // out f32 [n, experts_per_token]
  DeviceAddress row_of_choice = 0;  // out u32 [n, experts_per_token]
  DeviceAddress token_of_row = 0;   // out u32 [n * experts_per_token]
  DeviceAddress score_of_row = 0;   // out f32 [n * experts_per_token]
  DeviceAddress tiles = 0;          // out ExpertTile [most_expert_tiles()]
  DeviceAddress tile_count = 0;     // out u32
};
inline constexpr uint32_t most_experts = 1024;
constexpr uint32_t most_expert_tiles(uint32_t n_rows, uint32_t n_experts, uint32_t width) {
  return n_rows / width + (n_rows < n_experts ? n_rows : n_experts);
}

// residual (or `sum`, from zero) += the outputs of a token's experts, ascending.
struct CombineArguments {
  DeviceAddress outputs = 0;        // [n * experts_per_token, columns]
  DeviceAddress row_of_choice = 0;  // u32 [n, experts_per_token]
  uint32_t n = 0;
  uint32_t experts_per_token = 0;
  uint32_t columns = 0;
  DeviceAddress residual = 0;  // in and out
  bool from_zero = false;
};

struct AddArguments {
  DeviceAddress to = 0;  // [count], in and out
  DeviceAddress from = 0;
  uint64_t count = 0;
};

// One row's wishes, as engine/sampler.h has them, and the number in [0, 1) that its draw takes.
struct SampleParameters {
  double uniform = 0;
  float temperature = 1;
  float top_p = 1;
  float min_p = 0;
  uint32_t top_k = 0;
};
struct SampleArguments {
  DeviceAddress logits = 0;  // [n, vocabulary]
  uint32_t n = 0;
  uint32_t vocabulary = 0;
  DeviceAddress parameters = 0;  // SampleParameters [n]
  DeviceAddress chosen = 0;      // out u32 [n]; no_token where a logit isn't finite
};
inline constexpr uint32_t no_token = UINT32_MAX;
// The weight of the likeliest token; engine/sampler.cpp counts in the same.
inline constexpr double sample_one = 0x1p41;

struct Kernels {
  void (*embed)(Runtime&, const EmbedArguments&);
  void (*angles)(Runtime&, const AnglesArguments&);
  void (*rms_norm)(Runtime&, const RmsNormArguments&);
  void (*halves)(Runtime&, const HalvesArguments&);
  void (*swiglu)(Runtime&, const SwigluArguments&);
  void (*product)(Runtime&, const ProductArguments&);
  void (*rotate)(Runtime&, const RotateArguments&);
  void (*attention)(Runtime&, const AttentionArguments&);
  void (*route)(Runtime&, const RouteArguments&);
  void (*combine)(Runtime&, const CombineArguments&);
  void (*add)(Runtime&, const AddArguments&);
  void (*sample)(Runtime&, const SampleArguments&);
};

}  // namespace tijori::cuda
