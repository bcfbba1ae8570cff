// How often each expert of each layer was chosen since the model was loaded: exact, tokens × experts per token for each
// layer. One thread counts, any thread reads; a reading may be torn by one step.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tijori {

class ExpertTally {
 public:
  ExpertTally() = default;
  ExpertTally(uint32_t n_layers, uint32_t n_experts)
      : n_experts_(n_experts), counts_(std::make_unique<std::atomic<uint64_t>[]>(size_t{n_layers} * n_experts)) {}

  void add(uint32_t layer, std::span<const uint32_t> chosen) {
    for (const uint32_t expert : chosen) at(layer, expert).fetch_add(1, std::memory_order_relaxed);
  }
  // [n_experts] of one layer.
  std::vector<uint64_t> layer(uint32_t layer) const {
    std::vector<uint64_t> counts(n_experts_);
    for (uint32_t expert = 0; expert < n_experts_; ++expert)
      counts[expert] = at(layer, expert).load(std::memory_order_relaxed);
    return counts;
  }
  uint32_t n_experts() const { return n_experts_; }

 private:
  std::atomic<uint64_t>& at(uint32_t layer, uint32_t expert) const {
    return counts_[size_t{layer} * n_experts_ + expert];
  }

  uint32_t n_experts_ = 0;
  std::unique_ptr<std::atomic<uint64_t>[]> counts_;
};

}  // namespace tijori
