#include <cstdio>

#include "cli/ca/verbs.h"

namespace tijori {

Status run_init(const InitOptions& options) {
  TRY_ASSIGN(const Secret passphrase,
             read_passphrase(options.passphrase, "New passphrase for the authority's key", PassphraseUse::choose));
  TRY(AuthorityFolder::create(options.folder, options.name, options.days, passphrase));
  std::printf("authority \"%s\" made in %s\n", options.name.c_str(), options.folder.c_str());
  std::printf("give clients and the daemon %s; keep the folder off the appliance\n",
              (options.folder / "ca.crt").c_str());
  return {};
}

}  // namespace tijori
