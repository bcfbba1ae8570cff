#include "daemon/guardrails/lint.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/policy_reader.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr size_t min_fixed_run = 3;
constexpr size_t min_literal_characters = 3;

// Words so frequent that a rule on one of them alone meets almost every text.
constexpr std::string_view common_words[] = {
    "the",    "and",  "for",  "you",  "are",  "not",  "can",   "with", "this", "that", "from", "have", "your",
    "please", "will", "what", "when", "how",  "was",  "has",   "but",  "all",  "one",  "bank", "card", "account",
    "number", "name", "date", "hai",  "hain", "aur",  "nahin", "kya",  "mera", "meri", "mere", "aap",  "kar",
    "karo",   "liye", "में",    "और",   "है",    "हैं",    "का",    "की",   "के",    "को",   "से",    "पर",   "यह",
    "नहीं",    "क्या",  "मेरा",  "आप",   "खाता", "कार्ड", "बैंक",    "नंबर",  "नाम"};

bool changes_text(Action action) {
  return action >= Action::mask;
}

std::string index_path(std::string_view list, size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

size_t count_characters(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_character(text).length);
  return count;
}

template <class T>
bool covers(const std::vector<T>& wider, const std::vector<T>& narrower) {
  if (wider.empty()) return true;
  return !narrower.empty() && std::ranges::all_of(narrower, [&wider](const T& entry) {
    return std::ranges::find(wider, entry) != wider.end();
  });
}
template <class T>
bool meet(const std::vector<T>& a, const std::vector<T>& b) {
  return a.empty() || b.empty() || std::ranges::find_first_of(a, b) != a.end();
}

// Whether all that `narrower` admits is admitted by `wider`, and whether some request is admitted by both.
bool covers(const Scope& wider, const Scope& narrower) {
  return covers(wider.applications, narrower.applications) && covers(wider.roles, narrower.roles) &&
         covers(wider.models, narrower.models) && covers(wider.languages, narrower.languages);
}
bool meet(const Scope& a, const Scope& b) {
  return meet(a.applications, b.applications) && meet(a.roles, b.roles) && meet(a.models, b.models) &&
         meet(a.languages, b.languages);
}

// What a detector finds, apart from its label: equal keys find the same spans, but for min_score.
std::string detector_key(const Detector& detector) {
  std::string key;
  const auto add_all = [&key](const std::vector<std::string>& texts) {
    std::set<std::string> sorted(texts.begin(), texts.end());
    for (const std::string& text : sorted) key += std::to_string(text.size()) + ':' + text;
  };
  if (const auto* builtin = std::get_if<BuiltinDetector>(&detector)) {
    key = "builtin " + std::string(name_of(builtin->label));
  } else if (const auto* literals = std::get_if<LiteralDetector>(&detector)) {
    key = literals->whole_words ? "words " : "literals ";
    add_all(literals->literals);
  } else if (const auto* patterns = std::get_if<PatternDetector>(&detector)) {
    key = "patterns ";
    add_all(patterns->patterns);
  }
  return key;
}

double min_score_of(const Rule& rule) {
  const auto* builtin = std::get_if<BuiltinDetector>(&rule.detector);
  return builtin == nullptr ? 0 : builtin->min_score;
}

class Linter {
 public:
  Linter(const Policy& policy, std::vector<LintFinding>& out) : policy_(policy), out_(out) {}

  void run() {
    for (size_t i = 0; i < policy_.rules.size(); ++i) look_at_rule(policy_.rules[i], index_path("rules", i));
    compare_rules();
    look_at_messages();
    look_at_cases();
  }

 private:
  void add(LintSeverity severity, std::string_view code, std::string_view rule, std::string path, std::string message) {
    if (out_.size() < max_lint_findings)
      out_.push_back({severity, std::string(code), std::string(rule), std::move(path), std::move(message), 0, 0});
    else
      ++n_more_;
    if (n_more_ == 1 && out_.size() == max_lint_findings)
      out_.push_back({LintSeverity::note, "more_findings", "", "",
                      "there are more than " + std::to_string(max_lint_findings) + " findings; these are the first", 0,
                      0});
  }

  void look_at_rule(const Rule& rule, const std::string& path) {
    look_at_detector(rule, path + ".detector");
    if (rule.fail == FailMode::open)
      add(rule.fail_reason.empty() ? LintSeverity::error : LintSeverity::warning, "fail_open", rule.id, path + ".fail",
          rule.fail_reason.empty()
              ? "fails open without a reason: give \"fail_reason\", or \"fail\": \"closed\""
              : "fails open: where every rule of a stage does, unjudged text passes when the scanner fails");
    if (changes_text(rule.action) && std::ranges::find(rule.stages, Stage::final_output) != rule.stages.end())
      add(LintSeverity::warning, "holds_stream", rule.id, path + ".stages",
          "may change the final output, so that streamed answers arrive in one piece at their end: use output_stream "
          "unless the whole answer has to be known");
    look_at_mask(rule, path);
    look_at_except(rule, path);
    for (const auto& [language, sentence] : policy_.message)
      if (!rule.message.empty() && !rule.message.contains(language))
        add(LintSeverity::warning, "missing_translation", rule.id, path + ".message",
            "has no \"" + std::string(name_of(language)) + "\", which the policy's own message has");
    if (!rule.message.empty() && rule.action < Action::block)
      add(LintSeverity::note, "missing_message", rule.id, path + ".message",
          "is never shown: only rules that block have a message");
  }

  void look_at_detector(const Rule& rule, const std::string& path) {
    if (const auto* builtin = std::get_if<BuiltinDetector>(&rule.detector)) {
      if (builtin->min_score > 1)
        add(LintSeverity::error, "unreachable", rule.id, path + ".min_score",
            "no score is above 1: the rule never applies");
      else if (builtin->min_score < 0.3 && changes_text(rule.action))
        add(LintSeverity::warning, "too_broad", rule.id, path + ".min_score",
            "below 0.3 many numbers that are no identifiers are taken for one: 0.5 is usual");
    } else if (const auto* literals = std::get_if<LiteralDetector>(&rule.detector)) {
      std::set<std::string> seen;
      for (size_t i = 0; i < literals->literals.size(); ++i)
        look_at_literal(rule, *literals, literals->literals[i], seen, index_path(path + ".literals", i));
    } else if (const auto* patterns = std::get_if<PatternDetector>(&rule.detector)) {
      for (size_t i = 0; i < patterns->patterns.size(); ++i)
        look_at_pattern(rule, patterns->patterns[i], index_path(path + ".patterns", i));
    }
  }

  void look_at_literal(const Rule& rule, const LiteralDetector& detector, const std::string& literal,
                       std::set<std::string>& seen, std::string path) {
    const auto folded = fold_literal(literal);
    if (!folded) return add(LintSeverity::error, "invalid", rule.id, std::move(path), folded.error().message);
    const LintSeverity severity = changes_text(rule.action) ? LintSeverity::error : LintSeverity::warning;
    if (!seen.insert(*folded).second)
      add(LintSeverity::note, "unreachable", rule.id, path, "another literal of this rule is the same once folded");
    const size_t characters = count_characters(*folded);
    if (std::ranges::all_of(*folded, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }))
      add(severity, "too_broad", rule.id, std::move(path), "is white space alone");
    else if (characters < min_literal_characters && !detector.whole_words)
      add(severity, "too_broad", rule.id, std::move(path),
          "has fewer than 3 characters and is found inside words: use \"whole_words\": true or more text");
    else if (characters < min_literal_characters)
      add(LintSeverity::warning, "too_broad", rule.id, std::move(path), "has fewer than 3 characters");
    else if (std::ranges::find(common_words, std::string_view(*folded)) != std::end(common_words))
      add(severity, "too_broad", rule.id, std::move(path),
          "is a single word that almost every text holds: add the words around it");
  }

  void look_at_pattern(const Rule& rule, const std::string& text, std::string path) {
    const auto pattern = Pattern::parse(text);
    if (!pattern) return add(LintSeverity::error, "invalid", rule.id, std::move(path), pattern.error().message);
    const LintSeverity severity = changes_text(rule.action) ? LintSeverity::error : LintSeverity::warning;
    if (pattern->can_match_space_only())
      add(severity, "too_broad", rule.id, std::move(path),
          "can match white space alone: make a visible character obligatory");
    else if (pattern->min_characters() < 2)
      add(severity, "too_broad", rule.id, std::move(path), "can match a single character: make more of it obligatory");
    else if (pattern->fixed_run() < min_fixed_run)
      add(LintSeverity::warning, "too_broad", rule.id, std::move(path),
          "has no run of 3 given characters that every match holds, so it may match in many places: add a word or "
          "prefix that stands before what you look for");
  }

  void look_at_mask(const Rule& rule, const std::string& path) {
    if (rule.mask != MaskStyle::last_four) return;
    if (rule.action != Action::mask)
      return add(LintSeverity::note, "reveals", rule.id, path + ".mask", "has no effect: the rule doesn't mask");
    const auto* builtin = std::get_if<BuiltinDetector>(&rule.detector);
    const bool is_made_for_it =
        builtin != nullptr && (builtin->label == Label::aadhaar || builtin->label == Label::payment_card);
    if (is_made_for_it) return;
    const bool is_secret =
        builtin != nullptr && (builtin->label == Label::private_key || builtin->label == Label::secret_token);
    add(is_secret ? LintSeverity::error : LintSeverity::warning, "reveals", rule.id, path + ".mask",
        "last_four leaves too much of a " + std::string(label_of(rule.detector)) +
            ": it is made for AADHAAR and PAYMENT_CARD; use \"token\"");
  }

  void look_at_except(const Rule& rule, const std::string& path) {
    const auto* literals = std::get_if<LiteralDetector>(&rule.detector);
    if (literals == nullptr) return;
    std::set<std::string> excepted;
    for (const std::string& value : rule.except)
      if (auto folded = fold_literal(value)) excepted.insert(*std::move(folded));
    for (size_t i = 0; i < literals->literals.size(); ++i)
      if (const auto folded = fold_literal(literals->literals[i]); folded && excepted.contains(*folded))
        add(LintSeverity::warning, "exempts_itself", rule.id, index_path(path + ".detector.literals", i),
            "is among the rule's exceptions, so it is never found: leave it out of both");
  }

  void compare_rules() {
    std::map<std::string, std::vector<size_t>> same_detector;
    for (size_t i = 0; i < policy_.rules.size(); ++i)
      same_detector[detector_key(policy_.rules[i].detector)].push_back(i);
    for (const auto& [key, rules] : same_detector)
      for (size_t later = 1; later < rules.size(); ++later)
        for (size_t earlier = 0; earlier < later; ++earlier) compare(rules[earlier], rules[later]);
  }

  void compare(size_t first, size_t second) {
    const Rule& a = policy_.rules[first];
    const Rule& b = policy_.rules[second];
    std::string common;
    for (const Stage stage : b.stages)
      if (std::ranges::find(a.stages, stage) != a.stages.end())
        common += (common.empty() ? "" : ", ") + std::string(name_of(stage));
    if (common.empty() || !meet(a.scope, b.scope)) return;
    if (is_shadowed(b, a)) return add_shadowed(b, second, a);
    if (is_shadowed(a, b)) return add_shadowed(a, first, b);
    // A stronger action from a higher score on is one rule in two steps.
    const Rule& stronger = a.action > b.action ? a : b;
    const Rule& weaker = a.action > b.action ? b : a;
    const bool is_escalation = min_score_of(stronger) > min_score_of(weaker);
    // A narrower scope that is stricter is meant.
    const bool is_stricter_inside = covers(weaker.scope, stronger.scope) && stronger.scope != weaker.scope;
    if (a.action == b.action || is_escalation || is_stricter_inside) return;
    add(LintSeverity::error, "ambiguous", b.id, index_path("rules", second),
        "and rule " + a.id + " look for the same at " + common + " for some of the same requests, one to " +
            std::string(name_of(a.action)) + " and one to " + std::string(name_of(b.action)) +
            ": give them scopes that don't meet, or one action");
  }

  // Whether `strong` does at least as much wherever `weak` applies, so that `weak` changes nothing.
  static bool is_shadowed(const Rule& weak, const Rule& strong) {
    return strong.action >= weak.action && min_score_of(strong) <= min_score_of(weak) && strong.except.empty() &&
           covers(strong.scope, weak.scope) && std::ranges::all_of(weak.stages, [&strong](Stage stage) {
             return std::ranges::find(strong.stages, stage) != strong.stages.end();
           });
  }

  void add_shadowed(const Rule& weak, size_t index, const Rule& strong) {
    add(strong.action == weak.action ? LintSeverity::warning : LintSeverity::error, "unreachable", weak.id,
        index_path("rules", index),
        "never decides: rule " + strong.id + " looks for the same everywhere this one does and its action (" +
            std::string(name_of(strong.action)) + ") is at least as strong: remove this one or narrow the other");
  }

  void look_at_messages() {
    if (!policy_.message.contains(Language::english))
      add(LintSeverity::error, "missing_message", "", "message",
          "has no \"en\": the sentence for readers of every other language");
    const bool has_blocking = std::ranges::any_of(
        policy_.rules, [](const Rule& rule) { return rule.action == Action::block && rule.message.empty(); });
    if (!has_blocking) return;
    for (const Language language : {Language::hindi, Language::hinglish})
      if (!policy_.message.contains(language))
        add(LintSeverity::warning, "missing_translation", "", "message",
            "has no \"" + std::string(name_of(language)) + "\": its readers get the English sentence");
  }

  void look_at_cases() {
    std::set<std::string_view> labels;
    for (const Rule& rule : policy_.rules) labels.insert(label_of(rule.detector));
    std::set<std::pair<std::string_view, Stage>> blocked;  // label ("" for any) and stage
    for (size_t i = 0; i < policy_.cases.size(); ++i) {
      const PolicyCase& each = policy_.cases[i];
      for (size_t k = 0; k < each.labels.size(); ++k)
        if (!labels.contains(each.labels[k]))
          add(LintSeverity::error, "unreachable", "", index_path(index_path("cases", i) + ".labels", k),
              "no rule has this label: the case can only fail");
      if (each.expect != Expectation::block) continue;
      if (each.labels.empty()) blocked.emplace("", each.stage);
      for (const std::string& label : each.labels) blocked.emplace(label, each.stage);
    }
    for (size_t i = 0; i < policy_.rules.size(); ++i) {
      const Rule& rule = policy_.rules[i];
      if (rule.action < Action::stop) continue;
      const bool has_case = std::ranges::any_of(rule.stages, [&](Stage stage) {
        return blocked.contains({label_of(rule.detector), stage}) || blocked.contains({"", stage});
      });
      if (!has_case)
        add(LintSeverity::warning, "no_cases", rule.id, index_path("rules", i),
            "blocks, and no case of the regression pack shows it: add one with \"expect\": \"block\" at one of its "
            "stages");
    }
    if (policy_.cases.empty() && !policy_.rules.empty())
      add(LintSeverity::warning, "no_cases", "", "cases",
          "is empty: nothing would notice when a change breaks a rule or stops honest texts");
    else if (std::ranges::none_of(policy_.cases, [](const PolicyCase& c) { return c.expect == Expectation::pass; }) &&
             !policy_.rules.empty())
      add(LintSeverity::note, "no_cases", "", "cases",
          "has no text that must pass: nothing would notice a rule that stops honest texts");
  }

  const Policy& policy_;
  std::vector<LintFinding>& out_;
  size_t n_more_ = 0;
};

void put_errors_first(std::vector<LintFinding>& findings) {
  std::vector<LintFinding> ordered;
  ordered.reserve(findings.size());
  for (const LintSeverity severity : {LintSeverity::error, LintSeverity::warning, LintSeverity::note})
    for (LintFinding& finding : findings)
      if (finding.severity == severity) ordered.push_back(std::move(finding));
  findings = std::move(ordered);
}

// "line 3, column 7: …" of a text that isn't JSON.
LintFinding unreadable(std::string_view document, const Error& error) {
  LintFinding finding{LintSeverity::error, "invalid", "", "", error.message, 1, 1};
  constexpr std::string_view line = "line ";
  constexpr std::string_view column = ", column ";
  const size_t colon = error.message.find(": ");
  const size_t comma = error.message.find(column);
  if (document.size() > max_policy_bytes || !error.message.starts_with(line) || comma == std::string::npos ||
      colon == std::string::npos)
    return finding;
  finding.line = std::strtoul(error.message.c_str() + line.size(), nullptr, 10);
  finding.column = std::strtoul(error.message.c_str() + comma + column.size(), nullptr, 10);
  finding.message = error.message.substr(colon + 2);
  return finding;
}

}  // namespace

std::string_view name_of(LintSeverity severity) {
  switch (severity) {
    case LintSeverity::note:
      return "note";
    case LintSeverity::warning:
      return "warning";
    case LintSeverity::error:
      return "error";
  }
  return "";
}

std::vector<LintFinding> lint(const Policy& policy) {
  std::vector<LintFinding> out;
  Linter(policy, out).run();
  put_errors_first(out);
  return out;
}

std::vector<LintFinding> lint_document(std::string_view document) {
  const PolicyReading reading = read_policy(document);
  if (reading.json_error) return {unreadable(document, *reading.json_error)};
  const TextPlaces places(document);
  std::vector<LintFinding> out;
  for (const PolicyProblem& problem : reading.problems) {
    const TextPlace place = places.at(problem.offset);
    out.push_back({LintSeverity::error, "invalid", "", problem.path, problem.message, place.line, place.column});
  }
  // What could not be read would only lead to findings about what is missing.
  if (!out.empty()) return out;
  Linter(reading.policy, out).run();
  for (LintFinding& finding : out) {
    const TextPlace place = places.at(offset_of(*reading.root, finding.path));
    finding.line = place.line;
    finding.column = place.column;
  }
  std::ranges::sort(out, {}, [](const LintFinding& finding) {
    return std::tuple(finding.line, finding.column, std::string_view(finding.message));
  });
  put_errors_first(out);
  return out;
}

bool has_errors(const std::vector<LintFinding>& findings) {
  return std::ranges::any_of(findings,
                             [](const LintFinding& finding) { return finding.severity == LintSeverity::error; });
}

}  // namespace tijori
