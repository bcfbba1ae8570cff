#include "engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "kernels/cuda/kernels.h"

namespace tijori {
namespace {

constexpr double one = cuda::sample_one;

Status check_range(float value, float low, float high, const char* field, const char* range) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::invalid_argument, std::string(field) + ": expected a number " + range);
}

// SplitMix64 (Steele, Lea, Flood 2014) as a function of the counter.
uint64_t random_bits(uint64_t seed, uint64_t counter) {
  uint64_t z = seed + (counter + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace

Result<Sampler> Sampler::create(const SamplingParameters& p) {
  constexpr float least = std::numeric_limits<float>::min();
  TRY(check_range(p.temperature, 0, 100, "temperature", "from 0 to 100"));
  TRY(check_range(p.top_p, least, 1, "top_p", "above 0, at most 1"));
  TRY(check_range(p.min_p, 0, 1, "min_p", "from 0 to 1"));
  TRY(check_range(p.presence_penalty, -2, 2, "presence_penalty", "from -2 to 2"));
  TRY(check_range(p.frequency_penalty, -2, 2, "frequency_penalty", "from -2 to 2"));
  TRY(check_range(p.repetition_penalty, least, 10, "repetition_penalty", "above 0, at most 10"));
  return Sampler(p);
}

bool Sampler::needs_logits() const {
  return parameters_.presence_penalty != 0 || parameters_.frequency_penalty != 0 || parameters_.repetition_penalty != 1;
}

void Sampler::observe_prompt(std::span<const TokenId> tokens) {
  if (!needs_logits()) return;
  for (const TokenId token : tokens) seen_.try_emplace(token);
}

std::span<const float> Sampler::penalised(std::span<const float> logits) {
  if (seen_.empty()) return logits;
  adjusted_.assign(logits.begin(), logits.end());
  for (const auto& [token, seen] : seen_) {
    if (token >= adjusted_.size()) continue;
    float& logit = adjusted_[token];
    logit = logit > 0 ? logit / parameters_.repetition_penalty : logit * parameters_.repetition_penalty;
    if (seen.generated == 0) continue;
    logit -= parameters_.presence_penalty + parameters_.frequency_penalty * static_cast<float>(seen.generated);
  }
  return adjusted_;
}

Result<TokenId> Sampler::sample(std::span<const float> raw_logits) {
  const std::span<const float> logits = penalised(raw_logits);
  float highest = -std::numeric_limits<float>::infinity();
  TokenId best = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    if (std::isnan(logits[i]) || logits[i] == std::numeric_limits<float>::infinity()) {
      return fail(ErrorCode::internal, "sampler: the logit of token " + std::to_string(i) + " is not finite");
    }
    if (logits[i] > highest) {
      highest = logits[i];
      best = static_cast<TokenId>(i);
    }
  }
  if (std::isinf(highest)) return fail(ErrorCode::internal, "sampler: no token has a finite logit");
  const TokenId token = parameters_.temperature == 0 || parameters_.top_k == 1 ? best : draw(logits, highest);
  if (needs_logits()) ++seen_[token].generated;
  return token;
}

double Sampler::next_uniform() {
  return static_cast<double>(random_bits(parameters_.seed, n_drawn_++) >> 11) * 0x1p-53;
}

bool Sampler::is_likelier(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

void Sampler::keep_top_k() {
  const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(parameters_.top_k);
  std::nth_element(candidates_.begin(), end, candidates_.end(), is_likelier);
  candidates_.erase(end, candidates_.end());
}

// Sorts only as far as needed: the sorted front grows until it holds the wanted probability.
void Sampler::keep_top_p() {
  uint64_t total = 0;
  for (const Candidate& candidate : candidates_) total += candidate.weight;
  const auto share = std::ceil(static_cast<double>(parameters_.top_p) * static_cast<double>(total));
  const uint64_t wanted = std::max<uint64_t>(1, static_cast<uint64_t>(share));
  uint64_t sum = 0;
  size_t sorted = 0;
  for (size_t front = 64; sorted < candidates_.size(); front *= 4) {
    const size_t end = std::min(front, candidates_.size());
    std::partial_sort(candidates_.begin() + static_cast<std::ptrdiff_t>(sorted),
                      candidates_.begin() + static_cast<std::ptrdiff_t>(end), candidates_.end(), is_likelier);
    for (; sorted < end; ++sorted) {
      sum += candidates_[sorted].weight;
      if (sum >= wanted) {
        candidates_.resize(sorted + 1);
        return;
      }
    }
  }
}

TokenId Sampler::draw(std::span<const float> logits, float highest) {
  candidates_.clear();
  for (size_t i = 0; i < logits.size(); ++i) {
    const double ratio = std::exp((static_cast<double>(logits[i]) - highest) / parameters_.temperature);
    const auto weight = static_cast<uint64_t>(ratio * one);
    if (weight > 0) candidates_.push_back({weight, logits[i], static_cast<TokenId>(i)});
  }
  const bool cuts_top_k = parameters_.top_k != 0 && parameters_.top_k < candidates_.size();
  if (cuts_top_k) keep_top_k();
  if (parameters_.top_p < 1) keep_top_p();
  if (cuts_top_k || parameters_.top_p < 1) std::ranges::sort(candidates_, {}, &Candidate::id);
  const auto least = static_cast<uint64_t>(std::ceil(static_cast<double>(parameters_.min_p) * one));
  std::erase_if(candidates_, [least](const Candidate& candidate) { return candidate.weight < least; });
  uint64_t total = 0;
  for (const Candidate& candidate : candidates_) total += candidate.weight;
  const auto target = std::min(static_cast<uint64_t>(next_uniform() * static_cast<double>(total)), total - 1);
  uint64_t sum = 0;
  for (const Candidate& candidate : candidates_) {
    sum += candidate.weight;
    if (sum > target) return candidate.id;
  }
  return candidates_.back().id;
}

SampleChoice Sampler::next_choice() {
  const bool is_greedy = parameters_.temperature == 0 || parameters_.top_k == 1;
  return {.uniform = is_greedy ? 0 : next_uniform(),
          .temperature = parameters_.temperature,
          .top_p = parameters_.top_p,
          .min_p = parameters_.min_p,
          .top_k = parameters_.top_k};
}

}  // namespace tijori
