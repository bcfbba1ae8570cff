// The host's stream: what is enqueued runs at a wait, in order, and not before. So code that looks at results too
// early, or gives new contents to memory that a copy still has to read, gets wrong data each time and not now and then.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kernels/host/executor.h"
#include "kernels/host/launch.h"

namespace tijori::cuda::host {

class HostStream {
 public:
  HostStream() = default;
  HostStream(const HostStream&) = delete;
  HostStream& operator=(const HostStream&) = delete;

  void enqueue(std::move_only_function<void()> operation);
  // A launch that no device would take is the stream's error.
  void enqueue(Launch launch);

  uint64_t enqueued() const { return done_ + waiting_.size(); }
  // Runs what was enqueued before the `count`th; nothing any more after an error.
  void run_until(uint64_t count);

  // The first one stays.
  void fail(std::string error);
  const std::string& error() const { return error_; }

 private:
  std::deque<std::move_only_function<void()>> waiting_;
  uint64_t done_ = 0;
  std::string error_;
  Executor executor_;
};

template <class... Parameters, class... Arguments>
void launch(const char* kernel_name, void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared_bytes,
            HostStream* stream, Arguments&&... arguments) {
  static_assert((!std::is_reference_v<Parameters> && ...), "a kernel takes its parameters by value");
  static_assert((std::is_trivially_copyable_v<Parameters> && ...), "a kernel's parameters are copied as bytes");
  stream->enqueue({.kernel = kernel_name,
                   .grid = grid,
                   .block = block,
                   .shared_bytes = shared_bytes,
                   .body = [kernel, values = std::tuple<Parameters...>(std::forward<Arguments>(arguments)...)] {
                     std::apply(kernel, values);
                   }});
}

}  // namespace tijori::cuda::host
