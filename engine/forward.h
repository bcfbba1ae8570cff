// One forward pass over the backends of a placement. forward.cpp is the model's text: read it from top to bottom.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "engine/backend.h"
#include "engine/hyperparameters.h"
#include "engine/placement.h"
#include "engine/weights.h"

namespace tijori {

// A backend and its activations, f32.
struct Device {
  Backend* backend = nullptr;
  BufferId residual = BufferId::none;    // [max_batch_tokens, embedding]
  BufferId queries = BufferId::none;     // [max_batch_tokens, n_heads * head_dim]
  BufferId attended = BufferId::none;    // [max_batch_tokens, n_heads * head_dim]
  BufferId routed_sum = BufferId::none;  // [max_batch_tokens, embedding], where routed experts are on another device
  BufferId logits = BufferId::none;      // [max_logit_rows, vocabulary], on the output's device
  BufferId chosen = BufferId::none;      // u32 [max_logit_rows], there too
};

// Everything a pass reads; the model owns it.
struct ForwardContext {
  const Hyperparameters& model;
  const Weights& weights;
  const Placement& placement;
  std::span<const Device> devices;
  std::span<const BufferId> kv;      // [n_layers], each on its layer's attention device
  std::span<const BufferId> routes;  // [n_layers], or empty; each on its layer's routed experts' device
};

// Enqueues the step on the devices; afterwards the logits are in the output device's buffer once it is synchronised.
Status forward(const ForwardContext& context, const Step& step);

}  // namespace tijori
