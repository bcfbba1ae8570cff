// How an answer looks in one of OpenAI's dialects. The pipeline feeds the one event stream in; what comes out are
// pieces of the HTTP answer. No dialect sees the client or the engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/chat_request.h"
#include "protocol/chat_response.h"

namespace tijori {

struct AnswerHead {
  std::string request_id;
  std::string model;
  int64_t created_s = 0;
};

class DialectForm {
 public:
  virtual ~DialectForm() = default;
  // JSON of the pieces of a stream, in this order; "" where the dialect has none.
  virtual std::string opening() const = 0;
  virtual std::string delta(std::string_view text) const = 0;
  virtual std::string closing(std::string_view finish_reason) const = 0;
  virtual std::string usage(const Usage& usage) const = 0;
  // JSON of an answer in one piece.
  virtual std::string whole(std::string_view text, std::string_view finish_reason, const Usage& usage) const = 0;
};

std::unique_ptr<DialectForm> make_chat_form(AnswerHead head);
std::unique_ptr<DialectForm> make_completions_form(AnswerHead head);
std::unique_ptr<DialectForm> make_dialect_form(Dialect dialect, AnswerHead head);

}  // namespace tijori
