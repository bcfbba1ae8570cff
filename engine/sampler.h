// Chooses the next token from logits, for one request. The choice depends on the request alone: its parameters, its
// own tokens so far and a random sequence of its own, number i of which is a function of seed and i.
//
// In order: penalties, temperature, top-k, top-p, min-p, one draw from what is left. Temperature 0 takes the highest
// logit after penalties, the lowest id on ties. Probabilities are counted in integers, a token's as
// floor(2^41 exp((logit - highest) / temperature)), and drawn from in order of id: sums don't depend on who adds them
// up, so that a device which samples by itself (kernels/cuda/sampling.cu) takes the same token, but
// for a last bit of exp() that decides.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "engine/tokenizer.h"

namespace tijori {

struct SamplingParameters {
  float temperature = 1.0F;  // 0 to 100; 0: greedy
  float top_p = 1.0F;        // above 0, to 1: the fewest likeliest tokens with at least this probability together
  uint32_t top_k = 0;        // the so many likeliest; 0: all
  float min_p = 0.0F;        // 0 to 1: drop what is less likely than this share of the likeliest
  uint64_t seed = 0;
  float presence_penalty = 0.0F;    // -2 to 2: off the logit of each token that was generated
  float frequency_penalty = 0.0F;   // -2 to 2: the same, as often as it was generated
  float repetition_penalty = 1.0F;  // above 0, to 10: divides positive and multiplies negative logits of tokens of
                                    // prompt and answer (Keskar et al. 2019, section 4.1)
};

// One draw of a sampler without penalties.
struct SampleChoice {
  double uniform = 0;  // in [0, 1)
  float temperature = 1;
  float top_p = 1;
  float min_p = 0;
  uint32_t top_k = 0;
};

class Sampler {
 public:
  // invalid_argument, naming the field and its range.
  static Result<Sampler> create(const SamplingParameters& parameters);

  // The tokens of the prompt, for the repetition penalty.
  void observe_prompt(std::span<const TokenId> tokens);

  // The next token, which counts as generated from now on. `logits`: [vocabulary]. internal when a logit is NaN or
  // +infinity, or all are -infinity: the model's numbers are broken.
  Result<TokenId> sample(std::span<const float> logits);

  // For a device that samples by itself, where no penalties ask for the logits: what sample() would draw with, which
  // counts as drawn.
  bool needs_logits() const;
  SampleChoice next_choice();

 private:
  struct Candidate {
    uint64_t weight = 0;  // at most 2^41
    float logit = 0;
    TokenId id = 0;
  };
  struct Seen {
    uint32_t generated = 0;
  };

  explicit Sampler(const SamplingParameters& parameters) : parameters_(parameters) {}
  std::span<const float> penalised(std::span<const float> logits);
  TokenId draw(std::span<const float> logits, float highest);
  static bool is_likelier(const Candidate& a, const Candidate& b);
  void keep_top_k();
  void keep_top_p();
  double next_uniform();

  SamplingParameters parameters_;
  uint64_t n_drawn_ = 0;
  std::unordered_map<TokenId, Seen> seen_;
  std::vector<float> adjusted_;
  std::vector<Candidate> candidates_;
};

}  // namespace tijori
