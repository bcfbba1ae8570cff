#include "engine/forward.h"

namespace tijori {
namespace {

// The residual stream's way through the devices: it lies on one at a time and is copied where the placement changes.
class ResidualStream {
 public:
  ResidualStream(std::span<const Device> devices, uint32_t first, uint64_t size_bytes)
      : devices_(devices), at_(first), size_bytes_(size_bytes) {}

  Result<const Device*> move_to(uint32_t device) {
    TRY_ASSIGN(const Device* const there, show_to(device));
    at_ = device;
    return there;
  }

  // Copies the rows as they are now; the stream stays where it is.
  Result<const Device*> show_to(uint32_t device) {
    const Device& here = devices_[at_];
    const Device& there = devices_[device];
    if (device != at_) TRY(copy(*here.backend, here.residual, *there.backend, there.residual, size_bytes_));
    return &there;
  }

  // Adds the rows that another device summed up.
  Status add_from(const Device& there) {
    const Device& here = devices_[at_];
    there.backend->all_reduce(there.routed_sum, size_bytes_);
    TRY(copy(*there.backend, there.routed_sum, *here.backend, here.routed_sum, size_bytes_));
    here.backend->add({.residual = here.residual, .rows = here.routed_sum});
    return {};
  }

  // After an operation that added to the residual: completes the sum over a group of devices.
  void complete() { devices_[at_].backend->all_reduce(devices_[at_].residual, size_bytes_); }

 private:
  std::span<const Device> devices_;
  uint32_t at_;
  uint64_t size_bytes_;
};

}  // namespace

Status forward(const ForwardContext& context, const Step& step) {
  const Hyperparameters& model = context.model;
  const Placement& placement = context.placement;
  for (const Device& device : context.devices) device.backend->begin_step(step);

  ResidualStream stream(context.devices, placement.embedding(), step.tokens.size() * model.embedding * sizeof(float));
  {
    TRY_ASSIGN(const Device* const device, stream.move_to(placement.embedding()));
    device->backend->embed({.embedding = context.weights.embedding, .residual = device->residual});
  }

  for (uint32_t layer = 0; layer < model.n_layers(); ++layer) {
    const LayerShape& shape = model.layers[layer];
    const LayerWeights& weights = context.weights.layers[layer];

    // Attention. A layer that rotates sees its chunk; one that doesn't sees everything, at a temperature.
    {
      TRY_ASSIGN(const Device* const device, stream.move_to(placement.device(layer, LayerPart::attention)));
      device->backend->attention_input({.residual = device->residual,
                                        .norm = weights.attention_norm,
                                        .query = weights.query,
                                        .key = weights.key,
                                        .value = weights.value,
                                        .rotation = shape.rotates ? Rotation::adjacent_pairs : Rotation::none,
                                        .head_norm = shape.rotates && model.head_norm ? HeadNorm::rms : HeadNorm::none,
                                        .query_rows = device->queries,
                                        .kv = context.kv[layer]});
      device->backend->attention({.query_rows = device->queries,
                                  .kv = context.kv[layer],
                                  .chunk = shape.chunk,
                                  .temperature_scale = shape.rotates ? 0 : model.temperature_scale,
                                  .temperature_length = model.temperature_length,
                                  .attended = device->attended});
      device->backend->attention_output(
          {.attended = device->attended, .output = weights.attention_output, .residual = device->residual});
      stream.complete();
    }

    // Feed-forward: dense, or the shared expert and the routed ones.
    {
      const uint32_t at = placement.device(layer, LayerPart::feed_forward);
      const uint32_t routed_at = placement.device(layer, LayerPart::routed_experts);
      const BufferId routes = context.routes.empty() ? BufferId::none : context.routes[layer];
      TRY_ASSIGN(const Device* const device, stream.move_to(at));
      const DenseFfnOp dense_or_shared{.residual = device->residual,
                                       .norm = weights.ffn_norm,
                                       .gate = weights.gate,
                                       .up = weights.up,
                                       .down = weights.down};
      if (!shape.has_experts) {
        device->backend->dense_ffn(dense_or_shared);
        stream.complete();
      } else if (routed_at == at) {
        device->backend->moe_ffn({.residual = device->residual,
                                  .norm = weights.ffn_norm,
                                  .expert_router = weights.expert_router,
                                  .expert_gate = weights.expert_gate,
                                  .expert_up = weights.expert_up,
                                  .expert_down = weights.expert_down,
                                  .shared_gate = weights.gate,
                                  .shared_up = weights.up,
                                  .shared_down = weights.down,
                                  .routes = routes});
        stream.complete();
      } else {
        // A copy waits for what its source has enqueued: the routed experts' device gets the residual before the shared
        // expert is, so that the two run at the same time.
        TRY_ASSIGN(const Device* const routed, stream.show_to(routed_at));
        device->backend->dense_ffn(dense_or_shared);
        stream.complete();
        routed->backend->moe_ffn({.residual = routed->residual,
                                  .norm = weights.routed_norm,
                                  .expert_router = weights.expert_router,
                                  .expert_gate = weights.expert_gate,
                                  .expert_up = weights.expert_up,
                                  .expert_down = weights.expert_down,
                                  .routes = routes,
                                  .routed_sum = routed->routed_sum});
        TRY(stream.add_from(*routed));
      }
    }
  }

  // The logits of the rows that are wanted.
  TRY_ASSIGN(const Device* const device, stream.move_to(placement.output()));
  device->backend->logits({.residual = device->residual,
                           .norm = context.weights.output_norm,
                           .output = context.weights.output,
                           .logits = device->logits});
  return {};
}

}  // namespace tijori
