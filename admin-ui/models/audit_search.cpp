#include "admin-ui/models/audit_search.h"

#include <algorithm>

namespace tijori {
namespace {

constexpr qsizetype id_digits = 32;
constexpr qsizetype least_digest_digits = 4;
constexpr qsizetype most_number_digits = 15;

bool is_hex(const QString& text) {
  return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
    const char16_t code = c.toLower().unicode();
    return (code >= u'0' && code <= u'9') || (code >= u'a' && code <= u'f');
  });
}

bool has_digest(const ClientInfo& client, const std::string& prefix) {
  return client.id.starts_with(prefix) || std::ranges::any_of(client.certificates, [&](const CertificateEntry& each) {
           return each.sha256.starts_with(prefix);
         });
}

AuditSearch one_of(const std::vector<const ClientInfo*>& found) {
  AuditSearch made;
  if (found.size() == 1) {
    made.kind = AuditSearch::Kind::client;
    made.id = found.front()->id;
    made.name = QString::fromStdString(found.front()->name);
    return made;
  }
  made.kind = AuditSearch::Kind::several;
  for (const ClientInfo* client : found) made.candidates << QString::fromStdString(client->name);
  return made;
}

}  // namespace

AuditSearch read_search(const QString& text, const std::vector<ClientInfo>& clients) {
  AuditSearch made;
  const QString typed = text.trimmed();
  if (typed.isEmpty()) return made;
  QString plain = typed;
  plain.remove(QLatin1Char(',')).remove(QLatin1Char(' '));
  bool is_number = false;
  const qlonglong seq = plain.toLongLong(&is_number);
  if (is_number && seq >= 0 && plain.size() <= most_number_digits) {
    made.kind = AuditSearch::Kind::record;
    made.seq = seq;
    return made;
  }

  std::vector<const ClientInfo*> named;
  for (const ClientInfo& client : clients) {
    const QString name = QString::fromStdString(client.name);
    if (name.compare(typed, Qt::CaseInsensitive) == 0) return one_of({&client});
    if (name.contains(typed, Qt::CaseInsensitive)) named.push_back(&client);
  }
  if (!named.empty()) return one_of(named);

  if (is_hex(plain) && plain.size() >= least_digest_digits) {
    const std::string prefix = plain.toLower().toStdString();
    std::vector<const ClientInfo*> digests;
    for (const ClientInfo& client : clients)
      if (has_digest(client, prefix)) digests.push_back(&client);
    if (!digests.empty()) return one_of(digests);
    if (plain.size() == id_digits) {
      made.kind = AuditSearch::Kind::request;
      made.id = prefix;
      return made;
    }
  }
  made.kind = AuditSearch::Kind::unknown;
  return made;
}

}  // namespace tijori
