// The functions behind the table in kernels.h, by the file that defines them.
#pragma once

#include "kernels/cuda/kernels.h"
#include "kernels/cuda/language.h"
#include "kernels/cuda/runtime.h"

namespace tijori::cuda {

// rows.cu
void launch_embed(Runtime& runtime, const EmbedArguments& a);
void launch_angles(Runtime& runtime, const AnglesArguments& a);
void launch_rms_norm(Runtime& runtime, const RmsNormArguments& a);
void launch_halves(Runtime& runtime, const HalvesArguments& a);
void launch_swiglu(Runtime& runtime, const SwigluArguments& a);
void launch_combine(Runtime& runtime, const CombineArguments& a);
void launch_add(Runtime& runtime, const AddArguments& a);
// product.cu, product_f32.cu
void launch_product(Runtime& runtime, const ProductArguments& a);
void launch_product_f32(Runtime& runtime, const ProductArguments& a);
// attention.cu
void launch_rotate(Runtime& runtime, const RotateArguments& a);
void launch_attention(Runtime& runtime, const AttentionArguments& a);
// routing.cu
void launch_route(Runtime& runtime, const RouteArguments& a);

// sampling.cu
void launch_sample(Runtime& runtime, const SampleArguments& a);

inline Stream stream_of(Runtime& runtime) {
  return static_cast<Stream>(runtime.stream());
}

}  // namespace tijori::cuda
