// The bodies of /admin/v1/guardrails (docs/admin-api.yaml); times are microseconds since 1970, UTC. A policy is known
// by its digest, the SHA-256 of its document in lower-case hex; persons by their names in the register.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/json_form.h"

namespace tijori {

template <class E>
struct EnumName;

inline constexpr size_t max_bench_texts = 1000;
inline constexpr size_t max_bench_text_bytes = size_t{1} << 20;

enum class PolicyState {
  draft,     // saved; nobody else has approved it
  approved,  // ready to be activated
  active,    // judges requests
  previous,  // what a roll back brings back
  retired,   // was active before that; kept because records name it
};
std::span<const EnumName<PolicyState>> names_of(PolicyState);
std::string_view name_of(PolicyState state);

struct PolicySummary {
  std::string digest;
  std::string name;
  int64_t version = 0;
  std::string description;
  int64_t rules = 0;
  int64_t cases = 0;  // of its regression pack
  PolicyState state = PolicyState::draft;
  std::string author;  // "tijori" of the shipped policy
  int64_t created_us = 0;
  std::optional<std::string> approved_by;
  std::optional<int64_t> approved_us;
  std::optional<int64_t> activated_us;  // the last time
  std::optional<std::string> activated_by;
};

// GET guardrails; POST guardrails/policies/{digest}/activate and POST guardrails/rollback answer it too.
enum class GuardrailsState { ok, unavailable };
std::span<const EnumName<GuardrailsState>> names_of(GuardrailsState);
struct GuardrailsStatus {
  GuardrailsState state = GuardrailsState::ok;
  std::string message;  // "" while ok; else why inference is refused, and what to do
  std::optional<PolicySummary> active;
  std::optional<PolicySummary> previous;
  std::vector<PolicySummary> policies;  // all that are stored, newest first, active and previous among them
  int64_t approvals = 2;                // persons a policy needs before it is active, its author among them
};

// What GET status tells of it.
struct GuardrailsInForce {
  GuardrailsState state = GuardrailsState::ok;
  std::string digest;  // "" while unavailable, as the name
  std::string name;
  int64_t version = 0;
  int64_t approvals = 2;
};

// GET guardrails/policies/{digest}
struct StoredPolicy {
  PolicySummary summary;
  std::string document;  // byte for byte as it was saved
};

// POST guardrails/policies, guardrails/lint
struct PolicyDocument {
  std::string document;  // JSON, as text
};

enum class FindingSeverity { note, warning, error };
std::span<const EnumName<FindingSeverity>> names_of(FindingSeverity);
std::string_view name_of(FindingSeverity severity);
// What lint has to say. An error keeps a document from being saved.
struct PolicyFinding {
  FindingSeverity severity = FindingSeverity::warning;
  std::string code;  // "ambiguous", "unreachable", …
  std::string rule;  // id; "" when it is about the document
  std::string path;  // "rules[3].stages[0]"; "" for the whole
  std::string message;
  int64_t line = 0;  // from 1, in the document; 0 when not known
  int64_t column = 0;
};
struct LintReply {
  std::vector<PolicyFinding> findings;  // worst first
};

// POST guardrails/policies answers 201, or 200 when it was stored already. A document with an error is refused with 400
// `policy_invalid`, and its error object has `findings`.
struct DraftReply {
  PolicySummary summary;
  std::vector<PolicyFinding> findings;
};

// POST guardrails/bench: two policies side by side, each stored or as a document; just one of the fields.
struct PolicyChoice {
  std::optional<std::string> digest;
  std::optional<std::string> document;
};
struct BenchText {
  std::string id;
  std::string text;
};
struct BenchRequest {
  PolicyChoice a;
  PolicyChoice b;
  std::string stage = "request_text";  // "request_text", "rendered_prompt", "output_stream", "final_output"
  // Who asks what, as scopes see it. The language is found from each text when absent.
  std::optional<std::string> application;
  std::optional<std::string> model;
  std::optional<std::string> language;  // "en", "hi", "hi-Latn"
  std::vector<BenchText> texts;
};
struct BenchSpan {
  std::string label;
  std::string rule;
  int64_t start = 0;  // half-open, in code points
  int64_t end = 0;
  int64_t start_byte = 0;  // in bytes of UTF-8
  int64_t end_byte = 0;
  double score = 0;
  std::string action;  // "allow", "annotate", "mask", "stop", "block"
};
struct BenchSide {
  std::string verdict;  // the strongest action: "allow", …
  std::string rule;     // that stopped or blocked; "" for none
  std::vector<BenchSpan> spans;
  int64_t time_us = 0;
  std::string error;  // why the text could not be judged; "" when it was
};
struct BenchPair {
  std::string id;
  BenchSide a;
  BenchSide b;
  bool differs = false;  // in verdict or spans; time doesn't count
};
struct BenchReply {
  std::vector<BenchPair> texts;  // in the order asked
};

// POST guardrails/policies/{digest}/check: runs the policy's regression pack.
struct CheckFailure {
  std::string id;      // of the case
  std::string reason;  // "expected block, the policy masks"; never the case's text
};
struct CheckReply {
  std::string digest;
  bool passed = false;
  int64_t cases = 0;
  std::vector<CheckFailure> failures;
};

// POST guardrails/policies/{digest}/activate, guardrails/rollback
struct ChangeActive {
  // The policy the caller believes active; 409 `policy_changed` when it is another one by now.
  std::optional<std::string> expected_active;
};

// GET guardrails/hits: requests in which a rule decided something, by rule and hour, of the last 24 hours. Counted
// since the daemon started.
struct RuleHits {
  std::string policy;  // digest
  std::string rule;
  int64_t hour_us = 0;  // when the hour began
  int64_t allow = 0;
  int64_t annotate = 0;
  int64_t mask = 0;
  int64_t stop = 0;
  int64_t block = 0;
};
struct HitsReply {
  int64_t since_us = 0;  // counts reach back to here: 24 hours ago, or the daemon's start
  int64_t now_us = 0;
  std::vector<RuleHits> hits;  // by hour, policy, rule; none with all counts zero
};

}  // namespace tijori
