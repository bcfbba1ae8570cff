#include "kernels/cuda/launchers.h"
#include "kernels/cuda/plugin.h"

namespace tijori::cuda {
namespace {

#if defined(__CUDACC__)
constexpr const char* backend_name = "cuda";
#else
constexpr const char* backend_name = "cuda-host";
#endif

constexpr Plugin plugin = {
    .version = TIJORI_VERSION,
    .name = backend_name,
    .open = Runtime::open,
    .kernels = {.embed = launch_embed,
                .angles = launch_angles,
                .rms_norm = launch_rms_norm,
                .halves = launch_halves,
                .swiglu = launch_swiglu,
                .product = launch_product,
                .rotate = launch_rotate,
                .attention = launch_attention,
                .route = launch_route,
                .combine = launch_combine,
                .add = launch_add,
                .sample = launch_sample},
};

}  // namespace
}  // namespace tijori::cuda

extern "C" __attribute__((visibility("default"))) const tijori::cuda::Plugin* tijori_cuda_plugin() {
  return &tijori::cuda::plugin;
}
