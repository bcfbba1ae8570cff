#include "engine/cpu_backend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>

#include "base/check.h"
#include "kernels/cpu/dequantize.h"

namespace tijori {
namespace {

// Below these, waking others costs more than they save.
constexpr size_t least_shared_values = 16384;     // floats to normalise, rotate or quantise
constexpr size_t least_shared_products = 65536;   // multiplications
constexpr size_t least_shared_attention = 32768;  // multiplications
constexpr uint32_t pieces_per_thread = 8;
constexpr size_t queries_per_piece = 16;

size_t aligned(size_t size) {
  return (size + kernel_alignment - 1) / kernel_alignment * kernel_alignment;
}

const std::byte* raw(ByteView bytes) {
  return reinterpret_cast<const std::byte*>(bytes.data());
}

}  // namespace

CpuBackend::CpuBackend(const CpuKernels& kernels, uint32_t n_threads) : kernels_(kernels), pool_(n_threads) {}

// --- memory ---------------------------------------------------------------------------------------------------------

// What the machine can give without swapping.
uint64_t CpuBackend::available_bytes() const {
  std::ifstream meminfo("/proc/meminfo");
  std::string key;
  uint64_t kib = 0;
  while (meminfo >> key >> kib) {
    if (key == "MemAvailable:") return kib * 1024;
    meminfo.ignore(256, '\n');
  }
  return 0;
}

uint64_t CpuBackend::matrix_bytes(const HostMatrix& matrix) const {
  return aligned(packed_bytes(kernels_, matrix.type, matrix.rows, matrix.columns)) * matrix.matrices;
}

uint64_t CpuBackend::table_bytes(const HostMatrix& table) const {
  return aligned(table.bytes.size());
}

uint64_t CpuBackend::kv_bytes(const BackendPlan& plan) const {
  return uint64_t{plan.kv_blocks} *
         kv_block_bytes({.type = plan.kv_type, .n_kv_heads = plan.n_kv_heads, .head_dim = plan.head_dim});
}

size_t CpuBackend::quantised_room(size_t n, size_t cols) const {
  return aligned(kernels_.quantised_bytes(n, cols));
}

CpuBackend::Workspace CpuBackend::lay_out(const BackendPlan& plan, std::byte* base) const {
  Workspace space;
  const auto take = [&](size_t size) {
    std::byte* const at = base == nullptr ? nullptr : base + space.size_bytes;
    space.size_bytes += aligned(size);
    return at;
  };
  const auto take_floats = [&](size_t n, size_t cols) {
    return reinterpret_cast<float*>(take(n * cols * sizeof(float)));
  };
  const size_t n = std::max(plan.max_batch_tokens, plan.max_logit_rows);
  const size_t kv_row = size_t{plan.n_kv_heads} * plan.head_dim;
  const size_t expert_rows = size_t{plan.max_batch_tokens} * plan.experts_per_token;
  space.hidden = take_floats(n, plan.embedding);
  space.keys = take_floats(n, kv_row);
  space.values = take_floats(n, kv_row);
  space.gate = take_floats(n, plan.feed_forward);
  space.up = take_floats(n, plan.feed_forward);
  space.router_logits = take_floats(n, plan.n_experts);
  space.expert_inputs = take_floats(expert_rows, plan.embedding);
  space.expert_gate = take_floats(expert_rows, plan.expert_feed_forward);
  space.expert_up = take_floats(expert_rows, plan.expert_feed_forward);
  space.expert_outputs = take_floats(expert_rows, plan.embedding);
  space.cos_sin = take_floats(n, plan.head_dim);
  const size_t widest = std::max<size_t>(plan.embedding, size_t{plan.n_heads} * plan.head_dim);
  space.quantised_input = take(quantised_room(n, widest));
  space.quantised_hidden = take(quantised_room(n, plan.feed_forward));
  if (expert_rows != 0) {
    space.quantised_expert_input = take(expert_rows * quantised_room(1, plan.embedding));
    space.quantised_expert_hidden = take(expert_rows * quantised_room(1, plan.expert_feed_forward));
  }
  return space;
}

uint64_t CpuBackend::workspace_bytes(const BackendPlan& plan) const {
  return lay_out(plan, nullptr).size_bytes;
}

// The system gives memory as it is used.
Status CpuBackend::reserve(uint64_t) {
  return {};
}

Status CpuBackend::configure(const BackendPlan& plan) {
  plan_ = plan;
  kv_shape_ = {.type = plan.kv_type, .n_kv_heads = plan.n_kv_heads, .head_dim = plan.head_dim};
  TRY_ASSIGN(std::byte* const base, arena_.allocate(workspace_bytes(plan)));
  workspace_ = lay_out(plan, base);
  const size_t expert_rows = size_t{plan.max_batch_tokens} * plan.experts_per_token;
  tokens_.reserve(plan.max_batch_tokens);
  queries_.resize(plan.max_batch_tokens);
  logit_rows_.reserve(plan.max_logit_rows);
  choices_.resize(expert_rows);
  expert_counts_.resize(plan.n_experts);
  row_tokens_.resize(expert_rows);
  row_scores_.resize(expert_rows);
  groups_.reserve(std::min<size_t>(plan.n_experts, expert_rows));
  products_.reserve(std::max<size_t>(8, groups_.capacity() + 2));
  return {};
}

Result<WeightId> CpuBackend::load_matrix(const HostMatrix& matrix) {
  const size_t one = aligned(packed_bytes(kernels_, matrix.type, matrix.rows, matrix.columns));
  TRY_ASSIGN(std::byte* const packed, arena_.allocate(one * matrix.matrices));
  const size_t groups = group_count(matrix.rows);
  pool_.run(static_cast<uint32_t>(groups), [&](uint32_t group) {
    for (size_t i = 0; i < matrix.matrices; ++i) {
      kernels_.pack(matrix.type, raw(matrix.bytes) + i * matrix.matrix_stride_bytes, matrix.rows, matrix.columns,
                    packed + i * one, group, group + 1);
    }
  });
  weights_.push_back({matrix.type, matrix.rows, matrix.columns, packed, one});
  return static_cast<WeightId>(weights_.size());
}

Result<WeightId> CpuBackend::load_table(const HostMatrix& table) {
  TRY_ASSIGN(std::byte* const data, arena_.allocate(table.bytes.size()));
  std::memcpy(data, table.bytes.data(), table.bytes.size());
  weights_.push_back({table.type, table.rows, table.columns, data, table.bytes.size()});
  return static_cast<WeightId>(weights_.size());
}

Result<WeightId> CpuBackend::load_vector(std::string_view, std::span<const float> values) {
  TRY_ASSIGN(std::byte* const data, arena_.allocate(values.size_bytes()));
  std::memcpy(data, values.data(), values.size_bytes());
  weights_.push_back({DType::f32, 1, values.size(), data, values.size_bytes()});
  return static_cast<WeightId>(weights_.size());
}

Result<BufferId> CpuBackend::allocate(uint64_t size_bytes) {
  TRY_ASSIGN(std::byte* const data, arena_.allocate(size_bytes));
  buffers_.push_back({data, size_bytes});
  return static_cast<BufferId>(buffers_.size());
}

Result<BufferId> CpuBackend::allocate_kv() {
  return allocate(kv_bytes(plan_));
}

void CpuBackend::upload(BufferId to, ByteView bytes) {
  const BufferMemory& memory = buffers_[static_cast<size_t>(to) - 1];
  CHECK(bytes.size() <= memory.size_bytes);
  std::memcpy(memory.data, bytes.data(), bytes.size());
}

void CpuBackend::download(BufferId from, std::span<uint8_t> to) {
  const BufferMemory& memory = buffers_[static_cast<size_t>(from) - 1];
  CHECK(to.size() <= memory.size_bytes);
  std::memcpy(to.data(), memory.data, to.size());
}

Status CpuBackend::synchronize() {
  return {};
}

void CpuBackend::all_reduce(BufferId, uint64_t) {}

// --- shared steps of operations -------------------------------------------------------------------------------------

// Calls work(begin, end) over ranges of rows.
template <class Work>
void CpuBackend::for_tokens(size_t n, Work&& work) {
  const size_t per_piece = std::max<size_t>(1, n / (size_t{pool_.n_threads()} * pieces_per_thread));
  pool_.run(static_cast<uint32_t>((n + per_piece - 1) / per_piece), [&](uint32_t piece) {
    const size_t begin = piece * per_piece;
    work(begin, std::min(n, begin + per_piece));
  });
}

bool CpuBackend::any_needs_quantised(std::span<const WeightId> readers) const {
  return std::ranges::any_of(readers, [&](WeightId id) { return kernels_.needs_quantised(weight(id).type); });
}

// hidden = rms_norm(rows) * norm, and its quantised form when one of the weights that will read it needs that.
void CpuBackend::normalise(const float* rows, WeightId norm, Activations& out, std::span<const WeightId> readers) {
  const auto* norm_weight = reinterpret_cast<const float*>(weight(norm).data);
  float* const hidden = workspace_.hidden;
  const size_t cols = plan_.embedding;
  const bool quantised = any_needs_quantised(readers);
  out = {.rows = hidden, .n = out.n, .cols = cols, .quantised = workspace_.quantised_input};
  const auto work = [&](size_t begin, size_t end) {
    kernels_.rms_norm(rows + begin * cols, cols, norm_weight, plan_.epsilon, end - begin, cols, hidden + begin * cols,
                      cols);
    if (quantised) kernels_.quantise(hidden, cols, out.n, cols, out.quantised, begin, end);
  };
  if (out.n * cols < least_shared_values) {
    work(0, out.n);
  } else {
    for_tokens(out.n, work);
  }
}

void CpuBackend::quantise(const Activations& x) {
  const auto work = [&](size_t begin, size_t end) {
    kernels_.quantise(x.rows, x.cols, x.n, x.cols, x.quantised, begin, end);
  };
  if (x.n * x.cols < least_shared_values) {
    work(0, x.n);
  } else {
    for_tokens(x.n, work);
  }
}

Matmul CpuBackend::product(const Weight& matrix, const Activations& x, float* y, size_t y_stride,
                           MatmulStore store) const {
  return {.dtype = matrix.type,
          .rows = matrix.rows,
          .cols = matrix.cols,
          .weights = matrix.data,
          .n = x.n,
          .x = x.rows,
          .x_stride = x.cols,
          .quantised = x.quantised,
          .y = y,
          .y_stride = y_stride,
          .store = store};
}

void CpuBackend::run_product_range(const Product& product, size_t group_begin, size_t group_end) {
  kernels_.matmul(product.matmul, group_begin, group_end);
  if (!product.is_gated) return;
  kernels_.matmul(product.up, group_begin, group_end);
  const size_t row_begin = group_begin * group_rows;
  const size_t count = std::min(product.matmul.rows, group_end * group_rows) - row_begin;
  for (size_t i = 0; i < product.matmul.n; ++i) {
    float* const gate = product.matmul.y + i * product.matmul.y_stride + row_begin;
    kernels_.swiglu(gate, product.up.y + i * product.up.y_stride + row_begin, count, gate);
  }
}

// All products in one round of the pool, shared out by row groups.
void CpuBackend::run_products(std::span<const Product> products) {
  size_t n_groups = 0;
  size_t multiplications = 0;
  for (const Product& product : products) {
    n_groups += group_count(product.matmul.rows);
    multiplications += product.matmul.rows * product.matmul.cols * product.matmul.n * (product.is_gated ? 2 : 1);
  }
  const size_t pieces = multiplications < least_shared_products ? 1 : size_t{pool_.n_threads()} * pieces_per_thread;
  const size_t per_piece = std::max<size_t>(1, (n_groups + pieces - 1) / pieces);
  pool_.run(static_cast<uint32_t>((n_groups + per_piece - 1) / per_piece), [&](uint32_t piece) {
    size_t begin = piece * per_piece;
    size_t left = std::min(per_piece, n_groups - begin);
    for (const Product& product : products) {
      const size_t here = group_count(product.matmul.rows);
      if (begin >= here) {
        begin -= here;
        continue;
      }
      const size_t count = std::min(left, here - begin);
      run_product_range(product, begin, begin + count);
      left -= count;
      if (left == 0) return;
      begin = 0;
    }
  });
}

// --- operations -----------------------------------------------------------------------------------------------------

void CpuBackend::begin_step(const Step& step) {
  CHECK(step.tokens.size() <= plan_.max_batch_tokens && step.logit_rows.size() <= plan_.max_logit_rows);
  tokens_.assign(step.tokens.begin(), step.tokens.end());
  block_tables_.assign(step.block_tables.begin(), step.block_tables.end());
  logit_rows_.assign(step.logit_rows.begin(), step.logit_rows.end());

  // Angles in double: at a position of some millions a float32 angle is off by whole radians. Dims that are not
  // rotated get the angle 0.
  const size_t pairs = plan_.head_dim / 2;
  const auto work = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      float* const row = workspace_.cos_sin + i * plan_.head_dim;
      for (size_t pair = 0; pair < pairs; ++pair) {
        const bool rotated = pair < plan_.rope_frequencies.size();
        const double angle = rotated ? tokens_[i].position * plan_.rope_frequencies[pair] : 0.0;
        row[2 * pair] = static_cast<float>(std::cos(angle));
        row[2 * pair + 1] = static_cast<float>(std::sin(angle));
      }
    }
  };
  if (tokens_.size() * pairs < least_shared_values / 16) {
    work(0, tokens_.size());
  } else {
    for_tokens(tokens_.size(), work);
  }
}

void CpuBackend::embed(const EmbedOp& op) {
  const Weight& table = weight(op.embedding);
  const size_t bytes_per_row = row_bytes(table.type, table.cols);
  float* const residual = floats(op.residual);
  for (size_t i = 0; i < tokens_.size(); ++i) {
    dequantize_row(table.type, table.data + tokens_[i].id * bytes_per_row, table.cols, residual + i * table.cols);
  }
}

void CpuBackend::attention_input(const AttentionInputOp& op) {
  const size_t n = tokens_.size();
  const size_t query_row = size_t{plan_.n_heads} * plan_.head_dim;
  const size_t kv_row = size_t{plan_.n_kv_heads} * plan_.head_dim;
  float* const queries = floats(op.query_rows);
  const WeightId readers[] = {op.query, op.key, op.value};
  Activations hidden{.n = n};
  normalise(floats(op.residual), op.norm, hidden, readers);

  const Product products[] = {
      {.matmul = product(weight(op.query), hidden, queries, query_row, MatmulStore::assign), .up = {}},
      {.matmul = product(weight(op.key), hidden, workspace_.keys, kv_row, MatmulStore::assign), .up = {}},
      {.matmul = product(weight(op.value), hidden, workspace_.values, kv_row, MatmulStore::assign), .up = {}},
  };
  run_products(products);

  std::byte* const cache = buffers_[static_cast<size_t>(op.kv) - 1].data;
  const size_t stride = kv_block_bytes(kv_shape_);
  const auto finish = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      float* const query = queries + i * query_row;
      float* const key = workspace_.keys + i * kv_row;
      if (op.rotation == Rotation::adjacent_pairs) {
        const float* const angles = workspace_.cos_sin + i * plan_.head_dim;
        kernels_.rope(query, plan_.n_heads, plan_.head_dim, angles);
        kernels_.rope(key, plan_.n_kv_heads, plan_.head_dim, angles);
      }
      if (op.head_norm == HeadNorm::rms) {
        const size_t dim = plan_.head_dim;
        kernels_.rms_norm(query, dim, nullptr, plan_.epsilon, plan_.n_heads, dim, query, dim);
        kernels_.rms_norm(key, dim, nullptr, plan_.epsilon, plan_.n_kv_heads, dim, key, dim);
      }
      const KvTable table{cache, stride, block_tables_.data() + tokens_[i].block_table};
      kernels_.kv_write(kv_shape_, key, workspace_.values + i * kv_row, table, tokens_[i].position);
    }
  };
  if (n * (query_row + kv_row) < least_shared_values) {
    finish(0, n);
  } else {
    for_tokens(n, finish);
  }
}

void CpuBackend::attention(const AttentionOp& op) {
  const size_t n = tokens_.size();
  const size_t query_row = size_t{plan_.n_heads} * plan_.head_dim;
  const double base_scale = 1.0 / std::sqrt(static_cast<double>(plan_.head_dim));
  std::byte* const cache = buffers_[static_cast<size_t>(op.kv) - 1].data;
  size_t visible = 0;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t position = tokens_[i].position;
    double temperature = 1;
    if (op.temperature_scale != 0) {
      const double steps = std::floor((position + 1.0) / op.temperature_length);
      temperature = 1 + op.temperature_scale * std::log(steps + 1);
    }
    queries_[i] = {.q = floats(op.query_rows) + i * query_row,
                   .out = floats(op.attended) + i * query_row,
                   .kv = {cache, kv_block_bytes(kv_shape_), block_tables_.data() + tokens_[i].block_table},
                   .first = op.chunk == 0 ? 0 : position / op.chunk * op.chunk,
                   .last = position,
                   .scale = static_cast<float>(base_scale * temperature)};
    visible += position + 1 - queries_[i].first;
  }
  const Attention attention{.shape = kv_shape_, .n_heads = plan_.n_heads, .queries = std::span(queries_).first(n)};
  if (visible * query_row * 2 < least_shared_attention) {
    kernels_.attention(attention, 0, n, 0, plan_.n_kv_heads);
    return;
  }
  const size_t slices = (n + queries_per_piece - 1) / queries_per_piece;
  // The longest rows come last in a prompt: hand them out first, so that the threads end together.
  pool_.run(static_cast<uint32_t>(slices * plan_.n_kv_heads), [&](uint32_t piece) {
    const size_t slice = slices - 1 - piece / plan_.n_kv_heads;
    const size_t head = piece % plan_.n_kv_heads;
    kernels_.attention(attention, slice * queries_per_piece, std::min(n, (slice + 1) * queries_per_piece), head,
                       head + 1);
  });
}

void CpuBackend::attention_output(const AttentionOutputOp& op) {
  const Activations attended{.rows = floats(op.attended),
                             .n = tokens_.size(),
                             .cols = size_t{plan_.n_heads} * plan_.head_dim,
                             .quantised = workspace_.quantised_input};
  if (kernels_.needs_quantised(weight(op.output).type)) quantise(attended);
  const Product products[] = {
      {.matmul = product(weight(op.output), attended, floats(op.residual), plan_.embedding, MatmulStore::add),
       .up = {}}};
  run_products(products);
}

void CpuBackend::dense_ffn(const DenseFfnOp& op) {
  const size_t width = weight(op.gate).rows;
  const WeightId readers[] = {op.gate, op.up};
  Activations hidden{.n = tokens_.size()};
  normalise(floats(op.residual), op.norm, hidden, readers);
  const Product gated[] = {{.matmul = product(weight(op.gate), hidden, workspace_.gate, width, MatmulStore::assign),
                            .up = product(weight(op.up), hidden, workspace_.up, width, MatmulStore::assign),
                            .is_gated = true}};
  run_products(gated);

  const Activations inner{
      .rows = workspace_.gate, .n = hidden.n, .cols = width, .quantised = workspace_.quantised_hidden};
  if (kernels_.needs_quantised(weight(op.down).type)) quantise(inner);
  const Product down[] = {
      {.matmul = product(weight(op.down), inner, floats(op.residual), plan_.embedding, MatmulStore::add), .up = {}}};
  run_products(down);
}

// Chooses the experts of every token and groups the tokens by expert.
void CpuBackend::route(const MoeFfnOp& op) {
  const size_t n = tokens_.size();
  const size_t k = plan_.experts_per_token;
  const auto choose = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const std::span<ExpertChoice> mine = std::span(choices_).subspan(i * k, k);
      route_experts({workspace_.router_logits + i * plan_.n_experts, plan_.n_experts}, mine);
      std::ranges::sort(mine, {}, &ExpertChoice::expert);
    }
  };
  if (n * plan_.n_experts < least_shared_values) {
    choose(0, n);
  } else {
    for_tokens(n, choose);
  }
  if (op.routes != BufferId::none) {
    auto* const routes = reinterpret_cast<uint32_t*>(floats(op.routes));
    for (size_t i = 0; i < n * k; ++i) routes[i] = static_cast<uint32_t>(choices_[i].expert);
  }

  std::ranges::fill(expert_counts_, 0);
  for (size_t i = 0; i < n * k; ++i) ++expert_counts_[static_cast<size_t>(choices_[i].expert)];
  groups_.clear();
  uint32_t row = 0;
  size_t input_offset = 0;
  size_t hidden_offset = 0;
  for (uint32_t expert = 0; expert < plan_.n_experts; ++expert) {
    const uint32_t count = expert_counts_[expert];
    expert_counts_[expert] = row;
    if (count == 0) continue;
    groups_.push_back({expert, row, count, input_offset, hidden_offset});
    row += count;
    input_offset += quantised_room(count, plan_.embedding);
    hidden_offset += quantised_room(count, plan_.expert_feed_forward);
  }
  CHECK(input_offset <= n * k * quantised_room(1, plan_.embedding));
  CHECK(hidden_offset <= n * k * quantised_room(1, plan_.expert_feed_forward));
  for (size_t i = 0; i < n * k; ++i) {
    const uint32_t at = expert_counts_[static_cast<size_t>(choices_[i].expert)]++;
    row_tokens_[at] = static_cast<uint32_t>(i / k);
    row_scores_[at] = choices_[i].weight;
  }
}

// An expert's input is the token's normalised row times its score (not the expert's output).
void CpuBackend::prepare_expert_inputs(const Activations& hidden, bool needs_quantised) {
  const size_t cols = plan_.embedding;
  const auto prepare = [&](const ExpertGroup& group) {
    for (uint32_t row = group.first_row; row < group.first_row + group.n_rows; ++row) {
      kernels_.scale(hidden.rows + row_tokens_[row] * cols, row_scores_[row], cols,
                     workspace_.expert_inputs + row * cols);
    }
    if (!needs_quantised) return;
    kernels_.quantise(workspace_.expert_inputs + group.first_row * cols, cols, group.n_rows, cols,
                      workspace_.quantised_expert_input + group.quantised_input_offset, 0, group.n_rows);
  };
  if (hidden.n * plan_.experts_per_token * cols < least_shared_values) {
    for (const ExpertGroup& group : groups_) prepare(group);
  } else {
    pool_.run(static_cast<uint32_t>(groups_.size()), [&](uint32_t piece) { prepare(groups_[piece]); });
  }
}

void CpuBackend::moe_ffn(const MoeFfnOp& op) {
  const size_t n = tokens_.size();
  const size_t width = plan_.expert_feed_forward;
  const size_t cols = plan_.embedding;
  const Weight& expert_gate = weight(op.expert_gate);
  const Weight& expert_up = weight(op.expert_up);
  const Weight& expert_down = weight(op.expert_down);
  const bool has_shared = op.shared_gate != WeightId::none;
  const bool sums_apart = op.routed_sum != BufferId::none;
  CHECK(has_shared != sums_apart);
  float* const sum = floats(sums_apart ? op.routed_sum : op.residual);

  // The router and the shared expert's first half both read the normalised rows alone: one round.
  const WeightId readers[] = {op.expert_router, op.shared_gate, op.shared_up};
  Activations hidden{.n = n};
  normalise(floats(op.residual), op.norm, hidden, std::span(readers).first(has_shared ? 3 : 1));
  products_.clear();
  products_.push_back({.matmul = product(weight(op.expert_router), hidden, workspace_.router_logits, plan_.n_experts,
                                         MatmulStore::assign),
                       .up = {}});
  if (has_shared) {
    const size_t shared_width = weight(op.shared_gate).rows;
    products_.push_back(
        {.matmul = product(weight(op.shared_gate), hidden, workspace_.gate, shared_width, MatmulStore::assign),
         .up = product(weight(op.shared_up), hidden, workspace_.up, shared_width, MatmulStore::assign),
         .is_gated = true});
  }
  run_products(products_);

  route(op);
  const WeightId expert_readers[] = {op.expert_gate, op.expert_up};
  prepare_expert_inputs(hidden, any_needs_quantised(expert_readers));
  products_.clear();
  for (const ExpertGroup& group : groups_) {
    const Activations input{.rows = workspace_.expert_inputs + group.first_row * cols,
                            .n = group.n_rows,
                            .cols = cols,
                            .quantised = workspace_.quantised_expert_input + group.quantised_input_offset};
    Product gated{
        .matmul =
            product(expert_gate, input, workspace_.expert_gate + group.first_row * width, width, MatmulStore::assign),
        .up = product(expert_up, input, workspace_.expert_up + group.first_row * width, width, MatmulStore::assign),
        .is_gated = true};
    gated.matmul.weights += group.expert * expert_gate.matrix_bytes;
    gated.up.weights += group.expert * expert_up.matrix_bytes;
    products_.push_back(gated);
  }
  run_products(products_);

  // Second halves. A range of rows first takes the shared expert, then each expert in ascending order, so that the
  // order of the sum is the same however the rows are shared out.
  Matmul shared;
  if (has_shared) {
    const Weight& shared_down = weight(op.shared_down);
    const Activations inner{
        .rows = workspace_.gate, .n = n, .cols = shared_down.cols, .quantised = workspace_.quantised_hidden};
    if (kernels_.needs_quantised(shared_down.type)) quantise(inner);
    shared = product(shared_down, inner, sum, cols, MatmulStore::add);
  }
  products_.clear();
  for (const ExpertGroup& group : groups_) {
    const Activations inner{.rows = workspace_.expert_gate + group.first_row * width,
                            .n = group.n_rows,
                            .cols = width,
                            .quantised = workspace_.quantised_expert_hidden + group.quantised_hidden_offset};
    Product down{.matmul = product(expert_down, inner, workspace_.expert_outputs + group.first_row * cols, cols,
                                   MatmulStore::assign),
                 .up = {}};
    down.matmul.weights += group.expert * expert_down.matrix_bytes;
    products_.push_back(down);
  }
  if (kernels_.needs_quantised(expert_down.type)) {
    pool_.run(static_cast<uint32_t>(groups_.size()), [&](uint32_t piece) {
      const ExpertGroup& group = groups_[piece];
      kernels_.quantise(workspace_.expert_gate + group.first_row * width, width, group.n_rows, width,
                        workspace_.quantised_expert_hidden + group.quantised_hidden_offset, 0, group.n_rows);
    });
  }
  const size_t n_groups = group_count(cols);
  const size_t pieces = size_t{pool_.n_threads()} * pieces_per_thread;
  const size_t per_piece = (n_groups + pieces - 1) / pieces;
  pool_.run(static_cast<uint32_t>((n_groups + per_piece - 1) / per_piece), [&](uint32_t piece) {
    const size_t begin = piece * per_piece;
    const size_t end = std::min(n_groups, begin + per_piece);
    const size_t row_begin = begin * group_rows;
    const size_t count = std::min(cols, end * group_rows) - row_begin;
    if (has_shared) {
      kernels_.matmul(shared, begin, end);
    } else {
      for (size_t i = 0; i < n; ++i) std::fill_n(sum + i * cols + row_begin, count, 0.0F);
    }
    for (size_t i = 0; i < groups_.size(); ++i) {
      kernels_.matmul(products_[i].matmul, begin, end);
      for (uint32_t row = groups_[i].first_row; row < groups_[i].first_row + groups_[i].n_rows; ++row) {
        kernels_.add(sum + row_tokens_[row] * cols + row_begin, workspace_.expert_outputs + row * cols + row_begin,
                     count);
      }
    }
  });
}

void CpuBackend::add(const AddOp& op) {
  const size_t cols = plan_.embedding;
  float* const residual = floats(op.residual);
  const float* const rows = floats(op.rows);
  const auto work = [&](size_t begin, size_t end) {
    kernels_.add(residual + begin * cols, rows + begin * cols, (end - begin) * cols);
  };
  if (tokens_.size() * cols < least_shared_values) {
    work(0, tokens_.size());
  } else {
    for_tokens(tokens_.size(), work);
  }
}

void CpuBackend::logits(const LogitsOp& op) {
  if (logit_rows_.empty()) return;
  const size_t cols = plan_.embedding;
  const auto* norm = reinterpret_cast<const float*>(weight(op.norm).data);
  const Weight& output = weight(op.output);
  const Activations hidden{
      .rows = workspace_.hidden, .n = logit_rows_.size(), .cols = cols, .quantised = workspace_.quantised_input};
  for (size_t i = 0; i < logit_rows_.size(); ++i) {
    kernels_.rms_norm(floats(op.residual) + logit_rows_[i] * cols, cols, norm, plan_.epsilon, 1, cols,
                      workspace_.hidden + i * cols, cols);
  }
  if (kernels_.needs_quantised(output.type)) quantise(hidden);
  const Product products[] = {
      {.matmul = product(output, hidden, floats(op.logits), output.rows, MatmulStore::assign), .up = {}}};
  run_products(products);
}

}  // namespace tijori
