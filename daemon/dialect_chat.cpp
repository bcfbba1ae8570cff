#include "daemon/dialect.h"

namespace tijori {
namespace {

class ChatForm final : public DialectForm {
 public:
  explicit ChatForm(AnswerHead head) : head_(std::move(head)) {}

  std::string opening() const override { return chunk({"assistant", ""}, std::nullopt); }
  std::string delta(std::string_view text) const override {
    return chunk({std::nullopt, std::string(text)}, std::nullopt);
  }
  std::string closing(std::string_view finish_reason) const override {
    return chunk({std::nullopt, std::nullopt}, std::string(finish_reason));
  }
  std::string usage(const Usage& usage) const override {
    ChatChunk chunk = empty_chunk();
    chunk.usage = usage;
    return to_json(chunk);
  }
  std::string whole(std::string_view text, std::string_view finish_reason, const Usage& usage) const override {
    ChatCompletion completion;
    completion.id = "chatcmpl-" + head_.request_id;
    completion.created = head_.created_s;
    completion.model = head_.model;
    completion.choices.push_back({0, {"assistant", std::string(text)}, std::string(finish_reason)});
    completion.usage = usage;
    return to_json(completion);
  }

 private:
  ChatChunk empty_chunk() const {
    ChatChunk chunk;
    chunk.id = "chatcmpl-" + head_.request_id;
    chunk.created = head_.created_s;
    chunk.model = head_.model;
    return chunk;
  }
  std::string chunk(ChunkDelta delta, std::optional<std::string> finish_reason) const {
    ChatChunk chunk = empty_chunk();
    chunk.choices.push_back({0, std::move(delta), std::move(finish_reason)});
    return to_json(chunk);
  }

  const AnswerHead head_;
};

}  // namespace

std::unique_ptr<DialectForm> make_chat_form(AnswerHead head) {
  return std::make_unique<ChatForm>(std::move(head));
}

std::unique_ptr<DialectForm> make_dialect_form(Dialect dialect, AnswerHead head) {
  return dialect == Dialect::chat ? make_chat_form(std::move(head)) : make_completions_form(std::move(head));
}

}  // namespace tijori
