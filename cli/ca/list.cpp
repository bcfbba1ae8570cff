#include <cstdio>

#include "base/clock.h"
#include "cli/ca/verbs.h"

namespace tijori {

Status run_list(const ListOptions& options) {
  TRY_ASSIGN(const AuthorityFolder authority, AuthorityFolder::open(options.ca, AuthorityAccess::read));
  const int64_t now_us = wall_clock_us();
  const std::vector<IssuedCertificate>& certificates = authority.index().certificates;
  if (options.form == ListForm::json) {
    std::fputs(to_list_json(certificates, now_us).c_str(), stdout);
    return {};
  }
  std::printf("%-20s %-7s %-8s %-20s %-32s %s\n", "NAME", "KIND", "STATE", "VALID UNTIL", "SERIAL", "ROLES");
  for (const IssuedCertificate& issued : certificates) {
    std::string roles;
    for (const std::string& role : issued.roles) roles.append(roles.empty() ? "" : ",").append(role);
    std::printf("%-20s %-7s %-8s %-20s %-32s %s\n", issued.name.c_str(),
                issued.kind == CertificateKind::server ? "server" : "client", std::string(issued.state(now_us)).c_str(),
                to_rfc3339(issued.not_after_us).c_str(), issued.serial.c_str(), roles.c_str());
  }
  return {};
}

}  // namespace tijori
