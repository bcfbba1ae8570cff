#include "daemon/guardrail_service.h"

#include "daemon/change_log.h"

namespace tijori {
namespace {

template <class T>
AdminAnswer answer_with(const Refusable<T>& result) {
  if (!result) return std::unexpected(result.error());
  return json_answer(*result);
}

bool is_digest(std::string_view text) {
  return text.size() == 2 * digest_bytes && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool GuardrailService::serves(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::guardrails:
    case Endpoint::guardrail_policy:
    case Endpoint::save_policy:
    case Endpoint::lint_policy:
    case Endpoint::bench_policies:
    case Endpoint::check_policy:
    case Endpoint::approve_policy:
    case Endpoint::activate_policy:
    case Endpoint::roll_back_policy:
    case Endpoint::guardrail_hits:
      return true;
    default:
      return false;
  }
}

AdminAnswer GuardrailService::serve(const Identity& client, const RouteMatch& match, const HttpRequest& request) {
  if (!match.parameter.empty() && !is_digest(match.parameter))
    return refuse(400, "invalid_value", "digest: expected the policy's SHA-256, 64 lower-case hex digits", "digest");
  if (match.route->audit == AuditKind::change) return change(client, match, request);
  switch (match.route->endpoint) {
    case Endpoint::guardrails:
      return answer_with(keeper_.status());
    case Endpoint::guardrail_policy:
      return answer_with(keeper_.show(match.parameter));
    case Endpoint::check_policy:
      return answer_with(keeper_.check(match.parameter));
    case Endpoint::guardrail_hits:
      return json_answer(keeper_.hits());
    case Endpoint::lint_policy: {
      TRY_ASSIGN(const PolicyDocument wanted, body_of<PolicyDocument>(request));
      return json_answer(keeper_.lint(wanted.document));
    }
    case Endpoint::bench_policies: {
      TRY_ASSIGN(const BenchRequest wanted, body_of<BenchRequest>(request));
      return answer_with(keeper_.bench(wanted));
    }
    default:
      return refuse(404, "not_found", "There is nothing here.");
  }
}

AdminAnswer GuardrailService::change(const Identity& client, const RouteMatch& match, const HttpRequest& request) {
  AuditDraft draft = draft_of(client, "admin.changed", "ok");
  draft.detail.set("verb", std::string(match.route->label));
  draft.object = match.parameter;
  const RecordChange record = [&](const PolicyChange& change) -> Refusable<void> {
    draft.object = change.digest;
    if (!change.before.empty()) draft.detail.set("before", change.before);
    if (!change.after.empty()) draft.detail.set("after", change.after);
    if (!change.approver_id.empty()) draft.detail.set("approver", change.approver_id);
    return record_change(audit_, draft, keeper_.approvals());
  };
  const PolicyPerson person{client.client_name, client.client_id};
  const auto made = [&]() -> AdminAnswer {
    switch (match.route->endpoint) {
      case Endpoint::save_policy: {
        TRY_ASSIGN(const PolicyDocument wanted, body_of<PolicyDocument>(request));
        TRY_ASSIGN(const PolicyKeeper::Saved saved, keeper_.save(wanted.document, person, record));
        return json_answer(saved.reply, saved.is_new ? 201 : 200);
      }
      case Endpoint::approve_policy:
        return answer_with(keeper_.approve(match.parameter, person, record));
      case Endpoint::activate_policy: {
        TRY_ASSIGN(const ChangeActive wanted, body_of<ChangeActive>(request));
        return answer_with(keeper_.activate(match.parameter, wanted, person, record));
      }
      case Endpoint::roll_back_policy: {
        TRY_ASSIGN(const ChangeActive wanted, body_of<ChangeActive>(request));
        return answer_with(keeper_.roll_back(wanted, person, record));
      }
      default:
        return refuse(404, "not_found", "There is nothing here.");
    }
  }();
  // What the log didn't take was neither made nor refused by anybody.
  if (!made && made.error().code != "audit_unavailable")
    record_refused(audit_, std::move(draft), made.error().code, keeper_.approvals());
  return made;
}

}  // namespace tijori
