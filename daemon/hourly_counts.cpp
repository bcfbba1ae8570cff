#include "daemon/hourly_counts.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tijori {

HourlyCounts::HourlyCounts(AuditLog& audit, const Clock& clock)
    : audit_(audit), clock_(clock), since_us_(clock.boot_us()) {
  thread_ = std::thread([this] { run(); });
}

HourlyCounts::~HourlyCounts() {
  stop();
}

void HourlyCounts::count(std::string_view counter) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(counter);
  if (found != counts_.end())
    ++found->second;
  else
    counts_.emplace(counter, 1);
}

void HourlyCounts::flush() {
  AuditDraft draft;
  {
    const std::lock_guard lock(mutex_);
    const int64_t now_us = clock_.boot_us();
    const int64_t period_us = now_us - std::exchange(since_us_, now_us);
    if (counts_.empty()) return;
    draft.detail.set("period_s", std::max<int64_t>(1, period_us / 1'000'000));
    for (const auto& [name, count] : counts_) draft.detail.set(name, count);
    counts_.clear();
  }
  draft.event = "counts.hourly";
  draft.outcome = "ok";
  draft.actor_type = "system";
  audit_.append_later(std::move(draft));
}

void HourlyCounts::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::hours(1), [&] { return stopping_; })) {
    lock.unlock();
    flush();
    lock.lock();
  }
}

void HourlyCounts::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
    changed_.notify_all();
  }
  thread_.join();
  flush();
}

}  // namespace tijori
