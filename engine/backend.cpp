#include "engine/backend.h"

#include <string>

#include "engine/cpu_backend.h"
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

}  // namespace

Status copy(Backend& from, BufferId source, Backend& to, BufferId destination, uint64_t size_bytes) {
  TRY(from.synchronize());
  Bytes bytes(size_bytes);
  from.download(source, bytes);
  to.upload(destination, bytes);
  return {};
}

Result<BackendKind> parse_backend_kind(std::string_view name) {
  if (name == "auto") return BackendKind::automatic;
  if (name == "reference") return BackendKind::reference;
  if (name == "avx2") return BackendKind::avx2;
  if (name == "avx512") return BackendKind::avx512;
  if (name == "cuda" || name == "cuda-host") {
    return fail(ErrorCode::unsupported,
                "backend \"" + std::string(name) + "\" is not in this build; it has auto, reference, avx2 and avx512");
  }
  return fail(ErrorCode::invalid_argument,
              "backend \"" + std::string(name) + "\": expected auto, reference, avx2 or avx512");
}

Result<std::unique_ptr<Backend>> create_backend(BackendKind kind, uint32_t n_threads) {
  if (n_threads > max_threads) {
    return fail(ErrorCode::invalid_argument,
                std::to_string(n_threads) + " threads, at most " + std::to_string(max_threads));
  }
  const CpuKernels* kernels = nullptr;
  if (kind == BackendKind::automatic) {
    kernels = &best_cpu_kernels();
  } else {
    const Isa isa = kind == BackendKind::reference ? Isa::reference
                    : kind == BackendKind::avx2    ? Isa::avx2
                                                   : Isa::avx512;
    kernels = find_cpu_kernels(isa);
    if (kernels == nullptr) {
      const std::string name = isa == Isa::avx2 ? "avx2" : "avx512";
      return fail(ErrorCode::unsupported,
                  "backend \"" + name + "\" needs " + std::string(needs_of(isa)) + ", which this CPU lacks");
    }
  }
  return std::make_unique<CpuBackend>(*kernels, n_threads == 0 ? available_cpus() : n_threads);
}

}  // namespace tijori
