#include "engine/backend.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "engine/cpu_backend.h"
#include "engine/cuda_backend.h"
#include "engine/cuda_plugin.h"
#include "engine/thread_pool.h"

namespace tijori {
namespace {

constexpr uint32_t max_threads = 1024;

std::string_view needs_of(Isa isa) {
  switch (isa) {
    case Isa::reference:
      return "nothing";
    case Isa::avx2:
      return "AVX2, FMA and F16C";
    case Isa::avx512:
      return "AVX-512 F, BW, DQ, VL and VNNI";
  }
  return "";
}

Result<std::unique_ptr<Backend>> create_cpu_backend(Isa isa, uint32_t n_threads) {
  if (const CpuKernels* const kernels = find_cpu_kernels(isa)) return std::make_unique<CpuBackend>(*kernels, n_threads);
  return fail(ErrorCode::unsupported, "backend \"" + std::string(isa == Isa::avx2 ? "avx2" : "avx512") + "\" needs " +
                                          std::string(needs_of(isa)) + ", which this CPU lacks");
}

Result<std::unique_ptr<Backend>> create_cuda_backend(CudaPlugin which, uint32_t n_threads) {
  TRY_ASSIGN(const cuda::Plugin* const plugin, load_cuda_plugin(which));
  TRY_ASSIGN(std::unique_ptr<cuda::Runtime> device, open_cuda_device(*plugin, 0));
  return std::make_unique<CudaBackend>(*plugin, std::move(device), n_threads);
}

}  // namespace

Status copy(Backend& from, BufferId source, Backend& to, BufferId destination, uint64_t size_bytes) {
  TRY(from.synchronize());
  Bytes bytes(size_bytes);
  from.download(source, bytes);
  to.upload(destination, bytes);
  return {};
}

void Backend::sample(const SampleOp&) {
  CHECK(false && "sample() of a backend that leaves it to the CPU");
}

Result<BackendKind> parse_backend_kind(std::string_view name) {
  if (name == "auto") return BackendKind::automatic;
  if (name == "reference") return BackendKind::reference;
  if (name == "avx2") return BackendKind::avx2;
  if (name == "avx512") return BackendKind::avx512;
  if (name == "cuda") return BackendKind::cuda;
  if (name == "cuda-host") return BackendKind::cuda_host;
  return fail(ErrorCode::invalid_argument,
              "backend \"" + std::string(name) + "\": expected auto, reference, avx2, avx512, cuda or cuda-host");
}

Result<std::unique_ptr<Backend>> create_backend(BackendKind kind, uint32_t n_threads) {
  if (n_threads > max_threads) {
    return fail(ErrorCode::invalid_argument,
                std::to_string(n_threads) + " threads, at most " + std::to_string(max_threads));
  }
  if (n_threads == 0) n_threads = available_cpus();
  switch (kind) {
    case BackendKind::automatic:
      return std::make_unique<CpuBackend>(best_cpu_kernels(), n_threads);
    case BackendKind::reference:
      return create_cpu_backend(Isa::reference, n_threads);
    case BackendKind::avx2:
      return create_cpu_backend(Isa::avx2, n_threads);
    case BackendKind::avx512:
      return create_cpu_backend(Isa::avx512, n_threads);
    case BackendKind::cuda:
      return create_cuda_backend(CudaPlugin::cuda, n_threads);
    case BackendKind::cuda_host:
      return create_cuda_backend(CudaPlugin::cuda_host, n_threads);
  }
  return fail(ErrorCode::internal, "no such backend");
}

}  // namespace tijori
