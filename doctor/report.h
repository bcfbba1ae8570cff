// What looking at one subject gave. A finding is a health condition of the protocol, so that `tijori doctor` and
// `tijori status` name the same thing by the same code; what a code means is in doctor/explanation.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "protocol/admin_types.h"

namespace tijori {

// What could not be looked at, and why. What wasn't seen is never taken for sound.
struct Unseen {
  std::string what;
  std::string why;
};

class SubjectReport {
 public:
  explicit SubjectReport(std::string of) : subject(std::move(of)) {}

  void find(std::string_view code, Severity severity, std::string message) {
    findings.push_back({std::string(code), severity, std::move(message), 0});
  }
  void miss(std::string what, std::string why) { unseen.push_back({std::move(what), std::move(why)}); }
  void miss(std::string what, const Error& error) {
    miss(std::move(what), error.message + (error.code == ErrorCode::permission_denied ? "; run this as root" : ""));
  }

  std::string subject;
  std::vector<Condition> findings;
  std::vector<Unseen> unseen;  // one that bears the subject's name stands for all of it
};

}  // namespace tijori
