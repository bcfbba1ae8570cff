// What somebody means who types into the search field of the audit log: a record's number, a request's id, or a client
// by name or digest, whole or in part.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

struct AuditSearch {
  enum class Kind : uint8_t {
    nothing,  // an empty field
    record,   // seq
    request,  // id
    client,   // id and name
    several,  // candidates: names that match in part
    unknown   // nobody
  } kind = Kind::nothing;
  int64_t seq = -1;
  std::string id;
  QString name;
  QStringList candidates;
};

// Names win over digests, a whole name over a part of one; digests from 4 digits on: of a client's id or of a
// certificate of it.
AuditSearch read_search(const QString& text, const std::vector<ClientInfo>& clients);

}  // namespace tijori
