#include "daemon/guardrails/guard.h"

#include <algorithm>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/guardrails/finding_stream.h"
#include "daemon/guardrails/masked_region.h"
#include "daemon/guardrails/stage_plan.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

using std::chrono::steady_clock;

// A long text is judged in pieces, so that the memory it takes and the time between two looks at the clock stay small.
constexpr size_t piece_bytes = size_t{16} << 10;

std::string limit_message(std::string_view what, size_t limit, std::string_view advice) {
  return std::string(what) + " than " + std::to_string(limit) + " " + std::string(advice);
}

}  // namespace

struct Guard::Impl {
  Impl(std::shared_ptr<const CompiledPolicy> with_policy, Stage at_stage, size_t of_part, GuardSubject of_subject,
       MaskNames& with_names, const GuardLimits& within)
      : policy(std::move(with_policy)),
        plan(policy->plan(at_stage)),
        stage(at_stage),
        part(of_part),
        subject(std::move(of_subject)),
        names(with_names),
        limits(within),
        is_changing(policy->may_change(stage, subject)),
        is_passing(!policy->looks_at(stage, subject)) {}
  ~Impl() { wipe(held); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<Release> take(std::string_view text, TextEnd end);
  Status judge_text(std::string_view text, TextEnd end, Release& out);
  Status judge_piece(std::string_view piece, TextEnd end, Release& out);
  Result<Release> fail_or_pass(Error error, std::string_view text, size_t taken_before, Release released);
  Status advance(Release& out);
  void release_region(Release& out);
  void release_text(size_t to_byte, Release& out);
  void pass(size_t to_byte);
  std::string_view unreleased() const { return std::string_view(held).substr(held_from); }
  std::string mask_of(const MaskedRegion& found) const;
  Status decide(const RuleFinding& finding);
  bool all_fail_open() const;

  std::shared_ptr<const CompiledPolicy> policy;
  const StagePlan& plan;
  Stage stage;
  size_t part;
  GuardSubject subject;
  MaskNames& names;
  GuardLimits limits;
  bool is_changing;  // some rule may change the text
  bool is_passing;   // nobody judges (any more)

  std::optional<FindingStream> findings;
  std::string held;      // the source, what was released just now included
  size_t held_from = 0;  // where in `held` the unreleased text begins
  size_t released_byte = 0;
  size_t released_size = 0;  // bytes of the released text
  size_t taken_bytes = 0;
  std::optional<MaskedRegion> region;  // something may still become part of it
  size_t masked_byte = 0;              // where the last masked region ended
  const Rule* masked_rule = nullptr;   // whose it was
  std::vector<Decision> decisions;
  std::vector<MaskedSpan> masked;
  steady_clock::duration spent{};
  std::optional<Error> broken;
  std::string failed;
  Action verdict = Action::allow;
  std::string verdict_rule;
  bool is_finished = false;
};

Guard::Guard(std::shared_ptr<const CompiledPolicy> policy, Stage stage, size_t part, GuardSubject subject,
             MaskNames& names, const GuardLimits& limits)
    : impl_(std::make_unique<Impl>(std::move(policy), stage, part, std::move(subject), names, limits)) {}
Guard::~Guard() = default;
Guard::Guard(Guard&&) noexcept = default;
Guard& Guard::operator=(Guard&&) noexcept = default;

Result<Release> Guard::push(std::string_view text) {
  return impl_->take(text, TextEnd::open);
}
Result<Release> Guard::finish() {
  return impl_->take({}, TextEnd::final);
}
const std::vector<Decision>& Guard::decisions() const {
  return impl_->decisions;
}
const std::vector<MaskedSpan>& Guard::masked() const {
  return impl_->masked;
}
const std::string& Guard::failed() const {
  return impl_->failed;
}

Result<Release> Guard::Impl::take(std::string_view text, TextEnd end) {
  if (broken) return fail(*broken);
  if (verdict >= Action::stop) return Release{{}, verdict, verdict_rule};
  if (is_finished) return fail(ErrorCode::invalid_argument, "the text was finished before");
  is_finished = end == TextEnd::final;
  if (is_passing) return Release{std::string(text), Action::allow, {}};

  const auto began = steady_clock::now();
  const size_t taken_before = taken_bytes;
  Release out;
  Status judged;
  // What the libraries below throw is a failure to judge like any other.
  try {
    out.text.reserve(std::min(text.size(), limits.max_text_bytes));
    judged = judge_text(text, end, out);
  } catch (const std::bad_alloc&) {
    judged = fail(ErrorCode::resource_exhausted, "out of memory while a text was judged");
  } catch (const std::exception& problem) {
    judged = fail(ErrorCode::internal, std::string("judging a text: ") + problem.what());
  }
  spent += steady_clock::now() - began;
  if (!judged) return fail_or_pass(std::move(judged).error(), text, taken_before, std::move(out));
  return out;
}

Status Guard::Impl::judge_text(std::string_view text, TextEnd end, Release& out) {
  if (!findings) {
    TRY_ASSIGN(findings, FindingStream::open(plan, subject));
  }
  if (text.size() > limits.max_text_bytes - std::min(taken_bytes, limits.max_text_bytes))
    return fail(ErrorCode::resource_exhausted,
                limit_message("the text is longer", limits.max_text_bytes, "bytes: send it in parts"));
  const auto deadline =
      steady_clock::now() + (limits.max_time - std::min<steady_clock::duration>(spent, limits.max_time));
  while (!text.empty() || end == TextEnd::final) {
    if (steady_clock::now() >= deadline)
      return fail(ErrorCode::deadline_exceeded,
                  limit_message("judging the text took longer", static_cast<size_t>(limits.max_time.count()), "ms"));
    const std::string_view piece = text.substr(0, piece_bytes);
    text.remove_prefix(piece.size());
    const TextEnd piece_end = text.empty() ? end : TextEnd::open;
    TRY(judge_piece(piece, piece_end, out));
    if (verdict >= Action::stop || piece_end == TextEnd::final) return {};
  }
  return {};
}

Status Guard::Impl::judge_piece(std::string_view piece, TextEnd end, Release& out) {
  held += piece;
  taken_bytes += piece.size();
  if (!piece.empty()) TRY(findings->push(piece));
  if (end == TextEnd::final) TRY(findings->finish());
  TRY(advance(out));
  if (verdict >= Action::stop) {
    wipe(held);
    return {};
  }
  held.erase(0, std::exchange(held_from, 0));
  if (held.size() > limits.max_held_bytes)
    return fail(ErrorCode::resource_exhausted,
                limit_message("more", limits.max_held_bytes, "bytes of the text would have to be held back"));
  return {};
}

// Everything up to what is settled: masks, text between them, and a verdict that ends it.
Status Guard::Impl::advance(Release& out) {
  std::vector<RuleFinding> found;
  findings->take_changing(found);
  for (const RuleFinding& each : found) {
    const Rule& rule = *plan.rules[each.rule].rule;
    if (region && region->takes(each)) {
      region->add(each, rule);
    } else {
      const size_t end_before = region ? region->end_byte() : released_byte;
      if (region) release_region(out);
      if (verdict >= Action::stop) break;
      region.emplace(each, rule, end_before);
    }
    TRY(decide(each));
  }
  const size_t settled = is_changing ? findings->settled_byte() : taken_bytes;
  if (region && region->end_byte() <= settled) release_region(out);

  std::vector<RuleFinding> watched;
  if (verdict >= Action::stop) {
    findings->cut_watching(released_byte, watched);
  } else {
    release_text(region ? std::min(region->begin_byte(), settled) : settled, out);
    findings->take_watching(released_byte, watched);
    findings->forget(region ? region->folded_begin() : taken_bytes);
  }
  for (const RuleFinding& each : watched) TRY(decide(each));
  return {};
}

void Guard::Impl::release_region(Release& out) {
  const MaskedRegion done = *std::exchange(region, std::nullopt);
  release_text(done.begin_byte(), out);
  const Rule& rule = done.rule();
  if (rule.action >= Action::stop) {
    verdict = out.verdict = rule.action;
    verdict_rule = out.rule = rule.id;
    return;
  }
  const std::string mask = mask_of(done);
  masked.push_back({done.begin_byte(), done.end_byte(), released_size, released_size + mask.size()});
  released_size += mask.size();
  out.text += mask;
  masked_byte = done.end_byte();
  masked_rule = &rule;
  pass(done.end_byte());
}

void Guard::Impl::release_text(size_t to_byte, Release& out) {
  if (to_byte <= released_byte) return;
  out.text += unreleased().substr(0, to_byte - released_byte);
  released_size += to_byte - released_byte;
  pass(to_byte);
}

void Guard::Impl::pass(size_t to_byte) {
  held_from += to_byte - released_byte;
  released_byte = to_byte;
}

std::string Guard::Impl::mask_of(const MaskedRegion& found) const {
  const auto source = unreleased().substr(0, found.end_byte() - found.begin_byte());
  const bool continues = found.continues() && found.begin_byte() == masked_byte && &found.rule() == masked_rule;
  if (found.style() == MaskStyle::last_four) return continues ? mask_all(source) : mask_last_four(source);
  if (continues) return {};
  const std::string_view folded = findings->folded(found.folded_begin(), found.folded_end());
  return names.name(label_of(found.rule().detector), folded.empty() ? source : folded);
}

Status Guard::Impl::decide(const RuleFinding& finding) {
  if (decisions.size() >= limits.max_decisions)
    return fail(ErrorCode::resource_exhausted, limit_message("the text holds more", limits.max_decisions,
                                                             "things that rules look for: send it in parts"));
  const Rule& rule = *plan.rules[finding.rule].rule;
  Decision decision{rule.id,       std::string(label_of(rule.detector)),
                    stage,         part,
                    finding.begin, finding.end,
                    finding.score, rule.action,
                    rule.mask};
  const auto order = [&](const Decision& a, const Decision& b) {
    return std::tie(a.begin.byte, a.end.byte, a.rule) < std::tie(b.begin.byte, b.end.byte, b.rule);
  };
  decisions.insert(std::ranges::upper_bound(decisions, decision, order), std::move(decision));
  return {};
}

bool Guard::Impl::all_fail_open() const {
  return std::ranges::all_of(plan.rules, [this](const RulePlan& each) {
    return each.rule->fail == FailMode::open || !includes(each.rule->scope, subject);
  });
}

Result<Release> Guard::Impl::fail_or_pass(Error error, std::string_view text, size_t taken_before, Release released) {
  if (!all_fail_open()) {
    broken = std::move(error);
    wipe(held);
    return fail(*broken);
  }
  failed = std::move(error.message);
  is_passing = true;
  region.reset();
  released.text += unreleased();
  released.text += text.substr(taken_bytes - taken_before);
  wipe(held);
  return released;
}

Result<Judged> judge(const std::shared_ptr<const CompiledPolicy>& policy, Stage stage, size_t part,
                     const GuardSubject& subject, MaskNames& names, std::string_view text, const GuardLimits& limits) {
  Guard guard(policy, stage, part, subject, names, limits);
  TRY_ASSIGN(Release first, guard.push(text));
  TRY_ASSIGN(Release last, guard.finish());
  first.text += last.text;
  return Judged{std::move(first.text), last.verdict,   std::move(last.rule),
                guard.decisions(),     guard.failed(), guard.masked()};
}

}  // namespace tijori
