// Every route of both sockets, in one table: who may use it and how it is recorded.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "daemon/http.h"
#include "protocol/role.h"

namespace tijori {

enum class Endpoint {
  chat_completions,
  completions,
  models,
  model,
  health,
  tokenize,
  count,
  capabilities,
  status,
  clients,
  add_client,
  revoke_client,
  add_certificate,
  admin_models,
  model_plan,
  model_details,
  model_experts,
  load_model,
  unload_model,
  audit_records,
  audit_record,
  audit_proof,
  audit_export,
  audit_verify,
  audit_checkpoint,
  audit_keys,
  audit_consistency,
  audit_count,
  history,
  settings,
  upload_crl,
  reload,
  guardrails,
  guardrail_policy,
  save_policy,
  lint_policy,
  bench_policies,
  check_policy,
  approve_policy,
  activate_policy,
  roll_back_policy,
  guardrail_hits,
};

enum class AuditKind {
  inference,  // received and released, by the pipeline
  hourly,     // counted, one record an hour; `label` is the counter
  reading,    // a record each, before the log is read; `label` is `what`
  change,     // a record each, before it takes effect; `label` is the verb
};

struct Route {
  Listener listener;
  std::string_view method;
  std::string_view path;  // at most one {parameter}, a whole segment
  Endpoint endpoint;
  RoleSet roles;  // any of these
  AuditKind audit;
  std::string_view label;
};

std::span<const Route> route_table();

struct RouteMatch {
  const Route* route = nullptr;
  std::string parameter;  // what stands in the place of {…}
};
struct NoRoute {
  std::string allow;  // methods the path has, for Allow; empty when the path is unknown
};
std::expected<RouteMatch, NoRoute> find_route(Listener listener, std::string_view method, std::string_view path);

}  // namespace tijori
