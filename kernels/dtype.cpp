#include "kernels/dtype.h"

#include <algorithm>

#include "base/check.h"

namespace tijori {

std::optional<DType> dtype_of_id(uint32_t id) {
  const auto* found = std::find(all_dtypes.begin(), all_dtypes.end(), static_cast<DType>(id));
  if (found == all_dtypes.end()) return std::nullopt;
  return *found;
}

const DTypeTraits& traits_of(DType dtype) {
  static constexpr DTypeTraits f32{"F32", 1, 4}, f16{"F16", 1, 2}, bf16{"BF16", 1, 2};
  static constexpr DTypeTraits q8_0{"Q8_0", 32, 34}, q4_0{"Q4_0", 32, 18}, q4_1{"Q4_1", 32, 20};
  static constexpr DTypeTraits q5_0{"Q5_0", 32, 22}, q5_1{"Q5_1", 32, 24};
  static constexpr DTypeTraits q2_k{"Q2_K", 256, 84}, q3_k{"Q3_K", 256, 110}, q4_k{"Q4_K", 256, 144};
  static constexpr DTypeTraits q5_k{"Q5_K", 256, 176}, q6_k{"Q6_K", 256, 210};
  static constexpr DTypeTraits iq4_nl{"IQ4_NL", 32, 18}, iq4_xs{"IQ4_XS", 256, 136}, mxfp4{"MXFP4", 32, 17};
  switch (dtype) {
    case DType::f32:
      return f32;
    case DType::f16:
      return f16;
    case DType::bf16:
      return bf16;
    case DType::q8_0:
      return q8_0;
    case DType::q4_0:
      return q4_0;
    case DType::q4_1:
      return q4_1;
    case DType::q5_0:
      return q5_0;
    case DType::q5_1:
      return q5_1;
    case DType::q2_k:
      return q2_k;
    case DType::q3_k:
      return q3_k;
    case DType::q4_k:
      return q4_k;
    case DType::q5_k:
      return q5_k;
    case DType::q6_k:
      return q6_k;
    case DType::iq4_nl:
      return iq4_nl;
    case DType::iq4_xs:
      return iq4_xs;
    case DType::mxfp4:
      return mxfp4;
  }
  CHECK(false && "a DType outside its enumeration");
}

}  // namespace tijori
