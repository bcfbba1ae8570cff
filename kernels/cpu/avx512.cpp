// The kernels for AVX-512 F, BW, DQ, VL and VNNI. All of the text is shared with the other set; only the vectors
// differ.
#include <immintrin.h>

#include "kernels/cpu/isa_tables.h"
#include "kernels/cpu/kv_layout.h"
#include "kernels/cpu/packed_layout.h"
#include "kernels/cpu/target_region.h"

// clang-format off: the bodies need this order, inside the region and the namespace.
TIJORI_AVX512_BEGIN
namespace tijori::avx512 {
namespace {
#include "kernels/cpu/simd_avx512.h"
#include "kernels/cpu/element_body.h"
#include "kernels/cpu/matmul_body.h"
#include "kernels/cpu/attention_body.h"
}  // namespace
}  // namespace tijori::avx512
TIJORI_TARGET_END
// clang-format on

namespace tijori {

const CpuKernels avx512_kernels = {
    .isa = Isa::avx512,
    .name = "avx512",
    .packed_group_bytes = packed_group_bytes,
    .pack = pack_groups,
    .needs_quantised = needs_quantised,
    .quantised_bytes = quantised_bytes,
    .quantise = avx512::quantise,
    .matmul = avx512::matmul,
    .rms_norm = avx512::rms_norm,
    .rope = avx512::rope,
    .swiglu = avx512::swiglu,
    .add = avx512::add,
    .scaled_add = avx512::scaled_add,
    .scale = avx512::scale,
    .kv_write = avx512::kv_write,
    .attention = avx512::attention,
};

}  // namespace tijori
