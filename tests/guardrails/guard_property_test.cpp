// However a text is cut into deltas, the guard releases what it would release of the whole, and never more of it on the
// way: each release only adds to the masked text.
#include <QTest>
#include <algorithm>
#include <cstdlib>

#include "daemon/guardrails/guard.h"
#include "daemon/guardrails/utf8.h"
#include "tests/guardrails/planted.h"
#include "tests/guardrails/policies.h"

using namespace tijori;

namespace {

using Policies = std::shared_ptr<const CompiledPolicy>;

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F)
      out += c;
    else
      out += std::string("\\x") + hex[byte >> 4U] + hex[byte & 15U];
  }
  return out;
}

Action any_action(Planter& planter, bool may_end) {
  if (may_end && planter.chance(0.15)) return planter.chance(0.5) ? Action::block : Action::stop;
  if (planter.chance(0.15)) return planter.chance(0.5) ? Action::annotate : Action::allow;
  return Action::mask;
}
MaskStyle any_style(Planter& planter) {
  return planter.chance(0.6) ? MaskStyle::token : MaskStyle::last_four;
}

// Overlapping detectors of every kind.
Policies any_policy(Planter& planter) {
  const bool may_end = planter.chance(0.4);
  std::vector<Rule> rules;
  for (const Label label : all_labels)
    if (planter.chance(0.8))
      rules.push_back(builtin_rule("label-" + std::to_string(static_cast<int>(label)), label,
                                   any_action(planter, may_end), any_style(planter), planter.chance(0.5) ? 0.5 : 0.2));
  const auto add = [&](Rule rule) {
    rule.id += "-" + std::to_string(rules.size());
    rule.action = any_action(planter, may_end);
    rule.mask = any_style(planter);
    if (planter.chance(0.5)) rules.push_back(std::move(rule));
  };
  add(literal_rule("words", "WORD", {"falcon", "osprey", "the account", "नमस्ते"}, Action::mask));
  add(pattern_rule("staff", "STAFF", {"emp ?\\d{2,6}", "emp"}, Action::mask));
  add(pattern_rule("spread", "SPREAD", {"k.{0,12}z", "\\p{Devanagari}{3}"}, Action::mask));
  add(pattern_rule("blocks", "BLOCK", {"[a-z]{3}\\d{3}", "\\d{4} \\d{2}"}, Action::mask));
  add(pattern_rule("ends", "END", {"account.{1,40}\\.", "(a|x) .{1,8}@"}, Action::mask));
  if (planter.chance(0.3) && !rules.empty()) rules.back().except = {"emp", "falcon", "emp 77"};
  return compiled(std::move(rules));
}

std::string any_plant(Planter& planter) {
  const Label label = all_labels.at(planter.below(all_labels.size()));
  const std::string plain = planter.plain(label);
  return label == Label::private_key || planter.chance(0.3) ? plain : planter.disguised(plain);
}

std::string any_text(Planter& planter, size_t n_parts) {
  std::string text;
  for (size_t i = 0; i < n_parts; ++i) {
    text += planter.prose(planter.below(6));
    text += any_plant(planter);
    text += planter.chance(0.8) ? " " : "";
  }
  return text;
}

Judged judged(const Policies& policy, std::string_view text) {
  MaskNames names;
  auto done = judge(policy, Stage::output_stream, 0, {}, names, text);
  if (!done) qFatal("%s", done.error().message.c_str());
  return *std::move(done);
}

// Cut behind these offsets. "" when all is well.
std::string check_cut(const Policies& policy, std::string_view text, const Judged& whole,
                      const std::vector<size_t>& cuts) {
  MaskNames names;
  Guard guard(policy, Stage::output_stream, 0, {}, names);
  std::string released;
  const auto describe = [&](std::string_view what) {
    std::string out(what);
    out += "\ntext     " + escaped(text) + "\nwhole    " + escaped(whole.text) + "\nreleased " + escaped(released) +
           "\ncuts    ";
    for (const size_t cut : cuts) out += " " + std::to_string(cut);
    for (const Rule& rule : policy->policy().rules)
      out += "\n  " + rule.id + " " + std::string(label_of(rule.detector)) + " " + std::string(name_of(rule.action));
    for (const auto* decisions : {&whole.decisions, &guard.decisions()}) {
      out += "\ndecided ";
      for (const Decision& each : *decisions)
        out += " " + each.rule + "[" + std::to_string(each.begin.byte) + "," + std::to_string(each.end.byte) + ")";
    }
    return out;
  };
  Release last;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size() + 1; ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : text.size();
    auto release = i <= cuts.size() ? guard.push(text.substr(begin, end - begin)) : guard.finish();
    begin = end;
    if (!release) return describe(release.error().message);
    released += release->text;
    if (!whole.text.starts_with(released)) return describe("more was released than the whole shows");
    last = *std::move(release);
  }
  if (released != whole.text) return describe("less was released than the whole shows");
  if (last.verdict != whole.verdict || last.rule != whole.rule) return describe("another verdict: " + last.rule);
  if (guard.decisions() != whole.decisions) return describe("other decisions");
  return {};
}

// TIJORI_PROPERTY_ROUNDS=100 looks harder.
uint32_t rounds(uint32_t usual) {
  const char* const factor = std::getenv("TIJORI_PROPERTY_ROUNDS");
  return usual * static_cast<uint32_t>(factor == nullptr ? 1 : std::max(1, std::atoi(factor)));
}

#define CHECK_CUT(policy, text, whole, cuts)                              \
  do {                                                                    \
    const std::string wrong = check_cut(policy, text, whole, cuts);       \
    if (!wrong.empty()) QFAIL(qPrintable(QString::fromStdString(wrong))); \
  } while (0)

}  // namespace

class GuardPropertyTest : public QObject {
  Q_OBJECT

 private slots:
  void every_split_of_a_short_text() {
    for (uint32_t seed = 0; seed < rounds(30); ++seed) {
      Planter planter(seed);
      const Policies policy = any_policy(planter);
      std::string text = planter.chance(0.5) ? any_plant(planter) : planter.prose(3);
      text = text.substr(planter.below(std::max<size_t>(1, text.size() / 2)), 11);
      const Judged whole = judged(policy, text);
      for (size_t mask = 0; mask < size_t{1} << (text.empty() ? 0 : text.size() - 1); ++mask) {
        std::vector<size_t> cuts;
        for (size_t i = 1; i < text.size(); ++i)
          if ((mask >> (i - 1) & 1U) != 0) cuts.push_back(i);
        CHECK_CUT(policy, text, whole, cuts);
      }
    }
  }

  void every_two_cuts_of_a_sentence() {
    for (uint32_t seed = 1000; seed < 1000 + rounds(30); ++seed) {
      Planter planter(seed);
      const Policies policy = any_policy(planter);
      const std::string text = any_text(planter, 1);
      const Judged whole = judged(policy, text);
      const size_t step = 1 + text.size() / 60;
      for (size_t first = 0; first <= text.size(); first += step)
        for (size_t second = first; second <= text.size(); second += step)
          CHECK_CUT(policy, text, whole, (std::vector<size_t>{first, second}));
    }
  }

  void random_cuts_of_long_texts() {
    for (uint32_t seed = 2000; seed < 2000 + rounds(60); ++seed) {
      Planter planter(seed);
      const Policies policy = any_policy(planter);
      for (int each = 0; each < 4; ++each) {
        const std::string text = any_text(planter, 1 + planter.below(30));
        const Judged whole = judged(policy, text);
        for (const size_t longest : {1, 2, 5, 20, 200}) {
          std::vector<size_t> cuts;
          for (size_t cut = 1 + planter.below(longest); cut < text.size(); cut += 1 + planter.below(longest))
            cuts.push_back(cut);
          CHECK_CUT(policy, text, whole, cuts);
        }
      }
    }
  }

  // A long text is judged in pieces of its own.
  void texts_longer_than_a_piece() {
    for (uint32_t seed = 3000; seed < 3000 + rounds(3); ++seed) {
      Planter planter(seed);
      const Policies policy = any_policy(planter);
      std::string text;
      while (text.size() < 60'000) text += any_text(planter, 10);
      const Judged whole = judged(policy, text);
      for (const size_t longest : {30, 3000, 40'000}) {
        std::vector<size_t> cuts;
        for (size_t cut = 1 + planter.below(longest); cut < text.size(); cut += 1 + planter.below(longest))
          cuts.push_back(cut);
        CHECK_CUT(policy, text, whole, cuts);
      }
    }
  }

  // What was found and masked with a token is not in what is released, at no length an attacker could use.
  void masked_values_are_gone() {
    std::vector<Rule> rules;
    for (const Label label : all_labels)
      rules.push_back(builtin_rule("label-" + std::to_string(static_cast<int>(label)), label, Action::mask));
    const Policies policy = compiled(std::move(rules));
    size_t n_found = 0;
    for (uint32_t seed = 4000; seed < 4000 + rounds(400); ++seed) {
      Planter planter(seed);
      const Label label = all_labels.at(seed % all_labels.size());
      const std::string value = planter.disguised(planter.plain(label));
      const std::string before = "my " + std::string(name_of(label)) + " is ";
      const Judged whole = judged(policy, before + value + " , ok");
      if (whole.decisions.size() != 1) continue;
      if (whole.decisions[0].begin.byte != before.size() || whole.decisions[0].end.byte < before.size() + value.size())
        continue;
      ++n_found;
      QVERIFY2(whole.text == before + "[" + std::string(name_of(label)) + "#1] , ok", whole.text.c_str());
    }
    QVERIFY2(n_found > 200, std::to_string(n_found).c_str());
  }

  // In plain prose no more than the last word is held back.
  void prose_flows() {
    std::vector<Rule> rules;
    for (const Label label : all_labels)
      rules.push_back(builtin_rule("label-" + std::to_string(static_cast<int>(label)), label, Action::mask));
    rules.push_back(literal_rule("words", "WORD", {"falcon", "osprey"}, Action::block));
    const Policies policy = compiled(std::move(rules));
    constexpr size_t slack_bytes = 24;
    for (uint32_t seed = 5000; seed < 5000 + rounds(10); ++seed) {
      Planter planter(seed);
      std::string prose;
      constexpr std::array<std::string_view, 14> words{"the",    "branch",   "opens", "when",   "customers",
                                                       "शाखा",   "खुलती",     "है",     "और",     "aap",
                                                       "karein", "interest", "rate",  "savings"};
      for (int i = 0; i < 200; ++i)
        prose += std::string(words.at(planter.below(words.size()))) + (planter.chance(0.1) ? ". " : " ");
      MaskNames names;
      Guard guard(policy, Stage::output_stream, 0, {}, names);
      size_t released = 0;
      for (size_t end = 0; end < prose.size();) {
        const size_t length = std::min(1 + planter.below(8), prose.size() - end);
        released += guard.push(std::string_view(prose).substr(end, length)).value().text.size();
        end += length;
        const size_t space = prose.find_last_of(' ', end - 1);
        const size_t word = space == std::string::npos ? end : end - space;
        QVERIFY2(end - released <= word + slack_bytes, prose.substr(released, end - released).c_str());
      }
    }
  }
};

QTEST_GUILESS_MAIN(GuardPropertyTest)
#include "guard_property_test.moc"
