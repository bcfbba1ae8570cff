// tijori audit trust: signs a checkpoint now and prints the trust file that an auditor takes away.
#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/trust_file.h"
#include "cli/verbs.h"
#include "protocol/audit_messages.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

Answer<Exit> print_trust(const Context& context) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const AuditKeys keys, get<AuditKeys>(client, "/admin/v1/audit/keys"));
  TRY_ASSIGN(const CheckpointReply reply, post<CheckpointReply>(client, "/admin/v1/audit/checkpoint"));
  TRY_ASSIGN(const std::string trust, make_trust_file(keys.verifier_key, reply.note));
  print(trust);
  print_note("keep this away from the appliance; compare the key's SHA-256 with the one noted when the log was made\n");
  return Exit::done;
}

}  // namespace

void add_audit_trust(CLI::App& audit, Context& context) {
  CLI::App* verb = audit.add_subcommand(
      "trust", "Sign a checkpoint now and print an auditor's trust file: the log's key and that checkpoint");
  verb->callback([&context] { context.verb = [&context] { return print_trust(context); }; });
}

}  // namespace tijori
