#include "daemon/model_service.h"

#include "daemon/change_log.h"

namespace tijori {
namespace {

Refusable<ModelChoice> choice_of(const HttpRequest& request) {
  TRY_ASSIGN(ModelChoice choice, body_of<ModelChoice>(request));
  if (choice.context_tokens < 0)
    return refuse(400, "invalid_value", "context_tokens: expected 0 (as configured) or more", "context_tokens");
  if (choice.max_sequences < 0)
    return refuse(400, "invalid_value", "max_sequences: expected 0 (as configured) or more", "max_sequences");
  return choice;
}

template <class T>
AdminAnswer answer_with(const Refusable<T>& result, int status = 200) {
  if (!result) return std::unexpected(result.error());
  return json_answer(*result, status);
}

}  // namespace

bool ModelService::serves(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::admin_models:
    case Endpoint::model_plan:
    case Endpoint::model_details:
    case Endpoint::model_experts:
    case Endpoint::load_model:
    case Endpoint::unload_model:
      return true;
    default:
      return false;
  }
}

AdminAnswer ModelService::serve(const Identity& client, const RouteMatch& match, const HttpRequest& request) {
  if (match.route->audit == AuditKind::change) return change(client, match, request);
  switch (match.route->endpoint) {
    case Endpoint::admin_models:
      return json_answer(ModelList{models_.models()});
    case Endpoint::model_details:
      return answer_with(models_.details(match.parameter));
    case Endpoint::model_experts:
      return answer_with(models_.experts(match.parameter));
    case Endpoint::model_plan: {
      TRY_ASSIGN(const ModelChoice choice, choice_of(request));
      return answer_with(models_.plan(match.parameter, choice));
    }
    default:
      return refuse(404, "not_found", "There is nothing here.");
  }
}

AdminAnswer ModelService::change(const Identity& client, const RouteMatch& match, const HttpRequest& request) {
  AuditDraft draft = draft_of(client, "admin.changed", "ok");
  draft.detail.set("verb", std::string(match.route->label));
  const ModelRouter::Record record = [&](const std::string& sha256) -> Refusable<void> {
    draft.object = sha256;
    return record_change(audit_, draft, approvals_);
  };
  const auto made = [&]() -> AdminAnswer {
    if (match.route->endpoint == Endpoint::load_model) {
      TRY_ASSIGN(const ModelChoice choice, choice_of(request));
      return answer_with(models_.load(match.parameter, choice, record), 202);
    }
    TRY_ASSIGN(const UnloadModel wanted, body_of<UnloadModel>(request));
    if (wanted.drain_s < 0 || wanted.drain_s > max_drain_s)
      return refuse(400, "invalid_value", "drain_s: expected 0 to " + std::to_string(max_drain_s), "drain_s");
    return answer_with(models_.unload(match.parameter, std::chrono::seconds(wanted.drain_s), record), 202);
  }();
  // What the log didn't take was neither made nor refused by anybody.
  if (!made && made.error().code != "audit_unavailable")
    record_refused(audit_, std::move(draft), made.error().code, approvals_);
  return made;
}

}  // namespace tijori
