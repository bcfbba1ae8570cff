// tijorid: the only process that speaks to clients.
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "base/service_start.h"
#include "base/user.h"
#include "daemon/accept_log.h"
#include "daemon/daemon.h"
#include "daemon/enrol.h"

namespace {

using namespace tijori;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr int exit_not_permitted = 4;

int exit_code_of(const Error& error) {
  return error.code == ErrorCode::permission_denied ? exit_not_permitted : exit_failed;
}

int report(const Error& error) {
  std::cerr << "tijorid: " << error.message << "\n";
  return exit_code_of(error);
}

// Every thread inherits the mask, so that signals reach the loop alone; SIGPIPE would end us with a client.
void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Status serve(DaemonOptions options) {
  block_signals();
  ServiceStart service;
  sigset_t stopping;
  sigemptyset(&stopping);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&stopping, signal);
  if (service.wait_turn(stopping) == ServiceGo::stop) return {};
  TRY_ASSIGN(const auto daemon, Daemon::create(std::move(options)));
  TRY(daemon->run());
  service.ended_well();
  return {};
}

int check_config(const DaemonOptions& options) {
  const auto config = read_config(options.places.config, options.config_presence);
  if (!config) {
    for (const ConfigFault& fault : config.error()) std::cerr << fault.text() << "\n";
    return exit_failed;
  }
  for (const Setting& setting : config->settings)
    std::cout << setting.name << " = " << setting.value << "  (" << setting.source
              << (is_live(setting) ? ")\n" : "; a new value takes effect at a restart)\n");
  return 0;
}

void print(const Enrolment& enrolment) {
  const CertificateInfo& info = enrolment.administrator;
  if (!enrolment.installed.empty())
    std::cout << "installed    " << enrolment.installed.string() << ": ca.crt, crl.pem, server.crt, server.key\n";
  std::cout << "enrolled     " << info.client_name << "\n";
  // Half of it a line, so that two people can read it to each other.
  const std::string spoken = spoken_fingerprint(info.sha256);
  const size_t middle = spoken.size() / 2;
  std::cout << "fingerprint  " << spoken.substr(0, middle) << "\n             " << spoken.substr(middle + 1) << "\n";
  if (!enrolment.installed.empty())
    std::cout
        << "Compare the fingerprint with the one that the console shows, and start tijorid. Then erase the folder\n"
           "that was carried: it holds the key of this appliance.\n";
}

int run(int argc, char** argv) {
  CLI::App program("Serves language models to applications over mutual TLS on local sockets, on the record", "tijorid");
  program.set_version_flag("--version", TIJORI_VERSION);
  program.fallthrough();  // before the subcommands, which take it over
  std::string root;
  std::string config;
  std::string given;
  std::vector<std::string> peer_users;
  program.add_option("--root", root, "Keep everything below this folder and start the other processes from here");
  program.add_option("--config", config, "Settings file; conf.d/*.toml beside it are read too");
  program
      .add_option("--peer-user", peer_users,
                  "Who else may listen on the inner sockets, besides root (as which systemd does) and this user")
      ->type_name("USER")
      ->allow_extra_args(false);
  CLI::App* enrol = program.add_subcommand("enrol", "Put the first administrator into the register, by certificate");
  enrol
      ->add_option("CERT", given,
                   "The certificate in PEM form, or the folder that tijori-console wrote to be carried here")
      ->required();
  CLI::App* check = program.add_subcommand(
      "check-config", "Check the settings: print them with their source, or every fault as FILE:LINE: message");
  CLI::App* accept =
      program.add_subcommand("accept-log", "Go on with the audit log that is there; the one remembered is lost");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : exit_usage;
  }
  DaemonOptions options;
  options.places = root.empty() ? system_places() : places_below(std::filesystem::absolute(root));
  if (!config.empty()) {
    options.places.config = config;
    options.config_presence = ConfigFile::required;
  }
  for (const std::string& user : peer_users) {
    const auto uid = user_id(user);
    if (!uid) return report(uid.error());
    options.places.listeners.push_back(*uid);
  }
  if (check->parsed()) return check_config(options);
  if (accept->parsed()) {
    const auto accepted = accept_log(options.places);
    if (!accepted) return report(accepted.error());
    std::cout << "accepted\n";
    return 0;
  }
  if (!enrol->parsed()) {
    const Status served = serve(std::move(options));
    if (served) return 0;
    log_error(message::daemon_failed, served.error().message);
    return exit_code_of(served.error());
  }
  const auto enrolled = enrol_administrator(options.places, given);
  if (!enrolled) return report(enrolled.error());
  print(*enrolled);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  start_logging("tijorid");
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    log_error(message::unexpected_failure, error.what());
    return exit_failed;
  }
}
