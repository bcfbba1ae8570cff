#include "daemon/child_process.h"

#include <algorithm>
#include <csignal>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_interval{5};
constexpr milliseconds destructor_limit{3'000};
constexpr int exec_failed_exit_code = 127;

// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, pid_t parent) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(exec_failed_exit_code);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDIN_FILENO);
  execve(program, arguments, environment);
  _exit(exec_failed_exit_code);
}

// What systemd says to this process alone: a child that answered in its place would hide that it hangs.
constexpr std::string_view own_variables[] = {
    "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "LISTEN_PID=", "LISTEN_FDS=", "LISTEN_FDNAMES="};

std::vector<char*> environment_of_children() {
  std::vector<char*> kept;
  for (char** each = environ; *each != nullptr; ++each)
    if (std::ranges::none_of(own_variables,
                             [&](std::string_view own) { return std::string_view(*each).starts_with(own); }))
      kept.push_back(*each);
  kept.push_back(nullptr);
  return kept;
}

}  // namespace

ChildProcess::~ChildProcess() {
  stop(destructor_limit);
}

Status ChildProcess::start(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  if (access(program.c_str(), X_OK) != 0) return fail_errno("execute", program.string());
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  const std::vector<char*> environment = environment_of_children();

  // A signal that comes between fork and exec must not run a handler of ours in the child.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fail_errno("fork", program.string());
  if (pid == 0) become(program.c_str(), pointers.data(), environment.data(), parent);
  pid_ = pid;
  return {};
}

std::optional<ProcessEnd> ChildProcess::ended() {
  if (pid_ <= 0) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = 0;
  if (WIFSIGNALED(status)) return ProcessEnd{WTERMSIG(status), 0};
  return ProcessEnd{0, WEXITSTATUS(status)};
}

std::optional<ProcessEnd> ChildProcess::wait_for(milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (const auto end = ended()) return end;
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(poll_interval);
  }
}

std::optional<ProcessEnd> ChildProcess::stop(milliseconds limit) {
  if (pid_ <= 0) return std::nullopt;
  kill(pid_, SIGTERM);
  if (const auto end = wait_for(limit)) return end;
  kill(pid_, SIGKILL);
  return wait_for(destructor_limit);
}

Result<std::filesystem::path> program_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(ErrorCode::io_error, "readlink /proc/self/exe: " + error.message());
  return self.parent_path();
}

}  // namespace tijori
