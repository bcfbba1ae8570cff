// Conversations as token ids, in the form that a model was trained on. Control tokens are put in by id and the text
// between two of them is tokenised by itself, so that nothing a user writes can forge one. For text without the names
// of control tokens the ids are those of tokenising the whole rendered template, also where content begins with a
// newline and merges with the header's (Meta's own encoder keeps the two apart there).
//
//   llama4  BOS, then per message <|header_start|>ROLE<|header_end|>\n\nCONTENT<|eot|>
//   llama3  BOS, then per message <|start_header_id|>ROLE<|end_header_id|>\n\nCONTENT<|eot_id|>; templates of 3.1 and
//           later always have a system message, which begins with two lines of dates
//   chatml  per message <|im_start|>ROLE\nCONTENT<|im_end|>\n
//
// A template is recognised by its markers and taken for what it prints in a plain conversation; Jinja is not run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/tokenizer.h"

namespace tijori {

enum class ChatFormatKind : uint8_t {
  none,  // the file has no template: prompts only
  llama4,
  llama3,
  chatml,
};
std::string_view name_of(ChatFormatKind kind);

enum class ChatRole : uint8_t { system, user, assistant };
std::string_view name_of(ChatRole role);
// unsupported for the tool roles, invalid_argument for any other word.
Result<ChatRole> find_chat_role(std::string_view name);

struct ChatMessage {
  ChatRole role = ChatRole::user;
  std::string content;
};

// A run of a rendered prompt: a control token, text of the template, or text of one message.
struct PromptPiece {
  static constexpr int of_template = -1;
  std::string text;           // of a control token its name
  int message = of_template;  // index of the message; of a plain prompt 0
  size_t begin = 0;           // where the text begins in that message's content
  std::optional<TokenId> control{};
};

// The tokenizer must outlive it. Immutable, so any thread may use it.
class ChatFormat {
 public:
  // From the file's tokenizer.chat_template, "" when it has none. `wanted` is a format named by the operator, or "" to
  // go by the template. unsupported when the template is none of the known ones and no format is named, and when the
  // vocabulary lacks a control token of the format.
  static Result<ChatFormat> create(const Tokenizer& tokenizer, std::string_view chat_template, std::string_view wanted);

  ChatFormatKind kind() const { return kind_; }
  // The system message that the template puts in when the conversation brings none; often empty.
  const std::string& default_system() const { return default_system_; }

  // The messages and the header of the answer. unsupported when the kind is none; invalid_argument without messages.
  Result<std::vector<TokenId>> render(std::span<const ChatMessage> messages) const;
  // Plain text to be continued, with BOS where the file asks for it.
  Result<std::vector<TokenId>> render_prompt(std::string_view text) const;
  // What is tokenised then, in order: the texts of these pieces, one after another, are the prompt as it is printed.
  Result<std::vector<PromptPiece>> pieces(std::span<const ChatMessage> messages) const;
  std::vector<PromptPiece> pieces_of_prompt(std::string_view text) const;

  // Any of these ends an answer; ascending.
  std::span<const TokenId> stop_tokens() const { return stop_tokens_; }
  bool is_stop_token(TokenId token) const;

 private:
  enum class Trim : uint8_t { none, system, all };

  explicit ChatFormat(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}
  Status find_tokens();
  void read_template(std::string_view chat_template);
  void collect_stop_tokens();
  void add_control(TokenId token, std::vector<PromptPiece>& out) const;
  void add_header(ChatRole role, std::vector<PromptPiece>& out) const;
  void add_message(ChatRole role, std::initializer_list<PromptPiece> content, std::vector<PromptPiece>& out) const;
  Result<std::vector<TokenId>> encode(std::span<const PromptPiece> pieces) const;

  const Tokenizer* tokenizer_;
  ChatFormatKind kind_ = ChatFormatKind::none;
  Trim trim_ = Trim::none;
  bool prints_bos_ = false;
  bool always_has_system_ = false;
  std::string default_system_;
  std::string system_preamble_;  // before the text of the first system message
  TokenId header_start_ = 0;
  TokenId header_end_ = 0;  // unused by chatml
  TokenId end_ = 0;
  std::vector<TokenId> stop_tokens_;
};

}  // namespace tijori
