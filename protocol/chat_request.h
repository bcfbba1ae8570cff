// The bodies of POST /v1/chat/completions, /v1/completions, /v1/tokenize and /v1/count, in OpenAI's field names. What
// isn't supported is refused by name; nothing is ignored.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/api_error.h"
#include "protocol/engine_messages.h"

namespace tijori {

inline constexpr size_t max_request_body_bytes = 4U << 20;
inline constexpr size_t max_request_depth = 8;
inline constexpr size_t max_request_values = 1U << 16;
inline constexpr size_t max_messages = 2048;
inline constexpr size_t max_content_parts = 256;
inline constexpr int64_t max_top_k = UINT32_MAX;
inline constexpr size_t max_stop_strings = 16;
inline constexpr size_t max_stop_bytes = 256;
inline constexpr size_t max_reference_bytes = 256;  // user, safety_identifier
inline constexpr size_t max_metadata_bytes = 512;   // each value
inline constexpr int64_t max_asked_tokens = 1 << 24;
inline constexpr int64_t default_completion_tokens = 16;  // of /v1/completions, as OpenAI has it

enum class Dialect { chat, completions };

// For whom and why, as recorded; empty where not given.
struct Attribution {
  std::string subject;  // user or safety_identifier
  std::string purpose;  // metadata.purpose
  std::string basis;    // metadata.basis: consent, use-a … use-i, exempt
  std::string consent;  // metadata.consent: the application's reference; implies basis consent
};

struct InferenceRequest {
  Dialect dialect = Dialect::chat;
  std::string model;  // "" : the default
  std::vector<EngineMessage> messages;
  std::string prompt;
  bool stream = false;
  bool include_usage = false;
  int64_t max_tokens = 0;  // 0: up to the context
  double temperature = 1.0;
  double top_p = 1.0;
  int64_t top_k = 0;
  double min_p = 0.0;
  std::optional<uint64_t> seed;
  double presence_penalty = 0.0;
  double frequency_penalty = 0.0;
  double repetition_penalty = 1.0;
  std::vector<std::string> stop;
  Attribution attribution;
};

template <class T>
using Refusable = std::expected<T, ApiError>;

// Codes: invalid_json, missing_parameter, unknown_parameter, unsupported_parameter, invalid_type, invalid_value.
Refusable<InferenceRequest> parse_inference_request(Dialect dialect, std::string_view body);

GenerateRequest to_generate_request(const InferenceRequest& request, int64_t credit);

// {"model":…,"text":…} or {"model":…,"messages":[…]}
struct TokenizeBody {
  std::string model;
  TokenizeRequest request;
};
Refusable<TokenizeBody> parse_tokenize_body(std::string_view body);

}  // namespace tijori
