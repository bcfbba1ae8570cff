// A loaded language model: weights and KV cache in their backends, and the step that turns tokens into logits.
//
//   TRY_ASSIGN(const auto model, Model::load("a.gguf", {.context_tokens = 4096}, {}));
//   TRY_ASSIGN(const SequenceId sequence, model->kv_cache().open());
//   TRY_ASSIGN(const Logits logits, model->forward(batch));   // reserves, computes, advances the sequences
//
// Not thread-safe: one thread loads, runs and destroys it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/backend.h"
#include "engine/expert_tally.h"
#include "engine/forward.h"
#include "engine/gguf.h"
#include "engine/hyperparameters.h"
#include "engine/kv_cache.h"
#include "engine/kv_type.h"
#include "engine/placement.h"
#include "engine/weights.h"

namespace tijori {

enum class KeepRoutes : uint8_t { no, yes };

struct ModelOptions {
  // Automatic, with no cpu_backend: a GPU where there is one that can, with the CPU beside it, else the CPU alone.
  BackendKind backend = BackendKind::automatic;
  // A second backend, for what the placement leaves to the CPU; none: everything is on `backend`, but of a GPU, beside
  // which it is the CPU's fastest. Two CPU backends, which only tests and measurements want, share the machine's memory
  // but are each planned against all of it.
  std::optional<BackendKind> cpu_backend = std::nullopt;
  PlacementWish placement{};
  uint32_t n_threads = 0;       // 0: as many as CPUs this process may run on
  uint32_t context_tokens = 0;  // longest sequence; 0: the file's context_length, at most default_context_tokens
  uint32_t max_sequences = 1;   // open at once
  uint64_t kv_tokens = 0;       // positions for all sequences together; 0: context_tokens * max_sequences
  KvType kv_type = KvType::f16;
  uint32_t max_batch_tokens = 512;  // longest step; a prompt is fed in slices of at most this
  uint32_t max_logit_rows = 64;     // most tokens of one step that want logits
  KeepRoutes keep_routes = KeepRoutes::no;
  uint64_t memory_limit_bytes = 0;      // of `backend`; 0: what it has available
  uint64_t cpu_memory_limit_bytes = 0;  // of `cpu_backend`; 0: what it has available
};

inline constexpr uint32_t default_context_tokens = 8192;

// Called while loading with bytes done and in all; returning false cancels the load.
using LoadProgress = std::function<bool(uint64_t done_bytes, uint64_t total_bytes)>;

struct BatchToken {
  uint32_t token = 0;
  SequenceId sequence{};
  uint32_t position = 0;  // must be the sequence's next one
  bool wants_logits = false;
};
// One engine step: prefill slices and single decoded tokens of any sequences, in any mixture. The tokens of one
// sequence stand together.
using Batch = std::vector<BatchToken>;

// Of the tokens that wanted them, in batch order. Valid until the next forward() of the same model.
struct Logits {
  std::span<const float> values;     // [n_rows, vocabulary]
  std::span<const uint32_t> chosen;  // [n_rows], and no values, where forward() was given choices
  uint32_t n_rows = 0;
  uint32_t vocabulary = 0;
  std::span<const float> row(uint32_t index) const {
    return values.subspan(static_cast<size_t>(index) * vocabulary, vocabulary);
  }
};

// What a model takes of one backend's memory.
struct DevicePlan {
  std::string backend_name;
  std::string gpu_name;          // "" for the CPU
  uint32_t n_layers = 0;         // whose attention is there
  uint32_t n_expert_layers = 0;  // whose routed experts are there
  uint64_t weights_bytes = 0;
  uint64_t kv_bytes = 0;
  uint64_t activation_bytes = 0;
  uint64_t limit_bytes = 0;  // 0: not known
  bool has_embedding = false;
  bool has_output = false;
  std::set<DType> expanded;  // types of the file that are kept as another one there

  // "cuda: 48 layers, routed experts of 24 layers, embedding, output; 70 of 140 GB: …", for a person.
  std::string describe() const;
  uint64_t total_bytes() const { return weights_bytes + kv_bytes + activation_bytes; }
  bool fits() const { return limit_bytes == 0 || total_bytes() <= limit_bytes; }
};
// What a model takes, planned before anything is allocated.
struct MemoryPlan {
  std::vector<DevicePlan> devices;  // of the backends that the placement uses; the sums of them are:
  uint64_t weights_bytes = 0;
  uint64_t kv_bytes = 0;
  uint64_t activation_bytes = 0;
  uint64_t limit_bytes = 0;  // 0: not known
  uint64_t total_bytes() const { return weights_bytes + kv_bytes + activation_bytes; }
  bool fits() const { return std::ranges::all_of(devices, &DevicePlan::fits); }
};
struct LoadPlan {
  Hyperparameters hyperparameters;
  MemoryPlan memory;
  uint32_t context_tokens = 0;
  uint32_t max_sequences = 0;
  std::string backend_name;
  std::string gpu;  // as Model::gpu()
};

class Model {
 public:
  static Result<std::unique_ptr<Model>> load(const std::filesystem::path& path, const ModelOptions& options,
                                             const LoadProgress& progress);
  // The same from files opened before, so that tokenizer and model read one map.
  static Result<std::unique_ptr<Model>> load(const GgufModel& files, const ModelOptions& options,
                                             const LoadProgress& progress);

  // What load() would take, from the file's head. Fails as load() does, but for want of memory: then the plan says so.
  static Result<LoadPlan> plan(const GgufModel& files, const ModelOptions& options);

  const Hyperparameters& hyperparameters() const { return hyperparameters_; }
  const MemoryPlan& memory() const { return memory_; }
  const Placement& placement() const { return placement_; }
  // "avx2"; of several, "reference+avx2".
  std::string_view backend_name() const { return backend_name_; }
  uint32_t n_threads() const;  // of the CPU's backend
  // "GPU: NVIDIA H200, 143 GB", or "no GPU: …", why none computes; "" where the options name a backend of the CPU.
  const std::string& gpu() const { return gpu_; }
  KvType kv_type() const { return options_.kv_type; }
  uint32_t max_batch_tokens() const { return options_.max_batch_tokens; }
  uint32_t max_logit_rows() const { return options_.max_logit_rows; }
  KvCache& kv_cache() { return *kv_cache_; }
  const KvCache& kv_cache() const { return *kv_cache_; }

  // One step. Refused without any effect: invalid_argument for a token outside the vocabulary, a closed sequence, a
  // position that isn't the next one, too long a batch or too many logits; resource_exhausted when the KV cache has no
  // room. Any other error is the backend's and ends the model.
  // With `choices`, where samples(): one for each token that wants logits, which stay on the device; no_token where one
  // isn't finite.
  Result<Logits> forward(const Batch& batch, std::span<const SampleChoice> choices = {});
  // Whether the device that has the logits chooses tokens by itself.
  bool samples() const;

  // With KeepRoutes::yes: the experts of the last step, [n_tokens, experts_used], ascending within a token; empty for
  // a dense layer.
  std::span<const uint32_t> routes(uint32_t layer) const;
  // With KeepRoutes::yes: since loading. Any thread.
  const ExpertTally& expert_tally() const { return expert_tally_; }

 private:
  enum class HasRoutedExperts : uint8_t { no, yes };

  explicit Model(const ModelOptions& options) : options_(options) {}
  Status set_up(const GgufModel& files, const LoadProgress& progress);
  Status prepare(const GgufModel& files);
  Status create_backends();
  Status place(const GgufModel& files);
  Status plan_memory(const GgufModel& files);
  Status check_memory(const GgufModel& files) const;
  Status allocate_devices();
  Status check(const Batch& batch) const;
  Status reserve(const Batch& batch);
  BackendPlan backend_plan(HasRoutedExperts has_routed_experts) const;
  HasRoutedExperts has_routed_experts(uint32_t device) const;
  bool exchanges(uint32_t device) const;
  DevicePlan plan_device(uint32_t index, const WeightPlan& weights) const;

  ModelOptions options_;
  Hyperparameters hyperparameters_;
  MemoryPlan memory_;
  std::vector<std::unique_ptr<Backend>> backends_;
  std::vector<uint64_t> limits_;  // bytes, one for each backend
  std::string backend_name_;
  std::string gpu_;
  std::vector<Device> devices_;  // one for each backend
  Placement placement_;
  Weights weights_;
  std::vector<BufferId> kv_;             // [n_layers]
  std::vector<BufferId> route_buffers_;  // [n_layers], or empty
  std::unique_ptr<KvCache> kv_cache_;

  // Of the last step.
  std::vector<Step::Token> tokens_;
  std::vector<uint32_t> block_tables_;
  std::vector<uint32_t> logit_rows_;
  std::vector<float> logits_;  // [max_logit_rows, vocabulary]
  std::vector<uint32_t> chosen_;
  std::vector<std::vector<uint32_t>> routes_;  // [n_layers]
  ExpertTally expert_tally_;
};

}  // namespace tijori
