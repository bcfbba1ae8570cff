// Where the numbers are computed. forward.cpp says what a language model does; a Backend does it, on its own memory.
//
// The contract, made for a device with its own memory and an asynchronous stream; a CPU is the simple case:
//   - Memory is the backend's: BufferId and WeightId are handles that only their own backend can look into.
//   - Host bytes go in through load_*(), begin_step() and upload() (all copy before they return) and come out through
//     download() alone, which is valid only after synchronize().
//   - Operations and uploads are enqueued in order and return at once. What goes wrong in them surfaces at
//   synchronize(); after an
//     error there, the backend's contents are undefined and the engine process ends.
//   - A result row depends only on its own inputs: never on the batch, the number of threads or the neighbours.
// One thread calls a backend at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "engine/kv_type.h"
#include "engine/sampler.h"
#include "kernels/dtype.h"

namespace tijori {

enum class BufferId : uint32_t { none = 0 };
enum class WeightId : uint32_t { none = 0 };

// What every operation of one model shares; given once, by configure().
struct BackendPlan {
  uint32_t embedding = 0;            // length of a residual row
  uint32_t n_heads = 0;              // query heads; a multiple of n_kv_heads
  uint32_t n_kv_heads = 0;           // query head i reads key head i / (n_heads / n_kv_heads)
  uint32_t head_dim = 0;             // of queries, keys and values
  uint32_t rotated_dims = 0;         // the first so many of a head's dims are rotated in adjacent pairs; even
  uint32_t feed_forward = 0;         // the widest hidden row of a dense FFN or a shared expert
  uint32_t expert_feed_forward = 0;  // hidden row of a routed expert
  uint32_t n_experts = 0;            // 0: this backend computes no routed experts
  uint32_t experts_per_token = 0;
  uint32_t vocabulary = 0;
  float epsilon = 0;                     // of every RMS norm
  std::vector<double> rope_frequencies;  // [rotated_dims / 2], radians per position, after any scaling
  KvType kv_type = KvType::f16;
  uint32_t kv_blocks = 0;         // blocks of kv_block_positions that a layer has
  uint32_t max_batch_tokens = 0;  // longest step
  uint32_t max_logit_rows = 0;    // most rows of logits in one step
};

// One forward pass over some tokens, as every operation sees it. Tokens of one sequence stand in order of position.
struct Step {
  struct Token {
    uint32_t id = 0;
    uint32_t position = 0;     // in its sequence, from 0
    uint32_t block_table = 0;  // index into block_tables of its sequence's first block
  };
  std::span<const Token> tokens;           // [n_tokens]
  std::span<const uint32_t> block_tables;  // block of positions [i * block, (i + 1) * block) at entry i of a table
  std::span<const uint32_t> logit_rows;    // tokens whose logits are wanted, ascending
};

// The operations. Buffers are f32 unless said otherwise; `residual` is [n_tokens, embedding] everywhere.

// residual = embedding[id]
struct EmbedOp {
  WeightId embedding = WeightId::none;  // a table, [vocabulary, embedding]
  BufferId residual = BufferId::none;
};

enum class Rotation : uint8_t { none, adjacent_pairs };
enum class HeadNorm : uint8_t {
  none,
  rms
};  // rms: q and k divided by the root of their mean square, per head, no weight

// h = rms_norm(residual) * norm; q, k, v = projections of h; q and k rotated and normalised as told; k and v written
// to the cache at the token's position.
struct AttentionInputOp {
  BufferId residual = BufferId::none;
  WeightId norm = WeightId::none;   // [embedding]
  WeightId query = WeightId::none;  // [n_heads * head_dim, embedding]
  WeightId key = WeightId::none;    // [n_kv_heads * head_dim, embedding]
  WeightId value = WeightId::none;  // [n_kv_heads * head_dim, embedding]
  Rotation rotation = Rotation::none;
  HeadNorm head_norm = HeadNorm::none;
  BufferId query_rows = BufferId::none;  // out [n_tokens, n_heads * head_dim]
  BufferId kv = BufferId::none;          // this layer's cache, made by allocate_kv()
};

// Softmax attention of each query over the cached positions [first, position]; first is 0, or with a chunk the start
// of the position's own chunk. Scores are scaled by 1 / sqrt(head_dim) and, where there is a temperature, by
// 1 + temperature_scale * ln(floor((position + 1) / temperature_length) + 1).
struct AttentionOp {
  BufferId query_rows = BufferId::none;  // [n_tokens, n_heads * head_dim]
  BufferId kv = BufferId::none;
  uint32_t chunk = 0;                  // positions; 0: full causal attention
  double temperature_scale = 0;        // 0: no temperature
  uint32_t temperature_length = 0;     // positions
  BufferId attended = BufferId::none;  // out [n_tokens, n_heads * head_dim]
};

// residual += attended * output^T. In a group of devices each holds a slice of the heads, only the first adds to the
// residual and the others start from zero, so that all_reduce() of the residual completes the sum.
struct AttentionOutputOp {
  BufferId attended = BufferId::none;
  WeightId output = WeightId::none;  // [embedding, n_heads * head_dim]
  BufferId residual = BufferId::none;
};

// h = rms_norm(residual) * norm; residual += down(silu(gate h) * up h).
struct DenseFfnOp {
  BufferId residual = BufferId::none;
  WeightId norm = WeightId::none;
  WeightId gate = WeightId::none;  // [feed_forward, embedding]
  WeightId up = WeightId::none;    // [feed_forward, embedding]
  WeightId down = WeightId::none;  // [embedding, feed_forward]
};

// h = rms_norm(residual) * norm; the experts_per_token experts with the highest router logit are chosen (the lowest
// index among equals); residual += shared(h), then += expert_e(sigmoid(logit_e) * h) for each chosen e, ascending.
//
// With a routed_sum the shared expert is another backend's and the shared_* are none: routed_sum = 0, then
// += expert_e(...) for each chosen e, ascending; the residual is only read. Added behind the shared expert it gives the
// fused operation's bits where one expert is chosen; with more the sum is associated otherwise: a placement's bits are
// its own, and don't depend on the batch.
struct MoeFfnOp {
  BufferId residual = BufferId::none;
  WeightId norm = WeightId::none;
  WeightId expert_router = WeightId::none;  // [n_experts, embedding]
  WeightId expert_gate = WeightId::none;    // [n_experts, feed_forward, embedding]
  WeightId expert_up = WeightId::none;      // [n_experts, feed_forward, embedding]
  WeightId expert_down = WeightId::none;    // [n_experts, embedding, feed_forward]
  WeightId shared_gate = WeightId::none;    // [shared_feed_forward, embedding]
  WeightId shared_up = WeightId::none;
  WeightId shared_down = WeightId::none;  // [embedding, shared_feed_forward]
  BufferId routes = BufferId::none;       // out, optional: u32 [n_tokens, experts_per_token], ascending
  BufferId routed_sum = BufferId::none;   // out, optional: [n_tokens, embedding]
};

// residual += rows
struct AddOp {
  BufferId residual = BufferId::none;
  BufferId rows = BufferId::none;  // [n_tokens, embedding]
};

// logits[i] = output * (rms_norm(residual[logit_rows[i]]) * norm)
struct LogitsOp {
  BufferId residual = BufferId::none;
  WeightId norm = WeightId::none;
  WeightId output = WeightId::none;  // [vocabulary, embedding]
  BufferId logits = BufferId::none;  // out [n_logit_rows, vocabulary]
};

// chosen[i] = the next token by row i of the logits, as Sampler::sample() takes it; no_token where a logit isn't
// finite.
struct SampleOp {
  BufferId logits = BufferId::none;       // [n_logit_rows, vocabulary]
  std::span<const SampleChoice> choices;  // [n_logit_rows]; copied
  BufferId chosen = BufferId::none;       // out u32 [n_logit_rows]
};
inline constexpr uint32_t no_token = UINT32_MAX;

// A weight as it lies in the file: `matrices` of [rows, columns], quant blocks along the columns.
struct HostMatrix {
  std::string_view name;  // for messages
  DType type = DType::f32;
  uint64_t rows = 0;
  uint64_t columns = 0;
  uint64_t matrices = 1;             // experts
  uint64_t matrix_stride_bytes = 0;  // from one expert to the next
  ByteView bytes;                    // from the first matrix's first row on
};

// Where an allocation of a backend may begin; sizes are rounded up to it.
inline constexpr uint64_t allocation_alignment = 256;

class Backend {
 public:
  virtual ~Backend() = default;

  // "reference", "avx2", "avx512": what ran, for messages, tests and the status page.
  virtual std::string_view name() const = 0;
  virtual uint32_t n_threads() const = 0;
  // "NVIDIA H200, 143 GB"; "" for the CPU.
  virtual std::string device_name() const { return {}; }

  // Bytes that this backend's memory can give now without hurting others; 0: not known.
  virtual uint64_t available_bytes() const = 0;
  // Bytes that loading would take of this backend's memory, so that the plan comes before the deed.
  // Whether it computes such a model at all; unsupported, saying what it doesn't.
  virtual Status supports(const BackendPlan&) const { return {}; }
  // What a weight of the file's type is kept as: the type itself, or one that it is expanded to.
  virtual DType stored_type(DType type) const { return type; }
  virtual uint64_t matrix_bytes(const HostMatrix& matrix) const = 0;
  virtual uint64_t table_bytes(const HostMatrix& table) const = 0;
  virtual uint64_t kv_bytes(const BackendPlan& plan) const = 0;         // of one layer
  virtual uint64_t workspace_bytes(const BackendPlan& plan) const = 0;  // what configure() takes

  // What will be allocated in all, alignment included, before anything is: a device with memory of its own takes it at
  // once. resource_exhausted when it can't.
  virtual Status reserve(uint64_t size_bytes) = 0;
  // Loading, before the first step; configure() comes first. A matrix is what vectors are multiplied with, and may be
  // laid out anew; a table is what single rows are read from.
  virtual Status configure(const BackendPlan& plan) = 0;
  virtual Result<WeightId> load_matrix(const HostMatrix& matrix) = 0;
  virtual Result<WeightId> load_table(const HostMatrix& table) = 0;
  virtual Result<WeightId> load_vector(std::string_view name, std::span<const float> values) = 0;
  virtual Result<BufferId> allocate(uint64_t size_bytes) = 0;
  // The keys and values of one layer: kv_blocks blocks of the plan.
  virtual Result<BufferId> allocate_kv() = 0;

  // A step: begin, operations in order, synchronize, download.
  virtual void begin_step(const Step& step) = 0;
  virtual void embed(const EmbedOp& op) = 0;
  virtual void attention_input(const AttentionInputOp& op) = 0;
  virtual void attention(const AttentionOp& op) = 0;
  virtual void attention_output(const AttentionOutputOp& op) = 0;
  virtual void dense_ffn(const DenseFfnOp& op) = 0;
  virtual void moe_ffn(const MoeFfnOp& op) = 0;
  virtual void add(const AddOp& op) = 0;
  virtual void logits(const LogitsOp& op) = 0;
  // Only where samples(): then logits needn't leave the device.
  virtual bool samples() const { return false; }
  virtual void sample(const SampleOp& op);
  // Sums the buffer over the devices of this backend's group, in rank order; of one device it is what it was.
  virtual void all_reduce(BufferId buffer, uint64_t size_bytes) = 0;
  virtual void upload(BufferId to, ByteView bytes) = 0;
  virtual Status synchronize() = 0;
  virtual void download(BufferId from, std::span<uint8_t> to) = 0;
};

// Copies between the buffers of two backends, after what is enqueued on `from` and before what comes on `to`.
Status copy(Backend& from, BufferId source, Backend& to, BufferId destination, uint64_t size_bytes);

enum class BackendKind : uint8_t { automatic, reference, avx2, avx512, cuda, cuda_host };

constexpr bool is_cuda(BackendKind kind) {
  return kind == BackendKind::cuda || kind == BackendKind::cuda_host;
}

// "auto", "reference", "avx2", "avx512", "cuda" or "cuda-host"; any other name is refused with invalid_argument.
Result<BackendKind> parse_backend_kind(std::string_view name);

// Automatic is the best that the CPU has. A forced kind is honoured or refused, never replaced: unsupported, naming
// what the CPU or the installation lacks, or unavailable with the driver's word. n_threads 0: as many as CPUs this
// process may run on.
Result<std::unique_ptr<Backend>> create_backend(BackendKind kind, uint32_t n_threads);

}  // namespace tijori
