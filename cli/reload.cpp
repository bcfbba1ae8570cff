// tijori reload: the daemon reads its settings, certificate and revocation list again.
#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

Answer<Exit> reload(const Context& context) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ReloadReply reply, post<ReloadReply>(client, "/admin/v1/config/reload"));
  if (reply.changed.empty() && reply.needs_restart.empty()) print("reloaded; no setting changed\n");
  for (const std::string& name : reply.changed) print("in force: " + name + "\n");
  for (const std::string& name : reply.needs_restart) print("needs a restart: " + name + "\n");
  return Exit::done;
}

}  // namespace

void add_reload(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand("reload", "Read settings, server certificate and revocation list again");
  verb->callback([&context] { context.verb = [&context] { return reload(context); }; });
}

}  // namespace tijori
