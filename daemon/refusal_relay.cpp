#include "daemon/refusal_relay.h"

#include <chrono>

namespace tijori {

RefusalRelay::RefusalRelay(RefusalSink& sink, const Clock& clock) : recorder_(sink, clock) {
  thread_ = std::thread([this] { run(); });
}

RefusalRelay::~RefusalRelay() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void RefusalRelay::note(const Refusal& refusal) {
  {
    const std::lock_guard lock(mutex_);
    std::pair key(refusal.peer.uid, refusal.cause);
    if (waiting_.size() >= max_refusal_pairs && !waiting_.contains(key)) key.first = static_cast<uid_t>(-1);
    const auto [entry, fresh] = waiting_.try_emplace(key, refusal);
    if (!fresh) {
      const uint64_t count = entry->second.count + refusal.count;
      entry->second = refusal;
      entry->second.count = count;
    }
    entry->second.peer.uid = key.first;
  }
  changed_.notify_one();
}

void RefusalRelay::run() {
  std::unique_lock lock(mutex_);
  while (!ending_ || !waiting_.empty()) {
    changed_.wait_for(lock, std::chrono::seconds(1), [&] { return ending_ || !waiting_.empty(); });
    const auto taken = std::exchange(waiting_, {});
    lock.unlock();
    for (const auto& [key, refusal] : taken) recorder_.note(refusal);
    recorder_.tick();
    lock.lock();
  }
  lock.unlock();
  recorder_.flush();
}

}  // namespace tijori
