// A guardrail policy as its author wrote it: a JSON document, parsed strictly. docs/guardrails.md describes the form.
#pragma once

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

// One built-in detector (identifiers.h).
struct BuiltinDetector {
  Label label = Label::aadhaar;
  double min_score = 0.5;
};
// Words or phrases, found wherever they stand in folded text; `whole_words`: not inside a longer word.
struct LiteralDetector {
  std::string label;  // [A-Z0-9_]{1,32}
  std::vector<std::string> literals;
  bool whole_words = true;
};
// Patterns in the syntax of pattern.h.
struct PatternDetector {
  std::string label;
  std::vector<std::string> patterns;
};
using Detector = std::variant<BuiltinDetector, LiteralDetector, PatternDetector>;
std::string_view label_of(const Detector& detector);

// Empty lists: everything.
struct Scope {
  std::vector<std::string> applications;  // names in the register of clients
  std::vector<std::string> roles;         // "application", …
  std::vector<std::string> models;        // aliases
  std::vector<Language> languages;        // of the request
};

enum class FailMode { closed, open };

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
};

// A case of the regression pack.
enum class Expectation { pass, mask, block };  // pass: nothing stronger than annotate
struct PolicyCase {
  std::string id;
  std::string text;
  Stage stage = Stage::request_text;
  Expectation expect = Expectation::pass;
  std::vector<std::string> labels;  // what must be found; any when empty
};

struct Policy {
  std::string name;  // token
  int64_t version = 1;
  std::string description;
  std::map<Language, std::string> message;  // what an end user reads when something was blocked; English at least
  std::vector<Rule> rules;
  std::vector<PolicyCase> cases;

  Digest digest{};  // SHA-256 of the document's bytes as they were parsed
};

// malformed or invalid_argument with line and column, or the path of the field ("rules[3].stages[0]: …"). Unknown
// fields are refused, as is a stage that isn't live.
Result<Policy> parse_policy(std::string_view document);

// A document for an edited policy, indented and with its fields in a fixed order; parse_policy() reads it back.
std::string to_document(const Policy& policy);

// The policy shipped with this release, as its document.
std::string_view default_policy_document();

}  // namespace tijori
