// A guardrail policy as its author wrote it: a JSON document, parsed strictly. docs/guardrails.md describes the form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "daemon/guardrails/action.h"
#include "daemon/guardrails/label.h"
#include "daemon/guardrails/language.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

inline constexpr size_t max_policy_bytes = size_t{8} << 20;
inline constexpr size_t max_policy_rules = 1024;
inline constexpr size_t max_policy_patterns = 100'000;  // literals and patterns of all rules together
inline constexpr size_t max_policy_cases = 10'000;
inline constexpr size_t max_policy_exceptions = 1024;      // of one rule
inline constexpr size_t max_policy_scope_entries = 256;    // of one list
inline constexpr size_t max_policy_name_bytes = 128;       // an application, role or model of a scope
inline constexpr size_t max_policy_text_bytes = 2048;      // a description, reason or message
inline constexpr size_t max_policy_case_bytes = 64 << 10;  // a case's text

// One built-in detector (identifiers.h).
struct BuiltinDetector {
  Label label = Label::aadhaar;
  double min_score = 0.5;
  bool operator==(const BuiltinDetector&) const = default;
};
// Words or phrases, found wherever they stand in folded text; `whole_words`: not inside a longer word.
struct LiteralDetector {
  std::string label;  // [A-Z0-9_]{1,32}
  std::vector<std::string> literals;
  bool whole_words = true;
  bool operator==(const LiteralDetector&) const = default;
};
// Patterns in the syntax of pattern.h.
struct PatternDetector {
  std::string label;
  std::vector<std::string> patterns;
  bool operator==(const PatternDetector&) const = default;
};
using Detector = std::variant<BuiltinDetector, LiteralDetector, PatternDetector>;
std::string_view label_of(const Detector& detector);

// Empty lists: everything.
struct Scope {
  std::vector<std::string> applications;  // names in the register of clients
  std::vector<std::string> roles;         // "application", …
  std::vector<std::string> models;        // aliases
  std::vector<Language> languages;        // of the request
  bool operator==(const Scope&) const = default;
};

enum class FailMode : uint8_t { closed, open };
std::string_view name_of(FailMode mode);  // "closed", "open"

struct Rule {
  std::string id;  // a token: [a-z0-9][a-z0-9_.-]{0,47}; unique in the policy; appears in audit records
  std::string description;
  Detector detector;
  std::vector<Stage> stages;
  Scope scope;
  Action action = Action::annotate;
  MaskStyle mask = MaskStyle::token;
  FailMode fail = FailMode::closed;
  std::string fail_reason;          // why open
  std::vector<std::string> except;  // values that this rule leaves alone, compared after folding, separators aside
  std::map<Language, std::string> message;  // in place of the policy's
  bool operator==(const Rule&) const = default;
};

// A case of the regression pack.
enum class Expectation : uint8_t { pass, mask, block };  // pass: nothing stronger than annotate; block: or stop
std::string_view name_of(Expectation expectation);       // "pass", "mask", "block"
struct PolicyCase {
  std::string id;
  std::string text;
  Stage stage = Stage::request_text;
  Expectation expect = Expectation::pass;
  std::vector<std::string> labels;  // what must be found; any when empty
  bool operator==(const PolicyCase&) const = default;
};

struct Policy {
  std::string name;  // token
  int64_t version = 1;
  std::string description;
  std::map<Language, std::string> message;  // what an end user reads when something was blocked; English at least
  std::vector<Rule> rules;
  std::vector<PolicyCase> cases;

  Digest digest{};  // SHA-256 of the document's bytes as they were parsed
  bool operator==(const Policy&) const = default;
};

// malformed or resource_exhausted with line and column where the text isn't JSON; else invalid_argument with the path
// of the field ("rules[3].stages[0]: …"). Unknown fields are refused, as is a stage that isn't live, a pattern that
// pattern.h doesn't know and a rule that fails open without a reason.
Result<Policy> parse_policy(std::string_view document);

// A document for an edited policy, indented and with its fields in a fixed order; parse_policy() reads it back.
std::string to_document(const Policy& policy);

// The policy shipped with this release, as its document.
std::string_view default_policy_document();

}  // namespace tijori
