#include "engine/programs/placement_options.h"

namespace tijori {

void add_placement_options(CLI::App& verb, PlacementArguments& arguments) {
  verb.add_option("--cpu-backend", arguments.cpu_backend,
                  "Second backend, for what isn't on the first: auto, reference, avx2 or avx512; "
                  "without it everything is on the first, but of a GPU, beside which it is auto");
  verb.add_option("--device-layers", arguments.device_layers,
                  "Layers on the first backend, counted from the end, the output being one; else as many as fit")
      ->check(CLI::Range(0, 1 << 20));
  verb.add_option("--experts", arguments.experts,
                  "Routed experts of those layers: auto (on the first backend as they fit), device (all of them there) "
                  "or cpu");
}

Status set_placement(const PlacementArguments& arguments, ModelOptions& options) {
  if (!arguments.cpu_backend.empty()) {
    TRY_ASSIGN(options.cpu_backend, parse_backend_kind(arguments.cpu_backend));
  }
  if (arguments.device_layers >= 0) options.placement.device_layers = static_cast<uint32_t>(arguments.device_layers);
  TRY_ASSIGN(options.placement.routed_experts, parse_routed_experts(arguments.experts));
  // A GPU has the CPU beside it, asked for or not.
  const bool may_have_two =
      options.cpu_backend || options.backend == BackendKind::automatic || is_cuda(options.backend);
  if (may_have_two || options.placement == PlacementWish()) return {};
  return fail(ErrorCode::invalid_argument, "--device-layers and --experts need --cpu-backend or a GPU");
}

void print_plan(std::ostream& out, const LoadPlan& plan) {
  if (plan.memory.devices.size() < 2 && plan.memory.devices.front().gpu_name.empty()) return;
  for (const DevicePlan& device : plan.memory.devices) out << device.describe() << "\n";
}

}  // namespace tijori
