#include "engine/model.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace tijori {
namespace {

constexpr uint32_t max_sequences_limit = 4096;
constexpr uint32_t max_batch_tokens_limit = 1U << 16;
constexpr uint32_t max_kv_blocks = 1U << 30;

Status check_range(std::string_view what, uint64_t value, uint64_t least, uint64_t most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorCode::invalid_argument, std::string(what) + " is " + std::to_string(value) + ", expected " +
                                               std::to_string(least) + " to " + std::to_string(most));
}

uint64_t rows_bytes(const BackendPlan& plan) {
  const uint64_t query_row = uint64_t{plan.n_heads} * plan.head_dim;
  return plan.max_batch_tokens * (plan.embedding + 2 * query_row) * sizeof(float);
}

// What may be lost between allocations: a layer has some 13 tensors, its cache and its routes, the rest is the model's.
uint64_t gaps_bytes(size_t n_layers) {
  return (16 * n_layers + 32) * allocation_alignment;
}

// In the backend, and the copy that forward() hands out.
uint64_t logits_bytes(const BackendPlan& plan) {
  return 2 * uint64_t{plan.max_logit_rows} * plan.vocabulary * sizeof(float);
}

// Of one layer.
uint64_t routes_bytes(const BackendPlan& plan) {
  return uint64_t{plan.max_batch_tokens} * plan.experts_per_token * sizeof(uint32_t);
}

uint64_t exchange_bytes(const BackendPlan& plan) {
  return uint64_t{plan.max_batch_tokens} * plan.embedding * sizeof(float);
}

uint64_t blocks_for(uint64_t n_positions) {
  return (n_positions + kv_block_positions - 1) / kv_block_positions;
}

}  // namespace

Result<std::unique_ptr<Model>> Model::load(const std::filesystem::path& path, const ModelOptions& options,
                                           const LoadProgress& progress) {
  TRY_ASSIGN(const GgufModel files, GgufModel::open(path));
  return load(files, options, progress);
}

Result<std::unique_ptr<Model>> Model::load(const GgufModel& files, const ModelOptions& options,
                                           const LoadProgress& progress) {
  std::unique_ptr<Model> model(new Model(options));
  TRY(model->set_up(files, progress));
  return model;
}

Result<LoadPlan> Model::plan(const GgufModel& files, const ModelOptions& options) {
  Model model(options);
  TRY(model.prepare(files));
  LoadPlan plan;
  plan.memory = model.memory_;
  plan.context_tokens = model.options_.context_tokens;
  plan.max_sequences = model.options_.max_sequences;
  plan.backend_name = model.backend_name();
  plan.gpu = model.gpu();
  plan.hyperparameters = std::move(model.hyperparameters_);
  return plan;
}

std::string DevicePlan::describe() const {
  std::string text = backend_name + ": " + std::to_string(n_layers) + " layers";
  if (n_expert_layers != 0) text += ", routed experts of " + std::to_string(n_expert_layers) + " layers";
  if (has_embedding) text += ", embedding";
  if (has_output) text += ", output";
  text += "; " + std::to_string(total_bytes()) + " bytes";
  if (limit_bytes != 0) text += " of " + std::to_string(limit_bytes);
  text += ": weights " + std::to_string(weights_bytes) + ", KV cache " + std::to_string(kv_bytes) + ", activations " +
          std::to_string(activation_bytes);
  for (const DType type : expanded) text += "; " + std::string(traits_of(type).name) + " expanded to F16";
  return text;
}

Status Model::prepare(const GgufModel& files) {
  TRY_ASSIGN(hyperparameters_, read_hyperparameters(files));
  if (options_.context_tokens == 0) {
    options_.context_tokens = std::min(hyperparameters_.context_length, default_context_tokens);
  }
  TRY(check_range("max_sequences", options_.max_sequences, 1, max_sequences_limit));
  TRY(check_range("max_batch_tokens", options_.max_batch_tokens, 1, max_batch_tokens_limit));
  TRY(check_range("max_logit_rows", options_.max_logit_rows, 1, max_batch_tokens_limit));
  TRY(check_range("context_tokens", options_.context_tokens, 1, hyperparameters_.context_length));
  if (options_.kv_tokens == 0) options_.kv_tokens = uint64_t{options_.context_tokens} * options_.max_sequences;
  TRY(check_range("blocks of the KV cache", blocks_for(options_.kv_tokens), 1, max_kv_blocks));

  TRY(create_backends());
  TRY(place(files));
  return plan_memory(files);
}

Status Model::create_backends() {
  const auto keep = [this](std::unique_ptr<Backend> backend, uint64_t limit_bytes) {
    limits_.push_back(limit_bytes != 0 ? limit_bytes : backend->available_bytes());
    backends_.push_back(std::move(backend));
  };
  const auto add = [&](BackendKind kind, uint64_t limit_bytes) -> Status {
    TRY_ASSIGN(std::unique_ptr<Backend> backend, create_backend(kind, options_.n_threads));
    keep(std::move(backend), limit_bytes);
    return {};
  };
  std::optional<BackendKind> beside = options_.cpu_backend;
  const bool wants_gpu = options_.backend == BackendKind::automatic && !beside;
  if (wants_gpu || is_cuda(options_.backend)) {
    auto gpu = create_backend(wants_gpu ? BackendKind::cuda : options_.backend, options_.n_threads);
    if (gpu) {
      if (const Status able = (*gpu)->supports(backend_plan(HasRoutedExperts::yes)); !able) gpu = fail(able.error());
    }
    if (!gpu && !wants_gpu) return fail(gpu.error());
    if (gpu) {
      gpu_ = "GPU: " + (*gpu)->device_name();
      keep(*std::move(gpu), options_.memory_limit_bytes);
      if (!beside) beside = BackendKind::automatic;
      return add(*beside, options_.cpu_memory_limit_bytes);
    }
    gpu_ = "no GPU: " + gpu.error().message;
  }
  TRY(add(options_.backend, options_.memory_limit_bytes));
  return beside ? add(*beside, options_.cpu_memory_limit_bytes) : Status();
}

// Chooses the placement and lets go of a backend that it has no use for.
Status Model::place(const GgufModel& files) {
  const uint32_t n_layers = hyperparameters_.n_layers();
  placement_ = Placement(n_layers);
  if (backends_.size() == 1) {
    if (options_.placement == PlacementWish()) return {};
    return fail(ErrorCode::invalid_argument, "placing layers or routed experts needs a CPU backend beside \"" +
                                                 std::string(backends_[0]->name()) + "\"");
  }
  const Backend& device = *backends_[main_device];
  const BackendPlan plan = backend_plan(HasRoutedExperts::no);
  TRY_ASSIGN(PartSizes sizes, measure_parts(files, hyperparameters_, device));
  for (PartSizes::Layer& layer : sizes.layers) layer.attention += device.kv_bytes(plan);
  sizes.output += logits_bytes(plan);
  sizes.workspace = device.workspace_bytes(plan) + rows_bytes(plan) + gaps_bytes(n_layers);
  sizes.expert_workspace = device.workspace_bytes(backend_plan(HasRoutedExperts::yes)) - device.workspace_bytes(plan);
  if (options_.keep_routes == KeepRoutes::yes) {
    const uint64_t routes = routes_bytes(backend_plan(HasRoutedExperts::yes));
    for (uint32_t layer = 0; layer < n_layers; ++layer) {
      if (hyperparameters_.layers[layer].has_experts) sizes.layers[layer].routed_experts += routes;
    }
  }
  sizes.exchange = exchange_bytes(plan);
  placement_ = choose_placement(sizes, limits_[main_device], options_.placement);

  if (!placement_.uses(cpu_device)) {
    backends_.pop_back();
    limits_.pop_back();
  } else if (!placement_.uses(main_device)) {
    backends_.erase(backends_.begin());
    limits_.erase(limits_.begin());
    placement_ = Placement(n_layers);
  }
  return {};
}

Status Model::set_up(const GgufModel& files, const LoadProgress& progress) {
  TRY(prepare(files));
  TRY(check_memory(files));
  for (uint32_t device = 0; device < backends_.size(); ++device) {
    TRY(backends_[device]->reserve(memory_.devices[device].total_bytes()));
    TRY(backends_[device]->configure(backend_plan(has_routed_experts(device))));
  }
  const uint64_t total = files.data_bytes();
  const WeightProgress weight_progress = [&](uint64_t done) {
    // A tied matrix is read twice, as table and as matrix.
    return !progress || progress(std::min(done, total), total);
  };
  TRY_ASSIGN(weights_, load_weights(files, hyperparameters_, placement_, backends_, weight_progress));
  return allocate_devices();
}

BackendPlan Model::backend_plan(HasRoutedExperts has_routed_experts) const {
  const Hyperparameters& model = hyperparameters_;
  const bool has_experts = has_routed_experts == HasRoutedExperts::yes;
  return {.embedding = model.embedding,
          .n_heads = model.n_heads,
          .n_kv_heads = model.n_kv_heads,
          .head_dim = model.head_dim,
          .rotated_dims = model.rotated_dims,
          .feed_forward = std::max(model.feed_forward, model.shared_feed_forward),
          .expert_feed_forward = model.expert_feed_forward,
          .n_experts = has_experts ? model.n_experts : 0,
          .experts_per_token = has_experts ? model.experts_per_token : 0,
          .vocabulary = model.vocabulary,
          .epsilon = model.epsilon,
          .rope_frequencies = model.rope_frequencies,
          .kv_type = options_.kv_type,
          .kv_blocks = static_cast<uint32_t>(blocks_for(options_.kv_tokens)),
          .max_batch_tokens = options_.max_batch_tokens,
          .max_logit_rows = options_.max_logit_rows};
}

Model::HasRoutedExperts Model::has_routed_experts(uint32_t device) const {
  for (uint32_t layer = 0; layer < hyperparameters_.n_layers(); ++layer) {
    if (!hyperparameters_.layers[layer].has_experts) continue;
    if (placement_.device(layer, LayerPart::routed_experts) == device) return HasRoutedExperts::yes;
  }
  return HasRoutedExperts::no;
}

// Whether sums of routed experts leave or reach the device.
bool Model::exchanges(uint32_t device) const {
  for (uint32_t layer = 0; layer < hyperparameters_.n_layers(); ++layer) {
    if (!hyperparameters_.layers[layer].has_experts) continue;
    const uint32_t feed_forward = placement_.device(layer, LayerPart::feed_forward);
    const uint32_t routed_experts = placement_.device(layer, LayerPart::routed_experts);
    if (feed_forward != routed_experts && (feed_forward == device || routed_experts == device)) return true;
  }
  return false;
}

DevicePlan Model::plan_device(uint32_t index, const WeightPlan& weights) const {
  const Backend& backend = *backends_[index];
  const BackendPlan plan = backend_plan(has_routed_experts(index));
  DevicePlan device{
      .backend_name = std::string(backend.name()),
      .gpu_name = backend.device_name(),
      .weights_bytes = weights.bytes,
      .activation_bytes = backend.workspace_bytes(plan) + rows_bytes(plan) + gaps_bytes(hyperparameters_.n_layers()),
      .limit_bytes = limits_[index],
      .has_embedding = placement_.embedding() == index,
      .has_output = placement_.output() == index,
      .expanded = weights.expanded};
  if (exchanges(index)) device.activation_bytes += exchange_bytes(plan);
  if (placement_.output() == index) device.activation_bytes += logits_bytes(plan);
  for (uint32_t layer = 0; layer < hyperparameters_.n_layers(); ++layer) {
    if (placement_.device(layer, LayerPart::attention) == index) ++device.n_layers;
    if (!hyperparameters_.layers[layer].has_experts) continue;
    if (placement_.device(layer, LayerPart::routed_experts) != index) continue;
    ++device.n_expert_layers;
    if (options_.keep_routes == KeepRoutes::yes) device.activation_bytes += routes_bytes(plan);
  }
  device.kv_bytes = backend.kv_bytes(plan) * device.n_layers;
  return device;
}

Status Model::plan_memory(const GgufModel& files) {
  TRY_ASSIGN(const std::vector<WeightPlan> weights, plan_weights(files, hyperparameters_, placement_, backends_));
  bool knows_limits = true;
  for (uint32_t i = 0; i < backends_.size(); ++i) {
    const DevicePlan& device = memory_.devices.emplace_back(plan_device(i, weights[i]));
    memory_.weights_bytes += device.weights_bytes;
    memory_.kv_bytes += device.kv_bytes;
    memory_.activation_bytes += device.activation_bytes;
    memory_.limit_bytes += device.limit_bytes;
    knows_limits = knows_limits && device.limit_bytes != 0;
    backend_name_ += (i == 0 ? "" : "+") + device.backend_name;
    // The GPU's name is known, and whether it got any of the model.
    if (!device.gpu_name.empty()) gpu_ += "; " + device.describe();
  }
  if (gpu_.starts_with("GPU") && memory_.devices[main_device].gpu_name.empty())
    gpu_ += ", of which nothing fits into its memory";
  if (!knows_limits) memory_.limit_bytes = 0;
  return {};
}

Status Model::check_memory(const GgufModel& files) const {
  for (const DevicePlan& device : memory_.devices) {
    if (device.fits()) continue;
    return fail(ErrorCode::resource_exhausted,
                files.name() + ": needs " + std::to_string(device.total_bytes()) + " bytes of backend \"" +
                    device.backend_name + "\" (weights " + std::to_string(device.weights_bytes) + ", KV cache " +
                    std::to_string(device.kv_bytes) + " for " + std::to_string(options_.kv_tokens) +
                    " tokens, activations " + std::to_string(device.activation_bytes) + "), " +
                    std::to_string(device.limit_bytes) +
                    " are available; ask for fewer sequences, a shorter context or a smaller KV type");
  }
  return {};
}

Status Model::allocate_devices() {
  const Hyperparameters& model = hyperparameters_;
  const uint64_t n = options_.max_batch_tokens;
  const uint64_t query_row_bytes = uint64_t{model.n_heads} * model.head_dim * sizeof(float);
  for (uint32_t i = 0; i < backends_.size(); ++i) {
    Backend* const backend = backends_[i].get();
    Device device{.backend = backend};
    TRY_ASSIGN(device.residual, backend->allocate(n * model.embedding * sizeof(float)));
    TRY_ASSIGN(device.queries, backend->allocate(n * query_row_bytes));
    TRY_ASSIGN(device.attended, backend->allocate(n * query_row_bytes));
    if (exchanges(i)) {
      TRY_ASSIGN(device.routed_sum, backend->allocate(n * model.embedding * sizeof(float)));
    }
    devices_.push_back(device);
  }
  Device& output = devices_[placement_.output()];
  TRY_ASSIGN(output.logits,
             output.backend->allocate(uint64_t{options_.max_logit_rows} * model.vocabulary * sizeof(float)));
  TRY_ASSIGN(output.chosen, output.backend->allocate(options_.max_logit_rows * sizeof(uint32_t)));

  const bool keeps_routes = options_.keep_routes == KeepRoutes::yes && model.n_experts != 0;
  for (uint32_t layer = 0; layer < model.n_layers(); ++layer) {
    Backend& attention = *backends_[placement_.device(layer, LayerPart::attention)];
    TRY_ASSIGN(const BufferId kv, attention.allocate_kv());
    kv_.push_back(kv);
    if (!keeps_routes) continue;
    if (!model.layers[layer].has_experts) {
      route_buffers_.push_back(BufferId::none);
      continue;
    }
    Backend& routed_experts = *backends_[placement_.device(layer, LayerPart::routed_experts)];
    TRY_ASSIGN(const BufferId routes, routed_experts.allocate(n * model.experts_per_token * sizeof(uint32_t)));
    route_buffers_.push_back(routes);
  }
  routes_.resize(model.n_layers());
  if (keeps_routes) expert_tally_ = ExpertTally(model.n_layers(), model.n_experts);

  const auto n_blocks = static_cast<uint32_t>(blocks_for(options_.kv_tokens));
  kv_cache_ = std::make_unique<KvCache>(n_blocks, options_.context_tokens, options_.max_sequences);
  // What the devices couldn't do with the weights is known before anybody is told that the model is loaded.
  for (const auto& backend : backends_) TRY(backend->synchronize());
  tokens_.reserve(n);
  logit_rows_.reserve(options_.max_logit_rows);
  logits_.resize(static_cast<size_t>(options_.max_logit_rows) * model.vocabulary);
  return {};
}

uint32_t Model::n_threads() const {
  return backends_.back()->n_threads();
}

Status Model::check(const Batch& batch) const {
  TRY(check_range("tokens of a batch", batch.size(), 1, options_.max_batch_tokens));
  uint64_t n_logits = 0;
  std::vector<bool> seen(options_.max_sequences);
  for (size_t i = 0; i < batch.size(); ++i) {
    const BatchToken& token = batch[i];
    if (token.token >= hyperparameters_.vocabulary) {
      return fail(ErrorCode::invalid_argument, "token id " + std::to_string(token.token) +
                                                   " is outside the vocabulary of " +
                                                   std::to_string(hyperparameters_.vocabulary));
    }
    if (!kv_cache_->is_open(token.sequence)) return fail(ErrorCode::invalid_argument, "a token of a closed sequence");
    const bool continues = i > 0 && batch[i - 1].sequence == token.sequence;
    if (!continues && seen[static_cast<uint32_t>(token.sequence)]) {
      return fail(ErrorCode::invalid_argument, "the tokens of one sequence don't stand together in the batch");
    }
    seen[static_cast<uint32_t>(token.sequence)] = true;
    const uint32_t expected = continues ? batch[i - 1].position + 1 : kv_cache_->length(token.sequence);
    if (token.position != expected) {
      return fail(ErrorCode::invalid_argument, "a token at position " + std::to_string(token.position) +
                                                   ", the sequence's next one is " + std::to_string(expected));
    }
    if (token.wants_logits) ++n_logits;
  }
  return check_range("tokens that want logits", n_logits, 0, options_.max_logit_rows);
}

// Room for every sequence of the batch, or none for any.
Status Model::reserve(const Batch& batch) {
  Status reserved;
  size_t i = 0;
  for (; i < batch.size() && reserved; ++i) {
    const bool is_last = i + 1 == batch.size() || batch[i + 1].sequence != batch[i].sequence;
    if (is_last) reserved = kv_cache_->reserve(batch[i].sequence, batch[i].position + 1);
  }
  return reserved;
}

bool Model::samples() const {
  return backends_[placement_.output()]->samples();
}

Result<Logits> Model::forward(const Batch& batch, std::span<const SampleChoice> choices) {
  TRY(check(batch));
  TRY(reserve(batch));

  tokens_.clear();
  block_tables_.clear();
  logit_rows_.clear();
  uint32_t table = 0;
  for (uint32_t i = 0; i < batch.size(); ++i) {
    const BatchToken& token = batch[i];
    if (i == 0 || batch[i - 1].sequence != token.sequence) {
      table = static_cast<uint32_t>(block_tables_.size());
      const std::span<const uint32_t> blocks = kv_cache_->blocks(token.sequence);
      block_tables_.insert(block_tables_.end(), blocks.begin(), blocks.end());
    }
    tokens_.push_back({token.token, token.position, table});
    if (token.wants_logits) logit_rows_.push_back(i);
  }
  const Step step{.tokens = tokens_, .block_tables = block_tables_, .logit_rows = logit_rows_};
  const ForwardContext context{.model = hyperparameters_,
                               .weights = weights_,
                               .placement = placement_,
                               .devices = devices_,
                               .kv = kv_,
                               .routes = route_buffers_};
  TRY(tijori::forward(context, step));
  const Device& output = devices_[placement_.output()];
  if (!choices.empty()) {
    CHECK(choices.size() == logit_rows_.size());
    output.backend->sample({.logits = output.logits, .choices = choices, .chosen = output.chosen});
  }
  for (const auto& backend : backends_) TRY(backend->synchronize());

  Logits result{.values = {},
                .chosen = {},
                .n_rows = static_cast<uint32_t>(logit_rows_.size()),
                .vocabulary = hyperparameters_.vocabulary};
  if (choices.empty()) {
    const std::span<float> logits = std::span(logits_).first(logit_rows_.size() * size_t{hyperparameters_.vocabulary});
    output.backend->download(output.logits, {reinterpret_cast<uint8_t*>(logits.data()), logits.size_bytes()});
    result.values = logits;
  } else {
    chosen_.resize(choices.size());
    output.backend->download(output.chosen,
                             {reinterpret_cast<uint8_t*>(chosen_.data()), choices.size() * sizeof(uint32_t)});
    result.chosen = chosen_;
  }
  for (uint32_t layer = 0; layer < route_buffers_.size(); ++layer) {
    if (!hyperparameters_.layers[layer].has_experts) continue;
    routes_[layer].resize(batch.size() * hyperparameters_.experts_per_token);
    backends_[placement_.device(layer, LayerPart::routed_experts)]->download(
        route_buffers_[layer],
        {reinterpret_cast<uint8_t*>(routes_[layer].data()), routes_[layer].size() * sizeof(uint32_t)});
    expert_tally_.add(layer, routes_[layer]);
  }
  // A copy that failed left something else than results.
  for (const auto& backend : backends_) TRY(backend->synchronize());
  for (size_t i = 0; i < batch.size(); ++i) kv_cache_->advance(batch[i].sequence, 1);
  return result;
}

std::span<const uint32_t> Model::routes(uint32_t layer) const {
  return layer < routes_.size() ? std::span<const uint32_t>(routes_[layer]) : std::span<const uint32_t>{};
}

}  // namespace tijori
