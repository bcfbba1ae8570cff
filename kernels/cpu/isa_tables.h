// The tables behind find_cpu_kernels; using one on a CPU without its instructions is undefined.
#pragma once

#include "kernels/cpu/kernels.h"

namespace tijori {

extern const CpuKernels reference_kernels;
extern const CpuKernels avx2_kernels;
extern const CpuKernels avx512_kernels;

}  // namespace tijori
