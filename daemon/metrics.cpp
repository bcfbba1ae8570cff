#include "daemon/metrics.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tijori {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return "answered";
    case Outcome::refused:
      return "refused";
    case Outcome::blocked:
      return "blocked";
    case Outcome::aborted:
      return "aborted";
    case Outcome::failed:
      return "failed";
  }
  return "failed";
}

std::optional<int64_t> percentile(std::span<const int64_t> sorted, size_t percent) {
  if (sorted.empty()) return std::nullopt;
  return sorted[sorted.size() * percent / 100];
}

void Metrics::request_started() {
  const std::lock_guard lock(mutex_);
  ++counters_.total;
  ++open_;
}

void Metrics::request_ended(Outcome outcome) {
  const std::lock_guard lock(mutex_);
  --open_;
  switch (outcome) {
    case Outcome::answered:
      ++counters_.answered;
      break;
    case Outcome::refused:
      ++counters_.refused;
      break;
    case Outcome::blocked:
      ++counters_.blocked;
      break;
    case Outcome::aborted:
      ++counters_.aborted;
      break;
    case Outcome::failed:
      ++counters_.failed;
      break;
  }
}

void Metrics::generating(int by) {
  const std::lock_guard lock(mutex_);
  counters_.running += by;
}

void Metrics::first_token(int64_t since_received_us) {
  const std::lock_guard lock(mutex_);
  first_token_us_[samples_++ % latency_samples] = since_received_us;
  if (step_first_token_us_.size() < max_step_answers) step_first_token_us_.push_back(since_received_us);
}

void Metrics::tokens(int64_t prompt, int64_t completion) {
  const int64_t now_s = clock_.boot_us() / 1'000'000;
  const std::lock_guard lock(mutex_);
  counters_.prompt_tokens += prompt;
  counters_.completion_tokens += completion;
  Second& second = seconds_[static_cast<size_t>(now_s) % window_s];
  if (second.at_s != now_s) second = {now_s, 0};
  second.tokens += completion;
}

RequestCounters Metrics::snapshot() const {
  const int64_t now_s = clock_.boot_us() / 1'000'000;
  const std::lock_guard lock(mutex_);
  RequestCounters counters = counters_;
  counters.queued = std::max<int64_t>(0, open_ - counters.running);
  int64_t recent = 0;
  for (const Second& second : seconds_)
    if (second.at_s > now_s - static_cast<int64_t>(window_s)) recent += second.tokens;
  counters.tokens_per_second = static_cast<double>(recent) / static_cast<double>(window_s);
  std::vector<int64_t> sorted(first_token_us_.begin(),
                              first_token_us_.begin() + static_cast<int64_t>(std::min(samples_, latency_samples)));
  std::ranges::sort(sorted);
  counters.ttft_p50_us = percentile(sorted, 50).value_or(0);
  counters.ttft_p95_us = percentile(sorted, 95).value_or(0);
  return counters;
}

StepCounters Metrics::take_step() {
  StepCounters step;
  step.so_far = snapshot();
  {
    const std::lock_guard lock(mutex_);
    step.first_token_us = std::exchange(step_first_token_us_, {});
  }
  std::ranges::sort(step.first_token_us);
  return step;
}

}  // namespace tijori
