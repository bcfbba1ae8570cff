#include "protocol/client/conversation.h"

#include <algorithm>

#include "protocol/client/api_client.h"
#include "protocol/client/event_stream.h"
#include "protocol/json.h"

namespace tijori {

namespace {

constexpr std::string_view receipt_comment = "tijori-receipt ";
constexpr size_t max_request_id_bytes = 64;

// As the appliance makes them: anything else is none.
std::string request_id_of(const ClientResponse& response) {
  const std::string_view id = response.header("x-request-id");
  const bool fits =
      id.size() <= max_request_id_bytes && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      });
  return fits ? std::string(id) : std::string();
}

void append_field(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  append_field(out, name);
  append_json_string(out, value);
}

// Turns the events of one answer into its text and its end.
class ReplyReader {
 public:
  explicit ReplyReader(const TextSink& sink)
      : sink_(sink),
        parser_({[this](const StreamEvent& event) { return take(event); },
                 [this](std::string_view comment) { take_comment(comment); }}) {}

  Status feed(std::string_view piece) { return parser_.feed(piece); }
  bool done() const { return done_; }
  const std::optional<ApiError>& refusal() const { return refusal_; }
  ChatReply& reply() { return reply_; }

 private:
  Status take(const StreamEvent& event) {
    if (event.name == "error") {
      TRY_ASSIGN(refusal_, parse_error_json(0, event.data));
      return {};
    }
    if (event.data == "[DONE]") {
      done_ = true;
      return {};
    }
    const auto chunk = from_json<ChatChunk>(event.data);
    if (!chunk) return fail(chunk.error().in("answer"));
    reply_.model = chunk->model;
    if (chunk->usage) reply_.usage = *chunk->usage;
    for (const ChunkChoice& choice : chunk->choices) {
      if (choice.finish_reason) reply_.finish_reason = *choice.finish_reason;
      if (!choice.delta.content || choice.delta.content->empty()) continue;
      reply_.text += *choice.delta.content;
      if (sink_) sink_(*choice.delta.content);
    }
    return {};
  }

  void take_comment(std::string_view comment) {
    if (!comment.starts_with(receipt_comment)) return;
    if (auto receipt = from_json<Receipt>(comment.substr(receipt_comment.size()))) reply_.receipt = *std::move(receipt);
  }

  const TextSink& sink_;
  EventStreamParser parser_;
  ChatReply reply_;
  std::optional<ApiError> refusal_;
  bool done_ = false;
};

}  // namespace

std::string to_request_body(const ChatQuestion& question) {
  std::string body = "{";
  if (!question.model.empty()) append_text(body, "model", question.model);
  append_field(body, "messages");
  body += '[';
  for (const ChatMessage& message : question.messages) {
    if (body.back() != '[') body += ',';
    body += '{';
    append_text(body, "role", message.role);
    append_text(body, "content", message.content);
    body += '}';
  }
  body += ']';
  append_field(body, "stream");
  body += "true";
  append_field(body, "stream_options");
  body += R"({"include_usage":true})";
  if (question.max_tokens) {
    append_field(body, "max_tokens");
    body += std::to_string(*question.max_tokens);
  }
  if (question.temperature) {
    append_field(body, "temperature");
    append_json_number(body, *question.temperature);
  }
  if (question.top_p) {
    append_field(body, "top_p");
    append_json_number(body, *question.top_p);
  }
  if (question.seed) {
    append_field(body, "seed");
    body += std::to_string(*question.seed);
  }
  if (!question.user.empty()) append_text(body, "user", question.user);
  if (!question.purpose.empty()) {
    append_field(body, "metadata");
    body += '{';
    append_text(body, "purpose", question.purpose);
    body += '}';
  }
  return body + "}";
}

Answer<ChatReply> ask(HttpClient& client, const ChatQuestion& question, const TextSink& sink,
                      const Cancellation* cancellation, const ChatHeadSink& head_sink) {
  ReplyReader reader(sink);
  ClientRequest request{.method = "POST", .target = "/v1/chat/completions", .body = to_request_body(question)};
  request.quiet_timeout_ms =
      10 * default_answer_timeout_ms;  // a long prompt, or a queue; the daemon has its own limits
  request.cancellation = cancellation;
  const HeadSink take_head = [&](const ClientResponse& head) {
    if (!head_sink) return;
    ChatHead seen{.request_id = request_id_of(head), .receipt = {}};
    if (auto receipt = from_json<Receipt>(head.header("tijori-receipt"))) seen.receipt = *std::move(receipt);
    head_sink(seen);
  };
  const auto response = client.stream(request, [&](std::string_view piece) { return reader.feed(piece); }, take_head);
  if (!response) return std::unexpected(ClientError(response.error(), client.fault()));
  if (response->status != 200) return std::unexpected(refused(*response));
  if (reader.refusal()) {
    ClientError error(*reader.refusal());
    error.http_status = response->status;
    return std::unexpected(std::move(error));
  }
  if (!reader.done())
    return std::unexpected(ClientError(Error{ErrorCode::unavailable, "the answer broke off before its end"}));
  ChatReply& reply = reader.reply();
  reply.request_id = request_id_of(*response);
  return std::move(reply);
}

}  // namespace tijori
