#include <cstdio>

#include "cli/ca/verbs.h"

namespace tijori {

void print_list(const AuthorityFolder& authority) {
  std::printf("revocation list %s, number %llu: hand it to the daemon\n", (authority.folder() / "crl.pem").c_str(),
              static_cast<unsigned long long>(authority.index().crl_number));
}

Status run_crl(const CrlOptions& options) {
  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(options.ca, AuthorityAccess::change));
  TRY_ASSIGN(const Secret passphrase,
             read_passphrase(options.passphrase, "Passphrase of the authority's key", PassphraseUse::open));
  TRY(authority.unlock(passphrase));
  TRY(authority.renew_list());
  print_list(authority);
  return {};
}

}  // namespace tijori
