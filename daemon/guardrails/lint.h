// What is wrong, risky or surprising in a policy, for its author: at activation and as they type. An error prevents
// activation, a warning doesn't, a note is worth knowing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guardrails/policy.h"

namespace tijori {

inline constexpr size_t max_lint_findings = 1000;  // the rest is counted in one last note

enum class LintSeverity : uint8_t { note, warning, error };
std::string_view name_of(LintSeverity severity);  // "note", "warning", "error"

struct LintFinding {
  LintSeverity severity = LintSeverity::note;
  std::string code;     // of a closed list, see lint_codes
  std::string rule;     // its id; "" when it concerns the policy or a case
  std::string path;     // "rules[3].detector.patterns[0]"; "" for the document
  std::string message;  // what is wrong and what to write instead
  size_t line = 0;      // 1-based, in the document; 0 when linted without one
  size_t column = 0;
  bool operator==(const LintFinding&) const = default;
};

// invalid: the document can't be used at all, see parse_policy().
inline constexpr std::string_view lint_codes[] = {
    "invalid", "ambiguous",           "unreachable",     "too_broad", "fail_open",      "holds_stream",
    "reveals", "missing_translation", "missing_message", "no_cases",  "exempts_itself", "more_findings"};

// Errors first.
std::vector<LintFinding> lint(const Policy& policy);

// The same with places in the document, and of one severity in its order; what parse_policy() would refuse is among the
// findings, each problem of its own (one only where the text isn't JSON).
std::vector<LintFinding> lint_document(std::string_view document);

bool has_errors(const std::vector<LintFinding>& findings);

}  // namespace tijori
