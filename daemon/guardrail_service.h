// What /admin/v1/guardrails does, once the dispatcher has settled who asks and whether they may. Each change is
// recorded before it is made, each refusal of one afterwards. Thread-safe.
#pragma once

#include "daemon/admin_answers.h"
#include "daemon/audit_channel.h"
#include "daemon/identity.h"
#include "daemon/policy_keeper.h"
#include "daemon/routes.h"

namespace tijori {

class GuardrailService {
 public:
  // Both must outlive it.
  GuardrailService(PolicyKeeper& keeper, AuditLog& audit) : keeper_(keeper), audit_(audit) {}

  static bool serves(Endpoint endpoint);
  AdminAnswer serve(const Identity& client, const RouteMatch& match, const HttpRequest& request);

 private:
  AdminAnswer change(const Identity& client, const RouteMatch& match, const HttpRequest& request);

  PolicyKeeper& keeper_;
  AuditLog& audit_;
};

}  // namespace tijori
