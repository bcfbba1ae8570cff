// What a model is, read from its metadata and held within bounds: the architectures `llama4` (also without experts)
// and `llama` (dense).
//
// Llama 4 in one paragraph: layer l rotates its queries and keys (RoPE), norms them per head where `head_norm` says so,
// and sees its own chunk of positions alone; every no_rope_interval-th layer instead sees everything, without rotation
// or norm, with an attention temperature. Layer l has experts iff (l + 1) mod moe_interval == 0.
// A stock file doesn't say the chunk, the interval, the norm or the temperature: they are 8192, 4, "unless 128
// experts", and 0.1 per 8192 positions. Files may override them with the keys <arch>.attention.chunk_size,
// .no_rope_interval, .use_qk_norm, .attention.temperature_scale, .attention.temperature_length and
// .expert_shared_feed_forward_length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/gguf.h"

namespace tijori {

inline constexpr uint32_t max_layers = 1024;
inline constexpr uint32_t max_embedding = 1U << 17;
inline constexpr uint32_t max_heads = 1024;
inline constexpr uint32_t max_feed_forward = 1U << 20;
inline constexpr uint32_t max_experts = 4096;
inline constexpr uint32_t max_experts_per_token = 64;
inline constexpr uint32_t max_vocabulary = 1U << 22;
inline constexpr uint32_t max_context_length = 1U << 27;

enum class Architecture : uint8_t { llama4, llama };
std::string_view name_of(Architecture architecture);

struct LayerShape {
  bool rotates = true;       // RoPE, and the head norm where the model has one
  bool has_experts = false;  // MoE with shared expert instead of a dense FFN
  uint32_t chunk = 0;        // positions of local attention; 0: sees everything
};

struct Hyperparameters {
  Architecture architecture = Architecture::llama4;
  std::string name;  // general.name; may be empty
  uint32_t embedding = 0;
  uint32_t n_heads = 0;
  uint32_t n_kv_heads = 0;
  uint32_t head_dim = 0;
  uint32_t rotated_dims = 0;         // of a head, from its start
  uint32_t feed_forward = 0;         // hidden row of a dense FFN
  uint32_t expert_feed_forward = 0;  // hidden row of a routed expert
  uint32_t shared_feed_forward = 0;  // hidden row of a shared expert; the same where the file doesn't say
  uint32_t n_experts = 0;            // routed; 0: dense
  uint32_t experts_per_token = 0;
  uint32_t vocabulary = 0;
  uint32_t context_length = 0;   // positions the model was made for
  float epsilon = 0;             // of every norm
  bool head_norm = false;        // q and k of rotating layers
  double temperature_scale = 0;  // of layers without rotation; 0: none
  uint32_t temperature_length = 0;
  std::vector<double> rope_frequencies;  // [rotated_dims / 2], radians per position, scaling applied
  std::vector<LayerShape> layers;

  uint32_t n_layers() const { return static_cast<uint32_t>(layers.size()); }
};

// Refuses, naming the key or tensor: what is missing, out of bounds, or not supported.
Result<Hyperparameters> read_hyperparameters(const GgufModel& files);

}  // namespace tijori
