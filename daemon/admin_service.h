// What /admin/v1 does, once the dispatcher has settled who asks and whether they may. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/key_source.h"
#include "daemon/admin_answers.h"
#include "daemon/admission.h"
#include "daemon/audit_channel.h"
#include "daemon/config.h"
#include "daemon/guardrail_service.h"
#include "daemon/health.h"
#include "daemon/http.h"
#include "daemon/identity.h"
#include "daemon/metrics.h"
#include "daemon/model_router.h"
#include "daemon/model_service.h"
#include "daemon/policy_keeper.h"
#include "daemon/register.h"
#include "daemon/routes.h"
#include "protocol/chat_request.h"
#include "protocol/history_types.h"

namespace tijori {

// What only the running daemon can do or say; the tests stand in for it.
struct DaemonActions {
  std::function<Vitals()> vitals;
  std::function<Config()> config;
  std::function<Result<ReloadReply>()> reload;                       // settings, server certificate, revocation list
  std::function<Result<CrlReply>(const std::string& pem)> take_crl;  // checks, stores and enforces it
  std::function<ClientLoad(const std::string& client_id)> load;
  std::function<MemoryUse()> memory;
  std::function<History(int64_t since_us)> history;  // what is newer
  std::function<std::vector<KeySource>()> keys;      // the daemon's own
};

class AdminService {
 public:
  AdminService(Register& clients, AuditChannel& audit, ModelRouter& models, const Metrics& metrics, HealthJudge& judge,
               PolicyKeeper& keeper, DaemonActions actions)
      : clients_(clients),
        audit_(audit),
        metrics_(metrics),
        judge_(judge),
        keeper_(keeper),
        guardrails_(keeper, audit),
        models_(models, audit, clients.approvals()),
        actions_(std::move(actions)),
        started_us_(wall_clock_us()) {}

  // The answer, or why there is none. An export writes its own answer and returns nothing to send.
  Refusable<std::optional<HttpResponse>> serve(const Identity& client, const RouteMatch& match,
                                               const HttpRequest& request, ResponseWriter& writer);

  // A change or reading that the caller's roles don't allow: recorded as refused.
  void record_denied(const Identity& client, const Route& route);

  HealthReport health();

 private:
  using Answer = AdminAnswer;

  Answer capabilities(const Identity& client);
  Answer status();
  Answer history(const HttpRequest& request);
  Answer list_clients();
  ClientInfo info_of(const Client& client) const;
  Answer add_client(const Identity& client, const HttpRequest& request);
  Answer add_certificate(const Identity& client, const std::string& name, const HttpRequest& request);
  Answer revoke_client(const Identity& client, const std::string& name, const HttpRequest& request);
  Answer upload_crl(const Identity& client, const HttpRequest& request);
  Answer reload(const Identity& client);
  Answer read_log(const Identity& client, const RouteMatch& match, const HttpRequest& request, ResponseWriter& writer);
  Answer export_log(const ExportRequest& wanted, ResponseWriter& writer);
  Answer client_answer(const std::string& name, int http_status);

  GuardrailsInForce guardrails_in_force() const;
  // After a recorded change could not be made after all.
  ApiError change_failed(AuditDraft draft, const Error& error);

  Register& clients_;
  AuditChannel& audit_;
  const Metrics& metrics_;
  HealthJudge& judge_;
  PolicyKeeper& keeper_;
  GuardrailService guardrails_;
  ModelService models_;
  const DaemonActions actions_;
  const int64_t started_us_;
  std::mutex changes_mutex_;  // one change at a time, so that what was checked still holds when it is made
};

}  // namespace tijori
