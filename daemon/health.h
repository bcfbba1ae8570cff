// How the daemon is, in one sentence and as conditions with stable codes. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

// What health is judged by; gathered anew for each question.
struct Vitals {
  bool draining = false;
  std::string audit_trouble;  // "" while the log takes records
  int64_t audit_away_since_us = 0;
  bool is_another_log = false;                  // tijori-audit has another log than the daemon's
  std::string audit_state;                      // normal, tight, reserve, blocked; "" when unknown
  std::string guardrails_trouble;               // why no policy can be relied on; "" while one can
  std::vector<std::string> rules_failing_open;  // with their reasons
  std::vector<ModelInfo> models;
  std::vector<std::string> altered_models;  // aliases of those that failed since their file is another one
  int64_t certificate_not_after_us = 0;     // of the server; 0: unknown
  int64_t crl_next_update_us = 0;           // 0: no list
  std::string reload_trouble;               // why the last reload failed; "" when it didn't
  std::vector<Condition> machine;           // what the doctor found from inside
  int64_t now_us = 0;
};

struct HealthReport {
  Health health = Health::starting;
  std::string sentence;
  std::vector<Condition> conditions;  // worst first
};

// Codes: draining, audit-away, log-blocked, log-replaced, log-reserve, log-tight, guardrails-unavailable,
// guardrail-fails-open, no-model, model-altered, model-failed, engine-unresponsive, model-loading,
// certificate-expiring, crl-stale, reload-failed, and those of doctor/ (doctor/explanation.h has them all).
class HealthJudge {
 public:
  HealthReport judge(const Vitals& vitals);

 private:
  std::mutex mutex_;
  std::map<std::string, int64_t> since_us_;  // of the conditions that hold now; guarded by mutex_
};

}  // namespace tijori
