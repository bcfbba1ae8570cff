#include "engine/placement.h"

#include <algorithm>
#include <string>

namespace tijori {
namespace {

// The last device_layers on the device, counted as in PlacementWish, the routed experts of the first cpu_experts layers
// on the CPU.
Placement place(const PartSizes& sizes, uint32_t device_layers, uint32_t cpu_experts) {
  const auto n_layers = static_cast<uint32_t>(sizes.layers.size());
  const uint32_t first = n_layers + 1 - device_layers;
  Placement placement(n_layers);
  bool is_whole = true;
  for (uint32_t layer = 0; layer < n_layers; ++layer) {
    const uint32_t device = layer < first ? cpu_device : main_device;
    const bool has_experts = sizes.layers[layer].routed_experts != 0;
    const uint32_t experts = has_experts && layer < cpu_experts ? cpu_device : device;
    placement.place(layer, LayerPart::attention, device);
    placement.place(layer, LayerPart::feed_forward, device);
    placement.place(layer, LayerPart::routed_experts, experts);
    is_whole = is_whole && experts == main_device;
  }
  placement.place_output(device_layers == 0 ? cpu_device : main_device);
  placement.place_embedding(is_whole && device_layers != 0 ? main_device : cpu_device);
  return placement;
}

uint64_t device_bytes(const PartSizes& sizes, const Placement& placement) {
  if (!placement.uses(main_device)) return 0;
  uint64_t bytes = sizes.workspace;
  if (placement.embedding() == main_device) bytes += sizes.embedding;
  if (placement.output() == main_device) bytes += sizes.output;
  bool has_experts = false;
  bool exchanges = false;
  for (uint32_t layer = 0; layer < placement.n_layers(); ++layer) {
    const PartSizes::Layer& parts = sizes.layers[layer];
    if (placement.device(layer, LayerPart::attention) == main_device) bytes += parts.attention;
    if (placement.device(layer, LayerPart::feed_forward) != main_device) continue;
    bytes += parts.feed_forward;
    const bool has_its_experts = placement.device(layer, LayerPart::routed_experts) == main_device;
    if (has_its_experts) bytes += parts.routed_experts;
    has_experts = has_experts || (has_its_experts && parts.routed_experts != 0);
    exchanges = exchanges || !has_its_experts;
  }
  if (has_experts) bytes += sizes.expert_workspace;
  if (exchanges) bytes += sizes.exchange;
  return bytes;
}

}  // namespace

bool Placement::uses(uint32_t device) const {
  const auto has = [device](const auto& parts) { return std::ranges::find(parts, device) != parts.end(); };
  return embedding_ == device || output_ == device || std::ranges::any_of(layers_, has);
}

Result<RoutedExperts> parse_routed_experts(std::string_view name) {
  if (name == "auto") return RoutedExperts::automatic;
  if (name == "device") return RoutedExperts::device;
  if (name == "cpu") return RoutedExperts::cpu;
  return fail(ErrorCode::invalid_argument,
              "routed experts \"" + std::string(name) + "\": expected auto, device or cpu");
}

Placement choose_placement(const PartSizes& sizes, uint64_t limit_bytes, const PlacementWish& wish) {
  const auto n_layers = static_cast<uint32_t>(sizes.layers.size());
  const uint32_t most_layers = std::min(wish.device_layers.value_or(n_layers + 1), n_layers + 1);
  const uint32_t fewest_layers = wish.device_layers ? most_layers : 0;
  const uint32_t least_cpu_experts = wish.routed_experts == RoutedExperts::cpu ? n_layers : 0;
  const uint32_t most_cpu_experts = wish.routed_experts == RoutedExperts::device ? 0 : n_layers;
  const auto fits = [&](const Placement& placement) {
    return limit_bytes == 0 || device_bytes(sizes, placement) <= limit_bytes;
  };

  Placement placement;
  for (uint32_t layers = most_layers + 1; layers-- > fewest_layers;) {
    for (uint32_t experts = least_cpu_experts; experts <= most_cpu_experts; ++experts) {
      placement = place(sizes, layers, experts);
      if (fits(placement)) return placement;
      placement.place_embedding(cpu_device);
      if (fits(placement)) return placement;
    }
  }
  return placement;
}

}  // namespace tijori
