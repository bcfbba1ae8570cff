// tijori-engine serve: one model for one daemon, over a private socket. The socket is made at --socket, or is the one
// that systemd passes.
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <pthread.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "base/socket.h"
#include "engine/programs/command.h"
#include "engine/programs/engine_server.h"

namespace tijori {
namespace {

constexpr unsigned socket_mode = 0600;

struct ServeArguments {
  std::string socket;
  std::string store;
  bool developer = false;
  std::optional<uid_t> peer_uid;
};

Result<UniqueFd> find_listener(const std::string& path) {
  const int n_passed = sd_listen_fds(1);
  if (n_passed < 0) return fail(ErrorCode::io_error, "the socket that systemd passed can't be used");
  if (n_passed > 1) return fail(ErrorCode::invalid_argument, "systemd passed more than one socket");
  if (n_passed == 1) return UniqueFd(SD_LISTEN_FDS_START);
  if (path.empty()) return fail(ErrorCode::invalid_argument, "--socket is needed, since systemd passed no socket");
  return listen_unix(path, socket_mode);
}

Status serve(const ServeArguments& arguments) {
  // A core dump would hold prompts.
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) return fail_errno("setrlimit", "RLIMIT_CORE");
  sigset_t stopping;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGTERM);
  sigaddset(&stopping, SIGINT);
  // Before any thread starts, so that all of them leave these to the one that waits.
  if (pthread_sigmask(SIG_BLOCK, &stopping, nullptr) != 0) return fail_errno("pthread_sigmask", "");
  std::signal(SIGPIPE, SIG_IGN);

  TRY_ASSIGN(const UniqueFd listener, find_listener(arguments.socket));
  TRY_ASSIGN(const std::unique_ptr<EngineServer> server,
             EngineServer::create({.store = arguments.store,
                                   .mode = arguments.developer ? StoreMode::developer : StoreMode::strict,
                                   .peer_uid = arguments.peer_uid.value_or(::geteuid())}));
  std::thread waiter([&server, &stopping] {
    int signal = 0;
    sigwait(&stopping, &signal);
    sd_notify(0, "STOPPING=1");
    server->drain();
  });
  sd_notify(0, "READY=1");
  const Status served = server->run(listener.get());
  ::kill(::getpid(), SIGTERM);  // wakes the waiter in case run() ended by itself; blocked everywhere else
  waiter.join();
  return served;
}

}  // namespace

void add_serve_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("serve", "Serve the daemon on a private socket");
  const auto arguments = std::make_shared<ServeArguments>();
  verb->add_option("--socket", arguments->socket, "Where to listen; not needed under systemd socket activation");
  verb->add_option("--store", arguments->store, "Folder of the model store")->required();
  verb->add_option("--peer-uid", arguments->peer_uid, "The daemon's uid; by default this process's own");
  verb->add_flag("--developer", arguments->developer, "Load any GGUF file, also without a digest");
  verb->callback([arguments, &exit_code] {
    start_logging("tijori-engine");
    const Status served = serve(*arguments);
    if (served) return;
    log_error(whole_utf8(served.error().message));
    exit_code = exit_failed;
  });
}

}  // namespace tijori
