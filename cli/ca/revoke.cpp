#include <algorithm>
#include <cstdio>

#include "cli/ca/verbs.h"

namespace tijori {

Status run_revoke(const RevokeOptions& options) {
  if (options.name.empty() == options.serial.empty())
    return fail(ErrorCode::invalid_argument, "revoke: give either a NAME or --serial");
  const std::optional<RevocationReason> reason = revocation_reason_from_name(options.reason);
  if (!reason)
    return fail(
        ErrorCode::invalid_argument,
        "--reason \"" + options.reason + "\": unknown; there are unspecified, key-compromise, superseded, cessation");
  std::string serial = options.serial;
  std::transform(serial.begin(), serial.end(), serial.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(options.ca, AuthorityAccess::change));
  TRY_ASSIGN(const Secret passphrase,
             read_passphrase(options.passphrase, "Passphrase of the authority's key", PassphraseUse::open));
  TRY(authority.unlock(passphrase));
  TRY_ASSIGN(const size_t revoked, authority.revoke(options.name, serial, *reason));
  std::printf("revoked %zu certificate%s\n", revoked, revoked == 1 ? "" : "s");
  print_list(authority);
  return {};
}

}  // namespace tijori
