#include "kernels/cpu/kernels.h"

#include <cmath>

#include "base/check.h"
#include "kernels/cpu/isa_tables.h"
#include "kernels/cpu/kv_layout.h"

namespace tijori {

const CpuKernels* find_cpu_kernels(Isa isa) {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512vnni");
  switch (isa) {
    case Isa::reference:
      return &reference_kernels;
    case Isa::avx2:
      return avx2 ? &avx2_kernels : nullptr;
    case Isa::avx512:
      return avx512 ? &avx512_kernels : nullptr;
  }
  return nullptr;
}

const CpuKernels& best_cpu_kernels() {
  for (const Isa isa : {Isa::avx512, Isa::avx2})
    if (const CpuKernels* found = find_cpu_kernels(isa)) return *found;
  return reference_kernels;
}

size_t kv_block_bytes(const KvShape& shape) {
  return shape.n_kv_heads * KvHeadLayout(shape).bytes;
}

void route_experts(std::span<const float> logits, std::span<ExpertChoice> choices) {
  CHECK(logits.size() >= choices.size());
  const auto rank = [&](size_t i) { return std::isnan(logits[i]) ? -INFINITY : logits[i]; };
  for (size_t chosen = 0; chosen < choices.size(); ++chosen) {
    bool found = false;
    size_t best = 0;
    for (size_t i = 0; i < logits.size(); ++i) {
      bool taken = false;
      for (size_t j = 0; j < chosen; ++j) taken = taken || choices[j].expert == static_cast<int32_t>(i);
      if (taken || (found && !(rank(i) > rank(best)))) continue;
      best = i;
      found = true;
    }
    const double logit = logits[best];
    choices[chosen] = {static_cast<int32_t>(best), static_cast<float>(1.0 / (1.0 + std::exp(-logit)))};
  }
}

}  // namespace tijori
