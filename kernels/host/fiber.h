// A thread of execution with a stack of its own that runs when another one switches to it.
#pragma once

#include <cstddef>

#include <boost/context/detail/fcontext.hpp>

#include "kernels/host/sanitizer.h"

namespace tijori::cuda::host {

struct Fiber {
  boost::context::detail::fcontext_t at = nullptr;
#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
  void* fake_stack = nullptr;
  const void* stack = nullptr;
  size_t stack_bytes = 0;
#endif
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
  void* clock = nullptr;
#endif

  // The other end of a switch: the first thing that the fiber does when it runs (again).
  void arrive(boost::context::detail::transfer_t from) {
    Fiber& previous = *static_cast<Fiber*>(from.data);
    previous.at = from.fctx;
#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
    __sanitizer_finish_switch_fiber(fake_stack, &previous.stack, &previous.stack_bytes);
#endif
  }

  // Returns when somebody switches back.
  void switch_to(Fiber& next) {
#if defined(TIJORI_CUDA_HOST_WITH_ASAN)
    __sanitizer_start_switch_fiber(&fake_stack, next.stack, next.stack_bytes);
#endif
#if defined(TIJORI_CUDA_HOST_WITH_TSAN)
    __tsan_switch_to_fiber(next.clock, __tsan_switch_to_fiber_no_sync);
#endif
    arrive(boost::context::detail::jump_fcontext(next.at, this));
  }
};

}  // namespace tijori::cuda::host
