#include "protocol/admin_types.h"

#include "protocol/audit_forms.h"
#include "protocol/fields.h"
#include "protocol/guardrail_forms.h"

namespace tijori {
namespace {

constexpr EnumName<Health> health_names[] = {{Health::ready, "ready"},
                                             {Health::starting, "starting"},
                                             {Health::degraded, "degraded"},
                                             {Health::blocked, "blocked"},
                                             {Health::draining, "draining"}};
constexpr EnumName<Severity> severity_names[] = {
    {Severity::info, "info"}, {Severity::warning, "warning"}, {Severity::error, "error"}};
constexpr EnumName<ModelState> model_state_names[] = {
    {ModelState::allowed, "allowed"}, {ModelState::starting, "starting"},   {ModelState::loading, "loading"},
    {ModelState::ready, "ready"},     {ModelState::unloading, "unloading"}, {ModelState::failed, "failed"}};

}  // namespace

std::span<const EnumName<Health>> names_of(Health /*of*/) {
  return health_names;
}
std::span<const EnumName<Severity>> names_of(Severity /*of*/) {
  return severity_names;
}
std::span<const EnumName<ModelState>> names_of(ModelState /*of*/) {
  return model_state_names;
}
std::string_view name_of(Health health) {
  return enum_name(health);
}
std::string_view name_of(ModelState state) {
  return enum_name(state);
}

template <class Form>
void describe(Form& form, Is<RouteInfo> auto& route) {
  form.required("method", route.method);
  form.required("path", route.path);
  form.required("permitted", route.permitted);
}

template <class Form>
void describe(Form& form, Is<Capabilities> auto& capabilities) {
  form.required("version", capabilities.version);
  form.required("api", capabilities.api);
  form.required("client", capabilities.client);
  form.required("roles", capabilities.roles);
  form.required("approvals", capabilities.approvals);
  form.required("guardrail_approvals", capabilities.guardrail_approvals);
  form.required("features", capabilities.features);
  form.required("routes", capabilities.routes);
}

template <class Form>
void describe(Form& form, Is<Condition> auto& condition) {
  form.required("code", condition.code);
  form.required("severity", condition.severity);
  form.required("message", condition.message);
  form.required("since_us", condition.since_us);
}

template <class Form>
void describe(Form& form, Is<ModelInfo> auto& model) {
  form.required("alias", model.alias);
  form.required("file", model.file);
  form.required("sha256", model.sha256);
  form.required("size_bytes", model.size_bytes);
  form.required("is_default", model.is_default);
  form.required("state", model.state);
  form.required("message", model.message);
  form.required("since_us", model.since_us);
  form.required("stage", model.stage);
  form.required("done_bytes", model.done_bytes);
  form.required("total_bytes", model.total_bytes);
  form.required("architecture", model.architecture);
  form.required("name", model.name);
  form.required("chat_format", model.chat_format);
  form.required("license", model.license);
  form.required("backend", model.backend);
  form.required("gpu", model.gpu);
  form.required("context_tokens", model.context_tokens);
  form.required("max_sequences", model.max_sequences);
  form.required("threads", model.threads);
  form.required("kv_type", model.kv_type);
  form.required("weights_bytes", model.weights_bytes);
  form.required("kv_bytes", model.kv_bytes);
  form.required("workspace_bytes", model.workspace_bytes);
  form.required("kv_used_bytes", model.kv_used_bytes);
  form.required("resident_bytes", model.resident_bytes);
  form.required("running", model.running);
  form.required("waiting", model.waiting);
  form.required("layers", model.layers);
  form.required("experts", model.experts);
  form.required("pid", model.pid);
  form.required("restarts", model.restarts);
}

template <class Form>
void describe(Form& form, Is<ModelList> auto& list) {
  form.required("models", list.models);
}

template <class Form>
void describe(Form& form, Is<RequestCounters> auto& counters) {
  form.required("total", counters.total);
  form.required("running", counters.running);
  form.required("queued", counters.queued);
  form.required("answered", counters.answered);
  form.required("refused", counters.refused);
  form.required("blocked", counters.blocked);
  form.required("aborted", counters.aborted);
  form.required("failed", counters.failed);
  form.required("prompt_tokens", counters.prompt_tokens);
  form.required("completion_tokens", counters.completion_tokens);
  form.required("tokens_per_second", counters.tokens_per_second);
  form.required("ttft_p50_us", counters.ttft_p50_us);
  form.required("ttft_p95_us", counters.ttft_p95_us);
}

template <class Form>
void describe(Form& form, Is<MemoryUse> auto& memory) {
  form.required("total_bytes", memory.total_bytes);
  form.required("available_bytes", memory.available_bytes);
  form.required("daemon_bytes", memory.daemon_bytes);
  form.required("engine_bytes", memory.engine_bytes);
  form.required("audit_bytes", memory.audit_bytes);
}

template <class Form>
void describe(Form& form, Is<DaemonStatus> auto& status) {
  form.required("version", status.version);
  form.required("health", status.health);
  form.required("sentence", status.sentence);
  form.required("conditions", status.conditions);
  form.required("started_us", status.started_us);
  form.required("now_us", status.now_us);
  form.required("approvals", status.approvals);
  form.required("guardrails", status.guardrails);
  form.required("models", status.models);
  form.required("requests", status.requests);
  form.required("memory", status.memory);
  form.optional("keys", status.keys);
  form.optional("audit", status.audit);
}

template <class Form>
void describe(Form& form, Is<CertificateEntry> auto& certificate) {
  form.required("sha256", certificate.sha256);
  form.required("added_us", certificate.added_us);
  form.required("not_after_us", certificate.not_after_us);
  form.required("revoked", certificate.revoked);
}

template <class Form>
void describe(Form& form, Is<ClientInfo> auto& client) {
  form.required("name", client.name);
  form.required("id", client.id);
  form.required("roles", client.roles);
  form.required("quota_tokens_per_day", client.quota_tokens_per_day);
  form.required("revoked", client.revoked);
  form.required("revoked_reason", client.revoked_reason);
  form.required("created_us", client.created_us);
  form.optional("last_seen_us", client.last_seen_us);
  form.optional("running", client.running);
  form.optional("tokens_today", client.tokens_today);
  form.required("certificates", client.certificates);
}

template <class Form>
void describe(Form& form, Is<ClientList> auto& list) {
  form.required("clients", list.clients);
}

template <class Form>
void describe(Form& form, Is<AddClient> auto& request) {
  form.required("certificate", request.certificate);
  form.optional("roles", request.roles);
  form.optional("quota_tokens_per_day", request.quota_tokens_per_day);
}

template <class Form>
void describe(Form& form, Is<AddCertificate> auto& request) {
  form.required("certificate", request.certificate);
}

template <class Form>
void describe(Form& form, Is<RevokeClient> auto& request) {
  form.optional("reason", request.reason);
  form.optional("certificate_sha256", request.certificate_sha256);
}

template <class Form>
void describe(Form& form, Is<Setting> auto& setting) {
  form.required("name", setting.name);
  form.required("value", setting.value);
  form.required("source", setting.source);
}

template <class Form>
void describe(Form& form, Is<Settings> auto& settings) {
  form.required("settings", settings.settings);
}

template <class Form>
void describe(Form& form, Is<UploadCrl> auto& request) {
  form.required("crl", request.crl);
}

template <class Form>
void describe(Form& form, Is<CrlReply> auto& reply) {
  form.required("number", reply.number);
  form.required("revoked", reply.revoked);
  form.required("next_update_us", reply.next_update_us);
}

template <class Form>
void describe(Form& form, Is<ReloadReply> auto& reply) {
  form.required("changed", reply.changed);
  form.required("needs_restart", reply.needs_restart);
}

TIJORI_JSON_FORM(Capabilities)
TIJORI_JSON_FORM(DaemonStatus)
TIJORI_JSON_FORM(ModelInfo)
TIJORI_JSON_FORM(ModelList)
TIJORI_JSON_FORM(ClientInfo)
TIJORI_JSON_FORM(ClientList)
TIJORI_JSON_FORM(AddClient)
TIJORI_JSON_FORM(AddCertificate)
TIJORI_JSON_FORM(RevokeClient)
TIJORI_JSON_FORM(Settings)
TIJORI_JSON_FORM(UploadCrl)
TIJORI_JSON_FORM(CrlReply)
TIJORI_JSON_FORM(ReloadReply)

}  // namespace tijori
