// Where guardrails meet a request: before the engine gets anything of it. answer_guard.h has the way back.
//
//   TRY_ASSIGN(guard, RequestGuard::begin(…));   // the policy in force, taken once
//   TRY(guard->judge_texts());                   // request_text: masks, or refuses
//   if (guard->looks_at_prompt()) TRY(guard->judge_prompt(rendered));
//   generate(guard->request());
//   AnswerGuard answer(*guard);                  // output_stream and final_output
//   TRY_ASSIGN(piece, answer.push(delta));       // piece.text is what the client may see
//   append(guard->records(draft));               // guardrail.decided, before released
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guard_record.h"
#include "daemon/guardrails/guard.h"
#include "daemon/identity.h"
#include "daemon/policy_source.h"
#include "protocol/audit_messages.h"
#include "protocol/chat_request.h"
#include "protocol/engine_messages.h"

namespace tijori {

inline constexpr size_t max_refusal_spans = 64;                       // in one error object
inline constexpr std::string_view content_filter = "content_filter";  // code and finish reason of what a policy ended

// 503, with the reason.
ApiError guardrails_unavailable(const std::string& why);
// What the guard releases of a text that is there as a whole.
Result<Release> judge_whole_text(Guard& guard, std::string_view text);
inline bool ends_text(Action action) {
  return action >= Action::stop;
}

// Belongs to one thread at a time.
class RequestGuard {
 public:
  // 503 guardrails_unavailable when there is no policy that can be relied on. `source` must outlive it.
  static Refusable<std::unique_ptr<RequestGuard>> begin(const PolicySource& source, const Identity& client,
                                                        const std::string& model, InferenceRequest request,
                                                        const GuardLimits& limits);

  // The texts of the request, each by itself. content_filter names the rule and every span that it or another one
  // refused; text_too_large and guardrails_unavailable when they could not be judged.
  Refusable<void> judge_texts();
  bool looks_at_prompt() const;
  RenderRequest render_request() const;
  // The whole prompt; masks fall on the messages that their spans touch, what the template put in stays.
  Refusable<void> judge_prompt(const RenderedReply& rendered);

  // As far as it was judged, with what was masked.
  const InferenceRequest& request() const { return request_; }
  const CompiledPolicy& policy() const { return *policy_; }
  std::string policy_digest() const;
  // The sentence for the end user when this rule blocked.
  std::string message(std::string_view rule) const { return policy_->message(rule, subject_.language); }

  // guardrail.decided for every stage in which something was decided; `draft` says whose request it is.
  std::vector<AuditDraft> records(const AuditDraft& draft) const;
  // Counts each rule that decided something in the request once for each of its actions.
  void count_hits() const;

 private:
  friend class AnswerGuard;
  RequestGuard(const PolicySource& source, std::shared_ptr<const CompiledPolicy> policy, GuardSubject subject,
               InferenceRequest request, const GuardLimits& limits)
      : source_(source),
        policy_(std::move(policy)),
        subject_(std::move(subject)),
        request_(std::move(request)),
        limits_(limits) {}

  // A text that was masked, as it came.
  struct Original {
    std::string text;
    std::vector<MaskedSpan> masked;
  };

  bool is_prompt() const { return request_.dialect == Dialect::completions; }
  size_t parts() const { return is_prompt() ? 1 : request_.messages.size(); }
  const std::string& text_of(size_t part) const {
    return is_prompt() ? request_.prompt : request_.messages[part].content;
  }
  std::string& text_of(size_t part) { return is_prompt() ? request_.prompt : request_.messages[part].content; }
  std::string param_of(size_t part) const;
  // The developer's own text, and where in it a byte of the text as it is now stands.
  std::string_view original_of(size_t part) const;
  size_t original_begin(size_t part, size_t byte) const;
  size_t original_end(size_t part, size_t byte) const;
  ErrorSpan span_of(const std::string& label, size_t part, size_t begin, size_t end) const;

  Guard guard_at(const StageVerdict& verdict, size_t part);
  void add_failed_open(StageVerdict& verdict, const Guard& guard) const;
  void keep(StageVerdict verdict) { verdicts_.push_back(std::move(verdict)); }
  ApiError refusal(std::string_view rule, std::vector<ErrorSpan> spans) const;
  bool fits(const RenderedReply& rendered) const;
  void mask_prompt(const RenderedReply& rendered, const std::string& judged, const std::vector<MaskedSpan>& masked);

  const PolicySource& source_;
  const std::shared_ptr<const CompiledPolicy> policy_;
  const GuardSubject subject_;
  InferenceRequest request_;
  const GuardLimits limits_;
  MaskNames names_;
  std::map<size_t, Original> originals_;  // by part
  std::vector<StageVerdict> verdicts_;
};

}  // namespace tijori
