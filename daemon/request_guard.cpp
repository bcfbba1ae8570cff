#include "daemon/request_guard.h"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/guardrails/language.h"
#include "protocol/role.h"

namespace tijori {
namespace {

constexpr int guardrails_retry_s = 5;

ApiError unjudged(const Error& error, size_t text_bytes, const GuardLimits& limits, std::string param) {
  if (text_bytes > limits.max_text_bytes) return {400, "text_too_large", error.message, std::move(param), 0};
  return guardrails_unavailable(error.message);
}

// What a person wrote last.
std::string_view writer_text(const InferenceRequest& request) {
  if (request.dialect == Dialect::completions) return request.prompt;
  const auto found =
      std::ranges::find(request.messages.rbegin(), request.messages.rend(), "user", &EngineMessage::role);
  if (found != request.messages.rend()) return found->content;
  return request.messages.empty() ? std::string_view() : std::string_view(request.messages.back().content);
}

GuardSubject subject_of(const Identity& client, const std::string& model, const InferenceRequest& request) {
  GuardSubject subject;
  subject.application = client.client_name;
  for (const Role role : all_roles)
    if (client.roles.has(role)) subject.roles.emplace_back(name_of(role));
  subject.model = model;
  subject.language = detect_language(writer_text(request));
  return subject;
}

int64_t code_points(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

}  // namespace

ApiError guardrails_unavailable(const std::string& why) {
  return {503, "guardrails_unavailable", "The guardrails can't judge this now, so it isn't answered: " + why, "",
          guardrails_retry_s};
}

Result<Release> judge_whole_text(Guard& guard, std::string_view text) {
  TRY_ASSIGN(Release first, guard.push(text));
  TRY_ASSIGN(Release last, guard.finish());
  last.text.insert(0, first.text);
  return last;
}

Refusable<std::unique_ptr<RequestGuard>> RequestGuard::begin(const PolicySource& source, const Identity& client,
                                                             const std::string& model, InferenceRequest request,
                                                             const GuardLimits& limits) {
  auto policy = source.active();
  if (!policy) return std::unexpected(guardrails_unavailable(policy.error().message));
  GuardSubject subject = subject_of(client, model, request);
  return std::unique_ptr<RequestGuard>(
      new RequestGuard(source, *std::move(policy), std::move(subject), std::move(request), limits));
}

std::string RequestGuard::policy_digest() const {
  return to_hex(policy_->policy().digest);
}

std::string RequestGuard::param_of(size_t part) const {
  return is_prompt() ? "prompt" : "messages[" + std::to_string(part) + "].content";
}

std::string_view RequestGuard::original_of(size_t part) const {
  const auto found = originals_.find(part);
  return found == originals_.end() ? std::string_view(text_of(part)) : std::string_view(found->second.text);
}

size_t RequestGuard::original_begin(size_t part, size_t byte) const {
  const auto found = originals_.find(part);
  if (found == originals_.end()) return byte;
  MaskedSpan before;  // the last mask that begins at or before the byte
  for (const MaskedSpan& span : found->second.masked)
    if (span.mask_begin <= byte) before = span;
  return byte < before.mask_end ? before.begin : before.end + (byte - before.mask_end);
}

size_t RequestGuard::original_end(size_t part, size_t byte) const {
  const auto found = originals_.find(part);
  if (found == originals_.end()) return byte;
  MaskedSpan before;
  for (const MaskedSpan& span : found->second.masked)
    if (span.mask_begin < byte) before = span;
  return byte <= before.mask_end ? before.end : before.end + (byte - before.mask_end);
}

ErrorSpan RequestGuard::span_of(const std::string& label, size_t part, size_t begin, size_t end) const {
  const std::string_view text = original_of(part);
  ErrorSpan span;
  span.type = label;
  if (!is_prompt()) span.message = static_cast<int64_t>(part);
  span.start_byte = static_cast<int64_t>(original_begin(part, begin));
  span.end_byte = static_cast<int64_t>(original_end(part, end));
  span.start = code_points(text.substr(0, static_cast<size_t>(span.start_byte)));
  span.end = code_points(text.substr(0, static_cast<size_t>(span.end_byte)));
  return span;
}

// One stage of a request has one allowance of decisions.
Guard RequestGuard::guard_at(const StageVerdict& verdict, size_t part) {
  GuardLimits limits = limits_;
  limits.max_decisions -= std::min(limits.max_decisions, verdict.decisions.size());
  return {policy_, verdict.stage, part, subject_, names_, limits};
}

// Where a text passes unjudged, every rule that looks there does so.
void RequestGuard::add_failed_open(StageVerdict& verdict, const Guard& guard) const {
  if (guard.failed().empty()) return;
  for (const Rule& rule : policy_->policy().rules) {
    const bool looks =
        std::ranges::find(rule.stages, verdict.stage) != rule.stages.end() && includes(rule.scope, subject_);
    if (looks) verdict.failed_open.insert(rule.id);
  }
}

ApiError RequestGuard::refusal(std::string_view rule, std::vector<ErrorSpan> spans) const {
  const std::string place = !spans.empty() ? param_of(static_cast<size_t>(spans.front().message.value_or(0)))
                            : is_prompt()  ? "prompt"
                                           : "messages";
  const std::string advice = spans.empty() ? "it arises between the messages of the prompt"
                                           : "take what spans points at out of " + place + " and send it again";
  ApiError error{400, std::string(content_filter), message(rule) + " (Rule " + std::string(rule) + ": " + advice + ".)",
                 place, 0};
  error.rule = rule;
  if (spans.size() > max_refusal_spans) spans.resize(max_refusal_spans);
  error.spans = std::move(spans);
  return error;
}

Refusable<void> RequestGuard::judge_texts() {
  StageVerdict verdict{Stage::request_text};
  std::string rule;
  std::vector<ErrorSpan> spans;
  // All of them, so that the refusal can name everything that is in the way.
  for (size_t part = 0; part < parts(); ++part) {
    Guard guard = guard_at(verdict, part);
    std::string& text = text_of(part);
    auto judged = judge_whole_text(guard, text);
    add_failed_open(verdict, guard);
    verdict.decisions.insert(verdict.decisions.end(), guard.decisions().begin(), guard.decisions().end());
    if (!judged) {
      keep(std::move(verdict));
      return std::unexpected(unjudged(judged.error(), text.size(), limits_, param_of(part)));
    }
    if (ends_text(judged->verdict)) {
      if (rule.empty()) rule = judged->rule;
      for (const Decision& decision : guard.decisions())
        if (ends_text(decision.action))
          spans.push_back(span_of(decision.label, part, decision.begin.byte, decision.end.byte));
      continue;
    }
    if (guard.masked().empty()) continue;
    originals_[part] = {std::exchange(text, std::move(judged->text)), guard.masked()};
  }
  verdict.is_blocked = !rule.empty();
  keep(std::move(verdict));
  if (!rule.empty()) return std::unexpected(refusal(rule, std::move(spans)));
  return {};
}

bool RequestGuard::looks_at_prompt() const {
  return policy_->looks_at(Stage::rendered_prompt, subject_);
}

RenderRequest RequestGuard::render_request() const {
  RenderRequest render;
  if (is_prompt())
    render.prompt = request_.prompt;
  else
    render.messages = request_.messages;
  return render;
}

// Whether the pieces hold all that was asked for, where they say; a template may trim blanks.
bool RequestGuard::fits(const RenderedReply& rendered) const {
  std::vector<std::string> missing(parts());
  for (size_t part = 0; part < parts(); ++part) missing[part] = text_of(part);
  for (const RenderedPiece& piece : rendered.pieces) {
    if (piece.message < 0) continue;
    if (std::cmp_greater_equal(piece.message, parts())) return false;
    std::string& text = missing[static_cast<size_t>(piece.message)];
    if (piece.begin < 0 || std::cmp_greater(piece.begin, text.size())) return false;
    const auto begin = static_cast<size_t>(piece.begin);
    if (!std::string_view(text).substr(begin).starts_with(piece.text)) return false;
    std::fill_n(text.begin() + piece.begin, piece.text.size(), ' ');
  }
  constexpr std::string_view blanks = " \t\n\r\f\v";
  return std::ranges::all_of(
      missing, [&](const std::string& text) { return text.find_first_not_of(blanks) == std::string::npos; });
}

Refusable<void> RequestGuard::judge_prompt(const RenderedReply& rendered) {
  if (!fits(rendered)) return std::unexpected(guardrails_unavailable("the engine rendered another prompt"));
  std::string prompt;
  for (const RenderedPiece& piece : rendered.pieces) prompt += piece.text;
  StageVerdict verdict{Stage::rendered_prompt};
  Guard guard = guard_at(verdict, 0);
  auto judged = judge_whole_text(guard, prompt);
  add_failed_open(verdict, guard);
  verdict.decisions = guard.decisions();
  verdict.is_blocked = judged && ends_text(judged->verdict);
  keep(std::move(verdict));
  if (!judged)
    return std::unexpected(unjudged(judged.error(), prompt.size(), limits_, is_prompt() ? "prompt" : "messages"));
  if (!ends_text(judged->verdict)) {
    mask_prompt(rendered, judged->text, guard.masked());
    return {};
  }
  std::vector<ErrorSpan> spans;
  for (const Decision& decision : guard.decisions()) {
    if (!ends_text(decision.action)) continue;
    size_t at = 0;
    for (const RenderedPiece& piece : rendered.pieces) {
      const size_t begin = std::max(decision.begin.byte, at);
      const size_t end = std::min(decision.end.byte, at + piece.text.size());
      const auto offset = static_cast<size_t>(piece.begin);
      if (piece.message >= 0 && begin < end)
        spans.push_back(
            span_of(decision.label, static_cast<size_t>(piece.message), offset + begin - at, offset + end - at));
      at += piece.text.size();
    }
  }
  return std::unexpected(refusal(judged->rule, std::move(spans)));
}

// A mask stands in the first message that its span touches; of the others the touched text goes.
void RequestGuard::mask_prompt(const RenderedReply& rendered, const std::string& judged,
                               const std::vector<MaskedSpan>& masked) {
  std::set<size_t> placed;  // masks, by index
  std::map<size_t, std::string> texts;
  std::map<size_t, size_t> copied;  // bytes of a message's text that are in its new one
  size_t at = 0;
  for (const RenderedPiece& piece : rendered.pieces) {
    const size_t piece_end = at + piece.text.size();
    for (size_t i = 0; piece.message >= 0 && i < masked.size(); ++i) {
      const size_t begin = std::max(masked[i].begin, at);
      const size_t end = std::min(masked[i].end, piece_end);
      if (begin >= end) continue;
      const auto part = static_cast<size_t>(piece.message);
      const auto offset = static_cast<size_t>(piece.begin);
      std::string& text = texts[part];
      size_t& from = copied[part];
      text += std::string_view(text_of(part)).substr(from, offset + begin - at - from);
      if (placed.insert(i).second)
        text += std::string_view(judged).substr(masked[i].mask_begin, masked[i].mask_end - masked[i].mask_begin);
      from = offset + end - at;
    }
    at = piece_end;
  }
  for (auto& [part, text] : texts) {
    text += std::string_view(text_of(part)).substr(copied[part]);
    text_of(part) = std::move(text);
  }
}

std::vector<AuditDraft> RequestGuard::records(const AuditDraft& draft) const {
  std::vector<AuditDraft> records;
  for (const StageVerdict& verdict : verdicts_) add_guard_records(verdict, policy_digest(), draft, records);
  return records;
}

void RequestGuard::count_hits() const {
  std::set<std::pair<std::string_view, Action>> hits;
  for (const StageVerdict& verdict : verdicts_)
    for (const Decision& decision : verdict.decisions) hits.emplace(decision.rule, decision.action);
  for (const auto& [rule, action] : hits) source_.count_hit(*policy_, rule, action);
}

}  // namespace tijori
