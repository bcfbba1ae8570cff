// What the daemon counts about itself. Thread-safe; reading is for people, so a snapshot may be torn by one request.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "protocol/admin_types.h"

namespace tijori {

enum class Outcome { answered, refused, blocked, aborted, failed };
std::string_view name_of(Outcome outcome);  // as in the audit record

// What has been counted in one step of the history, and everything so far.
struct StepCounters {
  RequestCounters so_far;
  std::vector<int64_t> first_token_us;  // time to first token of each answer that began in the step, sorted
};

// Nearest-rank percentile of sorted values; nothing when there are none.
std::optional<int64_t> percentile(std::span<const int64_t> sorted, size_t percent);

class Metrics {
 public:
  explicit Metrics(const Clock& clock = system_clock()) : clock_(clock) {}

  void request_started();
  void request_ended(Outcome outcome);
  void generating(int by);  // +1 when the engine has taken the request, -1 at its end
  void first_token(int64_t since_received_us);
  void tokens(int64_t prompt, int64_t completion);

  RequestCounters snapshot() const;
  // Since the last call; for one caller.
  StepCounters take_step();

 private:
  // More answers than an engine can begin within a step: those beyond it are left out of the percentiles.
  static constexpr size_t max_step_answers = 16'384;
  static constexpr size_t window_s = 60;
  static constexpr size_t latency_samples = 256;
  struct Second {
    int64_t at_s = -1;
    int64_t tokens = 0;
  };

  const Clock& clock_;
  mutable std::mutex mutex_;
  RequestCounters counters_;  // guarded by mutex_, as all below
  int64_t open_ = 0;
  std::array<Second, window_s> seconds_{};
  std::array<int64_t, latency_samples> first_token_us_{};
  size_t samples_ = 0;
  std::vector<int64_t> step_first_token_us_;
};

}  // namespace tijori
