// One request under one guardrail policy: its texts on the way in, its answer on the way out, and what was decided, for
// the record. Takes the policy once and keeps it to the end.
//
//   RequestGuard guard(policy, policies, subject);
//   TRY(guard.check_request(request));                  // masked in place, or refused
//   TRY_ASSIGN(Passed passed, guard.push_answer(text)); // for each piece of the answer
//   TRY_ASSIGN(Passed last, guard.finish_answer());
//   append(guard.records(draft));
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guardrails/guard.h"
#include "daemon/policy_source.h"
#include "protocol/audit_messages.h"
#include "protocol/chat_request.h"
#include "protocol/engine_messages.h"

namespace tijori {

// Decisions that one request puts on record; the count of all of them is recorded anyway.
inline constexpr size_t max_decisions_per_request = 256;
inline constexpr std::string_view content_filter = "content_filter";  // finish reason and code of what a policy ended

// What of the answer may go on to the client.
struct Passed {
  std::string text;
  bool ended = false;  // the policy ends the answer here: nothing more is to be generated
};

// Belongs to one thread at a time; `policies` must outlive it.
class RequestGuard {
 public:
  RequestGuard(std::shared_ptr<const CompiledPolicy> policy, const PolicySource& policies, GuardSubject subject,
               const GuardLimits& limits = {});
  ~RequestGuard();

  const CompiledPolicy& policy() const { return *policy_; }
  bool blocked() const { return blocked_; }

  // Stage request_text: each message, or the prompt. Afterwards the request holds what the model may see. Refused with
  // content_filter, text_too_large or guardrails_unavailable.
  Refusable<void> check_request(InferenceRequest& request);

  // Stage rendered_prompt: whether it needs the prompt as rendered, and the same with it. A span is masked in the
  // message it lies in; one over several messages in the first of them, and its rest is dropped. The template's own
  // text stays.
  bool looks_at_prompt() const;
  Refusable<void> check_prompt(InferenceRequest& request, const RenderedReply& prompt);

  // Stages output_stream and final_output.
  Refusable<Passed> push_answer(std::string_view text);
  Refusable<Passed> finish_answer();

  // guardrail.decided records of what was decided so far, with `base` for who asked and which request it was.
  std::vector<AuditDraft> records(const AuditDraft& base) const;

 private:
  struct StageResult {
    std::vector<Decision> decisions;
    bool blocked = false;
    std::optional<std::string> failed_open;  // rule
  };

  void begin_answer();
  Refusable<Passed> judge_whole(std::string text, Release release);
  void keep(Stage stage, const std::vector<Decision>& decisions, const std::string& failed);
  Refusable<void> refuse(Stage stage, const std::string& rule, std::string_view param);
  ApiError unable(const Error& error) const;
  Passed ended(std::string text, const Release& release);
  Passed let_out(std::string text);
  std::string rule_that_fails_open(Stage stage) const;

  const std::shared_ptr<const CompiledPolicy> policy_;
  const PolicySource& policies_;
  GuardSubject subject_;
  const GuardLimits limits_;
  MaskNames names_;
  std::map<Stage, StageResult> stages_;
  std::map<std::string, Action> hits_;
  bool blocked_ = false;

  std::optional<Guard> answer_;
  bool judges_whole_ = false;  // final_output looks at the answer
  bool holds_whole_ = false;   // and may change it: nothing goes out before
  std::string whole_;
  char last_out_ = '\n';  // the last character that went out
};

}  // namespace tijori
