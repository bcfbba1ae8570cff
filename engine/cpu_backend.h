// The Backend of a CPU: the kernels of one instruction set, shared out over a pool of threads. Operations are done
// when the call returns; synchronize() has nothing to wait for.
//
// A step takes few rounds of the pool: normalising and quantising the activations happens once for all products of
// them, and gate, up and their product are one round.
#pragma once

#include <memory>
#include <vector>

#include "engine/backend.h"
#include "engine/page_arena.h"
#include "engine/thread_pool.h"
#include "kernels/cpu/kernels.h"

namespace tijori {

class CpuBackend final : public Backend {
 public:
  CpuBackend(const CpuKernels& kernels, uint32_t n_threads);

  std::string_view name() const override { return kernels_.name; }
  uint32_t n_threads() const override { return pool_.n_threads(); }
  uint64_t available_bytes() const override;
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
  void all_reduce(BufferId buffer, uint64_t size_bytes) override;
  void upload(BufferId to, ByteView bytes) override;
  Status synchronize() override;
  void download(BufferId from, std::span<uint8_t> to) override;

 private:
  struct Weight {
    DType type = DType::f32;
    size_t rows = 0;
    size_t cols = 0;
    const std::byte* data = nullptr;  // packed, of a table as in the file, of a vector floats
    size_t matrix_bytes = 0;          // of one expert
  };
  struct BufferMemory {
    std::byte* data = nullptr;
    uint64_t size_bytes = 0;
  };
  // Rows of activations that products read: as floats, and quantised if a product of them needs it.
  struct Activations {
    const float* rows = nullptr;  // [n, cols]
    size_t n = 0;
    size_t cols = 0;
    std::byte* quantised = nullptr;
  };
  // One product, or gate and up with gate = silu(gate) * up behind them.
  struct Product {
    Matmul matmul;
    Matmul up;
    bool is_gated = false;
  };
  // Memory that operations of every layer share.
  struct Workspace {
    float* hidden = nullptr;          // [n, embedding], normalised
    float* keys = nullptr;            // [n, n_kv_heads * head_dim]
    float* values = nullptr;          // [n, n_kv_heads * head_dim]
    float* gate = nullptr;            // [n, feed_forward]
    float* up = nullptr;              // [n, feed_forward]
    float* router_logits = nullptr;   // [n, n_experts]
    float* expert_inputs = nullptr;   // [n * experts_per_token, embedding], scaled, grouped by expert
    float* expert_gate = nullptr;     // [n * experts_per_token, expert_feed_forward]
    float* expert_up = nullptr;       // [n * experts_per_token, expert_feed_forward]
    float* expert_outputs = nullptr;  // [n * experts_per_token, embedding]
    float* cos_sin = nullptr;         // [n, head_dim / 2, 2]
    std::byte* quantised_input = nullptr;
    std::byte* quantised_hidden = nullptr;
    std::byte* quantised_expert_input = nullptr;
    std::byte* quantised_expert_hidden = nullptr;
    uint64_t size_bytes = 0;
  };
  // The tokens of one expert, in token order: rows [first_row, first_row + n_rows) of the expert workspaces.
  struct ExpertGroup {
    uint32_t expert = 0;
    uint32_t first_row = 0;
    uint32_t n_rows = 0;
    size_t quantised_input_offset = 0;
    size_t quantised_hidden_offset = 0;
  };

  Workspace lay_out(const BackendPlan& plan, std::byte* base) const;
  const Weight& weight(WeightId id) const { return weights_[static_cast<size_t>(id) - 1]; }
  float* floats(BufferId id) { return reinterpret_cast<float*>(buffers_[static_cast<size_t>(id) - 1].data); }
  size_t quantised_room(size_t n, size_t cols) const;

  Matmul product(const Weight& matrix, const Activations& x, float* y, size_t y_stride, MatmulStore store) const;
  template <class Work>
  void for_tokens(size_t n, Work&& work);
  void normalise(const float* rows, WeightId norm, Activations& out, std::span<const WeightId> readers);
  void quantise(const Activations& x);
  bool any_needs_quantised(std::span<const WeightId> readers) const;
  void run_products(std::span<const Product> products);
  void run_product_range(const Product& product, size_t group_begin, size_t group_end);
  void route(const MoeFfnOp& op);
  void prepare_expert_inputs(const Activations& hidden, bool needs_quantised);

  const CpuKernels& kernels_;
  ThreadPool pool_;
  PageArena arena_;
  BackendPlan plan_;
  KvShape kv_shape_;
  std::vector<Weight> weights_;
  std::vector<BufferMemory> buffers_;
  Workspace workspace_;

  // The step at hand.
  std::vector<Step::Token> tokens_;
  std::vector<int32_t> block_tables_;
  std::vector<uint32_t> logit_rows_;
  std::vector<AttentionQuery> queries_;
  std::vector<ExpertChoice> choices_;    // [n, experts_per_token], ascending by expert within a token
  std::vector<uint32_t> expert_counts_;  // [n_experts], then where each expert's next row goes
  std::vector<uint32_t> row_tokens_;     // token of each expert row
  std::vector<float> row_scores_;        // its score
  std::vector<ExpertGroup> groups_;
  std::vector<Product> products_;
};

}  // namespace tijori
