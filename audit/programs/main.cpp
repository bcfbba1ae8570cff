// tijori-audit: sole owner of the audit files and keys. Takes records from the daemon over its private socket, gives
// out lists, proofs and exports. SIGTERM: commits what waits, ends open requests, signs, seals.
#include <atomic>
#include <csignal>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "audit/programs/session.h"
#include "audit/store/group_commit.h"
#include "audit/store/log_writer.h"
#include "base/key_source.h"
#include "base/log.h"
#include "base/service_start.h"
#include "base/socket.h"
#include "base/systemd_watchdog.h"
#include "base/user.h"

namespace tijori {
namespace {

constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr unsigned socket_mode = 0600;
constexpr size_t max_sessions = 8;
constexpr const char* signing_credential = "audit-signing.key";
constexpr const char* subject_credential = "audit-subject.key";

struct ServeArguments {
  std::string folder;
  std::string socket;
  std::string signing_key;
  std::vector<std::string> purposes;
  std::string peer_user;
  uint64_t segment_mib = 256;
  uint64_t ballast_mib = 64;
  int64_t checkpoint_s = 3600;
  int64_t retention_days = 365;
};

// The sessions that run now. Those that are over are joined when the next one comes.
class Sessions {
 public:
  Sessions(GroupCommit& log, AuditDirectory directory, std::vector<KeySource> keys)
      : log_(log), directory_(std::move(directory)), keys_(std::move(keys)) {}

  void add(UniqueFd socket) {
    const std::lock_guard lock(mutex_);
    sessions_.remove_if([](Entry& entry) {
      if (!entry.over) return false;
      entry.thread.join();
      return true;
    });
    // The daemon needs one; the socket closes here.
    if (sessions_.size() >= max_sessions) return;
    Entry& entry = sessions_.emplace_back(std::move(socket), log_, verifications_, directory_, keys_);
    entry.thread = std::thread([&entry] {
      entry.session.run();
      entry.over = true;
    });
  }
  // A reading holds its segment open, and an open segment can't be sealed.
  void cancel_readings() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : sessions_) entry.session.cancel_readings();
  }
  void end_all() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : sessions_) {
      entry.session.end();
      entry.thread.join();
    }
    sessions_.clear();
  }

 private:
  struct Entry {
    Entry(UniqueFd socket, GroupCommit& log, Verifications& verifications, const AuditDirectory& directory,
          const std::vector<KeySource>& keys)
        : session(std::move(socket), log, verifications, directory, keys) {}
    Session session;
    std::atomic<bool> over = false;
    std::thread thread;
  };
  GroupCommit& log_;
  const AuditDirectory directory_;
  const std::vector<KeySource> keys_;
  std::mutex mutex_;
  Verifications verifications_;
  std::list<Entry> sessions_;
};

Result<UniqueFd> take_listener(const std::string& path) {
  const int passed = sd_listen_fds(1);
  if (passed > 1) return fail(ErrorCode::invalid_argument, "more than one socket was handed over");
  if (passed == 1) return UniqueFd(SD_LISTEN_FDS_START);
  if (path.empty()) return fail(ErrorCode::invalid_argument, "--socket is needed unless a socket is handed over");
  return listen_unix(path, socket_mode);
}

// --signing-key, or the credential systemd hands over, or the log's own file.
KeySource signing_key(const ServeArguments& arguments, const AuditDirectory& directory) {
  if (!arguments.signing_key.empty()) return {arguments.signing_key, signing_credential, "file", ""};
  return find_key(signing_credential, directory.signing_key());
}

int wait_for_signal(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  return signal;
}

Status serve(const ServeArguments& arguments) {
  // Keys are in memory: no core dump.
  const struct rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::umask(0077);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  ServiceStart service;
  if (service.wait_turn(signals) == ServiceGo::stop) return {};

  uid_t peer = ::geteuid();
  if (!arguments.peer_user.empty()) {
    TRY_ASSIGN(peer, user_id(arguments.peer_user));
  }
  AuditOptions options;
  options.directory = {arguments.folder};
  const AuditDirectory directory = options.directory;
  const std::vector<KeySource> keys = {signing_key(arguments, directory),
                                       find_key(subject_credential, directory.subject_key())};
  if (keys[0].path != directory.signing_key()) options.signing_key_file = keys[0].path;
  if (keys[1].path != directory.subject_key()) options.subject_key_file = keys[1].path;
  options.purposes = {arguments.purposes.begin(), arguments.purposes.end()};
  options.program_version = TIJORI_VERSION;
  options.segment_limit_bytes = arguments.segment_mib << 20;
  options.ballast_bytes = arguments.ballast_mib << 20;
  options.checkpoint_s = arguments.checkpoint_s;
  options.retention_days = arguments.retention_days;
  TRY_ASSIGN(std::unique_ptr<LogWriter> writer, LogWriter::open(std::move(options)));
  TRY_ASSIGN(const UniqueFd listener, take_listener(arguments.socket));
  GroupCommit log(std::move(writer), systemd_watchdog());
  const LogStatus status = log.status();
  if (status.state == LogState::blocked) {
    log_error(message::log_blocked, "the log takes no records: " + status.reason);
  } else {
    log_info(message::log_open, "log " + to_hex(status.log_id) + ", " + std::to_string(status.records) +
                                    " records, key " + status.key.fingerprint());
  }

  Sessions sessions(log, directory, keys);
  const UniqueFd stopping(::eventfd(0, EFD_CLOEXEC));
  if (!stopping) return fail_errno("eventfd", "");
  std::thread acceptor([&] {
    for (;;) {
      Result<UniqueFd> socket = accept_from_uid(listener.get(), peer, stopping.get());
      if (!socket) return;
      sessions.add(std::move(*socket));
    }
  });
  sd_notify(0, "READY=1");
  const int signal = wait_for_signal(signals);
  sd_notify(0, "STOPPING=1");
  // systemd keeps the listener for the next of us, so it is left as it is.
  ::eventfd_write(stopping.get(), 1);
  acceptor.join();
  sessions.cancel_readings();
  const Status stopped = log.stop(signal == SIGINT ? "interrupt" : "signal");
  sessions.end_all();
  service.ended_well();
  if (!arguments.socket.empty()) ::unlink(arguments.socket.c_str());
  return stopped;
}

int run(int argc, char** argv) {
  CLI::App program("Keeps the audit log", "tijori-audit");
  program.require_subcommand(1);
  program.set_version_flag("--version", TIJORI_VERSION);
  ServeArguments arguments;
  int exit_code = exit_done;
  CLI::App* serve_command = program.add_subcommand("serve", "Serve the daemon over a private socket");
  serve_command->add_option("--folder", arguments.folder, "Where the log lies; made when it isn't there")->required();
  serve_command->add_option("--socket", arguments.socket, "Socket to make, unless systemd hands one over");
  serve_command
      ->add_option("--peer-user", arguments.peer_user,
                   "The daemon's user, by name or number, who alone is served (default: this process's)")
      ->type_name("USER");
  serve_command->add_option("--signing-key", arguments.signing_key,
                            "File of the 32-byte Ed25519 seed (default: the log's own, made at the first start)");
  serve_command->add_option("--purpose", arguments.purposes,
                            "A registered purpose; may be repeated (default: those of the daemon)");
  serve_command->add_option("--segment-mib", arguments.segment_mib, "Size at which a segment is sealed")
      ->check(CLI::Range(1, 4096));
  serve_command
      ->add_option("--ballast-mib", arguments.ballast_mib, "Space kept to write the last records of a full disk")
      ->check(CLI::Range(0, 4096));
  serve_command->add_option("--checkpoint-s", arguments.checkpoint_s, "Seconds between checkpoints while records come")
      ->check(CLI::Range(1, 3600));
  serve_command->add_option("--retention-days", arguments.retention_days, "Days before which nothing may be erased")
      ->check(CLI::Range(365, 36500));
  serve_command->callback([&] {
    const Status served = serve(arguments);
    if (served) return;
    log_error(message::audit_failed, served.error().message);
    exit_code = exit_failed;
  });
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? exit_done : exit_usage;
  }
  return exit_code;
}

}  // namespace
}  // namespace tijori

int main(int argc, char** argv) {
  tijori::start_logging("tijori-audit");
  try {
    return tijori::run(argc, argv);
  } catch (const std::exception& error) {
    tijori::log_error(tijori::message::unexpected_failure, error.what());
    return tijori::exit_failed;
  }
}
