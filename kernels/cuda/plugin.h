// What a plug-in with device kernels offers: libtijori-cuda.so for GPUs and libtijori-cuda-host.so for the host
// executor, found and opened by engine/cuda_plugin.cpp. Both sides are built together: a plug-in of another version is
// refused.
#pragma once

#include <memory>

#include "kernels/cuda/kernels.h"
#include "kernels/cuda/runtime.h"

namespace tijori::cuda {

struct Plugin {
  const char* version = nullptr;  // of the product
  const char* name = nullptr;     // of the backend: "cuda", "cuda-host"
  std::unique_ptr<Runtime> (*open)(uint32_t index, char (&message)[message_bytes]) = nullptr;
  Kernels kernels{};
};

}  // namespace tijori::cuda

// The only symbol of a plug-in.
extern "C" const tijori::cuda::Plugin* tijori_cuda_plugin();
