#include "engine/cuda_plugin.h"

#include <filesystem>
#include <string>
#include <string_view>

#include <dlfcn.h>

namespace tijori {
namespace {

std::string_view file_of(CudaPlugin which) {
  return which == CudaPlugin::cuda ? "libtijori-cuda.so" : "libtijori-cuda-host.so";
}

// Beside the program as it is installed, or in the bin/ of a build folder whose tests/ the program is in.
std::filesystem::path find_plugin(CudaPlugin which) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::filesystem::path beside = folder / file_of(which);
  const std::filesystem::path built = folder.parent_path() / "bin" / file_of(which);
  return !std::filesystem::exists(beside, error) && std::filesystem::exists(built, error) ? built : beside;
}

}  // namespace

Result<const cuda::Plugin*> load_cuda_plugin(CudaPlugin which) {
  const std::filesystem::path path = find_plugin(which);
  const auto refuse = [&path](const std::string& why) {
    return fail(ErrorCode::unsupported, path.string() + ": " + why);
  };
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(ErrorCode::unsupported, std::string(file_of(which)) + " is not installed");
  }
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return refuse(::dlerror());
  const auto entry = reinterpret_cast<decltype(&tijori_cuda_plugin)>(::dlsym(library, "tijori_cuda_plugin"));
  if (entry == nullptr) return refuse("not a plug-in of this program");
  const cuda::Plugin* const plugin = entry();
  if (std::string_view(plugin->version) != TIJORI_VERSION) {
    return refuse(std::string("of version ") + plugin->version + ", the engine is " + TIJORI_VERSION);
  }
  return plugin;
}

Result<std::unique_ptr<cuda::Runtime>> open_cuda_device(const cuda::Plugin& plugin, uint32_t index) {
  char message[cuda::message_bytes] = {};
  std::unique_ptr<cuda::Runtime> runtime = plugin.open(index, message);
  if (runtime == nullptr) return fail(ErrorCode::unavailable, std::string(plugin.name) + ": " + message);
  return runtime;
}

}  // namespace tijori
