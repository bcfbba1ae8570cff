#include "daemon/admin_service.h"

#include <algorithm>

#include "base/certificate.h"
#include "base/log.h"
#include "daemon/change_log.h"
#include "daemon/query.h"

namespace tijori {
namespace {

constexpr int audit_retry_s = 5;

std::unexpected<ApiError> refuse_with(const Error& error) {
  ApiError refused = api_error(error);
  if (refused.http_status == 503) refused.retry_after_s = audit_retry_s;
  return std::unexpected(std::move(refused));
}

template <class T>
Refusable<std::optional<HttpResponse>> answer_with(Result<T> result) {
  if (!result) return refuse_with(result.error());
  return json_answer(*result);
}

// The fields that a list and a count share.
template <class Request>
void read_filter(Query& query, Request& request) {
  request.since_us = query.number("since_us");
  request.until_us = query.number("until_us");
  request.event = query.text("event");
  request.outcome = query.text("outcome");
  request.actor = query.text("actor");
  request.request_id = query.text("request_id");
}

struct ReadCertificate {
  CertificateInfo info;
  RoleSet roles;
};

Refusable<ReadCertificate> client_certificate(const std::string& pem) {
  const auto certificate = Certificate::from_pem(pem);
  if (!certificate) return refuse(400, "invalid_value", "certificate: " + certificate.error().message, "certificate");
  ReadCertificate read{certificate->info(), {}};
  if (read.info.client_name.empty() || !read.info.client_use)
    return refuse(400, "invalid_value", "certificate: it isn't a client's (no urn:tijori:client: name or usage)",
                  "certificate");
  for (const std::string& name : read.info.role_names) {
    const auto role = role_from_name(name);
    if (!role) return refuse(400, "invalid_value", "certificate: it names a role that doesn't exist", "certificate");
    read.roles.add(*role);
  }
  return read;
}

}  // namespace

Refusable<std::optional<HttpResponse>> AdminService::serve(const Identity& client, const RouteMatch& match,
                                                           const HttpRequest& request, ResponseWriter& writer) {
  if (match.route->audit == AuditKind::reading) return read_log(client, match, request, writer);
  if (ModelService::serves(match.route->endpoint)) return models_.serve(client, match, request);
  if (GuardrailService::serves(match.route->endpoint)) return guardrails_.serve(client, match, request);
  switch (match.route->endpoint) {
    case Endpoint::capabilities:
      return capabilities(client);
    case Endpoint::status:
      return status();
    case Endpoint::history:
      return history(request);
    case Endpoint::settings:
      return json_answer(Settings{actions_.config().settings});
    case Endpoint::clients:
      return list_clients();
    case Endpoint::add_client:
      return add_client(client, request);
    case Endpoint::add_certificate:
      return add_certificate(client, match.parameter, request);
    case Endpoint::revoke_client:
      return revoke_client(client, match.parameter, request);
    case Endpoint::upload_crl:
      return upload_crl(client, request);
    case Endpoint::reload:
      return reload(client);
    default:
      return refuse(404, "not_found", "There is nothing here.");
  }
}

void AdminService::record_denied(const Identity& client, const Route& route) {
  const bool reading = route.audit == AuditKind::reading;
  AuditDraft draft = draft_of(client, reading ? "log.read" : "admin.changed", "refused");
  draft.detail.set(reading ? "what" : "verb", std::string(route.label));
  draft.detail.set("code", "permission_denied");
  audit_.append_later(std::move(draft));
}

ApiError AdminService::change_failed(AuditDraft draft, const Error& error) {
  record_refused(audit_, std::move(draft), std::string(name_of(error.code)), clients_.approvals());
  return api_error(error);
}

HealthReport AdminService::health() {
  return judge_.judge(actions_.vitals());
}

AdminService::Answer AdminService::capabilities(const Identity& client) {
  Capabilities capabilities;
  capabilities.version = TIJORI_VERSION;
  capabilities.client = client.client_name;
  capabilities.roles = client.roles;
  capabilities.approvals = clients_.approvals();
  capabilities.guardrail_approvals = keeper_.approvals();
  capabilities.features = {"audit",  "audit-consistency", "audit-count", "clients",
                           "crl",    "guardrails",        "history",     "models",
                           "reload", "settings",          "status"};
  for (const Route& route : route_table()) {
    if (route.listener != Listener::admin) continue;
    capabilities.routes.push_back(
        {std::string(route.method), std::string(route.path), !route.roles.intersect(client.roles).empty()});
  }
  return json_answer(capabilities);
}

AdminService::Answer AdminService::status() {
  const Vitals vitals = actions_.vitals();
  HealthReport report = judge_.judge(vitals);
  DaemonStatus status;
  status.version = TIJORI_VERSION;
  status.health = report.health;
  status.sentence = std::move(report.sentence);
  status.conditions = std::move(report.conditions);
  status.started_us = started_us_;
  status.now_us = vitals.now_us;
  status.approvals = clients_.approvals();
  status.guardrails = guardrails_in_force();
  status.models = vitals.models;
  status.requests = metrics_.snapshot();
  status.memory = actions_.memory();
  for (const KeySource& key : actions_.keys()) status.keys.push_back({key.name, key.from, key.sealed_to});
  if (auto audit = audit_.status()) status.audit = *std::move(audit);
  return json_answer(status);
}

AdminService::Answer AdminService::history(const HttpRequest& request) {
  Query query(request.query);
  const int64_t since_us = query.number("since_us").value_or(0);
  TRY(query.finish());
  return json_answer(actions_.history(since_us));
}

GuardrailsInForce AdminService::guardrails_in_force() const {
  GuardrailsInForce in_force;
  in_force.approvals = keeper_.approvals();
  const auto active = keeper_.active();
  if (!active) {
    in_force.state = GuardrailsState::unavailable;
    return in_force;
  }
  const Policy& policy = (*active)->policy();
  in_force.digest = to_hex(policy.digest);
  in_force.name = policy.name;
  in_force.version = policy.version;
  return in_force;
}

ClientInfo AdminService::info_of(const Client& client) const {
  ClientInfo info;
  info.name = client.name;
  info.id = client.id;
  info.roles = client.roles;
  info.quota_tokens_per_day = static_cast<int64_t>(client.quota_tokens_per_day);
  info.revoked = client.state == ClientState::revoked;
  info.revoked_reason = client.revoked_reason;
  info.created_us = client.created_us;
  if (client.last_seen_us > 0) info.last_seen_us = client.last_seen_us;
  const ClientLoad load = actions_.load(client.id);
  info.running = load.requests;
  info.tokens_today = load.tokens;
  for (const ClientCertificate& each : client.certificates)
    info.certificates.push_back({each.sha256, each.added_us, each.not_after_us, each.revoked});
  return info;
}

AdminService::Answer AdminService::list_clients() {
  ClientList list;
  for (const Client& client : clients_.list()) list.clients.push_back(info_of(client));
  return json_answer(list);
}

AdminService::Answer AdminService::client_answer(const std::string& name, int http_status) {
  const auto client = clients_.find(name);
  if (!client) return refuse(404, "client_not_found", "There is no client of that name.", "name");
  return json_answer(info_of(*client), http_status);
}

AdminService::Answer AdminService::add_client(const Identity& client, const HttpRequest& request) {
  TRY_ASSIGN(const AddClient wanted, body_of<AddClient>(request));
  TRY_ASSIGN(const ReadCertificate certificate, client_certificate(wanted.certificate));
  const RoleSet roles = wanted.roles.value_or(certificate.roles);
  if (roles.intersect(certificate.roles) != roles)
    return refuse(400, "invalid_value", "roles: more than the certificate grants", "roles");
  if (wanted.quota_tokens_per_day.value_or(0) < 0)
    return refuse(400, "invalid_value", "quota_tokens_per_day: expected 0 (none) or more", "quota_tokens_per_day");

  const std::lock_guard lock(changes_mutex_);
  if (clients_.find(certificate.info.client_name))
    return refuse(409, "already_exists", "A client of that name is in the register already.", "certificate");
  AuditDraft draft = draft_of(client, "client.enrolled", "ok");
  draft.detail.set("certificate", certificate.info.sha256);
  draft.detail.set("roles", int64_t{roles.bits()});
  TRY(record_change(audit_, draft, clients_.approvals()));
  NewClient added;
  added.name = certificate.info.client_name;
  added.roles = roles;
  added.quota_tokens_per_day = static_cast<uint64_t>(wanted.quota_tokens_per_day.value_or(0));
  added.certificate_sha256 = certificate.info.sha256;
  added.certificate_not_after_us = certificate.info.not_after_us;
  if (const auto made = clients_.add(added); !made)
    return std::unexpected(change_failed(std::move(draft), made.error()));
  return client_answer(added.name, 201);
}

AdminService::Answer AdminService::add_certificate(const Identity& client, const std::string& name,
                                                   const HttpRequest& request) {
  TRY_ASSIGN(const AddCertificate wanted, body_of<AddCertificate>(request));
  TRY_ASSIGN(const ReadCertificate certificate, client_certificate(wanted.certificate));
  if (certificate.info.client_name != name)
    return refuse(400, "invalid_value", "certificate: it is another client's", "certificate");
  const std::lock_guard lock(changes_mutex_);
  const auto known = clients_.find(name);
  if (!known) return refuse(404, "client_not_found", "There is no client of that name.", "name");
  AuditDraft draft = draft_of(client, "client.changed", "ok");
  draft.object = known->id;
  draft.detail.set("certificate", certificate.info.sha256);
  TRY(record_change(audit_, draft, clients_.approvals()));
  if (const auto made = clients_.add_certificate(name, certificate.info.sha256, certificate.info.not_after_us); !made)
    return std::unexpected(change_failed(std::move(draft), made.error()));
  return client_answer(name, 200);
}

AdminService::Answer AdminService::revoke_client(const Identity& client, const std::string& name,
                                                 const HttpRequest& request) {
  TRY_ASSIGN(const RevokeClient wanted, body_of<RevokeClient>(request));
  const std::lock_guard lock(changes_mutex_);
  const auto known = clients_.find(name);
  if (!known) return refuse(404, "client_not_found", "There is no client of that name.", "name");
  AuditDraft draft = draft_of(client, "client.revoked", "ok");
  draft.object = known->id;
  draft.approvals = clients_.approvals();
  if (wanted.certificate_sha256) {
    if (std::ranges::find(known->certificates, *wanted.certificate_sha256, &ClientCertificate::sha256) ==
        known->certificates.end())
      return refuse(404, "certificate_not_found", "The client has no such certificate.", "certificate_sha256");
    draft.detail.set("certificate", *wanted.certificate_sha256);
  }
  // Taking a right away is never held up by the log: it is recorded as soon as that is back.
  if (!audit_.append(draft)) audit_.append_later(draft);
  const Status made = wanted.certificate_sha256 ? clients_.revoke_certificate(name, *wanted.certificate_sha256)
                                                : clients_.revoke(name, wanted.reason);
  if (!made) return std::unexpected(change_failed(std::move(draft), made.error()));
  return client_answer(name, 200);
}

AdminService::Answer AdminService::upload_crl(const Identity& client, const HttpRequest& request) {
  TRY_ASSIGN(const UploadCrl wanted, body_of<UploadCrl>(request));
  if (const auto list = RevocationList::from_pem(wanted.crl); !list)
    return refuse(400, "invalid_value", "crl: " + list.error().message, "crl");
  const std::lock_guard lock(changes_mutex_);
  AuditDraft draft = draft_of(client, "admin.changed", "ok");
  draft.detail.set("verb", "crl-upload");
  draft.detail.set("after", to_hex(sha256(as_bytes(wanted.crl))));
  TRY(record_change(audit_, draft, clients_.approvals()));
  const auto taken = actions_.take_crl(wanted.crl);
  if (!taken) return std::unexpected(change_failed(std::move(draft), taken.error()));
  return json_answer(*taken);
}

AdminService::Answer AdminService::reload(const Identity& client) {
  const std::lock_guard lock(changes_mutex_);
  AuditDraft draft = draft_of(client, "admin.changed", "ok");
  draft.detail.set("verb", "config-reload");
  TRY(record_change(audit_, draft, clients_.approvals()));
  const auto reloaded = actions_.reload();
  if (!reloaded) return std::unexpected(change_failed(std::move(draft), reloaded.error()));
  return json_answer(*reloaded);
}

AdminService::Answer AdminService::read_log(const Identity& client, const RouteMatch& match, const HttpRequest& request,
                                            ResponseWriter& writer) {
  const Endpoint endpoint = match.route->endpoint;
  Query query(request.query);
  ListRequest list;
  CountRequest count;
  ConsistencyRequest heads;
  ExportRequest range;
  int64_t seq = 0;
  if (endpoint == Endpoint::audit_records) {
    list.limit = query.number("limit").value_or(list.limit);
    list.before_seq = query.number("before_seq");
    read_filter(query, list);
    if (list.limit < 1 || list.limit > max_records_per_list)
      return refuse(400, "invalid_value", "limit: expected 1 to " + std::to_string(max_records_per_list), "limit");
  } else if (endpoint == Endpoint::audit_count) {
    count.bucket_us = query.number("bucket_us").value_or(count.bucket_us);
    read_filter(query, count);
    if (count.bucket_us != 0 && count.bucket_us < min_count_bucket_us)
      return refuse(400, "invalid_value", "bucket_us: expected 0 or at least " + std::to_string(min_count_bucket_us),
                    "bucket_us");
  } else if (endpoint == Endpoint::audit_consistency) {
    const auto old_size = query.number("old_size");
    heads.size = query.number("size").value_or(heads.size);
    TRY(query.finish());
    if (!old_size) return refuse(400, "missing_parameter", "old_size: missing", "old_size");
    heads.old_size = *old_size;
    if (heads.old_size < 1) return refuse(400, "invalid_value", "old_size: expected 1 or more", "old_size");
  } else if (endpoint == Endpoint::audit_record) {
    Query parameter("seq=" + match.parameter);
    seq = parameter.number("seq").value_or(0);
    TRY(parameter.finish());
  } else if (endpoint == Endpoint::audit_proof) {
    const auto wanted = query.number("seq");
    TRY(query.finish());
    if (!wanted) return refuse(400, "missing_parameter", "seq: missing", "seq");
    seq = *wanted;
  } else if (endpoint == Endpoint::audit_export) {
    range.first_seq = query.number("first_seq");
    range.last_seq = query.number("last_seq");
  }
  TRY(query.finish());

  AuditDraft draft = draft_of(client, "log.read", "ok");
  draft.detail.set("what", std::string(match.route->label));
  if (endpoint == Endpoint::audit_record || endpoint == Endpoint::audit_proof) draft.detail.set("first_seq", seq);
  if (range.first_seq) draft.detail.set("first_seq", *range.first_seq);
  if (range.last_seq) draft.detail.set("last_seq", *range.last_seq);
  // A log that can't be written can still be read, or nobody could find out why; the reading is recorded afterwards.
  if (!audit_.append(draft)) audit_.append_later(std::move(draft));

  switch (endpoint) {
    case Endpoint::audit_records:
      return answer_with(audit_.list(list));
    case Endpoint::audit_record:
      return answer_with(audit_.show(seq));
    case Endpoint::audit_proof:
      return answer_with(audit_.prove(seq));
    case Endpoint::audit_consistency:
      return answer_with(audit_.compare(heads.old_size, heads.size));
    case Endpoint::audit_count:
      return answer_with(audit_.count(count));
    case Endpoint::audit_export:
      return export_log(range, writer);
    case Endpoint::audit_verify:
      return answer_with(audit_.verify([&](AuditChannel::Stop stop) { writer.on_gone(std::move(stop)); }));
    case Endpoint::audit_checkpoint:
      return answer_with(audit_.checkpoint());
    case Endpoint::audit_keys:
      return answer_with(audit_.keys());
    default:
      return refuse(404, "not_found", "There is nothing here.");
  }
}

// The body is the export itself, in chunks as they come. One that ends early is cut, so that no part passes for the
// whole.
AdminService::Answer AdminService::export_log(const ExportRequest& wanted, ResponseWriter& writer) {
  bool begun = false;
  const auto write = [&](std::string_view chunk) -> Status {
    if (!std::exchange(begun, true)) {
      HttpResponse head;
      head.content_type = "application/octet-stream";
      TRY(writer.begin(std::move(head)));
    }
    return writer.write(chunk);
  };
  const auto exported = audit_.export_log(wanted, write);
  if (!exported) {
    log_warning(message::export_ended_early, "audit export ended early: " + exported.error().message);
    if (!begun) return refuse_with(exported.error());
    return std::nullopt;
  }
  if (auto head = write(""); head) (void)writer.finish();
  return std::nullopt;
}

}  // namespace tijori
