// Judges one text of one stage as it comes and releases what may pass. Nothing is released that could still be the
// beginning of a match that a rule masks, stops or blocks; in plain prose that holds back the last word.
//
//   Guard guard(policy, Stage::output_stream, 0, subject, names, limits);
//   TRY_ASSIGN(const Release release, guard.push(delta));      // release.text goes to the client
//   …
//   TRY_ASSIGN(const Release last, guard.finish());
//   record(guard.decisions());
//
// The text released in all, and the decisions, are the same for every way of cutting the text into pieces.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guardrails/compiled_policy.h"
#include "daemon/guardrails/decision.h"
#include "daemon/guardrails/mask.h"

namespace tijori {

struct GuardLimits {
  size_t max_text_bytes = size_t{16} << 20;   // of one text
  size_t max_held_bytes = size_t{64} << 10;   // held back when a push returns
  size_t max_decisions = 4096;                // of one text
  std::chrono::milliseconds max_time{2'000};  // spent in all calls for one text
};

struct Release {
  std::string text;                // to be passed on, masked
  Action verdict = Action::allow;  // stop or block: the text ends here, and whatever more is pushed is dropped
  std::string rule;                // that said so
};

// A span of the source that was masked, and where in all the released text its mask stands; half-open, in bytes.
struct MaskedSpan {
  size_t begin = 0;
  size_t end = 0;
  size_t mask_begin = 0;
  size_t mask_end = 0;  // may be mask_begin: the rest of what the mask before stands for
};

class Guard {
 public:
  // `names` must outlive it. Belongs to one thread at a time.
  Guard(std::shared_ptr<const CompiledPolicy> policy, Stage stage, size_t part, GuardSubject subject, MaskNames& names,
        const GuardLimits& limits = {});
  ~Guard();
  Guard(Guard&&) noexcept;
  Guard& operator=(Guard&&) noexcept;

  // resource_exhausted, deadline_exceeded or internal when the text could not be judged and a rule that fails closed
  // looks here: none of the unreleased text may pass. Where all rules that look here fail open, the text passes and
  // failed() says why.
  Result<Release> push(std::string_view text);
  Result<Release> finish();

  // In order of their beginning, those of allow rules included; complete after finish() or a verdict of stop or block.
  // Overlapping findings of several rules: each has its own decision, and the text is changed by the strongest; the
  // mask stands for all that they cover together. Overlapping matches of one rule are one finding.
  const std::vector<Decision>& decisions() const;
  // Of the released text, ascending.
  const std::vector<MaskedSpan>& masked() const;
  // Why rules that fail open did not judge; "" when all did.
  const std::string& failed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Judges a whole text: what push and finish would release.
struct Judged {
  std::string text;
  Action verdict = Action::allow;
  std::string rule;
  std::vector<Decision> decisions;
  std::string failed;
  std::vector<MaskedSpan> masked;
};
Result<Judged> judge(const std::shared_ptr<const CompiledPolicy>& policy, Stage stage, size_t part,
                     const GuardSubject& subject, MaskNames& names, std::string_view text,
                     const GuardLimits& limits = {});

}  // namespace tijori
