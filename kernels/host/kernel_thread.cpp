#include "kernels/host/kernel_thread.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace tijori::cuda::host {

constinit thread_local KernelThread* current_thread [[gnu::tls_model("initial-exec")]] = nullptr;

void die(std::source_location at, const char* format, ...) {
  char what[1024];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);

  char who[512] = "";
  if (const KernelThread* thread = current_thread; thread != nullptr) {
    const BlockView& block = *thread->block;
    std::snprintf(who, sizeof who, "%s, block (%u,%u,%u), thread (%u,%u,%u), ", block.kernel, block.index.x,
                  block.index.y, block.index.z, thread->index.x, thread->index.y, thread->index.z);
  }
  std::fprintf(stderr, "cuda-host: %s%s:%u: %s\n", who, at.file_name(), static_cast<unsigned>(at.line()), what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace tijori::cuda::host
