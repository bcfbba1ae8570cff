// A day of the daemon's own figures, sampled in steps, and what happened in it. In memory alone, bounded; what a daemon
// before this one saw is gone. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "daemon/metrics.h"
#include "protocol/admin_types.h"
#include "protocol/history_types.h"

namespace tijori {

inline constexpr int64_t history_step_us = 10'000'000;
inline constexpr size_t max_history_samples = 8'640;  // a day of steps
inline constexpr size_t max_history_marks = 1'000;

// What a sample is made of.
struct HistoryReading {
  StepCounters step;
  std::vector<ModelInfo> models;
  MemoryUse memory;
};

class DayHistory {
 public:
  // `read` is called from the thread, once a step. The daemon counts as started now.
  explicit DayHistory(std::function<HistoryReading()> read, const Clock& clock = system_clock());
  ~DayHistory() { stop(); }
  DayHistory(const DayHistory&) = delete;
  DayHistory& operator=(const DayHistory&) = delete;

  void start();  // the thread, which takes a sample after each step
  void stop();
  void take_sample();

  // Samples and marks newer than that, of the last day. Their times follow a clock that was set: all of them move
  // together, so that they stay in order.
  History since(int64_t since_us);

 private:
  // time_us counts from boot here.
  struct Seen {  // of a model, at the last sample
    ModelState state = ModelState::allowed;
    int64_t since_us = 0;
    int64_t restarts = 0;
  };

  void run();
  void watch(const std::vector<ModelInfo>& models, int64_t begin_us, int64_t now_us);
  void mark(std::string what, std::string object, int64_t time_us);
  int64_t wall_offset_us();

  const std::function<HistoryReading()> read_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;              // guarded by mutex_, as all below
  std::deque<HistorySample> samples_;  // oldest first
  std::deque<HistoryMark> marks_;
  std::map<std::string, Seen> seen_;
  RequestCounters last_;
  int64_t last_us_;
  int64_t offset_us_;  // from the clock since boot to UTC
  std::thread thread_;
};

}  // namespace tijori
