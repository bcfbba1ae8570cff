// What /v1 answers with, in OpenAI's shapes, read by clients and written by the daemon.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json_form.h"

namespace tijori {

struct Usage {
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  int64_t total_tokens = 0;
};

struct AnswerMessage {
  std::string role = "assistant";
  std::string content;
};
struct ChatChoice {
  int64_t index = 0;
  AnswerMessage message;
  std::optional<std::string> finish_reason;  // stop, length, content_filter
};
struct ChatCompletion {
  std::string id;  // "chatcmpl-" and the request id
  std::string object = "chat.completion";
  int64_t created = 0;  // seconds since 1970
  std::string model;
  std::vector<ChatChoice> choices;
  Usage usage;
};

struct ChunkDelta {
  std::optional<std::string> role;
  std::optional<std::string> content;
};
struct ChunkChoice {
  int64_t index = 0;
  ChunkDelta delta;
  std::optional<std::string> finish_reason;
};
struct ChatChunk {
  std::string id;
  std::string object = "chat.completion.chunk";
  int64_t created = 0;
  std::string model;
  std::vector<ChunkChoice> choices;  // empty in the usage chunk
  std::optional<Usage> usage;
};

struct TextChoice {
  int64_t index = 0;
  std::string text;
  std::optional<std::string> finish_reason;
};
// Streamed or not; the pieces of a stream have the same shape.
struct TextCompletion {
  std::string id;  // "cmpl-" and the request id
  std::string object = "text_completion";
  int64_t created = 0;
  std::string model;
  std::vector<TextChoice> choices;
  std::optional<Usage> usage;
};

struct ModelObject {
  std::string id;
  std::string object = "model";
  int64_t created = 0;
  std::string owned_by = "tijori";
};
struct ModelObjects {
  std::string object = "list";
  std::vector<ModelObject> data;
};

// GET /health
struct HealthReply {
  std::string status;  // ready, starting, degraded, blocked, draining
  std::string sentence;
};

// POST /v1/tokenize; /v1/count answers without ids.
struct TokenizeReply {
  std::string model;
  int64_t count = 0;
  std::vector<int64_t> ids;
};

// The header `tijori-receipt` and the comment of the same name in a stream.
struct ReceiptEntry {
  int64_t seq = 0;
  std::string leaf;
};
struct Receipt {
  std::string log_id;
  std::optional<ReceiptEntry> received;
  std::optional<ReceiptEntry> released;
};

}  // namespace tijori
