// The plug-ins with device kernels, loaded when one is asked for: the programs are the same on a machine without a GPU.
#pragma once

#include <cstdint>
#include <memory>

#include "base/error.h"
#include "kernels/cuda/plugin.h"

namespace tijori {

enum class CudaPlugin : uint8_t {
  cuda,       // libtijori-cuda.so, for NVIDIA's GPUs
  cuda_host,  // libtijori-cuda-host.so, the same kernels on the CPU, for tests; not packed
};

// The plug-in beside the running program, which stays until the process ends. unsupported, saying what is missing: the
// file, or one of another version.
Result<const cuda::Plugin*> load_cuda_plugin(CudaPlugin which);

// A device of the plug-in; unavailable, with the driver's word, where there is none.
Result<std::unique_ptr<cuda::Runtime>> open_cuda_device(const cuda::Plugin& plugin, uint32_t index);

}  // namespace tijori
