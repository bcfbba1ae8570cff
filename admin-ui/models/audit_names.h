// What the ids and digests of audit records stand for, as the register and the models say it now. The records hold no
// names.
#pragma once

#include <QString>
#include <map>
#include <string>

#include "protocol/admin_types.h"

namespace tijori {

struct AuditNames {
  std::map<std::string, QString> clients;  // by id
  std::map<std::string, QString> models;   // by SHA-256
  std::map<std::string, QString> policies;
  bool operator==(const AuditNames&) const = default;

  void take(const ClientList& list);
  // Models and the policy in force.
  void take(const DaemonStatus& status);

  // "" when nobody knows it.
  QString client(const std::string& id) const;
  QString object(const std::string& digest) const;
};

}  // namespace tijori
