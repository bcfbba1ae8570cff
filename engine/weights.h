// The weights of a model, by the place they have in it; the numbers lie in the backends of its placement.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "base/error.h"
#include "engine/backend.h"
#include "engine/gguf.h"
#include "engine/hyperparameters.h"
#include "engine/placement.h"

namespace tijori {

struct LayerWeights {
  WeightId attention_norm = WeightId::none;
  WeightId query = WeightId::none;
  WeightId key = WeightId::none;
  WeightId value = WeightId::none;
  WeightId attention_output = WeightId::none;
  WeightId ffn_norm = WeightId::none;  // on the feed-forward device
  // Of a dense layer the FFN, of a layer with experts the shared expert.
  WeightId gate = WeightId::none;
  WeightId up = WeightId::none;
  WeightId down = WeightId::none;
  // Of a layer with experts.
  WeightId routed_norm = WeightId::none;  // ffn_norm on the routed experts' device
  WeightId expert_router = WeightId::none;
  WeightId expert_gate = WeightId::none;
  WeightId expert_up = WeightId::none;
  WeightId expert_down = WeightId::none;
};

struct Weights {
  WeightId embedding = WeightId::none;  // a table, on the placement's embedding device
  WeightId output_norm = WeightId::none;
  WeightId output = WeightId::none;
  std::vector<LayerWeights> layers;
};

// Called with the file bytes done; returning false cancels.
using WeightProgress = std::function<bool(uint64_t done_bytes)>;

struct WeightPlan {
  uint64_t bytes = 0;
  std::set<DType> expanded;  // types of the file that the backend keeps as another one
};
// What the weights take in each backend, after checking that every tensor is there in the right shape and that none is
// left over.
Result<std::vector<WeightPlan>> plan_weights(const GgufModel& files, const Hyperparameters& hyperparameters,
                                             const Placement& placement,
                                             std::span<const std::unique_ptr<Backend>> backends);

// Bytes that the weights of each part would take in this backend, and nothing but weights. Checks what plan_weights()
// checks.
Result<PartSizes> measure_parts(const GgufModel& files, const Hyperparameters& hyperparameters, const Backend& backend);

Result<Weights> load_weights(const GgufModel& files, const Hyperparameters& hyperparameters, const Placement& placement,
                             std::span<const std::unique_ptr<Backend>> backends, const WeightProgress& progress);

}  // namespace tijori
