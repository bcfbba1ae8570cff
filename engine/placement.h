// Which device runs which part of a model, and the choice of that for a device with a CPU beside it. One device is the
// trivial case.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

enum class LayerPart : uint8_t {
  attention,       // with the layer's KV cache
  feed_forward,    // a dense FFN, or the shared expert
  routed_experts,  // and the router, whose choice they need; of a dense layer nothing, placed as its feed_forward
};

// Devices are indexes into the model's list of backends.
class Placement {
 public:
  Placement() = default;
  // Everything on device 0.
  explicit Placement(uint32_t n_layers) : layers_(n_layers) {}

  uint32_t n_layers() const { return static_cast<uint32_t>(layers_.size()); }
  uint32_t embedding() const { return embedding_; }
  uint32_t output() const { return output_; }
  uint32_t device(uint32_t layer, LayerPart part) const { return layers_[layer][static_cast<size_t>(part)]; }

  void place_embedding(uint32_t device) { embedding_ = device; }
  void place_output(uint32_t device) { output_ = device; }
  void place(uint32_t layer, LayerPart part, uint32_t device) { layers_[layer][static_cast<size_t>(part)] = device; }

  // Whether any part lies there.
  bool uses(uint32_t device) const;

 private:
  uint32_t embedding_ = 0;
  uint32_t output_ = 0;
  std::vector<std::array<uint32_t, 3>> layers_;  // device of each part
};

// The list of backends that choose_placement() places on.
inline constexpr uint32_t main_device = 0;
inline constexpr uint32_t cpu_device = 1;

enum class RoutedExperts : uint8_t { automatic, device, cpu };

// "auto", "device" or "cpu".
Result<RoutedExperts> parse_routed_experts(std::string_view name);

struct PlacementWish {
  // Counted as llama.cpp's -ngl: from the model's end, the output being the first of them. 0: everything on the CPU,
  // n_layers + 1 or more: every layer on the device. None: as many as fit.
  std::optional<uint32_t> device_layers;
  // Of the layers on the device; those on the CPU have theirs there. automatic: the CPU takes those that don't fit.
  RoutedExperts routed_experts = RoutedExperts::automatic;

  bool operator==(const PlacementWish&) const = default;
};

// What the parts of a model take in the device's memory, in bytes.
struct PartSizes {
  struct Layer {
    uint64_t attention = 0;
    uint64_t feed_forward = 0;
    uint64_t routed_experts = 0;  // beside the feed_forward, whose norm they share; 0: a dense layer
  };
  uint64_t embedding = 0;
  uint64_t output = 0;
  std::vector<Layer> layers;
  uint64_t workspace = 0;         // with any part at all
  uint64_t expert_workspace = 0;  // with routed experts besides
  uint64_t exchange = 0;          // with a layer whose routed experts are elsewhere besides
};

// The placement that leaves most to the main device within its limit (0: not known, so everything fits). What doesn't
// fit goes to the CPU in this order: the embedding table, of which a step reads single rows; routed experts, which
// compute least for their bytes, from the first layer on; whole layers, from the first on. The embedding is on the
// device only where everything else is, since elsewhere the residual is copied anyway. When even the wish's least
// doesn't fit, that least is the answer.
Placement choose_placement(const PartSizes& sizes, uint64_t limit_bytes, const PlacementWish& wish);

}  // namespace tijori
