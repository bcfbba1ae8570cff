// The judge of the fast kernels: plain arithmetic in double over exactly dequantised weights and float activations.
// Weights stay as the file has them; a packed group is 16 raw rows, padded to the alignment.
#include <cmath>
#include <cstring>

#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/half.h"
#include "kernels/cpu/isa_tables.h"
#include "kernels/cpu/kv_layout.h"

namespace tijori {
namespace {

constexpr size_t chunk_cols = 256;   // dequantised at a time; a multiple of every block
constexpr size_t column_block = 64;  // columns whose sums are kept while a chunk is in use

size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

size_t packed_group_bytes(DType dtype, size_t cols) {
  const size_t raw = group_rows * row_bytes(dtype, cols);
  return (raw + kernel_alignment - 1) / kernel_alignment * kernel_alignment;
}

void pack(DType dtype, const std::byte* rows_begin, size_t rows, size_t cols, std::byte* packed, size_t group_begin,
          size_t group_end) {
  const size_t raw = row_bytes(dtype, cols);
  const size_t group_bytes = packed_group_bytes(dtype, cols);
  for (size_t group = group_begin; group < group_end; ++group) {
    const size_t filled = smaller(group_rows, rows - group * group_rows) * raw;
    std::memcpy(packed + group * group_bytes, rows_begin + group * group_rows * raw, filled);
    std::memset(packed + group * group_bytes + filled, 0, group_bytes - filled);
  }
}

bool needs_quantised(DType) {
  return false;
}
size_t quantised_bytes(size_t, size_t) {
  return 0;
}
void quantise(const float*, size_t, size_t, size_t, std::byte*, size_t, size_t) {}

// Four sums by k mod 4, so that the additions overlap.
double dot(const float* w, const float* x, size_t count) {
  double sums[4] = {};
  size_t k = 0;
  for (; k + 4 <= count; k += 4)
    for (size_t i = 0; i < 4; ++i) sums[i] += static_cast<double>(w[k + i]) * static_cast<double>(x[k + i]);
  for (; k < count; ++k) sums[0] += static_cast<double>(w[k]) * static_cast<double>(x[k]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void matmul_row(const Matmul& m, const std::byte* row, size_t r, size_t column_begin, size_t column_end) {
  double sums[column_block] = {};
  float weights[chunk_cols];
  for (size_t k = 0; k < m.cols; k += chunk_cols) {
    const size_t count = smaller(chunk_cols, m.cols - k);
    dequantize_row(m.dtype, row + row_bytes(m.dtype, k), count, weights);
    for (size_t c = column_begin; c < column_end; ++c)
      sums[c - column_begin] += dot(weights, m.x + c * m.x_stride + k, count);
  }
  for (size_t c = column_begin; c < column_end; ++c) {
    float& y = m.y[c * m.y_stride + r];
    const auto product = static_cast<float>(sums[c - column_begin]);
    y = m.store == MatmulStore::add ? y + product : product;
  }
}

void matmul(const Matmul& m, size_t group_begin, size_t group_end) {
  const size_t raw = row_bytes(m.dtype, m.cols);
  const size_t group_bytes = packed_group_bytes(m.dtype, m.cols);
  for (size_t r = group_begin * group_rows; r < smaller(group_end * group_rows, m.rows); ++r) {
    const std::byte* row = m.weights + r / group_rows * group_bytes + r % group_rows * raw;
    for (size_t c = 0; c < m.n; c += column_block) matmul_row(m, row, r, c, smaller(c + column_block, m.n));
  }
}

void rms_norm(const float* x, size_t x_stride, const float* weight, float eps, size_t n, size_t cols, float* out,
              size_t out_stride) {
  for (size_t row = 0; row < n; ++row) {
    const float* from = x + row * x_stride;
    float* to = out + row * out_stride;
    const double mean = dot(from, from, cols) / static_cast<double>(cols);
    const double factor = 1.0 / std::sqrt(mean + static_cast<double>(eps));
    for (size_t k = 0; k < cols; ++k) {
      const double normed = static_cast<double>(from[k]) * factor;
      to[k] = static_cast<float>(weight != nullptr ? normed * static_cast<double>(weight[k]) : normed);
    }
  }
}

void rope(float* x, size_t n_heads, size_t head_dim, const float* cos_sin) {
  for (size_t head = 0; head < n_heads; ++head) {
    float* pairs = x + head * head_dim;
    for (size_t i = 0; i + 1 < head_dim; i += 2) {
      const double a = pairs[i], b = pairs[i + 1], cosine = cos_sin[i], sine = cos_sin[i + 1];
      pairs[i] = static_cast<float>(a * cosine - b * sine);
      pairs[i + 1] = static_cast<float>(a * sine + b * cosine);
    }
  }
}

void swiglu(const float* gate, const float* up, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) {
    const double g = gate[i];
    out[i] = static_cast<float>(g / (1.0 + std::exp(-g)) * static_cast<double>(up[i]));
  }
}

void add(float* x, const float* y, size_t count) {
  for (size_t i = 0; i < count; ++i) x[i] += y[i];
}
void scaled_add(float* x, const float* y, float factor, size_t count) {
  for (size_t i = 0; i < count; ++i) x[i] += factor * y[i];
}
void scale(const float* x, float factor, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) out[i] = factor * x[i];
}

struct KvRow {
  KvType type;
  std::byte* head;      // of one block
  size_t stride;        // elements from one value of the row to the next
  std::byte* elements;  // first value
  float* scale;         // q8 only
};

KvRow k_row(const KvShape& shape, const KvHeadLayout& layout, std::byte* head, size_t slot) {
  return {shape.type, head, kv_block_positions, head + slot * kv_element_bytes(shape.type),
          reinterpret_cast<float*>(head + layout.k_scales) + slot};
}
KvRow v_row(const KvShape& shape, const KvHeadLayout& layout, std::byte* head, size_t slot) {
  return {shape.type, head, 1, head + layout.v + slot * padded_head_dim(shape.head_dim) * kv_element_bytes(shape.type),
          reinterpret_cast<float*>(head + layout.v_scales) + slot};
}

double read(const KvRow& row, size_t d) {
  const std::byte* at = row.elements + d * row.stride * kv_element_bytes(row.type);
  if (row.type == KvType::f32) {
    float value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  if (row.type == KvType::f16) {
    uint16_t half;
    std::memcpy(&half, at, sizeof half);
    return float_of_half(half);
  }
  return static_cast<double>(static_cast<int8_t>(*at)) * static_cast<double>(*row.scale);
}

void write(const KvRow& row, const float* values, size_t count) {
  std::byte* at = row.elements;
  const size_t step = row.stride * kv_element_bytes(row.type);
  if (row.type != KvType::q8) {
    for (size_t d = 0; d < count; ++d, at += step) {
      const uint16_t half = half_of_float(values[d]);
      if (row.type == KvType::f32) {
        std::memcpy(at, values + d, sizeof(float));
      } else {
        std::memcpy(at, &half, sizeof half);
      }
    }
    return;
  }
  float largest = 0;
  bool finite = true;
  for (size_t d = 0; d < count; ++d) {
    largest = std::fabs(values[d]) > largest ? std::fabs(values[d]) : largest;
    finite = finite && std::isfinite(values[d]);
  }
  *row.scale = finite ? largest / 127.0F : std::nanf("");
  const float inverse = finite && largest > 1e-30F ? 127.0F / largest : 0;
  for (size_t d = 0; d < count; ++d, at += step)
    *at = static_cast<std::byte>(finite ? std::lrint(values[d] * inverse) : 1);
}

void kv_write(const KvShape& shape, const float* k, const float* v, const KvTable& kv, size_t position) {
  const KvHeadLayout layout(shape);
  std::byte* head = kv_block_of(kv, position);
  for (size_t h = 0; h < shape.n_kv_heads; ++h, head += layout.bytes) {
    write(k_row(shape, layout, head, position % kv_block_positions), k + h * shape.head_dim, shape.head_dim);
    write(v_row(shape, layout, head, position % kv_block_positions), v + h * shape.head_dim, shape.head_dim);
  }
}

// Running softmax: the sums are rescaled whenever a larger score turns up, so that no score needs to be kept.
void attend(const KvShape& shape, const AttentionQuery& query, size_t head, size_t kv_head) {
  const KvHeadLayout layout(shape);
  const float* q = query.q + head * shape.head_dim;
  double largest = -HUGE_VAL, total = 0, sums[max_head_dim] = {};
  for (size_t position = query.first; position <= query.last; ++position) {
    std::byte* block_head = kv_block_of(query.kv, position) + kv_head * layout.bytes;
    const KvRow key = k_row(shape, layout, block_head, position % kv_block_positions);
    double score = 0;
    for (size_t d = 0; d < shape.head_dim; ++d) score += static_cast<double>(q[d]) * read(key, d);
    score *= static_cast<double>(query.scale);
    double weight = 1;
    if (score > largest) {
      const double rescale = std::exp(largest - score);
      total *= rescale;
      for (size_t d = 0; d < shape.head_dim; ++d) sums[d] *= rescale;
      largest = score;
    } else {
      weight = std::exp(score - largest);
    }
    total += weight;
    const KvRow value = v_row(shape, layout, block_head, position % kv_block_positions);
    for (size_t d = 0; d < shape.head_dim; ++d) sums[d] += weight * read(value, d);
  }
  for (size_t d = 0; d < shape.head_dim; ++d)
    query.out[head * shape.head_dim + d] = static_cast<float>(sums[d] / total);
}

void attention(const Attention& a, size_t query_begin, size_t query_end, size_t kv_head_begin, size_t kv_head_end) {
  const size_t heads_per_kv = a.n_heads / a.shape.n_kv_heads;
  for (size_t i = query_begin; i < query_end; ++i)
    for (size_t head = kv_head_begin * heads_per_kv; head < kv_head_end * heads_per_kv; ++head)
      attend(a.shape, a.queries[i], head, head / heads_per_kv);
}

}  // namespace

const CpuKernels reference_kernels = {
    .isa = Isa::reference,
    .name = "reference",
    .packed_group_bytes = packed_group_bytes,
    .pack = pack,
    .needs_quantised = needs_quantised,
    .quantised_bytes = quantised_bytes,
    .quantise = quantise,
    .matmul = matmul,
    .rms_norm = rms_norm,
    .rope = rope,
    .swiglu = swiglu,
    .add = add,
    .scaled_add = scaled_add,
    .scale = scale,
    .kv_write = kv_write,
    .attention = attention,
};

}  // namespace tijori
