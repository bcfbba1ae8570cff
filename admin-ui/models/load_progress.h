// How far a model's loading is: bytes of a stage, the rate, and the time left once the rate is steady.
#pragma once

#include <QString>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "protocol/admin_types.h"

namespace tijori {

class LoadProgress {
 public:
  // A model that is being loaded, at a time of this console's steady clock.
  void add(int64_t now_us, const ModelInfo& model);

  double share() const;                       // 0 … 1 of this stage
  std::optional<double> bytes_per_s() const;  // over the last few seconds; nothing at first
  // After 3 s of one stage at a rate that holds.
  std::optional<int64_t> left_s() const;
  // "41.2 of 60.9 GiB, 1.9 GiB/s, 10 s left"
  QString sentence() const;
  // "Checking the file", "Reading the weights"
  QString stage_name() const;

 private:
  struct Point {
    int64_t time_us;
    int64_t done_bytes;
  };
  std::string stage_;
  int64_t total_bytes_ = 0;
  std::deque<Point> points_;  // of this stage, the last few seconds
  int64_t stage_since_us_ = 0;
};

}  // namespace tijori
