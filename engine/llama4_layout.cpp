#include "engine/llama4_layout.h"

#include <cmath>
#include <deque>
#include <string>
#include <vector>

#include "engine/gguf.h"
#include "engine/gguf_writer.h"
#include "engine/hyperparameters.h"

namespace tijori {
namespace {

constexpr uint32_t chunk_positions = 8192;
// The experts add nothing and their width only costs bytes; but a down row must be whole quant blocks of any type.
constexpr uint32_t expert_width_limit = 256;

// A router needs no training where every expert adds nothing: any numbers that spread the tokens will do. A 64-bit
// linear congruential generator, the same for every run.
class RouterNumbers {
 public:
  float next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<float>(static_cast<int32_t>(state_ >> 32)) / 2147483648.0F;
  }

 private:
  uint64_t state_ = 20260401;
};

// Owns the bytes of the tensors that are made; views of them go to the writer.
class LayoutWriter {
 public:
  LayoutWriter(const GgufModel& dense, const Hyperparameters& model, uint32_t n_experts)
      : dense_(dense),
        model_(model),
        n_experts_(n_experts),
        expert_width_(std::min(model.feed_forward, expert_width_limit)) {}

  void add_entries() {
    for (const auto& [key, value] : dense_.metadata().entries()) {
      if (key == "general.architecture") {
        writer_.add(key, "llama4");
      } else if (key == "general.name") {
        continue;
      } else if (key.starts_with("llama.")) {
        writer_.add("llama4." + key.substr(6), value);
      } else {
        writer_.add(key, value);
      }
    }
    writer_.add("general.name", model_.name + " in the Llama 4 layout");
    writer_.add("llama4.expert_count", n_experts_);
    writer_.add("llama4.expert_used_count", 1U);
    writer_.add("llama4.expert_feed_forward_length", expert_width_);
    writer_.add("llama4.expert_shared_feed_forward_length", model_.feed_forward);
    writer_.add("llama4.interleave_moe_layer_step", 1U);
    writer_.add("llama4.use_qk_norm", false);
    writer_.add("llama4.no_rope_interval", 0U);
    writer_.add("llama4.attention.chunk_size", chunk_positions);
    writer_.add("llama4.attention.temperature_scale", 0.0F);
    if (!dense_.metadata().contains("llama.rope.freq_base")) writer_.add("llama4.rope.freq_base", 10000.0F);
  }

  void add_tensors() {
    for (const GgufTensor& tensor : dense_.tensors()) {
      const size_t ffn = tensor.name.find(".ffn_");
      const bool is_ffn_matrix = ffn != std::string::npos && !tensor.name.ends_with("ffn_norm.weight");
      if (!is_ffn_matrix) {
        copy(tensor, tensor.name);
        continue;
      }
      const std::string stem = tensor.name.substr(0, tensor.name.size() - std::string_view(".weight").size());
      copy(tensor, stem + "_shexp.weight");
      add_experts(tensor, stem + "_exps.weight", stem.ends_with("ffn_down"));
      if (stem.ends_with("ffn_gate")) add_router(stem + "_inp.weight");
    }
  }

  Status write(const std::filesystem::path& path) const { return writer_.write(path); }

 private:
  void copy(const GgufTensor& tensor, const std::string& name) {
    writer_.add_tensor(name, tensor.type, {tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims}, tensor.data);
  }

  // Gate and up take the first rows of the dense matrix. Down is zero: a quant block of zero bytes means zeros in every
  // type that has a scale.
  void add_experts(const GgufTensor& tensor, const std::string& name, bool is_down) {
    const uint64_t columns = is_down ? expert_width_ : tensor.dims[0];
    const uint64_t rows = is_down ? tensor.dims[1] : expert_width_;
    const uint64_t size = rows * row_bytes(tensor.type, columns);
    Bytes& bytes = made_.emplace_back();
    for (uint32_t expert = 0; expert < n_experts_; ++expert) {
      if (is_down) {
        bytes.resize(bytes.size() + size);
      } else {
        append(bytes, tensor.data.first(size));
      }
    }
    writer_.add_tensor(name, tensor.type, {columns, rows, n_experts_}, bytes);
  }

  void add_router(const std::string& name) {
    Bytes& bytes = made_.emplace_back();
    for (uint64_t i = 0; i < uint64_t{n_experts_} * model_.embedding; ++i) append_le(bytes, numbers_.next());
    writer_.add_tensor(name, DType::f32, {model_.embedding, n_experts_}, bytes);
  }

  const GgufModel& dense_;
  const Hyperparameters& model_;
  uint32_t n_experts_;
  uint32_t expert_width_;
  GgufWriter writer_;
  RouterNumbers numbers_;
  std::deque<Bytes> made_;
};

}  // namespace

Status write_llama4_layout(const std::filesystem::path& dense, const std::filesystem::path& out, uint32_t n_experts) {
  if (n_experts < 1 || n_experts > max_experts) {
    return fail(ErrorCode::invalid_argument,
                std::to_string(n_experts) + " experts, expected 1 to " + std::to_string(max_experts));
  }
  std::error_code unreadable;
  if (std::filesystem::equivalent(dense, out, unreadable)) {
    return fail(ErrorCode::invalid_argument, out.string() + ": is the input itself");
  }
  TRY_ASSIGN(const GgufModel files, GgufModel::open(dense));
  TRY_ASSIGN(const Hyperparameters model, read_hyperparameters(files));
  if (model.architecture != Architecture::llama) {
    return fail(ErrorCode::invalid_argument, dense.string() + ": is of architecture " +
                                                 std::string(name_of(model.architecture)) + ", expected llama");
  }
  if (model.context_length > chunk_positions) {
    return fail(ErrorCode::unsupported, dense.string() + ": has a context of " + std::to_string(model.context_length) +
                                            " tokens, at most one chunk of " + std::to_string(chunk_positions));
  }
  if (files.metadata().contains("split.count")) {
    return fail(ErrorCode::unsupported, dense.string() + ": is a split file; join its parts first");
  }
  LayoutWriter writer(files, model, n_experts);
  writer.add_entries();
  writer.add_tensors();
  return writer.write(out);
}

}  // namespace tijori
