// tijori-engine serve: one model for one daemon, over a private socket. The socket is made at --socket, or is the one
// that systemd passes.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <pthread.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "base/socket.h"
#include "base/systemd_watchdog.h"
#include "base/user.h"
#include "engine/programs/command.h"
#include "engine/programs/engine_server.h"

namespace tijori {
namespace {

constexpr unsigned socket_mode = 0600;

struct ServeArguments {
  std::string socket;
  std::string store;
  bool developer = false;
  std::string peer_user;
};

// A slot's engine that its daemon has left: for so long it is there for the daemon's restart, with the model in memory.
constexpr std::chrono::seconds slot_lonely_limit{60};

struct EngineListener {
  UniqueFd fd;
  bool is_slot = false;  // systemd's, which starts an engine anew for the next connection
};

Result<EngineListener> find_listener(const std::string& path) {
  const int n_passed = sd_listen_fds(1);
  if (n_passed < 0) return fail(ErrorCode::io_error, "the socket that systemd passed can't be used");
  if (n_passed > 1) return fail(ErrorCode::invalid_argument, "systemd passed more than one socket");
  if (n_passed == 1) return EngineListener{UniqueFd(SD_LISTEN_FDS_START), true};
  if (path.empty()) return fail(ErrorCode::invalid_argument, "--socket is needed, since systemd passed no socket");
  TRY_ASSIGN(UniqueFd fd, listen_unix(path, socket_mode));
  return EngineListener{std::move(fd), false};
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

  EngineServerOptions options;
  options.store = arguments.store;
  options.mode = arguments.developer ? StoreMode::developer : StoreMode::strict;
  options.peer_uid = ::geteuid();
  if (!arguments.peer_user.empty()) {
    TRY_ASSIGN(options.peer_uid, user_id(arguments.peer_user));
  }
  TRY_ASSIGN(const EngineListener listener, find_listener(arguments.socket));
  if (listener.is_slot) options.lonely_limit = slot_lonely_limit;
  options.watchdog = systemd_watchdog();
  TRY_ASSIGN(const std::unique_ptr<EngineServer> server, EngineServer::create(std::move(options)));
  std::thread waiter([&server, &stopping] {
    int signal = 0;
    sigwait(&stopping, &signal);
    sd_notify(0, "STOPPING=1");
    server->drain();
  });
  sd_notify(0, "READY=1");
  const Status served = server->run(listener.fd.get());
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
  verb->add_option("--peer-user", arguments->peer_user,
                   "The daemon's user, by name or number, who alone is served; by default this process's own")
      ->type_name("USER");
  verb->add_flag("--developer", arguments->developer, "Load any GGUF file, also without a digest");
  verb->callback([arguments, &exit_code] {
    const Status served = serve(*arguments);
    if (served) return;
    log_error(message::engine_failed, whole_utf8(served.error().message));
    exit_code = exit_failed;
  });
}

}  // namespace tijori
