#include "protocol/chat_request.h"

#include <algorithm>

#include "protocol/fields.h"

namespace tijori {
namespace {

constexpr std::string_view bases[] = {"consent", "use-a", "use-b", "use-c", "use-d", "use-e",
                                      "use-f",   "use-g", "use-h", "use-i", "exempt"};

// Known to OpenAI's API and not to this server. Null is fine: clients send it for "not set".
constexpr std::string_view unsupported_everywhere[] = {
    "logit_bias",   "service_tier",     "prediction",         "modalities", "audio",
    "top_logprobs", "reasoning_effort", "web_search_options", "verbosity",  "prompt_cache_key"};
constexpr std::string_view tool_parameters[] = {"tools", "tool_choice", "parallel_tool_calls", "functions",
                                                "function_call"};

ApiError refusal_of(const FieldError& error) {
  const auto code = [&] {
    switch (error.fault) {
      case FieldFault::unknown:
        return "unknown_parameter";
      case FieldFault::missing:
        return "missing_parameter";
      case FieldFault::wrong_type:
        return "invalid_type";
      case FieldFault::unsupported:
        return "unsupported_parameter";
      case FieldFault::bad_value:
        break;
    }
    return "invalid_value";
  };
  const std::string place = error.path.empty() ? "" : error.path + ": ";
  return {400, code(), place + error.message, error.path, 0};
}

Refusable<JsonValue> parse_body(std::string_view body) {
  auto value = parse_json(body, {max_request_body_bytes, max_request_depth, max_request_values});
  if (value) return *std::move(value);
  return std::unexpected(ApiError{400, "invalid_json", "The body is refused: " + value.error().message, "", 0});
}

void read_range(FormReader& form, std::string_view name, double& field, double low, double high) {
  form.optional(name, field);
  if (!form.failed() && !(field >= low && field <= high))
    form.refuse(name, FieldFault::bad_value, "expected " + std::to_string(low) + " to " + std::to_string(high));
}

void refuse_unsupported(FormReader& form, std::span<const std::string_view> names, std::string_view message) {
  for (const std::string_view name : names)
    if (form.raw(name) != nullptr) form.refuse(name, FieldFault::unsupported, std::string(message));
}

// For switches that may be spelt out as long as they ask for nothing: "logprobs": false, "n": 1.
template <class T>
void accept_only(FormReader& form, std::string_view name, T accepted, std::string_view message) {
  T value = accepted;
  form.optional(name, value);
  if (!form.failed() && value != accepted) form.refuse(name, FieldFault::unsupported, std::string(message));
}

void read_stop(FormReader& form, std::vector<std::string>& stop) {
  const JsonValue* value = form.raw("stop");
  if (value == nullptr) return;
  if (value->get_if<std::string>() != nullptr)
    form.read(*value, "stop", stop.emplace_back());
  else
    form.read(*value, "stop", stop);
  if (stop.size() > max_stop_strings)
    form.refuse("stop", FieldFault::bad_value, "at most " + std::to_string(max_stop_strings) + " strings");
  for (const std::string& text : stop)
    if (text.empty() || text.size() > max_stop_bytes)
      form.refuse("stop", FieldFault::bad_value, "each string holds 1 to " + std::to_string(max_stop_bytes) + " bytes");
}

struct StreamOptions {
  bool include_usage = false;
};
void describe(FormReader& form, StreamOptions& options) {
  form.optional("include_usage", options.include_usage);
  accept_only(form, "include_obfuscation", false, "not supported; leave it out");
}

struct ResponseFormat {
  std::string type;
};
void describe(FormReader& form, ResponseFormat& format) {
  form.required("type", format.type);
  if (!form.failed() && format.type != "text")
    form.refuse("type", FieldFault::unsupported, "only \"text\" is supported");
  form.raw("json_schema");
}

struct Metadata {
  std::string purpose;
  std::string basis;
  std::string consent;
};
void describe(FormReader& form, Metadata& metadata) {
  const auto read = [&](std::string_view name, std::string& field) {
    form.optional(name, field);
    if (field.size() > max_metadata_bytes)
      form.refuse(name, FieldFault::bad_value, "at most " + std::to_string(max_metadata_bytes) + " bytes");
  };
  read("purpose", metadata.purpose);
  read("basis", metadata.basis);
  read("consent", metadata.consent);
  if (!metadata.basis.empty() && std::ranges::find(bases, metadata.basis) == std::end(bases))
    form.refuse("basis", FieldFault::bad_value, "expected consent, use-a to use-i, or exempt");
  if (!metadata.consent.empty()) {
    if (metadata.basis.empty()) metadata.basis = "consent";
    if (metadata.basis != "consent") form.refuse("consent", FieldFault::bad_value, "goes with basis \"consent\" only");
  }
}

void read_attribution(FormReader& form, Attribution& attribution) {
  std::string safety_identifier;
  form.optional("user", attribution.subject);
  form.optional("safety_identifier", safety_identifier);
  if (attribution.subject.empty())
    attribution.subject = std::move(safety_identifier);
  else if (!safety_identifier.empty() && safety_identifier != attribution.subject)
    form.refuse("safety_identifier", FieldFault::bad_value, "differs from user; send one of the two");
  if (attribution.subject.size() > max_reference_bytes)
    form.refuse("user", FieldFault::bad_value, "at most " + std::to_string(max_reference_bytes) + " bytes");
  std::optional<Metadata> metadata;
  form.optional("metadata", metadata);
  if (!metadata) return;
  attribution.purpose = std::move(metadata->purpose);
  attribution.basis = std::move(metadata->basis);
  attribution.consent = std::move(metadata->consent);
}

struct ContentPart {
  std::string text;
};
void describe(FormReader& form, ContentPart& part) {
  std::string type;
  form.required("type", type);
  if (!form.failed() && type != "text")
    return form.refuse("type", FieldFault::unsupported, "only text parts are supported");
  form.required("text", part.text);
}

// A message as clients send it; the engine's own form is stricter.
struct RequestMessage {
  EngineMessage message;
};

void describe(FormReader& form, RequestMessage& request) {
  EngineMessage& message = request.message;
  form.required("role", message.role);
  if (form.failed()) return;
  if (message.role == "developer") message.role = "system";
  if (message.role == "tool" || message.role == "function")
    return form.refuse("role", FieldFault::unsupported, "tools aren't supported; use system, user or assistant");
  if (message.role != "system" && message.role != "user" && message.role != "assistant")
    return form.refuse("role", FieldFault::bad_value, "expected system, developer, user or assistant");
  static constexpr std::string_view unsupported[] = {"name",          "tool_calls", "tool_call_id",
                                                     "function_call", "audio",      "refusal"};
  refuse_unsupported(form, unsupported, "not supported in a message; leave it out");

  const JsonValue* content = form.raw("content");
  if (content == nullptr) return form.refuse("content", FieldFault::missing, "missing");
  const std::string path = form.path_of("content");
  if (content->get_if<JsonArray>() == nullptr) return form.read(*content, path, message.content);
  std::vector<ContentPart> parts;
  form.read(*content, path, parts);
  if (parts.empty() || parts.size() > max_content_parts)
    form.refuse("content", FieldFault::bad_value, "expected 1 to " + std::to_string(max_content_parts) + " parts");
  for (const ContentPart& part : parts) message.content += part.text;
}

void read_messages(FormReader& form, std::vector<EngineMessage>& messages) {
  std::vector<RequestMessage> given;
  form.required("messages", given);
  for (RequestMessage& each : given) messages.push_back(std::move(each.message));
  if (messages.empty() || messages.size() > max_messages)
    form.refuse("messages", FieldFault::bad_value, "expected 1 to " + std::to_string(max_messages) + " messages");
}

void read_prompt(FormReader& form, std::string& prompt) {
  const JsonValue* value = form.raw("prompt");
  if (value == nullptr) return form.refuse("prompt", FieldFault::missing, "missing");
  std::vector<std::string> prompts;
  if (value->get_if<JsonArray>() == nullptr)
    form.read(*value, "prompt", prompts.emplace_back());
  else
    form.read(*value, "prompt", prompts);
  if (form.failed()) return;
  if (prompts.size() != 1 || prompts.front().empty())
    return form.refuse("prompt", FieldFault::bad_value, "expected one prompt that isn't empty");
  prompt = std::move(prompts.front());
}

void read_token_limit(FormReader& form, int64_t& max_tokens) {
  std::optional<int64_t> limit;
  std::optional<int64_t> completion_limit;
  form.optional("max_tokens", limit);
  form.optional("max_completion_tokens", completion_limit);
  if (limit && completion_limit && *limit != *completion_limit)
    form.refuse("max_completion_tokens", FieldFault::bad_value, "differs from max_tokens; send one of the two");
  const std::string_view name = limit ? "max_tokens" : "max_completion_tokens";
  if (!limit) limit = completion_limit;
  if (!limit) return;
  if (*limit < 1 || *limit > max_asked_tokens)
    form.refuse(name, FieldFault::bad_value, "expected 1 to " + std::to_string(max_asked_tokens));
  max_tokens = *limit;
}

void read_sampling(FormReader& form, InferenceRequest& request) {
  read_range(form, "temperature", request.temperature, 0, 2);
  read_range(form, "top_p", request.top_p, 0, 1);
  if (!form.failed() && request.top_p == 0) form.refuse("top_p", FieldFault::bad_value, "expected more than 0");
  form.optional("top_k", request.top_k);
  if (request.top_k < 0 || request.top_k > max_top_k)
    form.refuse("top_k", FieldFault::bad_value, "expected 0 (off) to " + std::to_string(max_top_k));
  read_range(form, "min_p", request.min_p, 0, 1);
  read_range(form, "presence_penalty", request.presence_penalty, -2, 2);
  read_range(form, "frequency_penalty", request.frequency_penalty, -2, 2);
  read_range(form, "repetition_penalty", request.repetition_penalty, 0.01, 10);
  std::optional<int64_t> seed;
  form.optional("seed", seed);
  if (seed) request.seed = static_cast<uint64_t>(*seed);
  read_stop(form, request.stop);
}

}  // namespace

void describe(FormReader& form, InferenceRequest& request) {
  form.optional("model", request.model);
  if (request.dialect == Dialect::chat) {
    read_messages(form, request.messages);
  } else {
    request.max_tokens = default_completion_tokens;
    read_prompt(form, request.prompt);
  }
  form.optional("stream", request.stream);
  std::optional<StreamOptions> stream_options;
  form.optional("stream_options", stream_options);
  if (stream_options && !request.stream)
    form.refuse("stream_options", FieldFault::bad_value, "goes with stream: true only");
  request.include_usage = stream_options && stream_options->include_usage;

  read_token_limit(form, request.max_tokens);
  read_sampling(form, request);
  read_attribution(form, request.attribution);
  accept_only(form, "n", int64_t{1}, "one answer a request is supported; send 1 or leave it out");
  accept_only(form, "store", false, "answers aren't stored; send false or leave it out");
  if (request.dialect == Dialect::chat) {
    std::optional<ResponseFormat> format;
    form.optional("response_format", format);
    accept_only(form, "logprobs", false, "not supported; send false or leave it out");
    refuse_unsupported(form, tool_parameters, "tools aren't supported yet; leave it out");
  } else {
    accept_only(form, "echo", false, "not supported; send false or leave it out");
    accept_only(form, "best_of", int64_t{1}, "not supported; send 1 or leave it out");
    static constexpr std::string_view unsupported[] = {"logprobs", "suffix"};
    refuse_unsupported(form, unsupported, "not supported; leave it out");
  }
  refuse_unsupported(form, unsupported_everywhere, "not supported; leave it out");
}

void describe(FormReader& form, TokenizeBody& body) {
  form.optional("model", body.model);
  form.optional("text", body.request.text);
  if (form.raw("messages") != nullptr) read_messages(form, body.request.messages.emplace());
  if (body.request.text.has_value() == body.request.messages.has_value())
    form.refuse("text", FieldFault::bad_value, "send either text or messages");
}

Refusable<InferenceRequest> parse_inference_request(Dialect dialect, std::string_view body) {
  auto value = parse_body(body);
  if (!value) return std::unexpected(std::move(value).error());
  InferenceRequest request;
  request.dialect = dialect;
  if (const auto error = read_form(*value, request)) return std::unexpected(refusal_of(*error));
  return request;
}

Refusable<TokenizeBody> parse_tokenize_body(std::string_view body) {
  auto value = parse_body(body);
  if (!value) return std::unexpected(std::move(value).error());
  TokenizeBody request;
  if (const auto error = read_form(*value, request)) return std::unexpected(refusal_of(*error));
  return request;
}

GenerateRequest to_generate_request(const InferenceRequest& request, int64_t credit) {
  GenerateRequest generate;
  if (request.dialect == Dialect::chat)
    generate.messages = request.messages;
  else
    generate.prompt = request.prompt;
  generate.max_tokens = request.max_tokens;
  generate.temperature = request.temperature;
  generate.top_p = request.top_p;
  generate.top_k = request.top_k;
  generate.min_p = request.min_p;
  generate.seed = request.seed;
  generate.presence_penalty = request.presence_penalty;
  generate.frequency_penalty = request.frequency_penalty;
  generate.repetition_penalty = request.repetition_penalty;
  generate.stop = request.stop;
  generate.credit = credit;
  return generate;
}

}  // namespace tijori
