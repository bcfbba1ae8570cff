// The backend of a device with its own memory and an asynchronous stream: a GPU, or the host executor that stands in
// for one. Weights go through pinned staging into one arena whose size is known before anything is loaded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend.h"
#include "engine/thread_pool.h"
#include "kernels/cuda/kernels.h"
#include "kernels/cuda/plugin.h"
#include "kernels/cuda/runtime.h"

namespace tijori {

class CudaBackend final : public Backend {
 public:
  // `plugin` outlives it. n_threads lay weights out while loading.
  CudaBackend(const cuda::Plugin& plugin, std::unique_ptr<cuda::Runtime> runtime, uint32_t n_threads);
  ~CudaBackend() override;

  std::string_view name() const override { return plugin_.name; }
  uint32_t n_threads() const override { return pool_.n_threads(); }
  std::string device_name() const override;

  uint64_t available_bytes() const override;
  Status supports(const BackendPlan& plan) const override;
  DType stored_type(DType type) const override;
  uint64_t matrix_bytes(const HostMatrix& matrix) const override;
  uint64_t table_bytes(const HostMatrix& table) const override;
  uint64_t kv_bytes(const BackendPlan& plan) const override;
  uint64_t workspace_bytes(const BackendPlan& plan) const override;

  Status reserve(uint64_t size_bytes) override;
  Status configure(const BackendPlan& plan) override;
  Result<WeightId> load_matrix(const HostMatrix& matrix) override;
  Result<WeightId> load_table(const HostMatrix& table) override;
  Result<WeightId> load_vector(std::string_view name, std::span<const float> values) override;
  Result<BufferId> allocate(uint64_t size_bytes) override;
  Result<BufferId> allocate_kv() override;

  void begin_step(const Step& step) override;
  void embed(const EmbedOp& op) override;
  void attention_input(const AttentionInputOp& op) override;
  void attention(const AttentionOp& op) override;
  void attention_output(const AttentionOutputOp& op) override;
  void dense_ffn(const DenseFfnOp& op) override;
  void moe_ffn(const MoeFfnOp& op) override;
  void add(const AddOp& op) override;
  void logits(const LogitsOp& op) override;
  bool samples() const override { return true; }
  void sample(const SampleOp& op) override;
  void all_reduce(BufferId buffer, uint64_t size_bytes) override;
  void upload(BufferId to, ByteView bytes) override;
  Status synchronize() override;
  void download(BufferId from, std::span<uint8_t> to) override;

 private:
  using DeviceAddress = cuda::DeviceAddress;

  struct Memory {
    DeviceAddress at = 0;
    uint64_t size_bytes = 0;
  };
  // Pinned memory that is filled while the device still copies from the one before.
  struct Staging {
    uint8_t* memory = nullptr;
    uint64_t size_bytes = 0;
    uint64_t mark = 0;
    bool is_copied = false;  // enqueued, at `mark`
  };
  // Where operations keep what they hand to each other; sizes in elements of the longest step.
  struct Workspace {
    uint64_t size_bytes = 0;
    DeviceAddress tokens = 0;
    DeviceAddress block_tables = 0;
    DeviceAddress logit_rows = 0;
    DeviceAddress sample_parameters = 0;
    DeviceAddress attention_tiles = 0;
    DeviceAddress cos_sin = 0;
    DeviceAddress frequencies = 0;
    cuda::DeviceRows hidden;  // normalised rows
    DeviceAddress keys = 0;
    DeviceAddress values = 0;
    cuda::DeviceRows attended;  // halves alone: the floats are a buffer of the model's
    DeviceAddress gate = 0;
    DeviceAddress up = 0;
    cuda::DeviceRows inner;  // swiglu(gate, up)
    DeviceAddress partials = 0;
    uint64_t partials_elements = 0;
    // Of routed experts.
    DeviceAddress router_logits = 0;
    DeviceAddress choices = 0;
    DeviceAddress scores = 0;
    DeviceAddress row_of_choice = 0;
    DeviceAddress token_of_row = 0;
    DeviceAddress score_of_row = 0;
    DeviceAddress expert_tiles = 0;
    DeviceAddress tile_count = 0;
    cuda::DeviceRows expert_inputs;
    DeviceAddress expert_gate = 0;
    DeviceAddress expert_up = 0;
    cuda::DeviceRows expert_inner;
    DeviceAddress expert_outputs = 0;
  };

  static Workspace lay_out(const BackendPlan& plan, DeviceAddress base);
  static uint64_t step_bytes(const BackendPlan& plan);
  Result<DeviceAddress> take(uint64_t size_bytes);
  uint8_t* staging(uint64_t size_bytes);
  void send(DeviceAddress to, uint64_t size_bytes);
  WeightId add_weight(const cuda::DeviceMatrix& matrix);
  Status send_rows(const HostMatrix& matrix, uint64_t index, DeviceAddress to);
  Status send_tiles(const HostMatrix& matrix, uint64_t index, DeviceAddress to);

  const cuda::DeviceMatrix& weight(WeightId id) const { return weights_[static_cast<size_t>(id) - 1]; }
  DeviceAddress buffer(BufferId id) const { return buffers_[static_cast<size_t>(id) - 1].at; }
  uint32_t n_tokens() const { return step_.n_tokens; }
  void normalise(DeviceAddress rows, WeightId norm);
  void multiply(WeightId matrix, const cuda::DeviceRows& rows, uint32_t n, DeviceAddress out, bool adds);
  void multiply_experts(WeightId matrix, const cuda::DeviceRows& rows, DeviceAddress out, uint32_t tile_width);
  cuda::DeviceRows read_by(WeightId matrix, const cuda::DeviceRows& rows) const;
  void add_gated(WeightId gate, WeightId up, WeightId down, DeviceAddress residual);
  void route_and_multiply(const MoeFfnOp& op);

  const cuda::Plugin& plugin_;
  std::unique_ptr<cuda::Runtime> runtime_;
  ThreadPool pool_;
  BackendPlan plan_;
  cuda::KvLayout layout_;
  Memory arena_;
  uint64_t arena_used_bytes_ = 0;
  std::vector<cuda::DeviceMatrix> weights_;
  std::vector<Memory> buffers_;
  Workspace workspace_;
  std::array<Staging, 2> staging_;
  size_t next_staging_ = 0;
  uint8_t* results_ = nullptr;  // pinned: what download() reads from the device

  // The step at hand.
  cuda::StepArrays step_;
  uint32_t n_logit_rows_ = 0;
  uint32_t n_attention_tiles_ = 0;
  uint32_t n_partitions_ = 1;
  std::vector<uint8_t> step_memory_;
};

}  // namespace tijori
