// cp.async: until its wait the destination holds 0xff, and only the wait copies. All of it in the kernel's own code, so
// that ThreadSanitizer sees who writes when.
#pragma once

#include <cstring>

#include "kernels/host/global.h"

namespace tijori::cuda {

namespace host {
template <class Ready>
void copy_those_ready(KernelThread& thread, Ready ready) {
  size_t kept = 0;
  for (const AsyncCopy& copy : thread.copies) {
    if (ready(copy))
      std::memcpy(copy.to, copy.from, 16);
    else
      thread.copies[kept++] = copy;
  }
  thread.copies.resize(kept);
}
}  // namespace host

template <class T>
void copy_async_16(T* shared, std::type_identity_t<Global<const T>> from,
                   std::source_location at = std::source_location::current()) {
  host::KernelThread& thread = *host::current_thread;
  const host::BlockView& block = *thread.block;
  const auto to = reinterpret_cast<uintptr_t>(shared), begin = reinterpret_cast<uintptr_t>(block.shared);
  if (to < begin || to + 16 > begin + block.shared_bytes)
    host::die(at, "copy_async_16 to outside of the block's shared memory");
  if (to % 16 != 0) host::die(at, "copy_async_16 to shared memory that is not aligned to 16 bytes");
  if (reinterpret_cast<uintptr_t>(from.raw()) % 16 != 0)
    host::die(at, "copy_async_16 from an address that is not aligned to 16 bytes");
  // In bounds from the first element to the one that has the last byte.
  static_cast<void>(from[host::Index(0, at)]);
  static_cast<void>(from[host::Index((15 + sizeof(T)) / sizeof(T) - 1, at)]);
  std::memset(static_cast<void*>(shared), 0xFF, 16);
  thread.copies.push_back({shared, from.raw(), thread.committed_groups});
}
inline void copy_async_commit() {
  ++host::current_thread->committed_groups;
}
template <int pending>
void copy_async_wait() {
  host::KernelThread& thread = *host::current_thread;
  host::copy_those_ready(
      thread, [&](const host::AsyncCopy& copy) { return copy.group + uint32_t{pending} < thread.committed_groups; });
}
inline void copy_async_wait_all() {
  host::copy_those_ready(*host::current_thread, [](const host::AsyncCopy&) { return true; });
}

}  // namespace tijori::cuda
