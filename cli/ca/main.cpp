// tijori-ca: issues and revokes the certificates that Tijori's clients and daemon show each other. Works on files
// alone; the authority's key is encrypted and never needs to be on the appliance.
#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "cli/ca/verbs.h"

namespace tijori {

namespace {

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::permission_denied:
      return 4;
    case ErrorCode::invalid_argument:
      return 2;
    default:
      return 1;
  }
}

void add_passphrase(CLI::App& verb, PassphraseSource& source) {
  CLI::Option* file =
      verb.add_option("--passphrase-file", source.file, "Read the passphrase from the first line of FILE")
          ->type_name("FILE");
  verb.add_option("--passphrase-fd", source.descriptor, "Read the passphrase from this descriptor")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->excludes(file);
}

void add_ca(CLI::App& verb, std::filesystem::path& ca) {
  verb.add_option("--ca", ca, "The authority's folder; $TIJORI_CA, or else the current folder")
      ->type_name("DIR")
      ->envname("TIJORI_CA");
}

void add_issuing(CLI::App& verb, IssueOptions& options) {
  add_ca(verb, options.ca);
  verb.add_flag("--server", options.server, "A server certificate (for localhost) in place of a client's");
  verb.add_option("--days", options.days, "Days until it expires")
      ->type_name("N")
      ->check(CLI::Range(1, max_days))
      ->capture_default_str();
  verb.add_option("--csr", options.csr, "Certify the key of this certificate request; no key is made")
      ->type_name("FILE");
  verb.add_option("--out", options.out, "Where NAME.crt and NAME.key go; issued/ in the authority's folder")
      ->type_name("DIR");
  verb.add_option("--pkcs12-passphrase-file", options.pkcs12_passphrase_file,
                  "Also write NAME.p12, under the passphrase in FILE")
      ->type_name("FILE");
  add_passphrase(verb, options.passphrase);
}

int run(int argc, char** argv) {
  CLI::App app(
      "Issues and revokes the certificates of Tijori's clients and daemon.\n"
      "Exit codes: 0 done, 1 failed or refused, 2 usage, 4 not permitted (wrong passphrase).",
      "tijori-ca");
  app.set_version_flag("--version", "tijori-ca " TIJORI_VERSION);
  app.require_subcommand(1);
  Status done;

  InitOptions init;
  CLI::App& init_verb = *app.add_subcommand("init", "Make an authority: a key under a passphrase, and its certificate");
  init_verb.add_option("DIR", init.folder, "The new authority's folder")->required();
  init_verb.add_option("--name", init.name, "Its name, up to 64 bytes")->required();
  init_verb.add_option("--days", init.days, "Days until it expires")
      ->type_name("N")
      ->check(CLI::Range(1, max_days))
      ->capture_default_str();
  add_passphrase(init_verb, init.passphrase);
  init_verb.callback([&] { done = run_init(init); });

  IssueOptions issue;
  CLI::App& issue_verb = *app.add_subcommand("issue", "Issue a certificate");
  issue_verb.add_option("NAME", issue.name, "The client's or server's name: a-z 0-9 . _ -, up to 64")->required();
  issue_verb.add_option("--role", issue.roles,
                        "What a client may claim, repeatable: application, operator, guardrail-editor, auditor, "
                        "privacy-officer, key-custodian");
  issue_verb.add_option("--dns", issue.dns_names, "A further DNS name of a server, repeatable");
  issue_verb.add_flag("--force", issue.force, "Overwrite files, and issue although a valid certificate exists");
  add_issuing(issue_verb, issue);
  issue_verb.callback([&] { done = run_issue(issue); });

  IssueOptions renew;
  CLI::App& renew_verb = *app.add_subcommand(
      "renew", "Issue anew, with the same roles and a new key, replacing the files; the old certificate stays valid");
  renew_verb.add_option("NAME", renew.name, "Whose valid certificate to renew")->required();
  add_issuing(renew_verb, renew);
  renew_verb.callback([&] { done = run_renew(renew); });

  RevokeOptions revoke;
  CLI::App& revoke_verb = *app.add_subcommand("revoke", "Revoke certificates and write a new revocation list, crl.pem");
  revoke_verb.add_option("NAME", revoke.name, "Revoke all valid certificates of this name");
  revoke_verb.add_option("--serial", revoke.serial, "Revoke this one")->type_name("HEX");
  revoke_verb.add_option("--reason", revoke.reason, "unspecified, key-compromise, superseded or cessation")
      ->capture_default_str();
  add_ca(revoke_verb, revoke.ca);
  add_passphrase(revoke_verb, revoke.passphrase);
  revoke_verb.callback([&] { done = run_revoke(revoke); });

  CrlOptions crl;
  CLI::App& crl_verb = *app.add_subcommand("crl", "Sign the revocation list, crl.pem, anew for another 90 days");
  add_ca(crl_verb, crl.ca);
  add_passphrase(crl_verb, crl.passphrase);
  crl_verb.callback([&] { done = run_crl(crl); });

  ListOptions list;
  bool as_json = false;
  CLI::App& list_verb = *app.add_subcommand("list", "Show what was issued");
  list_verb.add_flag("--json", as_json, "As JSON");
  add_ca(list_verb, list.ca);
  list_verb.callback([&] {
    list.form = as_json ? ListForm::json : ListForm::table;
    done = run_list(list);
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (done) return 0;
  std::fprintf(stderr, "tijori-ca: %s\n", done.error().message.c_str());
  return exit_code(done.error());
}

}  // namespace

}  // namespace tijori

int main(int argc, char** argv) {
  return tijori::run(argc, argv);
}
