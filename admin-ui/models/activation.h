// What stands between a draft and its judging every request: lint, bench, regression pack, second person, in this
// order; what is next; and which acts can be done now, or why not.
#pragma once

#include <QString>
#include <array>
#include <optional>
#include <string>

#include "protocol/guardrail_types.h"

namespace tijori {

// What is known of the document that is open.
struct ActivationFacts {
  bool is_whole = true;    // it is JSON at all
  bool is_linted = false;  // what follows is about the text as it is now
  int errors = 0;
  int warnings = 0;
  bool is_benched = false;
  int bench_spans = 0;
  QString bench_error;
  enum class Pack : uint8_t { not_run, running, passed, failed } pack = Pack::not_run;
  int64_t cases = 0;
  int64_t failed_cases = 0;
  std::optional<PolicySummary> stored;    // this very text, saved
  std::optional<PolicySummary> previous;  // what a roll back brings back
  bool may_edit = false;
  bool is_busy = false;  // an act has been asked for, and the answer is awaited
  std::string own_name;
  int64_t approvals = 2;
};

struct ActivationStep {
  enum class State : uint8_t { open, running, done, warn, wrong, not_needed } state = State::open;
  QString note;
};

struct ActivationAct {
  bool is_shown = false;
  QString refusal;  // "" when it can be done
};

struct Activation {
  enum Step : size_t { lint, bench, pack, person, step_count };
  std::array<ActivationStep, step_count> steps;
  QString next;  // one sentence
  ActivationAct save;
  ActivationAct approve;
  ActivationAct activate;
  ActivationAct roll_back;
  ActivationAct check;
};

Activation activation(const ActivationFacts& facts);

// "draft", "active", …
QString state_text(PolicyState state);

}  // namespace tijori
