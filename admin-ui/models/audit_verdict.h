// How far the audit log is proven, in words: by its signed checkpoints, by the last verification, and by the
// checkpoints that this console keeps as a witness.
#pragma once

#include <QString>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "admin-ui/client/witness_watch.h"
#include "admin-ui/models/cell.h"
#include "protocol/audit_messages.h"

namespace tijori {

// The pace of a verification, from what the appliance says once a second.
class VerifyMeter {
 public:
  void add(int64_t steady_us, int64_t done, int64_t total);
  void clear();
  double share() const;  // 0 … 1
  int64_t done() const { return points_.empty() ? 0 : points_.back().done; }
  int64_t total() const { return total_; }
  std::optional<double> records_per_s() const;
  // After 3 s of a pace that can be told.
  std::optional<int64_t> left_s() const;

 private:
  struct Point {
    int64_t steady_us;
    int64_t done;
  };
  int64_t total_ = 0;
  int64_t since_us_ = 0;
  std::deque<Point> points_;
};

// The band above the list.
struct VerdictWords {
  Tone tone = Tone::plain;
  QString icon;
  QString state;                // one word or two: "verified"
  QString title;                // "Verified up to record 8,41,217"
  QString when;                 // behind it: "signed 14:31:40 IST (09:01:40 UTC)"
  QString note;                 // the unsigned tail, the witness
  std::optional<double> share;  // while it is checked
  QString pace;                 // "48,200 records/s, 11 s left"
  bool operator==(const VerdictWords&) const = default;
};

struct VerdictFacts {
  const AuditStatusReply& log;
  int64_t now_us = 0;  // of the appliance
  const WitnessView* witness = nullptr;
  bool checking = false;  // this console's verification, or another's, is under way
  const VerifyMeter* meter = nullptr;
  const AuditVerdict* own = nullptr;  // of this console's last verification
  QString trouble;                    // why that gave no verdict
};
VerdictWords verdict_words(const VerdictFacts& facts);

// What can't be closed: the log is not what it was.
struct Breach {
  QString title;
  QString interval;  // where it broke, between which checkpoints
  QString advice;
  QString command;
  std::string note;  // the kept checkpoint that shows it; "" for none
  bool operator==(const Breach&) const = default;
};
// Alarms of the witness, newest first, and what a verification found.
std::vector<Breach> breaches(const VerdictFacts& facts);

// "3 Dec 2026, 14:31:40 IST (09:01:40 UTC)"
QString both_zones(int64_t time_us);

}  // namespace tijori
