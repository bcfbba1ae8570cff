#include "daemon/history.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace tijori {
namespace {

constexpr int64_t day_us = 86'400'000'000;
// Below it the two clocks only drift, and times that were given out stay as they are.
constexpr int64_t clock_set_us = 1'000'000;

}  // namespace

DayHistory::DayHistory(std::function<HistoryReading()> read, const Clock& clock)
    : read_(std::move(read)), clock_(clock), last_us_(clock.boot_us()), offset_us_(clock.wall_us() - clock.boot_us()) {
  mark("daemon-started", "", last_us_);
}

void DayHistory::start() {
  thread_ = std::thread([this] { run(); });
}

void DayHistory::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void DayHistory::run() {
  std::unique_lock lock(mutex_);
  auto next = std::chrono::steady_clock::now();
  for (;;) {
    next += std::chrono::microseconds(history_step_us);
    if (changed_.wait_until(lock, next, [&] { return stopping_; })) return;
    lock.unlock();
    take_sample();
    lock.lock();
  }
}

void DayHistory::take_sample() {
  const HistoryReading reading = read_();
  const RequestCounters& now = reading.step.so_far;
  const std::lock_guard lock(mutex_);
  const int64_t now_us = clock_.boot_us();
  const int64_t begin_us = std::exchange(last_us_, now_us);
  const int64_t step_us = std::max<int64_t>(1, now_us - begin_us);
  HistorySample sample;
  sample.time_us = now_us;
  sample.tokens_per_second =
      static_cast<double>(now.completion_tokens - last_.completion_tokens) * 1e6 / static_cast<double>(step_us);
  sample.ttft_p50_us = percentile(reading.step.first_token_us, 50);
  sample.ttft_p95_us = percentile(reading.step.first_token_us, 95);
  sample.running = now.running;
  sample.queued = now.queued;
  sample.answered = now.answered - last_.answered;
  sample.refused = now.refused + now.blocked + now.failed - last_.refused - last_.blocked - last_.failed;
  for (const ModelInfo& model : reading.models) {
    sample.kv_used_bytes += model.kv_used_bytes;
    sample.kv_bytes += model.kv_bytes;
  }
  const MemoryUse& memory = reading.memory;
  sample.resident_bytes = memory.daemon_bytes + memory.engine_bytes + memory.audit_bytes;
  last_ = now;
  watch(reading.models, begin_us, now_us);
  samples_.push_back(sample);
  while (samples_.size() > max_history_samples || samples_.front().time_us < now_us - day_us) samples_.pop_front();
  while (!marks_.empty() && marks_.front().time_us < now_us - day_us) marks_.pop_front();
}

// What changed since the last sample. A crash and a new start within one step show in `restarts` and `since_us`.
void DayHistory::watch(const std::vector<ModelInfo>& models, int64_t begin_us, int64_t now_us) {
  const int64_t offset_us = wall_offset_us();
  for (const ModelInfo& model : models) {
    const Seen before = std::exchange(seen_[model.alias], Seen{model.state, model.since_us, model.restarts});
    const bool was_loaded = before.state == ModelState::ready || before.state == ModelState::unloading;
    const int64_t changed_us = model.since_us > 0 ? std::min(now_us, model.since_us - offset_us) : now_us;
    const bool is_ready = model.state == ModelState::ready;
    if (model.restarts > before.restarts || (was_loaded && model.state == ModelState::failed))
      mark("engine-ended", model.alias, is_ready ? begin_us : changed_us);
    if (is_ready && (before.state != ModelState::ready || model.since_us != before.since_us))
      mark("model-ready", model.alias, changed_us);
    if (was_loaded && model.state == ModelState::allowed) mark("model-unloaded", model.alias, now_us);
  }
  std::erase_if(seen_, [&](const auto& entry) {
    return std::ranges::find(models, entry.first, &ModelInfo::alias) == models.end();
  });
}

void DayHistory::mark(std::string what, std::string object, int64_t time_us) {
  if (!marks_.empty()) time_us = std::max(time_us, marks_.back().time_us);
  marks_.push_back({time_us, std::move(what), std::move(object)});
  if (marks_.size() > max_history_marks) marks_.pop_front();
}

int64_t DayHistory::wall_offset_us() {
  const int64_t offset_us = clock_.wall_us() - clock_.boot_us();
  if (std::abs(offset_us - offset_us_) > clock_set_us) offset_us_ = offset_us;
  return offset_us_;
}

History DayHistory::since(int64_t since_us) {
  const std::lock_guard lock(mutex_);
  const int64_t offset_us = wall_offset_us();
  History history;
  history.step_us = history_step_us;
  const auto copy = [&](const auto& from, auto& to) {
    for (auto entry : from) {
      entry.time_us += offset_us;
      if (entry.time_us > since_us) to.push_back(std::move(entry));
    }
  };
  copy(samples_, history.samples);
  copy(marks_, history.marks);
  return history;
}

}  // namespace tijori
