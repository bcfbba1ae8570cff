// Any text, cut anywhere, under a few policies: what is released and decided is what the whole text gives. The first
// byte chooses the policy, the second how the text is cut.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "daemon/guardrails/guard.h"
#include "tests/guardrails/policies.h"

using namespace tijori;

namespace {

using Policies = std::shared_ptr<const CompiledPolicy>;

std::vector<Rule> all_labels_as(Action action, MaskStyle style) {
  std::vector<Rule> rules;
  for (const Label label : all_labels)
    rules.push_back(builtin_rule("label-" + std::to_string(static_cast<int>(label)), label, action, style, 0.2));
  return rules;
}

std::vector<Policies> make_policies() {
  std::vector<Rule> patterns{
      literal_rule("words", "WORD", {"falcon", "emp", "नमस्ते"}, Action::mask),
      pattern_rule("spread", "SPREAD", {"k.{0,12}z", "[a-z]{3}"}, Action::mask, MaskStyle::last_four),
      pattern_rule("watched", "WATCHED", {"e.{0,9}d", "fal"}, Action::annotate),
      pattern_rule("ends", "END", {"stop ?\\d"}, Action::stop)};
  patterns.front().except = {"emp"};
  std::vector<Rule> both = all_labels_as(Action::mask, MaskStyle::token);
  both.insert(both.end(), patterns.begin(), patterns.end());
  std::vector<Rule> refusing = all_labels_as(Action::annotate, MaskStyle::token);
  refusing.push_back(builtin_rule("no-pan", Label::pan, Action::block));
  refusing.push_back(pattern_rule("no-word", "NO", {"no.{1,5}o"}, Action::block));
  return {compiled(all_labels_as(Action::mask, MaskStyle::last_four)), compiled(std::move(patterns)),
          compiled(std::move(both)), compiled(std::move(refusing)),
          compiled(all_labels_as(Action::annotate, MaskStyle::token))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<Policies> policies = make_policies();
  if (size < 2) return 0;
  const Policies& policy = policies[data[0] % policies.size()];
  const size_t longest = 1 + data[1] % 64;
  std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);

  MaskNames whole_names;
  const auto whole = judge(policy, Stage::output_stream, 0, {}, whole_names, text);
  MaskNames names;
  Guard guard(policy, Stage::output_stream, 0, {}, names);
  std::string released;
  Release last;
  bool has_failed = false;
  const auto take = [&](Result<Release> release) {
    has_failed = has_failed || !release;
    if (!release) return;
    released += release->text;
    last = *std::move(release);
  };
  for (size_t turn = data[1]; !text.empty(); turn = turn * 31 + 7) {
    const size_t length = 1 + turn % longest;
    take(guard.push(text.substr(0, length)));
    text.remove_prefix(std::min(length, text.size()));
  }
  take(guard.finish());
  // A limit may be met by the whole and not by its pieces, and the other way round: then there is nothing to compare.
  if (!whole || has_failed) return 0;
  CHECK(released == whole->text);
  CHECK(last.verdict == whole->verdict && last.rule == whole->rule);
  CHECK(guard.decisions() == whole->decisions);
  return 0;
}
