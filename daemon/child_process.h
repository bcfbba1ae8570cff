// A program of this product that the daemon starts itself, which it does only in a checkout.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"

namespace tijori {

// How a process ended: by a signal, or with an exit code.
struct ProcessEnd {
  int signal = 0;
  int exit_code = 0;
};

class ChildProcess {
 public:
  ChildProcess() = default;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // SIGTERM, then SIGKILL

  // Starts the program with stdin closed and our stderr. It gets SIGTERM when the calling thread ends, so that it
  // doesn't outlive a daemon that was killed.
  Status start(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  // How it ended, once it has; collects it.
  std::optional<ProcessEnd> ended();
  // SIGTERM, SIGKILL after the limit; collects it. Nothing when none runs.
  std::optional<ProcessEnd> stop(std::chrono::milliseconds limit);
  bool running() const { return pid_ > 0; }

 private:
  std::optional<ProcessEnd> wait_for(std::chrono::milliseconds limit);

  pid_t pid_ = 0;
};

// The folder of the running program, where its siblings lie.
Result<std::filesystem::path> program_folder();

}  // namespace tijori
