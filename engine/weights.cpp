#include "engine/weights.h"

#include <array>
#include <optional>
#include <set>
#include <string>

#include "kernels/cpu/dequantize.h"

namespace tijori {
namespace {

class TensorReader {
 public:
  TensorReader(const GgufModel& files, const Hyperparameters& model) : files_(files), model_(model) {}

  // The tensor, which must have exactly these dims.
  Result<const GgufTensor*> tensor(const std::string& name, std::array<uint64_t, 3> dims) {
    const GgufTensor* const found = files_.find(name);
    if (found == nullptr) return fail(ErrorCode::malformed, "tensor \"" + name + "\" is missing");
    if (found->dims[0] != dims[0] || found->dims[1] != dims[1] || found->dims[2] != dims[2] || found->dims[3] != 1) {
      return fail(ErrorCode::malformed, "tensor \"" + name + "\" has the shape " + shape(found->dims) + ", expected " +
                                            shape({dims[0], dims[1], dims[2], 1}));
    }
    used_.insert(found);
    return found;
  }

  Result<HostMatrix> matrix(const std::string& name, uint64_t rows, uint64_t columns, uint64_t matrices = 1) {
    TRY_ASSIGN(const GgufTensor* const found, tensor(name, {columns, rows, matrices}));
    return HostMatrix{.name = found->name,
                      .type = found->type,
                      .rows = rows,
                      .columns = columns,
                      .matrices = matrices,
                      .matrix_stride_bytes = rows * row_bytes(found->type, columns),
                      .bytes = found->data};
  }

  // Rows [first_row, first_row + rows) of every expert of a tensor that holds all_rows for each.
  Result<HostMatrix> rows_of(const std::string& name, uint64_t first_row, uint64_t rows, uint64_t all_rows,
                             uint64_t columns, uint64_t matrices) {
    TRY_ASSIGN(HostMatrix found, matrix(name, all_rows, columns, matrices));
    found.rows = rows;
    found.bytes = found.bytes.subspan(first_row * row_bytes(found.type, columns));
    return found;
  }

  Result<std::vector<float>> vector(const std::string& name, uint64_t length) {
    TRY_ASSIGN(const GgufTensor* const found, tensor(name, {length, 1, 1}));
    std::vector<float> values(length);
    dequantize_row(found->type, reinterpret_cast<const std::byte*>(found->data.data()), length, values.data());
    return values;
  }

  bool contains(const std::string& name) const { return files_.find(name) != nullptr; }

  // Every tensor must have had a use: one that is left over (a bias, say) would be computed without.
  Status check_all_used() {
    if (const GgufTensor* const rope = files_.find("rope_freqs.weight")) used_.insert(rope);
    for (const GgufTensor& each : files_.tensors()) {
      if (!used_.contains(&each)) {
        return fail(ErrorCode::unsupported, "tensor \"" + each.name + "\" has no place in architecture " +
                                                std::string(name_of(model_.architecture)) + " as supported here");
      }
    }
    return {};
  }

 private:
  static std::string shape(const std::array<uint64_t, 4>& dims) {
    std::string out = "{";
    for (size_t i = 0; i < dims.size(); ++i) {
      if (i >= 2 && dims[i] == 1) continue;
      out += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
    }
    return out + "}";
  }

  const GgufModel& files_;
  const Hyperparameters& model_;
  std::set<const GgufTensor*> used_;
};

// What is done with each tensor: counted, or given to its backend.
class WeightSink {
 public:
  virtual ~WeightSink() = default;
  virtual Result<WeightId> vector(uint32_t device, const std::string& name, const std::vector<float>& values) = 0;
  virtual Result<WeightId> matrix(uint32_t device, const HostMatrix& matrix) = 0;
  virtual Result<WeightId> table(uint32_t device, const HostMatrix& table) = 0;
};

class Planner final : public WeightSink {
 public:
  // A backend for each device.
  explicit Planner(std::vector<const Backend*> backends) : backends_(std::move(backends)), plans(backends_.size()) {}
  Result<WeightId> vector(uint32_t device, const std::string&, const std::vector<float>& values) override {
    plans[device].bytes += values.size() * sizeof(float);
    return WeightId::none;
  }
  Result<WeightId> matrix(uint32_t device, const HostMatrix& matrix) override {
    plans[device].bytes += backends_[device]->matrix_bytes(matrix);
    return note(device, matrix);
  }
  Result<WeightId> table(uint32_t device, const HostMatrix& table) override {
    plans[device].bytes += backends_[device]->table_bytes(table);
    return note(device, table);
  }

 private:
  WeightId note(uint32_t device, const HostMatrix& matrix) {
    if (backends_[device]->stored_type(matrix.type) != matrix.type) plans[device].expanded.insert(matrix.type);
    return WeightId::none;
  }

  std::vector<const Backend*> backends_;

 public:
  std::vector<WeightPlan> plans;
};

class Loader final : public WeightSink {
 public:
  Loader(std::span<const std::unique_ptr<Backend>> backends, const WeightProgress& progress)
      : backends_(backends), progress_(progress) {}
  Result<WeightId> vector(uint32_t device, const std::string& name, const std::vector<float>& values) override {
    return backends_[device]->load_vector(name, values);
  }
  Result<WeightId> matrix(uint32_t device, const HostMatrix& matrix) override {
    return advance(backends_[device]->load_matrix(matrix), matrix);
  }
  Result<WeightId> table(uint32_t device, const HostMatrix& table) override {
    return advance(backends_[device]->load_table(table), table);
  }

 private:
  Result<WeightId> advance(Result<WeightId> id, const HostMatrix& matrix) {
    if (!id) return fail(id.error().in("tensor \"" + std::string(matrix.name) + "\""));
    done_bytes_ += matrix.rows * row_bytes(matrix.type, matrix.columns) * matrix.matrices;
    if (progress_ && !progress_(done_bytes_)) return fail(ErrorCode::cancelled, "loading was cancelled");
    return id;
  }

  std::span<const std::unique_ptr<Backend>> backends_;
  const WeightProgress& progress_;
  uint64_t done_bytes_ = 0;
};

// The dense FFN, or the shared expert.
Status visit_feed_forward(TensorReader& reader, const Hyperparameters& model, uint32_t layer, uint32_t device,
                          WeightSink& sink, LayerWeights& weights) {
  const std::string prefix = "blk." + std::to_string(layer) + ".ffn_";
  const uint64_t embedding = model.embedding;
  TRY_ASSIGN(const std::vector<float> norm, reader.vector(prefix + "norm.weight", embedding));
  TRY_ASSIGN(weights.ffn_norm, sink.vector(device, prefix + "norm.weight", norm));

  const bool has_experts = model.layers[layer].has_experts;
  const std::string tail = has_experts ? "_shexp.weight" : ".weight";
  const uint64_t main_width = has_experts ? model.shared_feed_forward : model.feed_forward;
  TRY_ASSIGN(const HostMatrix gate, reader.matrix(prefix + "gate" + tail, main_width, embedding));
  TRY_ASSIGN(weights.gate, sink.matrix(device, gate));
  TRY_ASSIGN(const HostMatrix up, reader.matrix(prefix + "up" + tail, main_width, embedding));
  TRY_ASSIGN(weights.up, sink.matrix(device, up));
  TRY_ASSIGN(const HostMatrix down, reader.matrix(prefix + "down" + tail, embedding, main_width));
  TRY_ASSIGN(weights.down, sink.matrix(device, down));
  return {};
}

// The router and its experts. They read the same normalised rows as the feed-forward part, whose device holds the norm
// already.
Status visit_routed_experts(TensorReader& reader, const Hyperparameters& model, uint32_t layer, uint32_t device,
                            uint32_t feed_forward_device, WeightSink& sink, LayerWeights& weights) {
  const std::string prefix = "blk." + std::to_string(layer) + ".ffn_";
  const uint64_t embedding = model.embedding;
  weights.routed_norm = weights.ffn_norm;
  if (device != feed_forward_device) {
    TRY_ASSIGN(const std::vector<float> norm, reader.vector(prefix + "norm.weight", embedding));
    TRY_ASSIGN(weights.routed_norm, sink.vector(device, prefix + "norm.weight", norm));
  }

  const uint64_t n = model.n_experts;
  const uint64_t width = model.expert_feed_forward;
  TRY_ASSIGN(const HostMatrix router, reader.matrix(prefix + "gate_inp.weight", n, embedding));
  TRY_ASSIGN(weights.expert_router, sink.matrix(device, router));
  const std::string fused = prefix + "gate_up_exps.weight";
  const bool is_fused = reader.contains(fused);
  TRY_ASSIGN(const HostMatrix expert_gate, is_fused ? reader.rows_of(fused, 0, width, 2 * width, embedding, n)
                                                    : reader.matrix(prefix + "gate_exps.weight", width, embedding, n));
  TRY_ASSIGN(weights.expert_gate, sink.matrix(device, expert_gate));
  TRY_ASSIGN(const HostMatrix expert_up, is_fused ? reader.rows_of(fused, width, width, 2 * width, embedding, n)
                                                  : reader.matrix(prefix + "up_exps.weight", width, embedding, n));
  TRY_ASSIGN(weights.expert_up, sink.matrix(device, expert_up));
  TRY_ASSIGN(const HostMatrix expert_down, reader.matrix(prefix + "down_exps.weight", embedding, width, n));
  TRY_ASSIGN(weights.expert_down, sink.matrix(device, expert_down));
  return {};
}

Status visit_attention(TensorReader& reader, const Hyperparameters& model, uint32_t layer, uint32_t device,
                       WeightSink& sink, LayerWeights& weights) {
  const std::string prefix = "blk." + std::to_string(layer) + ".attn_";
  const uint64_t embedding = model.embedding;
  const uint64_t query_row = uint64_t{model.n_heads} * model.head_dim;
  const uint64_t kv_row = uint64_t{model.n_kv_heads} * model.head_dim;
  TRY_ASSIGN(const std::vector<float> norm, reader.vector(prefix + "norm.weight", embedding));
  TRY_ASSIGN(weights.attention_norm, sink.vector(device, prefix + "norm.weight", norm));
  TRY_ASSIGN(const HostMatrix query, reader.matrix(prefix + "q.weight", query_row, embedding));
  TRY_ASSIGN(weights.query, sink.matrix(device, query));
  TRY_ASSIGN(const HostMatrix key, reader.matrix(prefix + "k.weight", kv_row, embedding));
  TRY_ASSIGN(weights.key, sink.matrix(device, key));
  TRY_ASSIGN(const HostMatrix value, reader.matrix(prefix + "v.weight", kv_row, embedding));
  TRY_ASSIGN(weights.value, sink.matrix(device, value));
  TRY_ASSIGN(const HostMatrix output, reader.matrix(prefix + "output.weight", embedding, query_row));
  TRY_ASSIGN(weights.attention_output, sink.matrix(device, output));
  return {};
}

Result<Weights> visit(const GgufModel& files, const Hyperparameters& model, const Placement& placement,
                      WeightSink& sink) {
  TensorReader reader(files, model);
  Weights weights;
  TRY_ASSIGN(const HostMatrix embedding, reader.matrix("token_embd.weight", model.vocabulary, model.embedding));
  TRY_ASSIGN(weights.embedding, sink.table(placement.embedding(), embedding));
  weights.layers.resize(model.n_layers());
  for (uint32_t layer = 0; layer < model.n_layers(); ++layer) {
    TRY(visit_attention(reader, model, layer, placement.device(layer, LayerPart::attention), sink,
                        weights.layers[layer]));
    const uint32_t feed_forward = placement.device(layer, LayerPart::feed_forward);
    TRY(visit_feed_forward(reader, model, layer, feed_forward, sink, weights.layers[layer]));
    if (!model.layers[layer].has_experts) continue;
    TRY(visit_routed_experts(reader, model, layer, placement.device(layer, LayerPart::routed_experts), feed_forward,
                             sink, weights.layers[layer]));
  }
  TRY_ASSIGN(const std::vector<float> norm, reader.vector("output_norm.weight", model.embedding));
  TRY_ASSIGN(weights.output_norm, sink.vector(placement.output(), "output_norm.weight", norm));
  // Without an output matrix the embeddings serve as one ("tied").
  const std::string output = reader.contains("output.weight") ? "output.weight" : "token_embd.weight";
  TRY_ASSIGN(const HostMatrix output_matrix, reader.matrix(output, model.vocabulary, model.embedding));
  TRY_ASSIGN(weights.output, sink.matrix(placement.output(), output_matrix));
  TRY(reader.check_all_used());
  return weights;
}

}  // namespace

Result<std::vector<WeightPlan>> plan_weights(const GgufModel& files, const Hyperparameters& hyperparameters,
                                             const Placement& placement,
                                             std::span<const std::unique_ptr<Backend>> backends) {
  std::vector<const Backend*> all;
  for (const auto& backend : backends) all.push_back(backend.get());
  Planner planner(std::move(all));
  const auto visited = visit(files, hyperparameters, placement, planner);
  if (!visited) return fail(visited.error().in(files.name()));
  return planner.plans;
}

Result<PartSizes> measure_parts(const GgufModel& files, const Hyperparameters& hyperparameters,
                                const Backend& backend) {
  // A placement that gives every part a device of its own, each of which is counted as this backend.
  constexpr uint32_t parts_of_layer = 3;
  const uint32_t n_layers = hyperparameters.n_layers();
  Placement apart(n_layers);
  uint32_t next = 0;
  for (uint32_t layer = 0; layer < n_layers; ++layer) {
    for (const LayerPart part : {LayerPart::attention, LayerPart::feed_forward, LayerPart::routed_experts}) {
      apart.place(layer, part, next++);
    }
  }
  apart.place_embedding(next++);
  apart.place_output(next++);

  Planner planner(std::vector<const Backend*>(next, &backend));
  const auto visited = visit(files, hyperparameters, apart, planner);
  if (!visited) return fail(visited.error().in(files.name()));
  PartSizes sizes;
  for (uint32_t layer = 0; layer < n_layers; ++layer) {
    const auto parts = std::span(planner.plans).subspan(size_t{layer} * parts_of_layer, parts_of_layer);
    const uint64_t shared_norm =
        hyperparameters.layers[layer].has_experts ? hyperparameters.embedding * sizeof(float) : 0;
    sizes.layers.push_back(
        {.attention = parts[0].bytes, .feed_forward = parts[1].bytes, .routed_experts = parts[2].bytes - shared_norm});
  }
  sizes.embedding = planner.plans[apart.embedding()].bytes;
  sizes.output = planner.plans[apart.output()].bytes;
  return sizes;
}

Result<Weights> load_weights(const GgufModel& files, const Hyperparameters& hyperparameters, const Placement& placement,
                             std::span<const std::unique_ptr<Backend>> backends, const WeightProgress& progress) {
  Loader loader(backends, progress);
  auto weights = visit(files, hyperparameters, placement, loader);
  if (!weights) return fail(weights.error().in(files.name()));
  return weights;
}

}  // namespace tijori
