#include "daemon/answer_guard.h"

#include "daemon/guardrails/wipe.h"

namespace tijori {

AnswerGuard::AnswerGuard(RequestGuard& request)
    : request_(request),
      stream_(request.guard_at(stream_verdict_, 0)),
      looks_at_whole_(request.policy_->looks_at(Stage::final_output, request.subject_)),
      holds_(request.policy_->may_change(Stage::final_output, request.subject_)) {}

AnswerGuard::~AnswerGuard() {
  stream_verdict_.decisions = stream_.decisions();
  request_.add_failed_open(stream_verdict_, stream_);
  request_.keep(std::move(stream_verdict_));
  request_.keep(std::move(whole_verdict_));
  wipe(whole_);
}

Refusable<AnswerPiece> AnswerGuard::take(Result<Release> released, TextEnd end) {
  const auto fails = [](const Error& error) { return std::unexpected(guardrails_unavailable(error.message)); };
  if (!released) return fails(released.error());
  Release release = *std::move(released);
  stream_verdict_.is_blocked = ends_text(release.verdict);
  if (looks_at_whole_) {
    whole_ += release.text;
    if (holds_) release.text.clear();
    if (end == TextEnd::final || stream_verdict_.is_blocked) {
      auto judged = judge_whole();
      if (!judged) return fails(judged.error());
      if (holds_) release.text = std::move(judged->text);
      if (ends_text(judged->verdict)) {
        release.verdict = judged->verdict;
        release.rule = std::move(judged->rule);
      }
    }
  }
  AnswerPiece piece{std::move(release.text)};
  if (!piece.text.empty()) last_ = piece.text.back();
  piece.is_end = ends_text(release.verdict);
  if (release.verdict == Action::block) piece.message = (last_ == '\n' ? "" : "\n\n") + request_.message(release.rule);
  return piece;
}

Result<Release> AnswerGuard::judge_whole() {
  Guard guard = request_.guard_at(whole_verdict_, 0);
  auto judged = judge_whole_text(guard, whole_);
  whole_verdict_.decisions = guard.decisions();
  whole_verdict_.is_blocked = judged && ends_text(judged->verdict);
  request_.add_failed_open(whole_verdict_, guard);
  return judged;
}

}  // namespace tijori
