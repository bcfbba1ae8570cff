// The kernels for AVX2, FMA and F16C. All of the text is shared with the other set; only the vectors differ.
#include <immintrin.h>

#include "kernels/cpu/isa_tables.h"
#include "kernels/cpu/kv_layout.h"
#include "kernels/cpu/packed_layout.h"
#include "kernels/cpu/target_region.h"

// clang-format off: the bodies need this order, inside the region and the namespace.
TIJORI_AVX2_BEGIN
namespace tijori::avx2 {
namespace {
#include "kernels/cpu/simd_avx2.h"
#include "kernels/cpu/element_body.h"
#include "kernels/cpu/matmul_body.h"
#include "kernels/cpu/attention_body.h"
}  // namespace
}  // namespace tijori::avx2
TIJORI_TARGET_END
// clang-format on

namespace tijori {

const CpuKernels avx2_kernels = {
    .isa = Isa::avx2,
    .name = "avx2",
    .packed_group_bytes = packed_group_bytes,
    .pack = pack_groups,
    .needs_quantised = needs_quantised,
    .quantised_bytes = quantised_bytes,
    .quantise = avx2::quantise,
    .matmul = avx2::matmul,
    .rms_norm = avx2::rms_norm,
    .rope = avx2::rope,
    .swiglu = avx2::swiglu,
    .add = avx2::add,
    .scaled_add = avx2::scaled_add,
    .scale = avx2::scale,
    .kv_write = avx2::kv_write,
    .attention = avx2::attention,
};

}  // namespace tijori
