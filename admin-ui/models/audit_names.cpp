#include "admin-ui/models/audit_names.h"

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

QString found_in(const std::map<std::string, QString>& names, const std::string& key) {
  const auto found = names.find(key);
  return found == names.end() ? QString() : found->second;
}

}  // namespace

void AuditNames::take(const ClientList& list) {
  clients.clear();
  for (const ClientInfo& client : list.clients) clients[client.id] = QString::fromStdString(client.name);
}

void AuditNames::take(const DaemonStatus& status) {
  for (const ModelInfo& model : status.models)
    if (!model.sha256.empty()) models[model.sha256] = QString::fromStdString(model.alias);
  if (!status.guardrails.digest.empty())
    policies[status.guardrails.digest] = QStringLiteral("%1 %2").arg(QString::fromStdString(status.guardrails.name),
                                                                     count_text(status.guardrails.version));
}

QString AuditNames::client(const std::string& id) const {
  return found_in(clients, id);
}

QString AuditNames::object(const std::string& digest) const {
  for (const auto* names : {&models, &policies, &clients})
    if (QString name = found_in(*names, digest); !name.isEmpty()) return name;
  return {};
}

}  // namespace tijori
