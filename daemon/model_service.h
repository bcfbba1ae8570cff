// /admin/v1/models. Thread-safe.
#pragma once

#include "daemon/admin_answers.h"
#include "daemon/audit_channel.h"
#include "daemon/identity.h"
#include "daemon/model_router.h"
#include "daemon/routes.h"

namespace tijori {

class ModelService {
 public:
  // `approvals`: persons the site asks for in a change, for the record.
  ModelService(ModelRouter& models, AuditLog& audit, int approvals)
      : models_(models), audit_(audit), approvals_(approvals) {}

  static bool serves(Endpoint endpoint);
  AdminAnswer serve(const Identity& client, const RouteMatch& match, const HttpRequest& request);

 private:
  AdminAnswer change(const Identity& client, const RouteMatch& match, const HttpRequest& request);

  ModelRouter& models_;
  AuditLog& audit_;
  const int approvals_;
};

}  // namespace tijori
