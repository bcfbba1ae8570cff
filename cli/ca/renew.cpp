#include "cli/ca/verbs.h"

namespace tijori {

Status run_renew(const IssueOptions& options) {
  TRY(check_client_name(options.name));
  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(options.ca, AuthorityAccess::change));
  const CertificateKind kind = options.server ? CertificateKind::server : CertificateKind::client;
  const IssuedCertificate* old = authority.live(options.name, kind);
  if (old == nullptr)
    return fail(ErrorCode::not_found,
                "\"" + options.name + "\" has no valid certificate to renew: use `tijori-ca issue`");
  CertificateOrder order;
  order.kind = kind;
  order.name = old->name;
  order.role_names = old->roles;
  order.dns_names = old->dns_names;
  IssueOptions replacing = options;
  replacing.force = true;
  return issue_to_files(authority, replacing, std::move(order));
}

}  // namespace tijori
