#include "daemon/guardrails/finding_stream.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "daemon/guardrails/mask.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

constexpr size_t everything = std::numeric_limits<size_t>::max();
constexpr size_t min_forget_bytes = 4096;  // forgetting moves what stays
constexpr size_t boundary_bytes = 8;       // kept before a match: the character whose end it is seen at

bool is_continuation(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80U;
}

// Those that come in pieces which touch.
bool is_long_secret(Label label) {
  return label == Label::private_key || label == Label::secret_token;
}

auto order_of(const RuleFinding& finding) {
  return std::tuple(finding.begin.byte, finding.end.byte, finding.rule);
}

}  // namespace

FindingStream::FindingStream(const StagePlan& plan, const GuardSubject& subject) : plan_(&plan) {
  for (uint32_t i = 0; i < plan.rules.size(); ++i) {
    const RulePlan& rule = plan.rules[i];
    in_scope_.push_back(includes(rule.rule->scope, subject));
    if (!in_scope_.back() || !rule.builtin) continue;
    wanted_.set(static_cast<size_t>(*rule.builtin));
    builtin_rules_.at(static_cast<size_t>(*rule.builtin)).push_back(i);
  }
}

Result<FindingStream> FindingStream::open(const StagePlan& plan, const GuardSubject& subject) {
  FindingStream stream(plan, subject);
  const auto open_patterns = [&](const PlannedPatterns& planned, Patterns& patterns) -> Status {
    patterns.planned = &planned;
    if (std::ranges::none_of(planned.rules, [&](uint32_t rule) { return stream.in_scope_[rule]; })) return {};
    TRY_ASSIGN(patterns.stream, planned.set->open());
    return {};
  };
  TRY(open_patterns(plan.changing, stream.changing_));
  TRY(open_patterns(plan.watching, stream.watching_));
  return stream;
}

Status FindingStream::push(std::string_view piece) {
  text_.append(piece);
  return scan(TextEnd::open);
}

Status FindingStream::finish() {
  text_.finish();
  is_final_ = true;
  return scan(TextEnd::final);
}

Status FindingStream::scan(TextEnd end) {
  TRY(scan_patterns(changing_, end));
  TRY(scan_patterns(watching_, end));
  scanned_ = text_.end();
  if (wanted_.any()) scan_identifiers(end);
  order_changing(end);
  return {};
}

Status FindingStream::scan_patterns(Patterns& patterns, TextEnd end) {
  if (patterns.stream == nullptr) return {};
  std::vector<PatternMatch> matches;
  TRY(patterns.stream->write(text_.view().substr(scanned_ - text_.begin()), matches));
  if (end == TextEnd::final) TRY(patterns.stream->finish(matches));
  for (const PatternMatch& match : matches) {
    const uint32_t rule = patterns.planned->rules[match.pattern];
    if (in_scope_[rule]) found({rule, match.begin, match.end, {}, {}, 1, false});
  }
  return {};
}

void FindingStream::scan_identifiers(TextEnd end) {
  std::vector<Finding> findings;
  identifiers_settled_ = find_identifiers(text_, identifiers_settled_, end, wanted_, findings);
  for (const Finding& finding : findings) {
    const auto label = static_cast<size_t>(finding.label);
    const bool continues = is_long_secret(finding.label) && finding.begin > 0 && finding.begin == last_end_.at(label);
    last_end_.at(label) = finding.end;
    for (const uint32_t rule : builtin_rules_.at(label))
      if (finding.score >= plan_->rules[rule].min_score)
        found({rule, finding.begin, finding.end, {}, {}, finding.score, continues});
  }
}

void FindingStream::found(RuleFinding hit) {
  const RulePlan& plan = plan_->rules[hit.rule];
  const TextSpan place = text_.source_span(hit.folded_begin, hit.folded_end);
  hit.begin = place.begin;
  hit.end = place.end;
  if (!plan.changes())
    watched_.push_back(hit);
  else if (!plan.builtin)
    hits_.push_back(hit);
  else if (!is_excepted(hit))
    ready_.push_back(hit);
}

bool FindingStream::is_excepted(const RuleFinding& finding) const {
  const auto& except = plan_->rules[finding.rule].except;
  if (except.empty() || finding.folded_end - finding.folded_begin > max_chain_bytes) return false;
  std::string value = comparable_value(folded(finding.folded_begin, finding.folded_end));
  const bool found = except.contains(value);
  wipe(value);
  return found;
}

// What is known to be complete up to where, and in order.
void FindingStream::order_changing(TextEnd end) {
  settle_patterns(changing_, end);
  size_t settled = text_.end();
  if (changing_.stream != nullptr) settled = std::min(settled, changing_.settled);
  if (wanted_.any()) settled = std::min(settled, identifiers_settled_);
  const bool is_final = end == TextEnd::final;
  const size_t reach = is_final ? everything : settled;

  const auto known = std::ranges::partition(hits_, [&](const RuleFinding& hit) { return hit.folded_begin >= reach; });
  std::vector<RuleFinding> in_order(known.begin(), known.end());
  hits_.erase(known.begin(), known.end());
  std::ranges::sort(in_order, {}, order_of);
  for (const RuleFinding& hit : in_order) chain(hit);
  close_chains(reach);
  for (const auto& [rule, growing] : chains_) settled = std::min(settled, growing.folded_begin);

  settled_ = is_final ? everything : settled;
  if (is_final)
    settled_byte_ = text_.source_size();
  else if (settled > 0)  // before the first character there may be invisible ones that are not judged yet
    settled_byte_ = text_.source_end(settled).byte;
}

void FindingStream::settle_patterns(Patterns& patterns, TextEnd end) const {
  if (patterns.stream == nullptr) return;
  if (end == TextEnd::final) {
    patterns.settled = text_.end();
    return;
  }
  const std::string_view view = text_.view();
  const size_t reach = std::min(view.size(), patterns.planned->set->max_width_bytes() + boundary_bytes);
  const std::string_view tail = view.substr(view.size() - reach);
  patterns.settled = std::max(patterns.settled, text_.end() - reach + patterns.planned->set->open_match(tail));
}

// Hits come in the order of beginning.
void FindingStream::chain(const RuleFinding& hit) {
  const auto [at, is_new] = chains_.try_emplace(hit.rule, hit);
  RuleFinding& growing = at->second;
  if (is_new || hit.folded_end <= growing.folded_end) return;
  if (hit.folded_begin < growing.folded_end && hit.folded_end - growing.folded_begin <= max_chain_bytes) {
    growing.folded_end = hit.folded_end;
    growing.end = hit.end;
    return;
  }
  if (!is_excepted(growing)) ready_.push_back(growing);
  const size_t end_before = growing.folded_end;
  growing = hit;
  if (hit.folded_begin < end_before) {
    growing.folded_begin = end_before;
    growing.begin = text_.source_begin(end_before);
    growing.continues = true;
  }
}

void FindingStream::close_chains(size_t settled) {
  for (auto at = chains_.begin(); at != chains_.end();) {
    if (at->second.folded_end > settled) {
      ++at;
      continue;
    }
    if (!is_excepted(at->second)) ready_.push_back(at->second);
    at = chains_.erase(at);
  }
}

void FindingStream::take_changing(std::vector<RuleFinding>& out) {
  const auto known =
      std::ranges::partition(ready_, [this](const RuleFinding& each) { return each.folded_begin >= settled_; });
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  out.insert(out.end(), known.begin(), known.end());
  ready_.erase(known.begin(), known.end());
  std::ranges::sort(out.begin() + first, out.end(), {}, order_of);
}

void FindingStream::take_watching(size_t passed_byte, std::vector<RuleFinding>& out) {
  if (watched_.empty() && joined_.empty()) return;
  join_watched(passed_byte);
  settle_patterns(watching_, is_final_ ? TextEnd::final : TextEnd::open);
  size_t patterns_settled = is_final_ ? everything : watching_.settled;
  size_t identifiers_settled = is_final_ ? everything : identifiers_settled_;
  for (const RuleFinding& waiting : watched_) {
    patterns_settled = std::min(patterns_settled, waiting.folded_begin);
    identifiers_settled = std::min(identifiers_settled, waiting.folded_begin);
  }
  emit_joined(patterns_settled, identifiers_settled, out);
}

void FindingStream::cut_watching(size_t end_byte, std::vector<RuleFinding>& out) {
  join_watched(end_byte);
  watched_.clear();
  emit_joined(everything, everything, out);
}

// Matches that have passed, in the order of their ends.
void FindingStream::join_watched(size_t passed_byte) {
  const auto passed =
      std::ranges::partition(watched_, [&](const RuleFinding& hit) { return hit.end.byte > passed_byte; });
  std::ranges::sort(passed, {}, [](const RuleFinding& hit) { return std::tuple(hit.end.byte, hit.begin.byte); });
  for (const RuleFinding& hit : passed) {
    auto& joined = joined_[hit.rule];
    RuleFinding whole = hit;
    while (!joined.empty() && joined.back().folded_end > hit.folded_begin) {
      if (joined.back().folded_begin < whole.folded_begin) {
        whole.folded_begin = joined.back().folded_begin;
        whole.begin = joined.back().begin;
      }
      joined.pop_back();
    }
    joined.push_back(whole);
  }
  watched_.erase(passed.begin(), passed.end());
}

void FindingStream::emit_joined(size_t patterns_settled, size_t identifiers_settled, std::vector<RuleFinding>& out) {
  for (auto at = joined_.begin(); at != joined_.end();) {
    auto& [rule, joined] = *at;
    const size_t settled = plan_->rules[rule].builtin ? identifiers_settled : patterns_settled;
    const auto growing =
        std::ranges::find_if(joined, [&](const RuleFinding& each) { return each.folded_end > settled; });
    std::copy_if(joined.begin(), growing, std::back_inserter(out),
                 [this](const RuleFinding& each) { return !is_excepted(each); });
    joined.erase(joined.begin(), growing);
    at = joined.empty() ? joined_.erase(at) : std::next(at);
  }
}

std::string_view FindingStream::folded(size_t begin, size_t end) const {
  return text_.view().substr(begin - text_.begin(), end - begin);
}

void FindingStream::forget(size_t folded_begin) {
  size_t keep = std::min(folded_begin, scanned_);
  if (wanted_.any())
    keep = std::min(keep, identifiers_settled_ - std::min(identifiers_settled_, identifier_context_bytes));
  for (const Patterns* patterns : {&changing_, &watching_})
    if (patterns->stream != nullptr) {
      const size_t reach = patterns->planned->set->max_width_bytes() + boundary_bytes;
      keep = std::min(keep, scanned_ - std::min(scanned_, reach));
    }
  const auto keep_text_of = [&](const RuleFinding& each) {
    if (each.folded_end - each.folded_begin <= max_chain_bytes) keep = std::min(keep, each.folded_begin);
  };
  std::ranges::for_each(hits_, keep_text_of);
  std::ranges::for_each(ready_, keep_text_of);
  std::ranges::for_each(watched_, keep_text_of);
  for (const auto& [rule, growing] : chains_) keep_text_of(growing);
  for (const auto& [rule, joined] : joined_) std::ranges::for_each(joined, keep_text_of);

  keep -= std::min(keep, boundary_bytes);
  if (keep < text_.begin() + min_forget_bytes) return;
  const std::string_view view = text_.view();
  while (is_continuation(view[keep - text_.begin()])) --keep;
  text_.forget(keep);
}

}  // namespace tijori
