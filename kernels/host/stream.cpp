#include "kernels/host/stream.h"

namespace tijori::cuda::host {

namespace {

std::string shape_of(const dim3& shape) {
  return std::to_string(shape.x) + "x" + std::to_string(shape.y) + "x" + std::to_string(shape.z);
}

// Null for a launch that every device of ours takes.
const char* fault_of(const Launch& launch) {
  if (launch.blocks() == 0 || launch.threads() == 0) return "empty";
  if (launch.threads() > most_threads || launch.block.z > 64) return "more threads than a block may have";
  if (launch.grid.x > 0x7FFFFFFFU || launch.grid.y > 65535 || launch.grid.z > 65535)
    return "a larger grid than there may be";
  if (launch.shared_bytes > most_shared_bytes) return "more shared memory than a block may have";
  return nullptr;
}

}  // namespace

void HostStream::enqueue(std::move_only_function<void()> operation) {
  waiting_.push_back(std::move(operation));
}

void HostStream::enqueue(Launch launch) {
  if (launch.kernel.starts_with('(')) launch.kernel = launch.kernel.substr(1, launch.kernel.size() - 2);
  if (const char* fault = fault_of(launch); fault != nullptr) {
    fail(launch.kernel + ": invalid launch: " + fault + " (grid " + shape_of(launch.grid) + ", block " +
         shape_of(launch.block) + ", " + std::to_string(launch.shared_bytes) + " bytes shared)");
    return;
  }
  enqueue([this, ready = std::move(launch)] { executor_.run(ready); });
}

void HostStream::run_until(uint64_t count) {
  while (done_ < count && !waiting_.empty()) {
    std::move_only_function<void()> operation = std::move(waiting_.front());
    waiting_.pop_front();
    ++done_;
    if (error_.empty()) operation();
  }
}

void HostStream::fail(std::string error) {
  if (error_.empty()) error_ = std::move(error);
}

}  // namespace tijori::cuda::host
