#include "daemon/routes.h"

#include <optional>

namespace tijori {
namespace {

constexpr RoleSet application{Role::application};
constexpr RoleSet operators{Role::operator_};
constexpr RoleSet auditors{Role::auditor};
constexpr RoleSet log_readers{Role::auditor, Role::privacy_officer};
constexpr RoleSet overseers{Role::operator_, Role::auditor};
constexpr RoleSet editors{Role::guardrail_editor};
constexpr RoleSet guardrail_readers{Role::operator_, Role::guardrail_editor, Role::auditor};
constexpr RoleSet anyone{Role::application, Role::operator_,       Role::guardrail_editor,
                         Role::auditor,     Role::privacy_officer, Role::key_custodian};

// clang-format off
constexpr Route table[] = {
  {Listener::api,   "POST", "/v1/chat/completions",                            Endpoint::chat_completions, application,       AuditKind::inference, "chat-completions"},
  {Listener::api,   "POST", "/v1/completions",                                 Endpoint::completions,      application,       AuditKind::inference, "completions"},
  {Listener::api,   "GET",  "/v1/models",                                      Endpoint::models,           application,       AuditKind::hourly,    "models"},
  {Listener::api,   "GET",  "/v1/models/{id}",                                 Endpoint::model,            application,       AuditKind::hourly,    "models"},
  {Listener::api,   "POST", "/v1/tokenize",                                    Endpoint::tokenize,         application,       AuditKind::hourly,    "tokenize"},
  {Listener::api,   "POST", "/v1/count",                                       Endpoint::count,            application,       AuditKind::hourly,    "tokenize"},
  {Listener::api,   "GET",  "/health",                                         Endpoint::health,           anyone,            AuditKind::hourly,    "health"},
  {Listener::admin, "GET",  "/admin/v1/capabilities",                          Endpoint::capabilities,     anyone,            AuditKind::hourly,    "capabilities"},
  {Listener::admin, "GET",  "/admin/v1/status",                                Endpoint::status,           anyone,            AuditKind::hourly,    "status"},
  {Listener::admin, "GET",  "/admin/v1/models",                                Endpoint::admin_models,     overseers,         AuditKind::hourly,    "models"},
  {Listener::admin, "GET",  "/admin/v1/models/{alias}/details",                Endpoint::model_details,    overseers,         AuditKind::hourly,    "models"},
  {Listener::admin, "GET",  "/admin/v1/models/{alias}/experts",                Endpoint::model_experts,    overseers,         AuditKind::hourly,    "models"},
  {Listener::admin, "POST", "/admin/v1/models/{alias}/plan",                   Endpoint::model_plan,       operators,         AuditKind::hourly,    "models"},
  {Listener::admin, "POST", "/admin/v1/models/{alias}/load",                   Endpoint::load_model,       operators,         AuditKind::change,    "model-load"},
  {Listener::admin, "POST", "/admin/v1/models/{alias}/unload",                 Endpoint::unload_model,     operators,         AuditKind::change,    "model-unload"},
  {Listener::admin, "GET",  "/admin/v1/history",                               Endpoint::history,          overseers,         AuditKind::hourly,    "other"},
  {Listener::admin, "GET",  "/admin/v1/settings",                              Endpoint::settings,         overseers,         AuditKind::hourly,    "other"},
  {Listener::admin, "GET",  "/admin/v1/clients",                               Endpoint::clients,          overseers,         AuditKind::hourly,    "other"},
  {Listener::admin, "POST", "/admin/v1/clients",                               Endpoint::add_client,       operators,         AuditKind::change,    "client-add"},
  {Listener::admin, "POST", "/admin/v1/clients/{name}/certificates",           Endpoint::add_certificate,  operators,         AuditKind::change,    "client-certificate"},
  {Listener::admin, "POST", "/admin/v1/clients/{name}/revoke",                 Endpoint::revoke_client,    operators,         AuditKind::change,    "client-revoke"},
  {Listener::admin, "POST", "/admin/v1/crl",                                   Endpoint::upload_crl,       operators,         AuditKind::change,    "crl-upload"},
  {Listener::admin, "POST", "/admin/v1/config/reload",                         Endpoint::reload,           operators,         AuditKind::change,    "config-reload"},
  {Listener::admin, "GET",  "/admin/v1/guardrails",                            Endpoint::guardrails,       guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "GET",  "/admin/v1/guardrails/hits",                       Endpoint::guardrail_hits,   guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "POST", "/admin/v1/guardrails/policies",                   Endpoint::save_policy,      editors,           AuditKind::change,    "guardrail-draft"},
  {Listener::admin, "GET",  "/admin/v1/guardrails/policies/{digest}",          Endpoint::guardrail_policy, guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "POST", "/admin/v1/guardrails/policies/{digest}/check",    Endpoint::check_policy,     guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "POST", "/admin/v1/guardrails/policies/{digest}/approve",  Endpoint::approve_policy,   editors,           AuditKind::change,    "guardrail-approve"},
  {Listener::admin, "POST", "/admin/v1/guardrails/policies/{digest}/activate", Endpoint::activate_policy,  editors,           AuditKind::change,    "guardrail-activate"},
  {Listener::admin, "POST", "/admin/v1/guardrails/rollback",                   Endpoint::roll_back_policy, editors,           AuditKind::change,    "guardrail-rollback"},
  {Listener::admin, "POST", "/admin/v1/guardrails/lint",                       Endpoint::lint_policy,      guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "POST", "/admin/v1/guardrails/bench",                      Endpoint::bench_policies,   guardrail_readers, AuditKind::hourly,    "other"},
  {Listener::admin, "GET",  "/admin/v1/audit/records",                         Endpoint::audit_records,    log_readers,       AuditKind::reading,   "list"},
  {Listener::admin, "GET",  "/admin/v1/audit/records/{seq}",                   Endpoint::audit_record,     log_readers,       AuditKind::reading,   "show"},
  {Listener::admin, "GET",  "/admin/v1/audit/proof",                           Endpoint::audit_proof,      log_readers,       AuditKind::reading,   "prove"},
  {Listener::admin, "GET",  "/admin/v1/audit/consistency",                     Endpoint::audit_consistency, log_readers,      AuditKind::reading,   "consistency"},
  {Listener::admin, "GET",  "/admin/v1/audit/count",                           Endpoint::audit_count,      log_readers,       AuditKind::reading,   "count"},
  {Listener::admin, "GET",  "/admin/v1/audit/export",                          Endpoint::audit_export,     auditors,          AuditKind::reading,   "export"},
  {Listener::admin, "POST", "/admin/v1/audit/verify",                          Endpoint::audit_verify,     auditors,          AuditKind::reading,   "verify"},
  {Listener::admin, "POST", "/admin/v1/audit/checkpoint",                      Endpoint::audit_checkpoint, auditors,          AuditKind::reading,   "checkpoint"},
  {Listener::admin, "GET",  "/admin/v1/audit/keys",                            Endpoint::audit_keys,       log_readers,       AuditKind::reading,   "keys"},
};
// clang-format on

// The parameter when the path follows the pattern ("" when the pattern has none).
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const size_t open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == path ? std::optional<std::string>("") : std::nullopt;
  const std::string_view head = pattern.substr(0, open);
  const std::string_view tail = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= head.size() + tail.size() || !path.starts_with(head) || !path.ends_with(tail)) return std::nullopt;
  const std::string_view middle = path.substr(head.size(), path.size() - head.size() - tail.size());
  if (middle.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(middle);
}

}  // namespace

std::span<const Route> route_table() {
  return table;
}

std::expected<RouteMatch, NoRoute> find_route(Listener listener, std::string_view method, std::string_view path) {
  NoRoute none;
  for (const Route& route : table) {
    if (route.listener != listener) continue;
    auto parameter = match(route.path, path);
    if (!parameter) continue;
    if (route.method == method) return RouteMatch{&route, *std::move(parameter)};
    none.allow += (none.allow.empty() ? "" : ", ") + std::string(route.method);
  }
  return std::unexpected(std::move(none));
}

}  // namespace tijori
