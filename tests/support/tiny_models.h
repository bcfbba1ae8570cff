// Tiny random models whose logits an independent double-precision program computed: one like Scout, one like Maverick,
// one like Llama Guard 4. Eight layers of 64 values, chunk 8, so that every rule of the architecture shows within 20
// tokens.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "kernels/dtype.h"

namespace tijori::test {

enum class Tiny : uint8_t {
  scout,     // experts in every layer, head norm, scaled RoPE
  maverick,  // experts in odd layers, no head norm
  guard,     // no experts, every layer rotates and sees everything
};

inline constexpr uint32_t tiny_vocabulary = 48;
inline constexpr uint32_t tiny_layers = 8;

// How large a tiny model is; the published figures are of the sizes here. A larger vocabulary only adds tokens.
struct TinySize {
  uint32_t vocabulary = tiny_vocabulary;
  uint32_t layers = tiny_layers;
  uint32_t experts = 4;
  uint32_t experts_per_token = 1;
  uint32_t context_tokens = 1024;
  // Tokens that alone can be the likeliest, so that the model chatters on and never ends; empty: all.
  std::vector<uint32_t> spoken{};
};

// The whole GGUF file. Matrices whose rows divide into the type's blocks are of `type`, f32 or q8_0; the rest is f32.
Bytes tiny_model(Tiny variant, DType type = DType::f32, const TinySize& size = {});

// (7 i^2 + 3 i + 5) mod 48 for i = 0 .. count - 1; the published figures are of the first 20.
std::vector<uint32_t> tiny_tokens(uint32_t count);

// "scout", "maverick", "guard"
const char* name_of(Tiny variant);

// Whether logits are the same to the last bit.
bool same_bits(std::span<const float> left, std::span<const float> right);

}  // namespace tijori::test
