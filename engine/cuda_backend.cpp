#include "engine/cuda_backend.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/check.h"
#include "kernels/cuda/packed_tile.h"
#include "kernels/cuda/packing.h"

namespace tijori {
namespace {

// Sixteen F16 rows of the widest matrix that a model may have.
constexpr uint64_t staging_bytes = uint64_t{32} << 20;
constexpr uint64_t results_bytes = uint64_t{16} << 20;
constexpr uint64_t kept_back_bytes = uint64_t{512} << 20;
static_assert(no_token == cuda::no_token);
constexpr uint32_t tiles_per_piece = 4;
// Tokens above which each query is carried over all its partitions by one block.
constexpr uint32_t most_split_tokens = 16;
constexpr uint64_t most_split_partitions = 1024;  // of all tokens together
// Rows an expert has on average above which the wide kernel pays.
constexpr uint32_t wide_from_rows = 4;

uint64_t aligned(uint64_t size) {
  return (size + allocation_alignment - 1) / allocation_alignment * allocation_alignment;
}

cuda::KvLayout layout_of(const BackendPlan& plan) {
  return {.element = plan.kv_type == KvType::f32 ? cuda::KvElement::f32 : cuda::KvElement::f16,
          .n_kv_heads = plan.n_kv_heads,
          .head_dim = plan.head_dim,
          .n_blocks = plan.kv_blocks};
}

uint32_t partitions_of(uint64_t n_positions) {
  return static_cast<uint32_t>((n_positions + cuda::attention_partition - 1) / cuda::attention_partition);
}

uint64_t partials_elements_of(const BackendPlan& plan) {
  const uint64_t longest = partitions_of(plan.kv_blocks * uint64_t{kv_block_positions});
  const uint64_t tokens = std::min(plan.max_batch_tokens, most_split_tokens);
  return std::min(tokens * longest, most_split_partitions) * plan.n_heads * (plan.head_dim + 2);
}

}  // namespace

CudaBackend::CudaBackend(const cuda::Plugin& plugin, std::unique_ptr<cuda::Runtime> runtime, uint32_t n_threads)
    : plugin_(plugin), runtime_(std::move(runtime)), pool_(n_threads) {}

CudaBackend::~CudaBackend() = default;

std::string CudaBackend::device_name() const {
  const cuda::DeviceProperties& device = runtime_->properties();
  return std::string(device.name) + ", " + std::to_string(device.memory_bytes / 1'000'000'000) + " GB";
}

// --- memory ---------------------------------------------------------------------------------------------------------

// The driver loads kernels when they are first launched, and other programs show a desktop: some is left to them.
uint64_t CudaBackend::available_bytes() const {
  const uint64_t free_bytes = runtime_->properties().free_bytes;
  return free_bytes - std::min(kept_back_bytes, free_bytes / 16);
}

Status CudaBackend::supports(const BackendPlan& plan) const {
  if (plan.kv_type == KvType::q8) {
    return fail(ErrorCode::unsupported, std::string(name()) + ": a KV cache of q8; it has f16 and f32");
  }
  if (plan.n_experts > cuda::most_experts) {
    return fail(ErrorCode::unsupported, std::string(name()) + ": " + std::to_string(plan.n_experts) +
                                            " experts, at most " + std::to_string(cuda::most_experts));
  }
  return {};
}

DType CudaBackend::stored_type(DType type) const {
  return cuda::device_type(type);
}

uint64_t CudaBackend::matrix_bytes(const HostMatrix& matrix) const {
  return aligned(cuda::packed_matrix_bytes(cuda::device_type(matrix.type), static_cast<uint32_t>(matrix.rows),
                                           static_cast<uint32_t>(matrix.columns)) *
                 matrix.matrices);
}

uint64_t CudaBackend::table_bytes(const HostMatrix& table) const {
  return aligned(table.rows * row_bytes(cuda::device_type(table.type), table.columns));
}

uint64_t CudaBackend::kv_bytes(const BackendPlan& plan) const {
  return aligned(layout_of(plan).bytes());
}

// What a step sends to the device, in the order of Workspace.
uint64_t CudaBackend::step_bytes(const BackendPlan& plan) {
  const uint64_t n = plan.max_batch_tokens;
  // A block belongs to one sequence, so that all tables together name each once.
  const uint64_t table_entries = plan.kv_blocks;
  return n * sizeof(cuda::StepToken) + table_entries * sizeof(uint32_t) + plan.max_logit_rows * sizeof(uint32_t) +
         n * sizeof(cuda::AttentionTile) + 4 * allocation_alignment;
}

CudaBackend::Workspace CudaBackend::lay_out(const BackendPlan& plan, DeviceAddress base) {
  Workspace space;
  const auto take = [&](uint64_t size) {
    const DeviceAddress at = base == 0 ? 0 : base + space.size_bytes;
    space.size_bytes += aligned(size);
    return at;
  };
  const auto take_words = [&](uint64_t n, uint64_t columns) { return take(n * columns * sizeof(float)); };
  const auto take_rows = [&](uint64_t n, uint32_t columns) {
    return cuda::DeviceRows{.floats = take_words(n, columns),
                            .halves = take(n * cuda::row_halves(columns) * sizeof(uint16_t)),
                            .scales = take_words(n, 1)};
  };
  const uint64_t n = std::max(plan.max_batch_tokens, plan.max_logit_rows);
  const uint32_t query_row = plan.n_heads * plan.head_dim;
  const uint64_t kv_row = uint64_t{plan.n_kv_heads} * plan.head_dim;
  space.tokens = take(step_bytes(plan));
  space.sample_parameters = take(plan.max_logit_rows * sizeof(cuda::SampleParameters));
  space.cos_sin = take_words(n, plan.head_dim);
  space.frequencies = take(plan.rope_frequencies.size() * sizeof(double));
  space.hidden = take_rows(n, plan.embedding);
  space.keys = take_words(n, kv_row);
  space.values = take_words(n, kv_row);
  space.attended = {.halves = take(n * cuda::row_halves(query_row) * sizeof(uint16_t)), .scales = take_words(n, 1)};
  space.gate = take_words(n, plan.feed_forward);
  space.up = take_words(n, plan.feed_forward);
  space.inner = take_rows(n, plan.feed_forward);
  space.partials_elements = partials_elements_of(plan);
  space.partials = take_words(space.partials_elements, 1);
  if (plan.n_experts == 0) return space;
  const auto rows = static_cast<uint32_t>(uint64_t{plan.max_batch_tokens} * plan.experts_per_token);
  space.router_logits = take_words(n, plan.n_experts);
  space.choices = take_words(rows, 1);
  space.scores = take_words(rows, 1);
  space.row_of_choice = take_words(rows, 1);
  space.token_of_row = take_words(rows, 1);
  space.score_of_row = take_words(rows, 1);
  space.expert_tiles =
      take(cuda::most_expert_tiles(rows, plan.n_experts, cuda::narrow_tile) * sizeof(cuda::ExpertTile));
  space.tile_count = take(sizeof(uint32_t));
  space.expert_inputs = take_rows(rows, plan.embedding);
  space.expert_gate = take_words(rows, plan.expert_feed_forward);
  space.expert_up = take_words(rows, plan.expert_feed_forward);
  space.expert_inner = take_rows(rows, plan.expert_feed_forward);
  space.expert_outputs = take_words(rows, plan.embedding);
  return space;
}

uint64_t CudaBackend::workspace_bytes(const BackendPlan& plan) const {
  return lay_out(plan, 0).size_bytes;
}

Status CudaBackend::reserve(uint64_t size_bytes) {
  CHECK(arena_.at == 0);
  arena_.at = runtime_->allocate(size_bytes);
  if (arena_.at == 0) {
    return fail(ErrorCode::resource_exhausted, std::string(name()) + ": " + runtime_->properties().name + " has no " +
                                                   std::to_string(size_bytes) + " bytes left");
  }
  arena_.size_bytes = size_bytes;
  return {};
}

Result<cuda::DeviceAddress> CudaBackend::take(uint64_t size_bytes) {
  const uint64_t size = aligned(size_bytes);
  if (size > arena_.size_bytes - arena_used_bytes_) {
    return fail(ErrorCode::internal, std::string(name()) + ": the plan of " + std::to_string(arena_.size_bytes) +
                                         " bytes is too small by " +
                                         std::to_string(size - (arena_.size_bytes - arena_used_bytes_)));
  }
  const DeviceAddress at = arena_.at + arena_used_bytes_;
  arena_used_bytes_ += size;
  return at;
}

Status CudaBackend::configure(const BackendPlan& plan) {
  TRY(supports(plan));
  plan_ = plan;
  layout_ = layout_of(plan);
  for (Staging& each : staging_) {
    each.size_bytes = std::max(staging_bytes, step_bytes(plan));
    each.memory = static_cast<uint8_t*>(runtime_->allocate_pinned(each.size_bytes));
    if (each.memory == nullptr) return fail(ErrorCode::resource_exhausted, std::string(name()) + ": pinned memory");
  }
  results_ = static_cast<uint8_t*>(runtime_->allocate_pinned(results_bytes));
  if (results_ == nullptr) return fail(ErrorCode::resource_exhausted, std::string(name()) + ": pinned memory");
  TRY_ASSIGN(const DeviceAddress base, take(lay_out(plan, 0).size_bytes));
  workspace_ = lay_out(plan, base);
  const uint64_t bytes = plan.rope_frequencies.size() * sizeof(double);
  if (bytes == 0) return {};
  uint8_t* const memory = staging(bytes);
  std::memcpy(memory, plan.rope_frequencies.data(), bytes);
  send(workspace_.frequencies, bytes);
  return {};
}

// The next staging memory, once the device has what was in it.
uint8_t* CudaBackend::staging(uint64_t size_bytes) {
  Staging& next = staging_[next_staging_];
  CHECK(size_bytes <= next.size_bytes);
  if (next.is_copied) runtime_->wait(next.mark);
  next.is_copied = false;
  return next.memory;
}

// Sends what was put into the staging memory.
void CudaBackend::send(DeviceAddress to, uint64_t size_bytes) {
  Staging& full = staging_[next_staging_];
  runtime_->copy_in(to, full.memory, size_bytes);
  full.mark = runtime_->mark();
  full.is_copied = true;
  next_staging_ = (next_staging_ + 1) % staging_.size();
}

WeightId CudaBackend::add_weight(const cuda::DeviceMatrix& matrix) {
  weights_.push_back(matrix);
  return static_cast<WeightId>(weights_.size());
}

// Rows as in the file, of types that no kernel reads as F16.
Status CudaBackend::send_rows(const HostMatrix& matrix, uint64_t index, DeviceAddress to) {
  const auto columns = static_cast<uint32_t>(matrix.columns);
  const DType type = cuda::device_type(matrix.type);
  const uint64_t from_bytes = row_bytes(matrix.type, columns);
  const uint64_t to_bytes = row_bytes(type, columns);
  const uint8_t* const from = matrix.bytes.data() + index * matrix.matrix_stride_bytes;
  if (to_bytes > staging_[0].size_bytes) {
    return fail(ErrorCode::unsupported, std::string(matrix.name) + ": a row of " + std::to_string(to_bytes) + " bytes");
  }
  const uint64_t rows_per_slice = staging_[0].size_bytes / to_bytes;
  for (uint64_t row = 0; row < matrix.rows; row += rows_per_slice) {
    const uint64_t here = std::min(rows_per_slice, matrix.rows - row);
    uint8_t* const memory = staging(here * to_bytes);
    if (type == matrix.type) {
      std::memcpy(memory, from + row * from_bytes, here * from_bytes);
    } else {
      pool_.run(static_cast<uint32_t>(here), [&](uint32_t i) {
        cuda::expand_to_f16(matrix.type, reinterpret_cast<const std::byte*>(from + (row + i) * from_bytes), columns,
                            reinterpret_cast<uint16_t*>(memory + i * to_bytes));
      });
    }
    send(to + row * to_bytes, here * to_bytes);
  }
  return {};
}

Status CudaBackend::send_tiles(const HostMatrix& matrix, uint64_t index, DeviceAddress to) {
  const auto rows = static_cast<uint32_t>(matrix.rows);
  const auto columns = static_cast<uint32_t>(matrix.columns);
  const uint64_t bytes_per_tile = cuda::tile_bytes(cuda::device_type(matrix.type), columns);
  const auto* const from = reinterpret_cast<const std::byte*>(matrix.bytes.data() + index * matrix.matrix_stride_bytes);
  if (bytes_per_tile > staging_[0].size_bytes) {
    return fail(ErrorCode::unsupported,
                std::string(matrix.name) + ": 16 rows of " + std::to_string(bytes_per_tile) + " bytes");
  }
  const uint32_t n_tiles = (rows + cuda::tile_rows - 1) / cuda::tile_rows;
  const auto tiles_per_slice = static_cast<uint32_t>(staging_[0].size_bytes / bytes_per_tile);
  for (uint32_t tile = 0; tile < n_tiles; tile += tiles_per_slice) {
    const uint32_t here = std::min(tiles_per_slice, n_tiles - tile);
    uint8_t* const memory = staging(here * bytes_per_tile);
    pool_.run((here + tiles_per_piece - 1) / tiles_per_piece, [&](uint32_t piece) {
      const uint32_t begin = tile + piece * tiles_per_piece;
      cuda::pack_tiles(matrix.type, from, rows, columns, begin, std::min(begin + tiles_per_piece, tile + here),
                       reinterpret_cast<std::byte*>(memory) + (begin - tile) * bytes_per_tile);
    });
    send(to + tile * bytes_per_tile, here * bytes_per_tile);
  }
  return {};
}

Result<WeightId> CudaBackend::load_matrix(const HostMatrix& matrix) {
  const DType type = cuda::device_type(matrix.type);
  const auto rows = static_cast<uint32_t>(matrix.rows);
  const auto columns = static_cast<uint32_t>(matrix.columns);
  const uint64_t stride = cuda::packed_matrix_bytes(type, rows, columns);
  TRY_ASSIGN(const DeviceAddress at, take(stride * matrix.matrices));
  for (uint64_t i = 0; i < matrix.matrices; ++i) {
    TRY(type == DType::f32 ? send_rows(matrix, i, at + i * stride) : send_tiles(matrix, i, at + i * stride));
  }
  return add_weight({.type = type,
                     .rows = rows,
                     .columns = columns,
                     .matrices = static_cast<uint32_t>(matrix.matrices),
                     .stride_bytes = stride,
                     .at = at});
}

Result<WeightId> CudaBackend::load_table(const HostMatrix& table) {
  const DType type = cuda::device_type(table.type);
  TRY_ASSIGN(const DeviceAddress at, take(table_bytes(table)));
  TRY(send_rows(table, 0, at));
  return add_weight({.type = type,
                     .rows = static_cast<uint32_t>(table.rows),
                     .columns = static_cast<uint32_t>(table.columns),
                     .stride_bytes = table.rows * row_bytes(type, table.columns),
                     .at = at});
}

Result<WeightId> CudaBackend::load_vector(std::string_view name, std::span<const float> values) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(values.data());
  return load_table({.name = name, .rows = 1, .columns = values.size(), .bytes = {bytes, values.size_bytes()}});
}

Result<BufferId> CudaBackend::allocate(uint64_t size_bytes) {
  TRY_ASSIGN(const DeviceAddress at, take(size_bytes));
  runtime_->fill_zero(at, size_bytes);
  buffers_.push_back({at, size_bytes});
  return static_cast<BufferId>(buffers_.size());
}

Result<BufferId> CudaBackend::allocate_kv() {
  return allocate(layout_.bytes());
}

void CudaBackend::upload(BufferId to, ByteView bytes) {
  CHECK(bytes.size() <= buffers_[static_cast<size_t>(to) - 1].size_bytes);
  for (size_t offset = 0; offset < bytes.size(); offset += staging_[0].size_bytes) {
    const size_t here = std::min<size_t>(bytes.size() - offset, staging_[0].size_bytes);
    std::memcpy(staging(here), bytes.data() + offset, here);
    send(buffer(to) + offset, here);
  }
}

// Logits, routes, or a residual on its way to another device, through pinned memory of their own.
void CudaBackend::download(BufferId from, std::span<uint8_t> to) {
  CHECK(to.size() <= buffers_[static_cast<size_t>(from) - 1].size_bytes);
  for (size_t offset = 0; offset < to.size(); offset += results_bytes) {
    const size_t here = std::min<size_t>(to.size() - offset, results_bytes);
    runtime_->copy_out(results_, buffer(from) + offset, here);
    runtime_->wait(runtime_->mark());
    std::memcpy(to.data() + offset, results_, here);
  }
}

Status CudaBackend::synchronize() {
  char message[cuda::message_bytes] = {};
  if (!runtime_->synchronize(message)) return fail(ErrorCode::internal, std::string(name()) + ": " + message);
  return {};
}

// --- a step ---------------------------------------------------------------------------------------------------------

void CudaBackend::begin_step(const Step& step) {
  CHECK(step.tokens.size() <= plan_.max_batch_tokens && step.logit_rows.size() <= plan_.max_logit_rows);
  step_memory_.clear();
  // Everything in one copy.
  const auto put = [&](const void* values, uint64_t size) {
    const DeviceAddress here = workspace_.tokens + step_memory_.size();
    const auto* const bytes = static_cast<const uint8_t*>(values);
    step_memory_.insert(step_memory_.end(), bytes, bytes + size);
    step_memory_.resize(aligned(step_memory_.size()));
    return here;
  };
  std::vector<cuda::StepToken> tokens;
  std::vector<cuda::AttentionTile> tiles;
  tokens.reserve(step.tokens.size());
  tiles.reserve(step.tokens.size());
  const uint32_t tile_tokens = cuda::attention_tile_tokens(plan_.n_heads, plan_.n_kv_heads);
  uint32_t longest = 0;
  for (uint32_t i = 0; i < step.tokens.size(); ++i) {
    const Step::Token& token = step.tokens[i];
    tokens.push_back({token.id, token.position, token.block_table});
    longest = std::max(longest, token.position + 1);
    const bool continues = i > 0 && step.tokens[i - 1].block_table == token.block_table &&
                           step.tokens[i - 1].position + 1 == token.position;
    if (continues && tiles.back().n_tokens < tile_tokens) {
      ++tiles.back().n_tokens;
    } else {
      tiles.push_back({i, 1});
    }
  }
  step_.tokens = put(tokens.data(), tokens.size() * sizeof tokens[0]);
  step_.n_tokens = static_cast<uint32_t>(tokens.size());
  step_.block_tables = put(step.block_tables.data(), step.block_tables.size_bytes());
  step_.n_table_entries = static_cast<uint32_t>(step.block_tables.size());
  workspace_.logit_rows = put(step.logit_rows.data(), step.logit_rows.size_bytes());
  n_logit_rows_ = static_cast<uint32_t>(step.logit_rows.size());
  workspace_.attention_tiles = put(tiles.data(), tiles.size() * sizeof tiles[0]);
  n_attention_tiles_ = static_cast<uint32_t>(tiles.size());
  CHECK(step_memory_.size() <= step_bytes(plan_));

  const uint32_t partitions = partitions_of(longest);
  const uint64_t partials = uint64_t{step_.n_tokens} * partitions * plan_.n_heads * (plan_.head_dim + 2);
  const bool splits = step_.n_tokens <= most_split_tokens && partials <= workspace_.partials_elements;
  n_partitions_ = splits ? partitions : 1;

  std::memcpy(staging(step_memory_.size()), step_memory_.data(), step_memory_.size());
  send(workspace_.tokens, step_memory_.size());
  plugin_.kernels.angles(*runtime_, {.step = step_,
                                     .frequencies = workspace_.frequencies,
                                     .n_frequencies = static_cast<uint32_t>(plan_.rope_frequencies.size()),
                                     .head_dim = plan_.head_dim,
                                     .cos_sin = workspace_.cos_sin});
}

void CudaBackend::embed(const EmbedOp& op) {
  plugin_.kernels.embed(*runtime_, {.table = weight(op.embedding), .step = step_, .residual = buffer(op.residual)});
}

void CudaBackend::normalise(DeviceAddress rows, WeightId norm) {
  plugin_.kernels.rms_norm(*runtime_, {.rows = rows,
                                       .n_rows = n_tokens(),
                                       .weight = weight(norm).at,
                                       .epsilon = plan_.epsilon,
                                       .n = n_tokens(),
                                       .columns = plan_.embedding,
                                       .out = workspace_.hidden});
}

void CudaBackend::multiply(WeightId matrix, const cuda::DeviceRows& rows, uint32_t n, DeviceAddress out, bool adds) {
  plugin_.kernels.product(*runtime_, {.matrix = weight(matrix), .rows = rows, .n = n, .out = out, .adds = adds});
}

// What a product with this weight reads of rows that are for it alone.
cuda::DeviceRows CudaBackend::read_by(WeightId matrix, const cuda::DeviceRows& rows) const {
  if (weight(matrix).type == DType::f32) return {.floats = rows.floats};
  return {.halves = rows.halves, .scales = rows.scales};
}

void CudaBackend::attention_input(const AttentionInputOp& op) {
  const DeviceAddress queries = buffer(op.query_rows);
  normalise(buffer(op.residual), op.norm);
  multiply(op.query, workspace_.hidden, n_tokens(), queries, false);
  multiply(op.key, workspace_.hidden, n_tokens(), workspace_.keys, false);
  multiply(op.value, workspace_.hidden, n_tokens(), workspace_.values, false);
  plugin_.kernels.rotate(*runtime_, {.queries = queries,
                                     .keys = workspace_.keys,
                                     .values = workspace_.values,
                                     .cos_sin = op.rotation == Rotation::adjacent_pairs ? workspace_.cos_sin : 0,
                                     .norms = op.head_norm == HeadNorm::rms,
                                     .epsilon = plan_.epsilon,
                                     .n_heads = plan_.n_heads,
                                     .layout = layout_,
                                     .cache = buffer(op.kv),
                                     .step = step_});
}

void CudaBackend::attention(const AttentionOp& op) {
  plugin_.kernels.attention(*runtime_, {.queries = buffer(op.query_rows),
                                        .attended = buffer(op.attended),
                                        .n_heads = plan_.n_heads,
                                        .layout = layout_,
                                        .cache = buffer(op.kv),
                                        .step = step_,
                                        .tiles = workspace_.attention_tiles,
                                        .n_tiles = n_attention_tiles_,
                                        .chunk = op.chunk,
                                        .temperature_scale = op.temperature_scale,
                                        .temperature_length = op.temperature_length,
                                        .n_partitions = n_partitions_,
                                        .partials = workspace_.partials});
}

void CudaBackend::attention_output(const AttentionOutputOp& op) {
  const cuda::DeviceMatrix& matrix = weight(op.output);
  cuda::DeviceRows rows{.floats = buffer(op.attended)};
  if (matrix.type != DType::f32) {
    rows = workspace_.attended;
    plugin_.kernels.halves(
        *runtime_,
        {.rows = buffer(op.attended), .n_rows = n_tokens(), .n = n_tokens(), .columns = matrix.columns, .out = rows});
  }
  multiply(op.output, rows, n_tokens(), buffer(op.residual), true);
}

// residual += down(silu(gate h) * up h), of the hidden rows h.
void CudaBackend::add_gated(WeightId gate, WeightId up, WeightId down, DeviceAddress residual) {
  multiply(gate, workspace_.hidden, n_tokens(), workspace_.gate, false);
  multiply(up, workspace_.hidden, n_tokens(), workspace_.up, false);
  const cuda::DeviceRows inner = read_by(down, workspace_.inner);
  plugin_.kernels.swiglu(
      *runtime_,
      {.gate = workspace_.gate, .up = workspace_.up, .n = n_tokens(), .columns = weight(gate).rows, .out = inner});
  multiply(down, inner, n_tokens(), residual, true);
}

void CudaBackend::dense_ffn(const DenseFfnOp& op) {
  const DeviceAddress residual = buffer(op.residual);
  normalise(residual, op.norm);
  add_gated(op.gate, op.up, op.down, residual);
}

void CudaBackend::multiply_experts(WeightId matrix, const cuda::DeviceRows& rows, DeviceAddress out,
                                   uint32_t tile_width) {
  const uint32_t n_rows = n_tokens() * plan_.experts_per_token;
  plugin_.kernels.product(*runtime_, {.matrix = weight(matrix),
                                      .rows = rows,
                                      .n = n_rows,
                                      .out = out,
                                      .tiles = workspace_.expert_tiles,
                                      .tile_count = workspace_.tile_count,
                                      .most_tiles = cuda::most_expert_tiles(n_rows, plan_.n_experts, tile_width),
                                      .tile_width = tile_width});
}

void CudaBackend::route_and_multiply(const MoeFfnOp& op) {
  const uint32_t n_rows = n_tokens() * plan_.experts_per_token;
  const uint32_t width = n_rows / plan_.n_experts >= wide_from_rows ? cuda::wide_tile : cuda::narrow_tile;
  multiply(op.expert_router, workspace_.hidden, n_tokens(), workspace_.router_logits, false);
  plugin_.kernels.route(*runtime_, {.logits = workspace_.router_logits,
                                    .n = n_tokens(),
                                    .n_experts = plan_.n_experts,
                                    .experts_per_token = plan_.experts_per_token,
                                    .tile_width = width,
                                    .choices = op.routes == BufferId::none ? workspace_.choices : buffer(op.routes),
                                    .scores = workspace_.scores,
                                    .row_of_choice = workspace_.row_of_choice,
                                    .token_of_row = workspace_.token_of_row,
                                    .score_of_row = workspace_.score_of_row,
                                    .tiles = workspace_.expert_tiles,
                                    .tile_count = workspace_.tile_count});
  plugin_.kernels.halves(*runtime_, {.rows = workspace_.hidden.floats,
                                     .n_rows = n_tokens(),
                                     .source = workspace_.token_of_row,
                                     .factor = workspace_.score_of_row,
                                     .n = n_rows,
                                     .columns = plan_.embedding,
                                     .out = workspace_.expert_inputs});
  multiply_experts(op.expert_gate, workspace_.expert_inputs, workspace_.expert_gate, width);
  multiply_experts(op.expert_up, workspace_.expert_inputs, workspace_.expert_up, width);
  const cuda::DeviceRows inner = read_by(op.expert_down, workspace_.expert_inner);
  plugin_.kernels.swiglu(*runtime_, {.gate = workspace_.expert_gate,
                                     .up = workspace_.expert_up,
                                     .n = n_rows,
                                     .columns = weight(op.expert_gate).rows,
                                     .out = inner});
  multiply_experts(op.expert_down, inner, workspace_.expert_outputs, width);
}

// The shared expert comes last of what reads the hidden rows, and before the routed ones are added.
void CudaBackend::moe_ffn(const MoeFfnOp& op) {
  const DeviceAddress residual = buffer(op.residual);
  normalise(residual, op.norm);
  route_and_multiply(op);
  const bool is_apart = op.routed_sum != BufferId::none;
  if (!is_apart) add_gated(op.shared_gate, op.shared_up, op.shared_down, residual);
  plugin_.kernels.combine(*runtime_, {.outputs = workspace_.expert_outputs,
                                      .row_of_choice = workspace_.row_of_choice,
                                      .n = n_tokens(),
                                      .experts_per_token = plan_.experts_per_token,
                                      .columns = plan_.embedding,
                                      .residual = is_apart ? buffer(op.routed_sum) : residual,
                                      .from_zero = is_apart});
}

void CudaBackend::add(const AddOp& op) {
  plugin_.kernels.add(
      *runtime_, {.to = buffer(op.residual), .from = buffer(op.rows), .count = uint64_t{n_tokens()} * plan_.embedding});
}

void CudaBackend::logits(const LogitsOp& op) {
  if (n_logit_rows_ == 0) return;
  plugin_.kernels.rms_norm(*runtime_, {.rows = buffer(op.residual),
                                       .n_rows = n_tokens(),
                                       .picked = workspace_.logit_rows,
                                       .weight = weight(op.norm).at,
                                       .epsilon = plan_.epsilon,
                                       .n = n_logit_rows_,
                                       .columns = plan_.embedding,
                                       .out = workspace_.hidden});
  multiply(op.output, workspace_.hidden, n_logit_rows_, buffer(op.logits), false);
}

void CudaBackend::sample(const SampleOp& op) {
  CHECK(op.choices.size() == n_logit_rows_);
  if (n_logit_rows_ == 0) return;
  uint8_t* const memory = staging(op.choices.size() * sizeof(cuda::SampleParameters));
  auto* const parameters = reinterpret_cast<cuda::SampleParameters*>(memory);
  std::ranges::transform(op.choices, parameters, [](const SampleChoice& choice) {
    return cuda::SampleParameters{.uniform = choice.uniform,
                                  .temperature = choice.temperature,
                                  .top_p = choice.top_p,
                                  .min_p = choice.min_p,
                                  .top_k = choice.top_k};
  });
  send(workspace_.sample_parameters, op.choices.size() * sizeof(cuda::SampleParameters));
  plugin_.kernels.sample(*runtime_, {.logits = buffer(op.logits),
                                     .n = n_logit_rows_,
                                     .vocabulary = plan_.vocabulary,
                                     .parameters = workspace_.sample_parameters,
                                     .chosen = buffer(op.chosen)});
}

void CudaBackend::all_reduce(BufferId, uint64_t) {}

}  // namespace tijori
