// The body of GET /admin/v1/history (docs/admin-api.yaml): the daemon's own figures over the last day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json_form.h"

namespace tijori {

// One sample, for the step that ends at its time.
struct HistorySample {
  int64_t time_us = 0;                 // UTC
  double tokens_per_second = 0;        // generated
  std::optional<int64_t> ttft_p50_us;  // absent when nothing was answered in the step
  std::optional<int64_t> ttft_p95_us;
  int64_t running = 0;
  int64_t queued = 0;
  int64_t answered = 0;        // in the step
  int64_t refused = 0;         // in the step: refused, blocked by a guardrail, failed
  int64_t kv_used_bytes = 0;   // of all engines
  int64_t kv_bytes = 0;        // set aside for it
  int64_t resident_bytes = 0;  // of daemon, engines and audit process
};
// What a gap between samples or a step in them comes from.
struct HistoryMark {
  int64_t time_us = 0;
  std::string what;    // daemon-started, engine-ended, model-ready, model-unloaded
  std::string object;  // the model's alias, or ""
};
struct History {
  int64_t step_us = 0;                 // between samples where nothing is missing
  std::vector<HistorySample> samples;  // oldest first
  std::vector<HistoryMark> marks;      // oldest first
};

}  // namespace tijori
