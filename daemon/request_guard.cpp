#include "daemon/request_guard.h"

#include <algorithm>

#include "base/bytes.h"

namespace tijori {
namespace {

constexpr int retry_s = 5;
constexpr size_t max_spans_in_error = 16;

// Of the words people wrote: the last message of a user, or the prompt.
std::string_view words_of(const InferenceRequest& request) {
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message)
    if (message->role == "user") return message->content;
  return request.messages.empty() ? std::string_view(request.prompt) : request.messages.back().content;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// One span of a decision, in the words of the developer's own request.
ErrorSpan error_span(const Decision& decision, bool has_messages) {
  ErrorSpan span;
  span.type = decision.label;
  if (has_messages) span.message = static_cast<int64_t>(decision.part);
  span.start = static_cast<int64_t>(decision.begin.code_point);
  span.end = static_cast<int64_t>(decision.end.code_point);
  span.start_byte = static_cast<int64_t>(decision.begin.byte);
  span.end_byte = static_cast<int64_t>(decision.end.byte);
  return span;
}

std::string text_of(const RenderedReply& prompt) {
  std::string text;
  for (const RenderedPiece& piece : prompt.pieces) text += piece.text;
  return text;
}

std::string* content_of(InferenceRequest& request, size_t message) {
  if (request.messages.empty()) return &request.prompt;
  return message < request.messages.size() ? &request.messages[message].content : nullptr;
}

}  // namespace

RequestGuard::RequestGuard(std::shared_ptr<const CompiledPolicy> policy, const PolicySource& policies,
                           GuardSubject subject, const GuardLimits& limits)
    : policy_(std::move(policy)), policies_(policies), subject_(std::move(subject)), limits_(limits) {}

RequestGuard::~RequestGuard() {
  wipe(whole_);
}

void RequestGuard::keep(Stage stage, const std::vector<Decision>& decisions, const std::string& failed) {
  StageResult& result = stages_[stage];
  for (const Decision& decision : decisions) {
    Action& strongest = hits_.try_emplace(decision.rule, decision.action).first->second;
    strongest = std::max(strongest, decision.action);
    result.decisions.push_back(decision);
  }
  if (!failed.empty()) result.failed_open = rule_that_fails_open(stage);
}

std::string RequestGuard::rule_that_fails_open(Stage stage) const {
  for (const Rule& rule : policy_->policy().rules)
    if (rule.fail == FailMode::open && std::ranges::find(rule.stages, stage) != rule.stages.end() &&
        includes(rule.scope, subject_))
      return rule.id;
  return "unknown";
}

ApiError RequestGuard::unable(const Error& error) const {
  if (error.code == ErrorCode::resource_exhausted && error.message.find("longer") != std::string::npos)
    return {400, "text_too_large", "The guardrails can't judge a text of this size: " + error.message, "", 0};
  return {503, "guardrails_unavailable",
          "The guardrails could not judge the request, so it is refused: " + error.message, "", retry_s};
}

Refusable<void> RequestGuard::refuse(Stage stage, const std::string& rule, std::string_view param) {
  blocked_ = true;
  StageResult& result = stages_[stage];
  result.blocked = true;
  ApiError error{400, std::string(content_filter), policy_->message(rule, subject_.language), std::string(param), 0};
  error.rule = rule;
  for (const Decision& decision : result.decisions)
    if (decision.rule == rule && error.spans.size() < max_spans_in_error)
      error.spans.push_back(error_span(decision, param.starts_with("messages")));
  if (!error.spans.empty())
    error.message +=
        " (rule " + rule + " found " + error.spans.front().type + "; take it out of the text and ask again)";
  return std::unexpected(std::move(error));
}

Refusable<void> RequestGuard::check_request(InferenceRequest& request) {
  subject_.language = detect_language(words_of(request));
  if (!policy_->looks_at(Stage::request_text, subject_)) return {};
  const auto check = [this](std::string& text, size_t part, const std::string& param) -> Refusable<void> {
    auto judged = judge(policy_, Stage::request_text, part, subject_, names_, text, limits_);
    if (!judged) return std::unexpected(unable(judged.error()));
    keep(Stage::request_text, judged->decisions, judged->failed);
    if (judged->verdict >= Action::stop) return refuse(Stage::request_text, judged->rule, param);
    text = std::move(judged->text);
    return {};
  };
  if (request.messages.empty()) return check(request.prompt, 0, "prompt");
  for (size_t i = 0; i < request.messages.size(); ++i)
    TRY(check(request.messages[i].content, i, "messages[" + std::to_string(i) + "].content"));
  return {};
}

bool RequestGuard::looks_at_prompt() const {
  return policy_->looks_at(Stage::rendered_prompt, subject_);
}

Refusable<void> RequestGuard::check_prompt(InferenceRequest& request, const RenderedReply& prompt) {
  const std::string text = text_of(prompt);
  auto judged = judge(policy_, Stage::rendered_prompt, 0, subject_, names_, text, limits_);
  if (!judged) return std::unexpected(unable(judged.error()));
  keep(Stage::rendered_prompt, judged->decisions, judged->failed);
  if (judged->verdict >= Action::stop)
    return refuse(Stage::rendered_prompt, judged->rule, request.messages.empty() ? "prompt" : "messages");

  // Masked from the last span to the first, so that the offsets before it stay right.
  std::vector<const Decision*> masked;
  for (const Decision& decision : judged->decisions)
    if (decision.action == Action::mask) masked.push_back(&decision);
  std::ranges::sort(masked, std::greater<>(), [](const Decision* decision) { return decision->begin.byte; });
  size_t taken_from = text.size();
  for (const Decision* decision : masked) {
    const size_t end = std::min(decision->end.byte, taken_from);
    if (decision->begin.byte >= end) continue;
    taken_from = decision->begin.byte;
    const std::string_view source = std::string_view(text).substr(decision->begin.byte, end - decision->begin.byte);
    std::string mask = decision->mask == MaskStyle::last_four ? mask_last_four(source)
                                                              : names_.name(decision->label, comparable_value(source));
    size_t piece_begin = 0;
    for (const RenderedPiece& piece : prompt.pieces) {
      const size_t first = std::max(decision->begin.byte, piece_begin);
      const size_t last = std::min(end, piece_begin + piece.text.size());
      if (piece.message >= 0 && first < last) {
        std::string* const content = content_of(request, static_cast<size_t>(piece.message));
        const size_t place = static_cast<size_t>(piece.begin) + first - piece_begin;
        if (content == nullptr || place + (last - first) > content->size())
          return std::unexpected(unable({ErrorCode::internal, "the rendered prompt does not fit the request"}));
        content->replace(place, last - first, std::exchange(mask, std::string()));
      }
      piece_begin += piece.text.size();
    }
  }
  return {};
}

void RequestGuard::begin_answer() {
  answer_.emplace(policy_, Stage::output_stream, 0, subject_, names_, limits_);
  judges_whole_ = policy_->looks_at(Stage::final_output, subject_);
  holds_whole_ = policy_->may_change(Stage::final_output, subject_);
}

Passed RequestGuard::let_out(std::string text) {
  if (!text.empty()) last_out_ = text.back();
  return {std::move(text), false};
}

// The last of an answer that a policy ends: what may still go, and the message of a block; nothing more of a stop.
Passed RequestGuard::ended(std::string text, const Release& release) {
  blocked_ = true;
  Passed passed = let_out(std::move(text));
  if (release.verdict == Action::block)
    passed.text += (last_out_ == '\n' ? "" : "\n\n") + policy_->message(release.rule, subject_.language);
  passed.ended = true;
  return passed;
}

Refusable<Passed> RequestGuard::push_answer(std::string_view text) {
  if (!answer_) begin_answer();
  auto release = answer_->push(text);
  if (!release) return std::unexpected(unable(release.error()));
  if (judges_whole_) whole_ += release->text;
  if (release->verdict < Action::stop) return let_out(holds_whole_ ? std::string() : std::move(release->text));
  keep(Stage::output_stream, answer_->decisions(), answer_->failed());
  stages_[Stage::output_stream].blocked = true;
  if (!judges_whole_) return ended(std::move(release->text), *release);
  return judge_whole(std::move(release->text), std::move(*release));
}

Refusable<Passed> RequestGuard::finish_answer() {
  if (!answer_) begin_answer();
  auto release = answer_->finish();
  if (!release) return std::unexpected(unable(release.error()));
  keep(Stage::output_stream, answer_->decisions(), answer_->failed());
  if (release->verdict >= Action::stop) stages_[Stage::output_stream].blocked = true;
  if (judges_whole_) {
    whole_ += release->text;
    return judge_whole(std::move(release->text), std::move(*release));
  }
  if (release->verdict >= Action::stop) return ended(std::move(release->text), *release);
  return let_out(std::move(release->text));
}

// Stage final_output, over all that output_stream let through. `text` is what of it has not gone out yet.
Refusable<Passed> RequestGuard::judge_whole(std::string text, Release release) {
  auto judged = judge(policy_, Stage::final_output, 0, subject_, names_, whole_, limits_);
  if (!judged) return std::unexpected(unable(judged.error()));
  keep(Stage::final_output, judged->decisions, judged->failed);
  if (holds_whole_) text = std::move(judged->text);
  if (judged->verdict >= Action::stop) {
    stages_[Stage::final_output].blocked = true;
    if (judged->verdict > release.verdict || release.rule.empty()) release.rule = judged->rule;
    release.verdict = std::max(release.verdict, judged->verdict);
  }
  return release.verdict >= Action::stop ? ended(std::move(text), release) : let_out(std::move(text));
}

std::vector<AuditDraft> RequestGuard::records(const AuditDraft& base) const {
  for (const auto& [rule, action] : hits_) policies_.count_hit(*policy_, rule, action);
  std::vector<AuditDraft> drafts;
  size_t recorded = 0;
  for (const auto& [stage, result] : stages_) {
    std::vector<AuditDecision> decisions;
    std::string strongest = "allow";
    Action strength = Action::allow;
    for (const Decision& decision : result.decisions) {
      if (decision.action >= strength) {
        strength = decision.action;
        strongest = name_of(decision.action);
      }
      decisions.push_back({decision.rule, lower_case(decision.label), std::string(name_of(decision.action)),
                           static_cast<int64_t>(decision.part), static_cast<int64_t>(decision.begin.byte),
                           static_cast<int64_t>(decision.end.byte), static_cast<int64_t>(decision.score * 1000 + 0.5)});
    }
    if (result.failed_open) {
      if (strength <= Action::allow) strongest = "failed-open";
      decisions.push_back({*result.failed_open, "unknown", "failed-open", 0, 0, 0, 0});
    }
    const size_t count = decisions.size();
    for (size_t first = 0; first < count && recorded < max_decisions_per_request; first += max_decisions_per_record) {
      const size_t size = std::min({max_decisions_per_record, count - first, max_decisions_per_request - recorded});
      recorded += size;
      AuditDraft draft = base;
      draft.event = "guardrail.decided";
      draft.outcome = result.blocked ? "blocked" : "ok";
      draft.object = to_hex(policy_->policy().digest);
      draft.detail = {};
      draft.detail.set("stage", std::string(name_of(stage)));
      draft.detail.set("action", strongest);
      draft.detail.set("count", static_cast<int64_t>(count));
      draft.detail.set("decisions",
                       std::vector<AuditDecision>(decisions.begin() + static_cast<std::ptrdiff_t>(first),
                                                  decisions.begin() + static_cast<std::ptrdiff_t>(first + size)));
      if (first > 0) draft.detail.set("first", static_cast<int64_t>(first));
      drafts.push_back(std::move(draft));
    }
  }
  return drafts;
}

}  // namespace tijori
