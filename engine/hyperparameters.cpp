#include "engine/hyperparameters.h"

#include <cmath>
#include <optional>

#include "base/bytes.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/kernels.h"

namespace tijori {
namespace {

constexpr uint32_t default_chunk = 8192;
constexpr uint32_t default_no_rope_interval = 4;
constexpr uint32_t experts_without_head_norm = 128;
constexpr double default_temperature_scale = 0.1;
constexpr uint32_t default_temperature_length = 8192;
constexpr double default_rope_base_llama = 10000;
constexpr double max_rope_base = 1e12;

// Reads keys "<arch>.<rest>" and holds them within bounds.
class KeyReader {
 public:
  KeyReader(const GgufMetadata& metadata, std::string_view architecture)
      : metadata_(metadata), prefix_(std::string(architecture) + ".") {}

  std::string key(std::string_view rest) const { return prefix_ + std::string(rest); }
  bool contains(std::string_view rest) const { return metadata_.contains(key(rest)); }

  Result<uint32_t> integer(std::string_view rest, uint64_t least, uint64_t most) const {
    TRY_ASSIGN(const uint64_t value, metadata_.unsigned_integer(key(rest)));
    if (value < least || value > most) {
      return fail(ErrorCode::invalid_argument, "key \"" + key(rest) + "\" is " + std::to_string(value) + ", expected " +
                                                   std::to_string(least) + " to " + std::to_string(most));
    }
    return static_cast<uint32_t>(value);
  }
  Result<uint32_t> integer_or(std::string_view rest, uint64_t least, uint64_t most, uint32_t otherwise) const {
    if (!contains(rest)) return otherwise;
    return integer(rest, least, most);
  }

  // Above `over`, at most `most`; NaN is neither.
  Result<double> number(std::string_view rest, double over, double most) const {
    TRY_ASSIGN(const double value, metadata_.number(key(rest)));
    if (!(value > over && value <= most)) {
      return fail(ErrorCode::invalid_argument, "key \"" + key(rest) + "\" is " + std::to_string(value) +
                                                   ", expected above " + std::to_string(over) + " and at most " +
                                                   std::to_string(most));
    }
    return value;
  }
  Result<double> number_or(std::string_view rest, double over, double most, double otherwise) const {
    if (!contains(rest)) return otherwise;
    return number(rest, over, most);
  }
  Result<bool> boolean_or(std::string_view rest, bool otherwise) const {
    if (!contains(rest)) return otherwise;
    return metadata_.boolean(key(rest));
  }

 private:
  const GgufMetadata& metadata_;
  std::string prefix_;
};

Status read_attention_shape(const KeyReader& keys, Hyperparameters& model) {
  TRY_ASSIGN(model.n_heads, keys.integer("attention.head_count", 1, max_heads));
  TRY_ASSIGN(model.n_kv_heads, keys.integer_or("attention.head_count_kv", 1, max_heads, model.n_heads));
  if (model.n_heads % model.n_kv_heads != 0) {
    return fail(ErrorCode::invalid_argument, "key \"" + keys.key("attention.head_count_kv") + "\" is " +
                                                 std::to_string(model.n_kv_heads) + ", which doesn't divide the " +
                                                 std::to_string(model.n_heads) + " heads");
  }
  if (!keys.contains("attention.key_length") && model.embedding % model.n_heads != 0) {
    return fail(ErrorCode::invalid_argument, "key \"" + keys.key("attention.head_count") + "\" is " +
                                                 std::to_string(model.n_heads) +
                                                 ", which doesn't divide the embedding length");
  }
  TRY_ASSIGN(model.head_dim, keys.integer_or("attention.key_length", 2, max_head_dim, model.embedding / model.n_heads));
  TRY_ASSIGN(const uint32_t value_dim, keys.integer_or("attention.value_length", 2, max_head_dim, model.head_dim));
  if (value_dim != model.head_dim) {
    return fail(ErrorCode::unsupported, "key \"" + keys.key("attention.value_length") + "\" is " +
                                            std::to_string(value_dim) + ", which differs from the key length " +
                                            std::to_string(model.head_dim));
  }
  if (model.head_dim < 2 || model.head_dim > max_head_dim || model.head_dim % 2 != 0) {
    return fail(ErrorCode::unsupported, "heads of " + std::to_string(model.head_dim) +
                                            " values, expected an even number of at most " +
                                            std::to_string(max_head_dim));
  }
  TRY_ASSIGN(model.rotated_dims, keys.integer_or("rope.dimension_count", 2, model.head_dim, model.head_dim));
  if (model.rotated_dims % 2 != 0) {
    return fail(ErrorCode::invalid_argument, "key \"" + keys.key("rope.dimension_count") + "\" is odd");
  }
  return {};
}

Status read_experts(const KeyReader& keys, Hyperparameters& model) {
  TRY_ASSIGN(model.n_experts, keys.integer_or("expert_count", 0, max_experts, 0));
  if (model.n_experts == 0) return {};
  if (model.architecture == Architecture::llama) {
    return fail(ErrorCode::unsupported, "key \"" + keys.key("expert_count") + "\" is " +
                                            std::to_string(model.n_experts) +
                                            ": experts are supported in architecture llama4 alone");
  }
  TRY_ASSIGN(model.experts_per_token,
             keys.integer("expert_used_count", 1, std::min(model.n_experts, max_experts_per_token)));
  TRY_ASSIGN(model.expert_feed_forward, keys.integer("expert_feed_forward_length", 1, max_feed_forward));
  TRY_ASSIGN(model.shared_feed_forward,
             keys.integer_or("expert_shared_feed_forward_length", 1, max_feed_forward, model.expert_feed_forward));
  TRY_ASSIGN(const uint32_t interval, keys.integer_or("interleave_moe_layer_step", 0, max_layers, 1));
  for (uint32_t layer = 0; interval != 0 && layer < model.n_layers(); ++layer) {
    model.layers[layer].has_experts = (layer + 1) % interval == 0;
  }
  return {};
}

// Which layers of a llama4 model rotate, and what they see.
Status read_layer_pattern(const KeyReader& keys, const GgufMetadata& metadata, Hyperparameters& model) {
  TRY_ASSIGN(uint32_t chunk, keys.integer_or("attention.chunk_size", 0, UINT32_MAX, default_chunk));
  TRY_ASSIGN(uint32_t interval, keys.integer_or("no_rope_interval", 0, max_layers, default_no_rope_interval));
  // A window of 0 is a converter's word for "every layer sees everything and rotates".
  TRY_ASSIGN(const uint32_t window, keys.integer_or("attention.sliding_window", 0, UINT32_MAX, default_chunk));
  if (window == 0) chunk = interval = 0;

  std::vector<int64_t> local;
  constexpr std::string_view pattern = "attention.sliding_window_pattern";
  if (window != 0 && keys.contains(pattern)) {
    if (metadata.find(keys.key(pattern))->type == GgufType::array) {
      TRY_ASSIGN(local, metadata.integers(keys.key(pattern)));
      if (local.size() != model.n_layers()) {
        return fail(ErrorCode::invalid_argument, "key \"" + keys.key(pattern) + "\" has " +
                                                     std::to_string(local.size()) + " elements for " +
                                                     std::to_string(model.n_layers()) + " layers");
      }
    } else {
      TRY_ASSIGN(interval, keys.integer(pattern, 0, max_layers));
    }
  }
  for (uint32_t layer = 0; layer < model.n_layers(); ++layer) {
    const bool sees_everything = local.empty() ? interval != 0 && (layer + 1) % interval == 0 : local[layer] == 0;
    model.layers[layer].rotates = !sees_everything;
    model.layers[layer].chunk = sees_everything ? 0 : chunk;
  }
  return {};
}

Status read_llama4(const KeyReader& keys, const GgufMetadata& metadata, Hyperparameters& model) {
  TRY(read_layer_pattern(keys, metadata, model));
  TRY_ASSIGN(model.head_norm, keys.boolean_or("use_qk_norm", model.n_experts != experts_without_head_norm));
  TRY_ASSIGN(model.temperature_length,
             keys.integer_or("attention.temperature_length", 1, UINT32_MAX, default_temperature_length));
  if (!keys.contains("attention.temperature_scale")) {
    model.temperature_scale = default_temperature_scale;
    return {};
  }
  TRY_ASSIGN(model.temperature_scale, metadata.number(keys.key("attention.temperature_scale")));
  if (!(model.temperature_scale >= 0 && model.temperature_scale <= 100)) {
    return fail(ErrorCode::invalid_argument, "key \"" + keys.key("attention.temperature_scale") + "\" is " +
                                                 std::to_string(model.temperature_scale) + ", expected 0 to 100");
  }
  return {};
}

// f_i = base^(-2 i / rotated_dims), divided by rope_freqs.weight where the file has it (that is how a scaled RoPE is
// conveyed) and by a linear scaling factor.
Status read_rope(const KeyReader& keys, const GgufModel& files, Hyperparameters& model) {
  const bool is_llama = model.architecture == Architecture::llama;
  double base = default_rope_base_llama;
  if (!is_llama || keys.contains("rope.freq_base")) {
    TRY_ASSIGN(base, keys.number("rope.freq_base", 0, max_rope_base));
  }
  if (!is_llama) {
    TRY_ASSIGN(base, keys.number_or("rope.freq_base_swa", 0, max_rope_base, base));
  }
  double factor = 1;
  if (keys.contains("rope.scaling.type")) {
    TRY_ASSIGN(const std::string_view type, files.metadata().string(keys.key("rope.scaling.type")));
    if (type == "linear") {
      TRY_ASSIGN(factor, keys.number("rope.scaling.factor", 0, 1e6));
    } else if (type != "none") {
      return fail(ErrorCode::unsupported, "key \"" + keys.key("rope.scaling.type") + "\" is \"" + std::string(type) +
                                              "\", expected none or linear");
    }
  }
  model.rope_frequencies.resize(model.rotated_dims / 2);
  for (size_t i = 0; i < model.rope_frequencies.size(); ++i) {
    const double exponent = -2.0 * static_cast<double>(i) / model.rotated_dims;
    model.rope_frequencies[i] = std::pow(base, exponent) / factor;
  }

  const GgufTensor* divisors = files.find("rope_freqs.weight");
  if (divisors == nullptr) return {};
  if (divisors->type != DType::f32 || divisors->n_dims != 1 || divisors->dims[0] != model.rope_frequencies.size()) {
    return fail(ErrorCode::invalid_argument, "tensor \"rope_freqs.weight\": expected " +
                                                 std::to_string(model.rope_frequencies.size()) + " values of F32");
  }
  for (size_t i = 0; i < model.rope_frequencies.size(); ++i) {
    const auto divisor = load_le<float>(divisors->data.data() + i * 4);
    if (!(divisor > 0) || !std::isfinite(divisor)) {
      return fail(ErrorCode::invalid_argument,
                  "tensor \"rope_freqs.weight\": value " + std::to_string(i) + " is not a positive number");
    }
    model.rope_frequencies[i] /= static_cast<double>(divisor);
  }
  return {};
}

Result<Hyperparameters> read(const GgufModel& files) {
  const GgufMetadata& metadata = files.metadata();
  Hyperparameters model;
  if (metadata.contains("general.type")) {
    TRY_ASSIGN(const std::string_view type, metadata.string("general.type"));
    if (type != "model") {
      return fail(ErrorCode::unsupported, "general.type is \"" + std::string(type) + "\": this is not a model file");
    }
  }
  TRY_ASSIGN(const std::string_view architecture, metadata.string("general.architecture"));
  if (architecture == "llama4") {
    model.architecture = Architecture::llama4;
  } else if (architecture == "llama") {
    model.architecture = Architecture::llama;
  } else {
    return fail(ErrorCode::unsupported,
                "general.architecture is \"" + std::string(architecture) + "\", expected llama4 or llama");
  }
  if (metadata.contains("general.name")) {
    TRY_ASSIGN(model.name, metadata.string("general.name"));
  }

  const KeyReader keys(metadata, architecture);
  TRY_ASSIGN(const uint32_t n_layers, keys.integer("block_count", 1, max_layers));
  model.layers.resize(n_layers);
  TRY_ASSIGN(model.embedding, keys.integer("embedding_length", 1, max_embedding));
  TRY_ASSIGN(model.context_length, keys.integer("context_length", 1, max_context_length));
  TRY_ASSIGN(model.feed_forward, keys.integer("feed_forward_length", 1, max_feed_forward));
  TRY_ASSIGN(const double epsilon, keys.number("attention.layer_norm_rms_epsilon", 0, 1));
  model.epsilon = static_cast<float>(epsilon);
  TRY(read_attention_shape(keys, model));
  TRY(read_experts(keys, model));
  if (model.architecture == Architecture::llama4) TRY(read_llama4(keys, metadata, model));
  TRY(read_rope(keys, files, model));

  const GgufTensor* embedding = files.find("token_embd.weight");
  if (embedding == nullptr) return fail(ErrorCode::malformed, "tensor \"token_embd.weight\" is missing");
  if (embedding->dims[1] > max_vocabulary) {
    return fail(ErrorCode::invalid_argument, "tensor \"token_embd.weight\" has " + std::to_string(embedding->dims[1]) +
                                                 " rows, at most " + std::to_string(max_vocabulary) +
                                                 " tokens are supported");
  }
  TRY_ASSIGN(model.vocabulary,
             keys.integer_or("vocab_size", 1, max_vocabulary, static_cast<uint32_t>(embedding->dims[1])));
  return model;
}

}  // namespace

std::string_view name_of(Architecture architecture) {
  return architecture == Architecture::llama4 ? "llama4" : "llama";
}

Result<Hyperparameters> read_hyperparameters(const GgufModel& files) {
  auto model = read(files);
  if (!model) return fail(model.error().in(files.name()));
  return model;
}

}  // namespace tijori
