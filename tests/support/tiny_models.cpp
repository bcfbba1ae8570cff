#include "tests/support/tiny_models.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <numbers>
#include <string>

#include "engine/gguf_writer.h"

namespace tijori::test {
namespace {

constexpr uint32_t embedding = 64;
constexpr uint32_t n_heads = 4;
constexpr uint32_t n_kv_heads = 2;
constexpr uint32_t head_dim = 16;
constexpr uint32_t expert_width = 24;
constexpr uint32_t maverick_dense_width = 40;
constexpr uint32_t guard_dense_width = 24;
constexpr uint32_t chunk = 8;
constexpr double rope_base = 500000;

// The i-th number of tensor t, in [-1, 1).
double uniform(uint32_t t, uint32_t i) {
  uint32_t x = i * 2654435761U + t * 40503U + 12345U;
  x ^= x >> 15;
  x *= 2246822519U;
  x ^= x >> 13;
  x *= 3266489917U;
  x ^= x >> 16;
  return x / 2147483648.0 - 1;
}

uint16_t half_bits(float value) {
  // Positive normal numbers are all that is met here; truncating is good enough for a scale.
  const auto bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>(((bits >> 23) - 112) << 10 | (bits >> 13 & 1023));
}

float half_value(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>((bits >> 10) + 112) << 23 | static_cast<uint32_t>(bits & 1023)
                                                                                    << 13);
}

Bytes quantise_q8_0(const std::vector<float>& values) {
  Bytes out;
  for (size_t start = 0; start < values.size(); start += 32) {
    float most = 0;
    for (size_t i = 0; i < 32; ++i) most = std::max(most, std::abs(values[start + i]));
    // A little more than most / 127, so that the truncated scale still reaches the largest value.
    const uint16_t scale = half_bits(most / 126.5F);
    append_le(out, scale);
    for (size_t i = 0; i < 32; ++i) {
      out.push_back(static_cast<uint8_t>(static_cast<int8_t>(std::lround(values[start + i] / half_value(scale)))));
    }
  }
  return out;
}

class Builder {
 public:
  Builder(Tiny variant, DType type, const TinySize& size) : variant_(variant), type_(type), size_(size) {}

  Bytes build() {
    entries();
    matrix("token_embd.weight", 1, {embedding, size_.vocabulary}, 1.0);
    norm("output_norm.weight", 2);
    output();
    if (variant_ != Tiny::maverick) rope_divisors();
    for (uint32_t layer = 0; layer < size_.layers; ++layer) layer_tensors(layer);
    return writer_.finish();
  }

 private:
  void entries() {
    const bool has_experts = variant_ != Tiny::guard;
    writer_.add("general.architecture", "llama4");
    writer_.add("general.name", "tiny");
    writer_.add("llama4.block_count", size_.layers);
    writer_.add("llama4.context_length", size_.context_tokens);
    writer_.add("llama4.embedding_length", embedding);
    writer_.add("llama4.feed_forward_length", variant_ == Tiny::maverick ? maverick_dense_width : guard_dense_width);
    writer_.add("llama4.attention.head_count", n_heads);
    writer_.add("llama4.attention.head_count_kv", n_kv_heads);
    writer_.add("llama4.attention.key_length", head_dim);
    writer_.add("llama4.attention.value_length", head_dim);
    writer_.add("llama4.attention.layer_norm_rms_epsilon", 1e-5F);
    writer_.add("llama4.rope.freq_base", static_cast<float>(rope_base));
    writer_.add("llama4.rope.dimension_count", head_dim);
    writer_.add("llama4.use_qk_norm", variant_ != Tiny::maverick);
    if (!has_experts) {
      writer_.add("llama4.attention.sliding_window", 0U);
      return;
    }
    writer_.add("llama4.attention.chunk_size", chunk);
    writer_.add("llama4.no_rope_interval", 4U);
    writer_.add("llama4.attention.temperature_length", 8U);
    writer_.add("llama4.attention.temperature_scale", 0.1F);
    writer_.add("llama4.expert_count", size_.experts);
    writer_.add("llama4.expert_used_count", size_.experts_per_token);
    writer_.add("llama4.expert_feed_forward_length", expert_width);
    writer_.add("llama4.interleave_moe_layer_step", variant_ == Tiny::scout ? 1U : 2U);
  }

  void layer_tensors(uint32_t layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".";
    const uint32_t base = 100 * (layer + 1);
    norm(prefix + "attn_norm.weight", base);
    norm(prefix + "ffn_norm.weight", base + 1);
    linear(prefix + "attn_q.weight", {base + 2}, embedding, n_heads * head_dim);
    linear(prefix + "attn_k.weight", {base + 3}, embedding, n_kv_heads * head_dim);
    linear(prefix + "attn_v.weight", {base + 4}, embedding, n_kv_heads * head_dim);
    linear(prefix + "attn_output.weight", {base + 5}, n_heads * head_dim, embedding);
    const bool has_experts = variant_ == Tiny::scout || (variant_ == Tiny::maverick && layer % 2 == 1);
    if (!has_experts) {
      const uint32_t width = variant_ == Tiny::maverick ? maverick_dense_width : guard_dense_width;
      linear(prefix + "ffn_gate.weight", {base + 10}, embedding, width);
      linear(prefix + "ffn_up.weight", {base + 11}, embedding, width);
      linear(prefix + "ffn_down.weight", {base + 12}, width, embedding);
      return;
    }
    linear(prefix + "ffn_gate_inp.weight", {base + 6}, embedding, size_.experts, DType::f32);
    linear(prefix + "ffn_gate_shexp.weight", {base + 7}, embedding, expert_width);
    linear(prefix + "ffn_up_shexp.weight", {base + 8}, embedding, expert_width);
    linear(prefix + "ffn_down_shexp.weight", {base + 9}, expert_width, embedding);
    const auto of_experts = [&](uint32_t first) {
      std::vector<uint32_t> numbers;
      for (uint32_t expert = 0; expert < size_.experts; ++expert) numbers.push_back(base + first + 3 * expert);
      return numbers;
    };
    linear(prefix + "ffn_gate_exps.weight", of_experts(20), embedding, expert_width);
    linear(prefix + "ffn_up_exps.weight", of_experts(21), embedding, expert_width);
    linear(prefix + "ffn_down_exps.weight", of_experts(22), expert_width, embedding);
  }

  void output() {
    if (size_.spoken.empty()) return linear("output.weight", {3}, embedding, size_.vocabulary);
    // A row of nothing gives its token the logit 0, which the best of many large random ones surpasses by far.
    std::vector<float> values(size_t{embedding} * size_.vocabulary);
    for (const uint32_t token : size_.spoken)
      for (uint32_t i = token * embedding; i < (token + 1) * embedding; ++i)
        values[i] = static_cast<float>(6 * std::sqrt(3.0 / embedding) * uniform(3, i));
    add("output.weight", type_, {embedding, size_.vocabulary}, values);
  }

  void norm(const std::string& name, uint32_t number) {
    std::vector<float> values(embedding);
    for (uint32_t i = 0; i < embedding; ++i) values[i] = static_cast<float>(1 + 0.25 * uniform(number, i));
    add(name, DType::f32, {embedding}, values);
  }

  void linear(const std::string& name, const std::vector<uint32_t>& numbers, uint32_t columns, uint32_t rows) {
    linear(name, numbers, columns, rows, columns % 32 == 0 ? type_ : DType::f32);
  }
  void linear(const std::string& name, const std::vector<uint32_t>& numbers, uint32_t columns, uint32_t rows,
              DType type) {
    std::vector<float> values;
    for (const uint32_t number : numbers) {
      for (uint32_t i = 0; i < columns * rows; ++i) {
        values.push_back(static_cast<float>(std::sqrt(3.0 / columns) * uniform(number, i)));
      }
    }
    std::vector<uint64_t> dims = {columns, rows};
    if (numbers.size() > 1) dims.push_back(numbers.size());
    add(name, type, dims, values);
  }

  void matrix(const std::string& name, uint32_t number, const std::vector<uint64_t>& dims, double factor) {
    std::vector<float> values(dims[0] * dims[1]);
    for (uint32_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(factor * uniform(number, i));
    add(name, type_, dims, values);
  }

  // Llama 3's scaling with factor 16 and both frequency factors 1: a wavelength beyond 8192 is stretched.
  void rope_divisors() {
    std::vector<float> values(head_dim / 2);
    for (uint32_t i = 0; i < values.size(); ++i) {
      const double wavelength = 2 * std::numbers::pi * std::pow(rope_base, 2.0 * i / head_dim);
      values[i] = wavelength > 8192 ? 16.0F : 1.0F;
    }
    add("rope_freqs.weight", DType::f32, {values.size()}, values);
  }

  void add(const std::string& name, DType type, const std::vector<uint64_t>& dims, const std::vector<float>& values) {
    Bytes& bytes = tensors_.emplace_back();
    if (type == DType::q8_0) {
      bytes = quantise_q8_0(values);
    } else {
      for (const float value : values) append_le(bytes, value);
    }
    writer_.add_tensor(name, type, dims, bytes);
  }

  Tiny variant_;
  DType type_;
  TinySize size_;
  GgufWriter writer_;
  std::deque<Bytes> tensors_;
};

}  // namespace

Bytes tiny_model(Tiny variant, DType type, const TinySize& size) {
  return Builder(variant, type, size).build();
}

std::vector<uint32_t> tiny_tokens(uint32_t count) {
  std::vector<uint32_t> tokens(count);
  for (uint32_t i = 0; i < count; ++i) tokens[i] = (7 * i * i + 3 * i + 5) % tiny_vocabulary;
  return tokens;
}

const char* name_of(Tiny variant) {
  return variant == Tiny::scout ? "scout" : variant == Tiny::maverick ? "maverick" : "guard";
}

bool same_bits(std::span<const float> left, std::span<const float> right) {
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size_bytes()) == 0;
}

}  // namespace tijori::test
