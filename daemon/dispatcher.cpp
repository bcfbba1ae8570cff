#include "daemon/dispatcher.h"

#include "daemon/query.h"
#include "protocol/request_id.h"

namespace tijori {
namespace {

constexpr int default_retry_s = 2;

HttpResponse error_response(const ApiError& error) {
  HttpResponse response;
  response.status = error.http_status;
  response.body = to_error_json(error);
  const bool may_pass = error.http_status == 429 || error.http_status == 503;
  const int retry_after_s = error.retry_after_s == 0 && may_pass ? default_retry_s : error.retry_after_s;
  if (retry_after_s > 0) response.headers.emplace_back("retry-after", std::to_string(retry_after_s));
  return response;
}

// Of a peer that identify() turned away: codes of their own, since a client that isn't let in is told from one whose
// role doesn't reach.
ApiError refusal_of(const Error& error) {
  ApiError refused = api_error(error);
  if (error.code == ErrorCode::unauthenticated) refused.code = "not_registered";
  if (error.code == ErrorCode::permission_denied) refused.code = "client_revoked";
  return refused;
}

ModelObject object_of(const ModelInfo& model) {
  ModelObject object;
  object.id = model.alias;
  return object;
}

}  // namespace

void Dispatcher::handle(const HttpRequest& request, ResponseWriter& writer) {
  auto answer = dispatch(request, writer);
  if (answer && !*answer) return;  // it has answered by itself
  HttpResponse response;
  if (answer) {
    response = **std::move(answer);
  } else {
    response = error_response(answer.error());
  }
  response.headers.emplace_back("x-request-id", new_request_id());
  (void)writer.send(std::move(response));
}

Dispatcher::Answer Dispatcher::dispatch(const HttpRequest& request, ResponseWriter& writer) {
  const auto client = identify(request.peer, clients_);
  if (!client) {
    counts_.count("refused");
    return std::unexpected(refusal_of(client.error()));
  }
  clients_.touch(client->client_name);
  const auto match = find_route(request.listener, request.method, request.path);
  if (!match) {
    counts_.count("other");
    if (match.error().allow.empty()) return refuse(404, "not_found", "There is nothing at this address.");
    HttpResponse response =
        error_response({405, "method_not_allowed",
                        "This address takes " + match.error().allow + ", not " + request.method + ".", "", 0});
    response.headers.emplace_back("allow", match.error().allow);
    return response;
  }
  return serve(*client, *match, request, writer);
}

Dispatcher::Answer Dispatcher::serve(const Identity& client, const RouteMatch& match, const HttpRequest& request,
                                     ResponseWriter& writer) {
  const Route& route = *match.route;
  const bool permitted = !route.roles.intersect(client.roles).empty();
  if (route.audit == AuditKind::inference) {
    counts_.count("requests");
    pipeline_.answer(client, permitted ? Permission::granted : Permission::denied,
                     route.endpoint == Endpoint::chat_completions ? Dialect::chat : Dialect::completions, request,
                     writer);
    return std::nullopt;
  }
  if (!permitted) {
    if (route.audit == AuditKind::hourly)
      counts_.count("refused");
    else
      admin_.record_denied(client, route);
    return refuse(403, "permission_denied", "None of this client's roles may do this.");
  }
  if (route.audit == AuditKind::hourly) counts_.count(route.label);
  const bool has_query = route.audit == AuditKind::reading || route.endpoint == Endpoint::history;
  if (!has_query) TRY(Query(request.query).finish());
  switch (route.endpoint) {
    case Endpoint::health:
      return health();
    case Endpoint::models:
      return list_models();
    case Endpoint::model:
      return show_model(match.parameter);
    case Endpoint::tokenize:
    case Endpoint::count:
      return tokenize(request, route.endpoint);
    default:
      return admin_.serve(client, match, request, writer);
  }
}

Dispatcher::Answer Dispatcher::health() {
  const HealthReport report = admin_.health();
  HttpResponse response;
  response.status = report.health == Health::ready || report.health == Health::degraded ? 200 : 503;
  if (response.status == 503) response.headers.emplace_back("retry-after", std::to_string(default_retry_s));
  response.body = to_json(HealthReply{std::string(name_of(report.health)), report.sentence});
  return response;
}

Dispatcher::Answer Dispatcher::list_models() {
  ModelObjects objects;
  for (const ModelInfo& model : models_.models())
    if (model.state != ModelState::allowed && model.state != ModelState::unloading)
      objects.data.push_back(object_of(model));
  HttpResponse response;
  response.body = to_json(objects);
  return response;
}

Dispatcher::Answer Dispatcher::show_model(const std::string& alias) {
  for (const ModelInfo& model : models_.models()) {
    if (model.alias != alias || model.state == ModelState::allowed) continue;
    HttpResponse response;
    response.body = to_json(object_of(model));
    return response;
  }
  return refuse(404, "model_not_found", "That model isn't served here; GET /v1/models lists those that are.", "model");
}

Dispatcher::Answer Dispatcher::tokenize(const HttpRequest& request, Endpoint endpoint) {
  TRY_ASSIGN(const TokenizeBody body, parse_tokenize_body(request.body));
  TRY_ASSIGN(const std::shared_ptr<Engine> engine, models_.route(body.model));
  auto tokens = engine->tokenize(body.request);
  if (!tokens) return std::unexpected(api_error(tokens.error()));
  TokenizeReply reply;
  reply.model = engine->model().alias;
  reply.count = tokens->count;
  if (endpoint == Endpoint::tokenize) reply.ids = std::move(tokens->ids);
  HttpResponse response;
  response.body = to_json(reply);
  return response;
}

}  // namespace tijori
