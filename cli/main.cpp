// tijori: the command line of the appliance. A client of its two sockets like any other, but for `models add`, which
// works on the model store itself, and `doctor`, which looks at the machine.
#include <csignal>
#include <exception>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"

namespace {

using namespace tijori;

int run(int argc, char** argv) {
  Context context;
  CLI::App program(
      "Speaks to a Tijori appliance: asks its models, shows its state and its audit log.\n"
      "Exit codes: 0 done, 1 failed or refused, 2 usage, 3 can't reach the daemon, 4 not permitted,\n"
      "5 the audit log is altered, 6 it is consistent but its origin is not proven.",
      "tijori");
  program.set_version_flag("--version", "tijori " TIJORI_VERSION);
  program.require_subcommand(1);
  program.fallthrough();
  program.add_option("--root", context.root, "A checkout's appliance: run/, client/ and models/ lie below DIR")
      ->type_name("DIR")
      ->envname("TIJORI_ROOT");
  program.add_option("--run", context.run, "Folder of api.sock and admin.sock; else ROOT/run or /run/tijori")
      ->type_name("DIR")
      ->envname("TIJORI_RUN");
  program
      .add_option("--profile", context.profile,
                  "Folder of ca.crt, client.crt and client.key; else ROOT/client or ~/.config/tijori")
      ->type_name("DIR")
      ->envname("TIJORI_PROFILE");
  program.add_option("--ca", context.authority, "Certificate of the authority that the appliance's own comes from")
      ->type_name("FILE")
      ->envname("TIJORI_CA_FILE");
  program.add_option("--cert", context.certificate, "Your certificate")->type_name("FILE")->envname("TIJORI_CERT");
  program.add_option("--key", context.key, "Its private key")->type_name("FILE")->envname("TIJORI_KEY");
  program
      .add_option("--passphrase-file", context.passphrase_file,
                  "First line: the key's passphrase; else it is asked for")
      ->type_name("FILE");
  add_status(program, context);
  add_doctor(program, context);
  add_history(program, context);
  add_chat(program, context);
  add_models(program, context);
  add_clients(program, context);
  add_crl(program, context);
  add_reload(program, context);
  add_settings(program, context);
  add_audit(program, context);
  add_guardrails(program, context);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  std::signal(SIGPIPE, SIG_IGN);
  const Answer<Exit> ended = context.verb();
  if (ended) return static_cast<int>(*ended);
  print_note("tijori: " + printable(ended.error().error.message) + "\n");
  if (ended.error().retry_after_s > 0)
    print_note("tijori: try again in " + std::to_string(ended.error().retry_after_s) + " s\n");
  return static_cast<int>(exit_of(ended.error()));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    print_note(std::string("tijori: ") + error.what() + "\n");
    return static_cast<int>(Exit::failed);
  }
}
