// Continuous batching: which tokens the next engine step computes, for all requests together.
//
// A request waits, in order of arrival, until a sequence slot and KV blocks for its prompt and its longest answer are
// free; they are all set aside at once, so that a running request never has to give way. Each step holds one token of
// every running answer that has credit, then slices of prompts, up to max_step_tokens. Since a row of the model's
// output depends on its own sequence alone, and each request has its own random sequence, a request's tokens are the
// same whatever else runs.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "engine/generation.h"
#include "engine/model.h"
#include "engine/stop_strings.h"
#include "engine/utf8.h"

namespace tijori {

inline constexpr size_t max_waiting_requests = 256;
inline constexpr uint32_t default_step_tokens = 256;

// A prompt that leaves no room for a single token of an answer.
struct ContextOverflow {
  uint32_t limit_tokens = 0;
  uint32_t asked_tokens = 0;
};

struct SchedulerCounts {
  size_t running = 0;
  size_t waiting = 0;
  uint64_t prompt_tokens = 0;      // computed since the start
  uint64_t completion_tokens = 0;  // sampled since the start
  uint32_t kv_blocks_used = 0;
  uint32_t kv_blocks = 0;
};

// Model, tokenizer, sink and clock must outlive it. Not thread-safe: the thread that runs the model calls it.
class Scheduler {
 public:
  // `stop_tokens` end an answer; max_step_tokens is cut to what the model takes.
  Scheduler(Model& model, const Tokenizer& tokenizer, std::span<const TokenId> stop_tokens, GenerationSink& sink,
            const Clock& clock = system_clock(), uint32_t max_step_tokens = default_step_tokens);
  ~Scheduler();

  // Whether a prompt of so many tokens is too long for this model.
  std::optional<ContextOverflow> check_context(size_t prompt_tokens) const;

  // Queues a request under an id that isn't in use. Refused, without a call to the sink: invalid_argument for an
  // empty, too long or impossible prompt or a parameter out of range, already_exists for an id in use,
  // resource_exhausted when max_waiting_requests wait.
  Status submit(GenerationId id, GenerationRequest request);
  // Ends the request with `cancelled`; nothing happens when there is none.
  void cancel(GenerationId id);
  void cancel_all();
  void add_credit(GenerationId id, uint32_t frames);

  // Whether step() would compute anything now; if not, only submit() or add_credit() change that.
  bool has_work() const;
  // One engine step. An error is the model's and final: every request has been told and none is left.
  Status step();

  bool idle() const { return running_.empty() && waiting_.empty(); }
  SchedulerCounts counts() const;

 private:
  struct Entry;
  using Entries = std::list<std::unique_ptr<Entry>>;

  Entry* find(GenerationId id);
  void admit();
  bool admit(Entry& entry);
  void plan_step();
  void add_decode_tokens(size_t& room);
  void add_prompt_slices(size_t& room);
  static Result<TokenId> token_of(Entry& entry, const Logits& logits, uint32_t row);
  void take_logits(const Logits& logits);
  void take_token(Entry& entry, TokenId token);
  void finish(Entry& entry, FinishReason reason);
  void release(Entry& entry);
  void remove_ended();
  void fail_all(const Error& error);
  bool is_stop_token(TokenId token) const;

  Model& model_;
  const Tokenizer& tokenizer_;
  std::vector<TokenId> stop_tokens_;  // ascending
  GenerationSink& sink_;
  const Clock& clock_;
  size_t max_step_tokens_;
  Entries waiting_;         // in order of arrival
  Entries running_;         // in order of admission
  size_t next_decode_ = 0;  // where the round of decode tokens begins, when not all fit into a step
  Batch batch_;
  std::vector<Entry*> rows_;  // whose logits each row is
  std::vector<SampleChoice> choices_;
  uint64_t prompt_tokens_ = 0;
  uint64_t completion_tokens_ = 0;
};

}  // namespace tijori
