// A chat with a model over POST /v1/chat/completions, streamed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat_response.h"
#include "protocol/client/client_error.h"
#include "protocol/client/http_client.h"

namespace tijori {

struct ChatMessage {
  std::string role;  // system, user, assistant
  std::string content;
};

struct ChatQuestion {
  std::string model;  // "": the appliance's default
  std::vector<ChatMessage> messages;
  std::optional<int64_t> max_tokens;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<int64_t> seed;
  std::string user;     // reference of the data principal
  std::string purpose;  // registered purpose
};

struct ChatReply {
  std::string text;
  std::string model;
  std::string finish_reason;
  Usage usage;
  std::string request_id;
  std::optional<Receipt> receipt;  // with both record numbers once the answer is complete
};

using TextSink = std::function<void(std::string_view delta)>;

// What the head of the answer says, a refusal's too: under which request id and record it runs.
struct ChatHead {
  std::string request_id;
  std::optional<Receipt> receipt;
};
using ChatHeadSink = std::function<void(const ChatHead& head)>;

// The JSON body of the question, streamed with usage.
std::string to_request_body(const ChatQuestion& question);

// Blocks until the answer is complete, handing on its text as it comes. An answer that broke off is an error, also when
// some of its text went to the sink; the code is cancelled when `cancellation` ended it.
Answer<ChatReply> ask(HttpClient& client, const ChatQuestion& question, const TextSink& sink,
                      const Cancellation* cancellation, const ChatHeadSink& head_sink = nullptr);

}  // namespace tijori
