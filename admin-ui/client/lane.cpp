#include "admin-ui/client/lane.h"

namespace tijori {

Result<std::unique_ptr<Lane>> Lane::create(ClientOptions options) {
  TRY_ASSIGN(HttpClient client, HttpClient::create(std::move(options)));
  TRY_ASSIGN(Cancellation cancellation, Cancellation::create());
  return std::unique_ptr<Lane>(new Lane(std::move(client), std::move(cancellation)));
}

Lane::Lane(HttpClient client, Cancellation cancellation)
    : client_(std::move(client)), cancellation_(std::move(cancellation)), thread_([this] { run(); }) {}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    jobs_.clear();
    cancellation_.cancel();
  }
  wake_.notify_one();
  thread_.join();
}

bool Lane::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || jobs_.size() >= max_waiting_jobs) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Lane::cancel_running() {
  const std::lock_guard lock(mutex_);
  if (running_) cancellation_.cancel();
}

bool Lane::idle() const {
  const std::lock_guard lock(mutex_);
  return !running_ && jobs_.empty();
}

void Lane::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (ending_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      running_ = true;
      cancellation_.reset();
    }
    job(client_, cancellation_);
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
}

}  // namespace tijori
