// Which device runs which part of a model. One device is the trivial case.
#pragma once

#include <cstdint>
#include <vector>

namespace tijori {

enum class LayerPart : uint8_t { attention, feed_forward };

// Devices are indexes into the model's list of backends.
class Placement {
 public:
  Placement() = default;
  // Everything on device 0.
  explicit Placement(uint32_t n_layers) : layers_(n_layers) {}

  uint32_t n_layers() const { return static_cast<uint32_t>(layers_.size()); }
  uint32_t embedding() const { return embedding_; }
  uint32_t output() const { return output_; }
  uint32_t device(uint32_t layer, LayerPart part) const {
    return part == LayerPart::attention ? layers_[layer].attention : layers_[layer].feed_forward;
  }

  void place_embedding(uint32_t device) { embedding_ = device; }
  void place_output(uint32_t device) { output_ = device; }
  void place(uint32_t layer, LayerPart part, uint32_t device) {
    (part == LayerPart::attention ? layers_[layer].attention : layers_[layer].feed_forward) = device;
  }

 private:
  struct Layer {
    uint32_t attention = 0;
    uint32_t feed_forward = 0;
  };
  uint32_t embedding_ = 0;
  uint32_t output_ = 0;
  std::vector<Layer> layers_;
};

}  // namespace tijori
