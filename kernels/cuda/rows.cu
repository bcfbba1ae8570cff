// Kernels that work on one row of activations at a time: embedding, RMS norm, SwiGLU, and what is gathered and added.
#include "kernels/cuda/half_rows.cuh"
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/raw_block.cuh"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr int row_threads = 256;
constexpr int row_warps = row_threads / 32;

struct RowShared {
  WarpValues<row_warps> values;
};

// --- embedding ------------------------------------------------------------------------------------------------------

__global__ void __launch_bounds__(row_threads)
    embed_kernel(DType type, Global<const uint8_t> table, uint32_t rows, uint32_t columns, uint32_t row_bytes,
                 Global<const StepToken> tokens, Global<float> residual) {
  const uint32_t id = tokens[blockIdx.x].id;
  const Global<float> out = residual + static_cast<size_t>(blockIdx.x) * columns;
  const Global<const uint8_t> row = table + static_cast<size_t>(min(id, rows - 1)) * row_bytes;
  for (uint32_t column = threadIdx.x; column < columns; column += row_threads) {
    out[column] = raw_value(type, row, column);
  }
}

// --- RMS norm -------------------------------------------------------------------------------------------------------

__global__ void __launch_bounds__(row_threads)
    rms_norm_kernel(Global<const float> rows, Global<const uint32_t> picked, Global<const float> weight, float epsilon,
                    uint32_t columns, RowsOut out) {
  RowShared& shared = shared_memory<RowShared>();
  const uint32_t row = blockIdx.x;
  const Global<const float> x = rows + static_cast<size_t>(picked ? picked[row] : row) * columns;
  float squares = 0;
  for (uint32_t i = threadIdx.x; i < columns; i += row_threads) squares = fmaf(x[i], x[i], squares);
  squares = block_sum<row_warps>(squares, shared.values);
  const float factor = 1.0F / sqrtf(squares / static_cast<float>(columns) + epsilon);
  float largest = 0;
  for (uint32_t i = threadIdx.x; i < columns; i += row_threads) {
    const float value = x[i] * factor * weight[i];
    largest = fmaxf(largest, fabsf(value));
    if (out.floats) out.floats[static_cast<size_t>(row) * columns + i] = value;
  }
  if (!out.halves) return;
  largest = block_max<row_warps>(largest, shared.values);
  write_halves(out, row, columns, largest, [&](uint32_t column) { return x[column] * factor * weight[column]; });
}

// --- rows as halves -------------------------------------------------------------------------------------------------

__global__ void __launch_bounds__(row_threads)
    halves_kernel(Global<const float> rows, Global<const uint32_t> source, Global<const float> factors,
                  uint32_t columns, RowsOut out) {
  RowShared& shared = shared_memory<RowShared>();
  const uint32_t row = blockIdx.x;
  const Global<const float> x = rows + static_cast<size_t>(source ? source[row] : row) * columns;
  const float factor = factors ? factors[row] : 1.0F;
  float largest = 0;
  for (uint32_t i = threadIdx.x; i < columns; i += row_threads) {
    const float value = x[i] * factor;
    largest = fmaxf(largest, fabsf(value));
    if (out.floats) out.floats[static_cast<size_t>(row) * columns + i] = value;
  }
  if (!out.halves) return;
  largest = block_max<row_warps>(largest, shared.values);
  write_halves(out, row, columns, largest, [&](uint32_t column) { return x[column] * factor; });
}

// --- SwiGLU ---------------------------------------------------------------------------------------------------------

__device__ __forceinline__ float swiglu(float gate, float up) {
  return gate / (1.0F + expf(-gate)) * up;
}

__global__ void __launch_bounds__(row_threads)
    swiglu_kernel(Global<const float> gates, Global<const float> ups, uint32_t columns, RowsOut out) {
  RowShared& shared = shared_memory<RowShared>();
  const uint32_t row = blockIdx.x;
  const Global<const float> gate = gates + static_cast<size_t>(row) * columns;
  const Global<const float> up = ups + static_cast<size_t>(row) * columns;
  float largest = 0;
  for (uint32_t i = threadIdx.x; i < columns; i += row_threads) {
    const float value = swiglu(gate[i], up[i]);
    largest = fmaxf(largest, fabsf(value));
    if (out.floats) out.floats[static_cast<size_t>(row) * columns + i] = value;
  }
  if (!out.halves) return;
  largest = block_max<row_warps>(largest, shared.values);
  write_halves(out, row, columns, largest, [&](uint32_t column) { return swiglu(gate[column], up[column]); });
}

// --- sums -----------------------------------------------------------------------------------------------------------

__global__ void __launch_bounds__(row_threads)
    combine_kernel(Global<const float> outputs, Global<const uint32_t> row_of_choice, uint32_t experts_per_token,
                   uint32_t columns, Global<float> residual, bool from_zero) {
  const uint32_t token = blockIdx.x;
  const Global<float> to = residual + static_cast<size_t>(token) * columns;
  for (uint32_t i = threadIdx.x; i < columns; i += row_threads) {
    float sum = from_zero ? 0.0F : to[i];
    for (uint32_t j = 0; j < experts_per_token; ++j) {
      sum += outputs[static_cast<size_t>(row_of_choice[token * experts_per_token + j]) * columns + i];
    }
    to[i] = sum;
  }
}

__global__ void __launch_bounds__(row_threads) add_kernel(Global<float> to, Global<const float> from, uint64_t count) {
  const uint64_t i = static_cast<uint64_t>(blockIdx.x) * row_threads + threadIdx.x;
  if (i < count) to[i] += from[i];
}

// --- angles ---------------------------------------------------------------------------------------------------------

// In double: at a position of some millions a float32 angle is off by whole radians.
__global__ void __launch_bounds__(row_threads)
    angles_kernel(Global<const StepToken> tokens, Global<const double> frequencies, uint32_t n_frequencies,
                  uint32_t pairs, Global<float> cos_sin) {
  const uint32_t token = blockIdx.x;
  for (uint32_t pair = threadIdx.x; pair < pairs; pair += row_threads) {
    double sine = 0;
    double cosine = 1;
    if (pair < n_frequencies) sincos(tokens[token].position * frequencies[pair], &sine, &cosine);
    const size_t at = (static_cast<size_t>(token) * pairs + pair) * 2;
    cos_sin[at] = static_cast<float>(cosine);
    cos_sin[at + 1] = static_cast<float>(sine);
  }
}

Global<const StepToken> tokens_of(const StepArrays& step) {
  return Global<const StepToken>(step.tokens, step.n_tokens);
}

}  // namespace

void launch_embed(Runtime& runtime, const EmbedArguments& a) {
  const auto bytes_per_row = static_cast<uint32_t>(row_bytes(a.table.type, a.table.columns));
  TIJORI_LAUNCH(embed_kernel, dim3(a.step.n_tokens), dim3(row_threads), 0, stream_of(runtime), a.table.type,
                Global<const uint8_t>(a.table.at, size_t{a.table.rows} * bytes_per_row), a.table.rows, a.table.columns,
                bytes_per_row, tokens_of(a.step), Global<float>(a.residual, size_t{a.step.n_tokens} * a.table.columns));
  runtime.check_launch("embed");
}

void launch_angles(Runtime& runtime, const AnglesArguments& a) {
  const uint32_t pairs = a.head_dim / 2;
  TIJORI_LAUNCH(angles_kernel, dim3(a.step.n_tokens), dim3(row_threads), 0, stream_of(runtime), tokens_of(a.step),
                Global<const double>(a.frequencies, a.n_frequencies), a.n_frequencies, pairs,
                Global<float>(a.cos_sin, size_t{a.step.n_tokens} * pairs * 2));
  runtime.check_launch("angles");
}

void launch_rms_norm(Runtime& runtime, const RmsNormArguments& a) {
  if (a.n == 0) return;
  TIJORI_LAUNCH(rms_norm_kernel, dim3(a.n), dim3(row_threads), sizeof(RowShared), stream_of(runtime),
                Global<const float>(a.rows, size_t{a.n_rows} * a.columns),
                a.picked == 0 ? Global<const uint32_t>() : Global<const uint32_t>(a.picked, a.n),
                Global<const float>(a.weight, a.columns), a.epsilon, a.columns, rows_out(a.out, a.n, a.columns));
  runtime.check_launch("rms_norm");
}

void launch_halves(Runtime& runtime, const HalvesArguments& a) {
  const bool gathers = a.source != 0;
  TIJORI_LAUNCH(halves_kernel, dim3(a.n), dim3(row_threads), sizeof(RowShared), stream_of(runtime),
                Global<const float>(a.rows, size_t{a.n_rows} * a.columns),
                gathers ? Global<const uint32_t>(a.source, a.n) : Global<const uint32_t>(),
                gathers ? Global<const float>(a.factor, a.n) : Global<const float>(), a.columns,
                rows_out(a.out, a.n, a.columns));
  runtime.check_launch("halves");
}

void launch_swiglu(Runtime& runtime, const SwigluArguments& a) {
  const size_t count = size_t{a.n} * a.columns;
  TIJORI_LAUNCH(swiglu_kernel, dim3(a.n), dim3(row_threads), sizeof(RowShared), stream_of(runtime),
                Global<const float>(a.gate, count), Global<const float>(a.up, count), a.columns,
                rows_out(a.out, a.n, a.columns));
  runtime.check_launch("swiglu");
}

void launch_combine(Runtime& runtime, const CombineArguments& a) {
  const size_t n_rows = size_t{a.n} * a.experts_per_token;
  TIJORI_LAUNCH(combine_kernel, dim3(a.n), dim3(row_threads), 0, stream_of(runtime),
                Global<const float>(a.outputs, n_rows * a.columns), Global<const uint32_t>(a.row_of_choice, n_rows),
                a.experts_per_token, a.columns, Global<float>(a.residual, size_t{a.n} * a.columns), a.from_zero);
  runtime.check_launch("combine");
}

void launch_add(Runtime& runtime, const AddArguments& a) {
  const auto blocks = static_cast<uint32_t>((a.count + row_threads - 1) / row_threads);
  TIJORI_LAUNCH(add_kernel, dim3(blocks), dim3(row_threads), 0, stream_of(runtime), Global<float>(a.to, a.count),
                Global<const float>(a.from, a.count), a.count);
  runtime.check_launch("add");
}

}  // namespace tijori::cuda
