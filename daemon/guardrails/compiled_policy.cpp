#include "daemon/guardrails/compiled_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <new>
#include <utility>

#include "base/check.h"
#include "daemon/guardrails/mask.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/stage_plan.h"

namespace tijori {

struct CompiledPolicy::Impl {
  Policy policy;
  std::array<StagePlan, all_stages.size()> plans;  // by stage
  size_t memory_bytes = 0;
};

namespace {

template <class T>
bool admits(const std::vector<T>& list, const T& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

std::string folded_or_same(const std::string& value) {
  auto folded = fold_literal(value);
  return folded ? *std::move(folded) : value;
}

RulePlan plan_rule(const Rule& rule) {
  RulePlan plan{&rule, std::nullopt, 0, {}};
  if (const auto* builtin = std::get_if<BuiltinDetector>(&rule.detector)) {
    plan.builtin = builtin->label;
    plan.min_score = builtin->min_score;
  }
  for (const std::string& value : rule.except) plan.except.insert(comparable_value(folded_or_same(value)));
  return plan;
}

// The sources of one set, each with its rule (index into the stage's rules) and its place in the rule's detector.
struct Sources {
  std::vector<PatternSource> sources;
  std::vector<uint32_t> rules;
  std::vector<std::string> places;

  void add(const RulePlan& plan, uint32_t number) {
    const auto add_all = [&](const std::vector<std::string>& texts, PatternSource::Kind kind, std::string_view what) {
      for (size_t i = 0; i < texts.size(); ++i) {
        sources.push_back({kind, texts[i]});
        rules.push_back(number);
        places.push_back("rule " + plan.rule->id + ": " + std::string(what) + "[" + std::to_string(i) + "]");
      }
    };
    if (const auto* literals = std::get_if<LiteralDetector>(&plan.rule->detector))
      add_all(literals->literals,
              literals->whole_words ? PatternSource::Kind::whole_word_literal : PatternSource::Kind::literal,
              "literals");
    if (const auto* patterns = std::get_if<PatternDetector>(&plan.rule->detector))
      add_all(patterns->patterns, PatternSource::Kind::pattern, "patterns");
  }
};

// "source 3: offset 7: …" becomes "rule staff-ids: patterns[1]: offset 7: …".
Error name_place(Error error, const Sources& sources) {
  constexpr std::string_view prefix = "source ";
  if (!error.message.starts_with(prefix)) return error;
  size_t number = 0;
  const char* const end = error.message.data() + error.message.size();
  const auto [after, problem] = std::from_chars(error.message.data() + prefix.size(), end, number);
  if (problem != std::errc{} || number >= sources.places.size()) return error;
  error.message = sources.places[number] + std::string(after, end);
  return error;
}

class Compiler {
 public:
  Compiler(const CompileLimits& limits, const PatternCompiler& compile_patterns)
      : max_memory_bytes_(limits.max_memory_bytes), compile_patterns_(compile_patterns) {}

  Result<StagePlan> plan(const Policy& policy, Stage stage) {
    StagePlan plan;
    Sources changing;
    Sources watching;
    for (const Rule& rule : policy.rules) {
      if (std::ranges::find(rule.stages, stage) == rule.stages.end()) continue;
      const auto number = static_cast<uint32_t>(plan.rules.size());
      plan.rules.push_back(plan_rule(rule));
      (plan.rules.back().changes() ? changing : watching).add(plan.rules.back(), number);
    }
    TRY_ASSIGN(plan.changing, compile(std::move(changing)));
    TRY_ASSIGN(plan.watching, compile(std::move(watching)));
    return plan;
  }
  size_t memory_bytes() const { return memory_bytes_; }

 private:
  Result<PlannedPatterns> compile(Sources sources) {
    if (sources.sources.empty()) return PlannedPatterns{};
    for (const auto& [places, set] : made_)
      if (places == sources.places) return PlannedPatterns{set, std::move(sources.rules)};
    auto set = compile_patterns_(sources.sources, max_memory_bytes_ - memory_bytes_);
    if (!set) return fail(name_place(std::move(set).error(), sources));
    memory_bytes_ += std::min((*set)->memory_bytes(), max_memory_bytes_ - memory_bytes_);
    made_.emplace_back(std::move(sources.places), *set);
    return PlannedPatterns{*std::move(set), std::move(sources.rules)};
  }

  size_t max_memory_bytes_;
  const PatternCompiler& compile_patterns_;
  size_t memory_bytes_ = 0;
  std::vector<std::pair<std::vector<std::string>, std::shared_ptr<const PatternSet>>> made_;
};

bool any_rule(const StagePlan& plan, const GuardSubject& subject, Action at_least) {
  return std::ranges::any_of(plan.rules, [&](const RulePlan& each) {
    return each.rule->action >= at_least && includes(each.rule->scope, subject);
  });
}

std::string_view sentence(const std::map<Language, std::string>& messages, Language language) {
  const auto found = messages.find(language);
  return found == messages.end() ? std::string_view{} : found->second;
}

}  // namespace

bool includes(const Scope& scope, const GuardSubject& subject) {
  const bool has_role =
      scope.roles.empty() || std::ranges::find_first_of(scope.roles, subject.roles) != scope.roles.end();
  return has_role && admits(scope.applications, subject.application) && admits(scope.models, subject.model) &&
         admits(scope.languages, subject.language);
}

CompiledPolicy::CompiledPolicy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CompiledPolicy::~CompiledPolicy() = default;

Result<std::shared_ptr<const CompiledPolicy>> CompiledPolicy::compile(Policy policy, const CompileLimits& limits,
                                                                      const PatternCompiler& compile_patterns) {
  try {
    auto impl = std::make_unique<Impl>();
    impl->policy = std::move(policy);
    Compiler compiler(limits, compile_patterns);
    for (const Stage stage : all_stages) {
      TRY_ASSIGN(impl->plans.at(static_cast<size_t>(stage)), compiler.plan(impl->policy, stage));
    }
    impl->memory_bytes = compiler.memory_bytes();
    return std::shared_ptr<const CompiledPolicy>(new CompiledPolicy(std::move(impl)));
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resource_exhausted, "out of memory while the policy was compiled: use fewer patterns");
  } catch (const std::exception& problem) {
    return fail(ErrorCode::internal, std::string("compiling the policy: ") + problem.what());
  }
}

const Policy& CompiledPolicy::policy() const {
  return impl_->policy;
}

const StagePlan& CompiledPolicy::plan(Stage stage) const {
  return impl_->plans.at(static_cast<size_t>(stage));
}

size_t CompiledPolicy::memory_bytes() const {
  return impl_->memory_bytes;
}

bool CompiledPolicy::looks_at(Stage stage, const GuardSubject& subject) const {
  return any_rule(plan(stage), subject, Action::allow);
}

bool CompiledPolicy::may_change(Stage stage, const GuardSubject& subject) const {
  return any_rule(plan(stage), subject, weakest_change);
}

std::string CompiledPolicy::message(std::string_view rule, Language language) const {
  const std::map<Language, std::string> none;
  const auto found = std::ranges::find(impl_->policy.rules, rule, &Rule::id);
  const auto& own = found == impl_->policy.rules.end() ? none : found->message;
  for (const Language each : {language, Language::english})
    for (const auto* messages : {&own, &std::as_const(impl_->policy.message)})
      if (const std::string_view text = sentence(*messages, each); !text.empty()) return std::string(text);
  return {};
}

}  // namespace tijori
