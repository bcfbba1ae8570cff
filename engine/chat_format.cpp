#include "engine/chat_format.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace tijori {
namespace {

// The control tokens of a format, whose names in the template also tell which one it is.
struct Markers {
  ChatFormatKind kind;
  std::string_view header_start, header_end, end;
  std::array<std::string_view, 3> also_stops;  // further tokens that end an answer, where the vocabulary has them
};
constexpr std::array<Markers, 3> all_markers = {{
    {ChatFormatKind::llama4, "<|header_start|>", "<|header_end|>", "<|eot|>", {"<|eom|>", "<|end_of_text|>", ""}},
    {ChatFormatKind::llama3,
     "<|start_header_id|>",
     "<|end_header_id|>",
     "<|eot_id|>",
     {"<|eom_id|>", "<|end_of_text|>", ""}},
    {ChatFormatKind::chatml, "<|im_start|>", "", "<|im_end|>", {"<|endoftext|>", "", ""}},
}};

const Markers& markers_of(ChatFormatKind kind) {
  const auto* found =
      std::find_if(all_markers.begin(), all_markers.end(), [kind](const Markers& m) { return m.kind == kind; });
  return *found;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Without blanks and with one kind of quote and of member access, so that a template's spacing doesn't matter.
std::string squeeze(std::string_view chat_template) {
  std::string squeezed;
  for (const char c : chat_template) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    squeezed += c == '"' ? '\'' : c;
  }
  return squeezed;
}

// A template of our formats prints the role and the content of each message as they are.
bool prints_messages(std::string_view squeezed) {
  const bool role = contains(squeezed, "message['role']") || contains(squeezed, "message.role");
  const bool content = contains(squeezed, "message['content']") || contains(squeezed, "message.content");
  return role && content;
}

// Things in a template that change a plain conversation in ways these formats don't know.
bool rewrites_answers(std::string_view squeezed) {
  return contains(squeezed, "<think>") || contains(squeezed, "</think>");
}

Result<ChatFormatKind> recognise(std::string_view chat_template) {
  const std::string squeezed = squeeze(chat_template);
  if (prints_messages(squeezed) && !rewrites_answers(squeezed)) {
    for (const Markers& markers : all_markers) {
      if (contains(squeezed, markers.header_start) && contains(squeezed, markers.header_end) &&
          contains(squeezed, markers.end)) {
        return markers.kind;
      }
    }
  }
  constexpr size_t excerpt_bytes = 60;
  std::string excerpt(chat_template.substr(0, excerpt_bytes));
  for (char& c : excerpt) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) c = ' ';
  }
  return fail(ErrorCode::unsupported,
              "tokenizer.chat_template: " + std::to_string(chat_template.size()) + " bytes that begin with \"" +
                  excerpt + "\" are none of llama4, llama3, chatml; name the format to use with chat_format");
}

// The inside of a Jinja string literal, up to a position that the caller found.
std::string unescape(std::string_view literal) {
  std::string text;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 == literal.size()) {
      text += literal[i];
      continue;
    }
    ++i;
    switch (literal[i]) {
      case 'n':
        text += '\n';
        break;
      case 't':
        text += '\t';
        break;
      default:
        text += literal[i];
        break;
    }
  }
  return text;
}

// A system message that a ChatML template spells out: "<|im_start|>system\nTEXT<|im_end|>" inside one literal.
std::string literal_default_system(std::string_view chat_template) {
  constexpr std::string_view open = "<|im_start|>system";
  constexpr std::string_view close = "<|im_end|>";
  for (size_t at = chat_template.find(open); at != std::string_view::npos; at = chat_template.find(open, at + 1)) {
    std::string_view rest = chat_template.substr(at + open.size());
    if (rest.starts_with("\\n")) {
      rest.remove_prefix(2);
    } else if (rest.starts_with('\n')) {
      rest.remove_prefix(1);
    } else {
      continue;
    }
    const size_t end = rest.find(close);
    if (end == std::string_view::npos) break;
    const std::string_view literal = rest.substr(0, end);
    // A closing quote or brace in between: the text comes from a variable, not from the template.
    bool whole = !literal.empty() && !contains(literal, "{{") && !contains(literal, "}}");
    for (size_t i = 0; i < literal.size(); ++i) {
      if (literal[i] == '\\') {
        ++i;
      } else if (literal[i] == '\'' || literal[i] == '"') {
        whole = false;
      }
    }
    if (whole) return unescape(literal);
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r\f\v";
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::string_view name_of(ChatFormatKind kind) {
  switch (kind) {
    case ChatFormatKind::none:
      return "none";
    case ChatFormatKind::llama4:
      return "llama4";
    case ChatFormatKind::llama3:
      return "llama3";
    case ChatFormatKind::chatml:
      break;
  }
  return "chatml";
}

std::string_view name_of(ChatRole role) {
  switch (role) {
    case ChatRole::system:
      return "system";
    case ChatRole::user:
      return "user";
    case ChatRole::assistant:
      break;
  }
  return "assistant";
}

Result<ChatRole> find_chat_role(std::string_view name) {
  for (const ChatRole role : {ChatRole::system, ChatRole::user, ChatRole::assistant}) {
    if (name_of(role) == name) return role;
  }
  if (name == "tool" || name == "function" || name == "ipython") {
    return fail(ErrorCode::unsupported, "role: \"" + std::string(name) + "\": tool messages are not supported");
  }
  return fail(ErrorCode::invalid_argument, "role: expected system, user or assistant");
}

Result<ChatFormat> ChatFormat::create(const Tokenizer& tokenizer, std::string_view chat_template,
                                      std::string_view wanted) {
  ChatFormat format(tokenizer);
  if (!wanted.empty()) {
    const auto* found = std::find_if(all_markers.begin(), all_markers.end(),
                                     [wanted](const Markers& markers) { return name_of(markers.kind) == wanted; });
    if (found == all_markers.end()) {
      return fail(ErrorCode::invalid_argument,
                  "chat_format: \"" + std::string(wanted) + "\" is none of llama4, llama3, chatml");
    }
    format.kind_ = found->kind;
  } else if (!chat_template.empty()) {
    TRY_ASSIGN(format.kind_, recognise(chat_template));
  }
  if (format.kind_ != ChatFormatKind::none) {
    TRY(format.find_tokens());
    format.read_template(chat_template);
  }
  format.collect_stop_tokens();
  return format;
}

Status ChatFormat::find_tokens() {
  const Markers& markers = markers_of(kind_);
  const auto find = [this](std::string_view name, TokenId& id) -> Status {
    if (name.empty()) return {};
    const std::optional<TokenId> found = tokenizer_->find_special(name);
    if (!found) {
      return fail(ErrorCode::unsupported, "chat format " + std::string(name_of(kind_)) +
                                              ": the vocabulary has no control token \"" + std::string(name) + "\"");
    }
    id = *found;
    return {};
  };
  TRY(find(markers.header_start, header_start_));
  TRY(find(markers.header_end, header_end_));
  TRY(find(markers.end, end_));
  if (kind_ != ChatFormatKind::chatml && !tokenizer_->bos()) {
    return fail(ErrorCode::unsupported,
                "chat format " + std::string(name_of(kind_)) + ": the file has no tokenizer.ggml.bos_token_id");
  }
  return {};
}

void ChatFormat::read_template(std::string_view chat_template) {
  const std::string squeezed = squeeze(chat_template);
  const bool trims_all = contains(squeezed, "message['content']|trim") || contains(squeezed, "message.content|trim");
  switch (kind_) {
    case ChatFormatKind::none:
      break;
    case ChatFormatKind::llama4:
      prints_bos_ = true;
      trim_ = trims_all ? Trim::all : Trim::system;
      break;
    case ChatFormatKind::llama3:
      prints_bos_ = true;
      trim_ = Trim::all;
      // Llama 3.1 and later. Their date is the template's own default: a date of today would make the same request
      // another prompt tomorrow.
      if (contains(chat_template, "Cutting Knowledge Date: December 2023")) {
        always_has_system_ = true;
        system_preamble_ = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";
      }
      break;
    case ChatFormatKind::chatml:
      prints_bos_ = contains(squeezed, "bos_token") && tokenizer_->bos().has_value();
      trim_ = trims_all ? Trim::all : Trim::none;
      default_system_ = literal_default_system(chat_template);
      always_has_system_ = !default_system_.empty();
      break;
  }
}

void ChatFormat::collect_stop_tokens() {
  for (const std::optional<TokenId> id : {tokenizer_->eos(), tokenizer_->eot(), tokenizer_->eom()}) {
    if (id) stop_tokens_.push_back(*id);
  }
  if (kind_ != ChatFormatKind::none) {
    stop_tokens_.push_back(end_);
    for (const std::string_view name : markers_of(kind_).also_stops) {
      if (const std::optional<TokenId> id = tokenizer_->find_special(name)) stop_tokens_.push_back(*id);
    }
  }
  std::sort(stop_tokens_.begin(), stop_tokens_.end());
  stop_tokens_.erase(std::unique(stop_tokens_.begin(), stop_tokens_.end()), stop_tokens_.end());
}

bool ChatFormat::is_stop_token(TokenId token) const {
  return std::binary_search(stop_tokens_.begin(), stop_tokens_.end(), token);
}

void ChatFormat::add_control(TokenId token, std::vector<PromptPiece>& out) const {
  out.push_back({std::string(tokenizer_->text_of(token)), PromptPiece::of_template, 0, token});
}

void ChatFormat::add_header(ChatRole role, std::vector<PromptPiece>& out) const {
  add_control(header_start_, out);
  if (kind_ == ChatFormatKind::chatml) {
    out.push_back({std::string(name_of(role)) + "\n"});
    return;
  }
  out.push_back({std::string(name_of(role))});
  add_control(header_end_, out);
  out.push_back({"\n\n"});
}

void ChatFormat::add_message(ChatRole role, std::initializer_list<PromptPiece> content,
                             std::vector<PromptPiece>& out) const {
  add_header(role, out);
  std::ranges::copy_if(content, std::back_inserter(out), [](const PromptPiece& piece) { return !piece.text.empty(); });
  add_control(end_, out);
  if (kind_ == ChatFormatKind::chatml) out.push_back({"\n"});
}

Result<std::vector<PromptPiece>> ChatFormat::pieces(std::span<const ChatMessage> messages) const {
  if (kind_ == ChatFormatKind::none) {
    return fail(ErrorCode::unsupported, "messages: this model's file has no chat template; name one with chat_format");
  }
  if (messages.empty()) return fail(ErrorCode::invalid_argument, "messages: empty");
  std::vector<PromptPiece> out;
  if (prints_bos_) add_control(*tokenizer_->bos(), out);
  const bool begins_with_system = messages.front().role == ChatRole::system;
  if (always_has_system_ && !begins_with_system) {
    add_message(ChatRole::system, {{system_preamble_ + default_system_}}, out);
  }
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::string_view whole = messages[i].content;
    const bool first_system = i == 0 && begins_with_system;
    const bool trims = trim_ == Trim::all || (trim_ == Trim::system && first_system);
    const std::string_view content = trims ? trimmed(whole) : whole;
    const size_t begin = content.empty() ? 0 : static_cast<size_t>(content.data() - whole.data());
    const PromptPiece piece{std::string(content), static_cast<int>(i), begin};
    add_message(messages[i].role, {{first_system ? system_preamble_ : std::string()}, piece}, out);
  }
  // A message that stops before its content.
  add_header(ChatRole::assistant, out);
  return out;
}

std::vector<PromptPiece> ChatFormat::pieces_of_prompt(std::string_view text) const {
  std::vector<PromptPiece> out;
  if (tokenizer_->adds_bos()) add_control(*tokenizer_->bos(), out);
  out.push_back({std::string(text), 0});
  return out;
}

// Control tokens by id; what stands between two of them is one text.
Result<std::vector<TokenId>> ChatFormat::encode(std::span<const PromptPiece> pieces) const {
  std::vector<TokenId> tokens;
  std::string text;
  int message = PromptPiece::of_template;
  const auto add_text = [&]() -> Status {
    const auto encoded = tokenizer_->encode(text);
    if (!encoded && message == PromptPiece::of_template) return fail(encoded.error());
    if (!encoded) return fail(encoded.error().in("messages[" + std::to_string(message) + "].content"));
    tokens.insert(tokens.end(), encoded->begin(), encoded->end());
    text.clear();
    message = PromptPiece::of_template;
    return {};
  };
  for (const PromptPiece& piece : pieces) {
    if (!piece.control) {
      text += piece.text;
      message = std::max(message, piece.message);
      continue;
    }
    TRY(add_text());
    tokens.push_back(*piece.control);
  }
  TRY(add_text());
  return tokens;
}

Result<std::vector<TokenId>> ChatFormat::render(std::span<const ChatMessage> messages) const {
  TRY_ASSIGN(const std::vector<PromptPiece> pieces_of_messages, pieces(messages));
  return encode(pieces_of_messages);
}

Result<std::vector<TokenId>> ChatFormat::render_prompt(std::string_view text) const {
  std::vector<TokenId> tokens;
  if (tokenizer_->adds_bos()) tokens.push_back(*tokenizer_->bos());
  TRY_ASSIGN(const std::vector<TokenId> encoded, tokenizer_->encode(text));
  tokens.insert(tokens.end(), encoded.begin(), encoded.end());
  return tokens;
}

}  // namespace tijori
