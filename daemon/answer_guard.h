// Where guardrails meet an answer: between the engine that makes it and the client.
#pragma once

#include <string>
#include <string_view>

#include "daemon/guardrails/identifiers.h"
#include "daemon/request_guard.h"

namespace tijori {

// What of an answer may go to the client now.
struct AnswerPiece {
  std::string text{};
  std::string message{};  // for the end user, after the text: a rule blocked the rest
  bool is_end = false;    // a rule ends the answer here: nothing more comes, and the engine can stop
};

// `request` must outlive it. Belongs to one thread at a time.
class AnswerGuard {
 public:
  explicit AnswerGuard(RequestGuard& request);
  ~AnswerGuard();  // hands what was decided to the request
  AnswerGuard(const AnswerGuard&) = delete;
  AnswerGuard& operator=(const AnswerGuard&) = delete;

  // The answer as the engine makes it. guardrails_unavailable when it can't be judged: nothing more may go out.
  Refusable<AnswerPiece> push(std::string_view text) { return take(stream_.push(text), TextEnd::open); }
  Refusable<AnswerPiece> finish() { return take(stream_.finish(), TextEnd::final); }

 private:
  Refusable<AnswerPiece> take(Result<Release> released, TextEnd end);
  Result<Release> judge_whole();

  RequestGuard& request_;
  StageVerdict stream_verdict_{Stage::output_stream};
  StageVerdict whole_verdict_{Stage::final_output};
  Guard stream_;
  const bool looks_at_whole_;
  const bool holds_;   // a rule for the whole answer may change it: nothing goes out before
  std::string whole_;  // what the rules for the stream let pass
  char last_ = '\n';   // character that went to the client
};

}  // namespace tijori
