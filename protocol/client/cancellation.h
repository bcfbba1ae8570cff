// Ends a running call of this folder from another thread or from a signal handler.
#pragma once

#include <cstdint>

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/file.h"

namespace tijori {

// Stays cancelled until reset(). Must outlive the calls it was given to.
class Cancellation {
 public:
  static Result<Cancellation> create() {
    UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd) return fail_errno("eventfd", "cancellation");
    return Cancellation(std::move(fd));
  }

  // Async-signal-safe.
  void cancel() const noexcept {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(fd_.get(), &one, sizeof one);
  }
  void reset() const noexcept {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = read(fd_.get(), &count, sizeof count);
  }
  // Readable while cancelled.
  int fd() const { return fd_.get(); }

 private:
  explicit Cancellation(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace tijori
