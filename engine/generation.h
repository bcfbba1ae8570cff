// One request for text as the scheduler sees it, and what it answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/sampler.h"
#include "engine/tokenizer.h"

namespace tijori {

using GenerationId = uint64_t;

struct GenerationRequest {
  std::vector<TokenId> prompt;
  uint32_t max_tokens = 0;  // of the answer; 0, or more than fits: up to the context
  SamplingParameters sampling;
  std::vector<std::string> stop;
  uint32_t credit = 0;  // deltas that may be sent before more credit comes
};

enum class FinishReason : uint8_t {
  stop,    // a stop token or a stop string
  length,  // max_tokens or the context is reached
  cancelled,
};
std::string_view name_of(FinishReason reason);

struct GenerationUsage {
  uint32_t prompt_tokens = 0;
  uint32_t completion_tokens = 0;  // all that were sampled, a stop token too
  int64_t queue_us = 0;            // from submit to the first step
  int64_t prompt_us = 0;           // from there to the first token
  int64_t decode_us = 0;           // from there to the end
};

// Where answers go. Called by the thread that runs the scheduler, from inside its calls; must not call back into it.
class GenerationSink {
 public:
  virtual ~GenerationSink() = default;
  // Text that is whole UTF-8 and free of stop strings, and how many tokens were sampled since the last one.
  virtual void on_delta(GenerationId id, std::string_view text, uint32_t n_tokens) = 0;
  // Exactly one of these ends a request.
  virtual void on_finish(GenerationId id, FinishReason reason, const GenerationUsage& usage) = 0;
  virtual void on_error(GenerationId id, const Error& error) = 0;
};

}  // namespace tijori
