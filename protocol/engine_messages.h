// What travels between tijorid and tijori-engine (docs/engine-protocol.md, "Engine").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json_form.h"

namespace tijori {

// In all of these 0 and "" mean: choose.
struct LoadRequest {
  std::string file;  // name in the model store, no path
  std::string sha256;
  std::string backend = "auto";  // auto, reference, avx2, avx512, cuda, cuda-host
  int64_t threads = 0;
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
  std::string kv_type;  // f32, f16, q8
  std::string chat_format;

  bool operator==(const LoadRequest&) const = default;
};

struct LoadedReply {
  std::string architecture;
  std::string name;
  std::string sha256;
  std::string chat_format;
  std::string template_sha256;
  std::string license;
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
  int64_t vocabulary = 0;
  int64_t layers = 0;
  int64_t experts = 0;
  std::string backend;
  std::string gpu;  // which one computes, or why none does; "" where the CPU was asked for
  int64_t threads = 0;
  std::string kv_type;
  int64_t weights_bytes = 0;
  int64_t kv_bytes = 0;
  int64_t workspace_bytes = 0;
  int64_t pid = 0;
};

// What one kind of tensor of a file is stored as: the parts of a model are attention, router, routed experts, shared
// expert, feed-forward, embedding, output, norms.
struct TensorClass {
  std::string part;
  std::string type;  // "Q4_K"
  int64_t tensors = 0;
  int64_t bytes = 0;
};
// What a model file says of itself; read from its head, not from its weights.
struct ModelDetails {
  std::string architecture;
  std::string name;
  std::string chat_format;
  std::string license;
  int64_t parameters = 0;
  int64_t active_parameters = 0;  // that one token meets
  int64_t layers = 0;
  int64_t expert_layers = 0;  // of them
  int64_t experts = 0;
  int64_t experts_per_token = 0;
  int64_t embedding = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
  int64_t head_dim = 0;
  int64_t vocabulary = 0;
  int64_t trained_context_tokens = 0;
  int64_t chunk_tokens = 0;  // of chunked attention; 0: none
  std::vector<TensorClass> tensors;
};
// What loading would take, before anything is allocated. `plan` takes a LoadRequest, in any state of the engine.
struct PlannedReply {
  ModelDetails details;
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
  std::string kv_type;
  std::string backend;
  int64_t weights_bytes = 0;
  int64_t kv_bytes = 0;
  int64_t workspace_bytes = 0;
  int64_t free_bytes = 0;  // 0: not known
  bool fits = false;
  // The nearest choice that fits; 0: none does.
  int64_t fitting_context_tokens = 0;
  int64_t fitting_max_sequences = 0;
};

struct EngineMessage {
  std::string role;  // system, user, assistant
  std::string content;
};

// Either messages or a prompt. An absent seed: the engine draws one.
struct GenerateRequest {
  std::optional<std::vector<EngineMessage>> messages;
  std::optional<std::string> prompt;
  int64_t max_tokens = 0;  // 0: up to the context
  double temperature = 1.0;
  double top_p = 1.0;
  int64_t top_k = 0;  // 0: off
  double min_p = 0.0;
  std::optional<uint64_t> seed;
  double presence_penalty = 0.0;
  double frequency_penalty = 0.0;
  double repetition_penalty = 1.0;
  std::vector<std::string> stop;
  int64_t credit = 0;
};

struct AcceptedReply {
  int64_t prompt_tokens = 0;
};

struct Delta {
  std::string text;
  int64_t tokens = 0;
};

struct Finish {
  std::string reason;  // stop, length, cancelled
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  int64_t queue_us = 0;
  int64_t prompt_us = 0;
  int64_t decode_us = 0;
};

// Either text or messages.
struct TokenizeRequest {
  std::optional<std::string> text;
  std::optional<std::vector<EngineMessage>> messages;
};

struct TokensReply {
  int64_t count = 0;
  std::vector<int64_t> ids;
};

// Either messages or a prompt: the prompt as it would be tokenised.
struct RenderRequest {
  std::optional<std::vector<EngineMessage>> messages;
  std::optional<std::string> prompt;
};

// The texts one after another are the whole prompt, control tokens by their names.
struct RenderedPiece {
  std::string text;
  int64_t message = -1;  // index of the message the text is from, 0 of a prompt; -1: the template's
  int64_t begin = 0;     // byte of that message's content at which the text begins
};
struct RenderedReply {
  std::vector<RenderedPiece> pieces;
};

// How often each expert was chosen since the model was loaded, for the layers that have experts: each row sums to the
// tokens that passed times `experts_per_token`.
struct LayerExperts {
  int64_t layer = 0;
  std::vector<int64_t> counts;
};
struct ExpertCountsReply {
  int64_t experts_per_token = 0;
  std::vector<LayerExperts> layers;  // none when the model has no experts
};

struct EngineStatusReply {
  std::string state;  // empty, loading, ready, draining
  int64_t running = 0;
  int64_t waiting = 0;
  int64_t kv_blocks_used = 0;
  int64_t kv_blocks = 0;
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  int64_t resident_bytes = 0;
};

}  // namespace tijori
