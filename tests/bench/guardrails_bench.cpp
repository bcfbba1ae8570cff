// How fast the guardrails judge, on one core: the shipped policy and a thousand patterns of an operator's, whole texts
// and streamed tokens. Prints a table; docs/performance.md has one.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/guardrails/guard.h"
#include "daemon/guardrails/identifiers.h"
#include "daemon/guardrails/stage_plan.h"
#include "tests/guardrails/policies.h"

using namespace tijori;

namespace {

constexpr size_t text_bytes = size_t{4} << 20;
constexpr int rounds = 5;
constexpr size_t n_patterns = 1000;
constexpr size_t token_bytes = 4;  // about what a tokenizer makes of prose
constexpr size_t n_tokens = 20'000;

// Of this thread's own time on a core: what the machine's other tenants do doesn't count.
double now_s() {
  timespec now{};
  CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class F>
double best_seconds(const F& run) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const double began = now_s();
    run();
    best = std::min(best, now_s() - began);
  }
  return best;
}

constexpr std::string_view english[] = {
    "the",      "customer", "asked",  "whether", "a",     "branch",   "near",  "Pune",   "would",    "accept",
    "deposits", "of",       "Rs",     "and",     "how",   "interest", "is",    "paid",   "every",    "quarter",
    "on",       "savings",  "held",   "jointly", "with",  "another",  "after", "rates",  "changed",  "last",
    "year",     "please",   "answer", "in",      "plain", "words",    "so",    "nobody", "misreads", "terms"};
constexpr std::string_view hindi[] = {"ग्राहक", "ने",    "पूछा",   "कि",   "पुणे",  "के",     "पास", "की",   "शाखा", "में",
                                      "जमा",   "राशि", "पर",    "ब्याज", "कैसे",  "मिलता", "है",   "और",   "हर",   "तिमाही",
                                      "खाते",   "का",   "विवरण", "कब",   "आता", "कृपया",  "सरल", "भाषा", "उत्तर", "दीजिए",
                                      "ताकि",  "कोई",  "भ्रम",   "न",    "रहे",  "पिछले",  "वर्ष", "दरें",   "बदली", "थीं"};

// Words, an amount or a date now and then, an identifier of somebody's about once a page.
template <size_t n>
std::string prose(const std::string_view (&words)[n], size_t size_bytes) {
  std::mt19937 random(1);
  std::string out;
  while (out.size() < size_bytes) {
    const auto pick = random() % 400;
    if (pick < 8)
      out += std::to_string(random() % 100'000);
    else if (pick == 8)
      out += "98" + std::to_string(10'000'000 + random() % 90'000'000);
    else
      out += words[random() % n];
    out += random() % 12 == 0 ? ". " : " ";
  }
  return out;
}

// Names of projects and numbers of an institution's own, as operators write them.
std::vector<Rule> operator_rules() {
  std::mt19937 random(2);
  const auto word = [&random](size_t length) {
    std::string out;
    for (size_t i = 0; i < length; ++i) out += static_cast<char>('a' + random() % 26);
    return out;
  };
  std::vector<std::string> literals;
  std::vector<std::string> patterns;
  for (size_t i = 0; i < n_patterns / 2; ++i) {
    literals.push_back("project " + word(4 + random() % 6));
    patterns.push_back(word(3 + random() % 3) + "[- ]?\\d{4,8}(/[a-z]{2})?");
  }
  return {literal_rule("projects", "PROJECT", std::move(literals), Action::mask),
          pattern_rule("numbers", "NUMBER", std::move(patterns), Action::mask)};
}

void print_stages(const char* name, const CompiledPolicy& policy, const std::string& text) {
  const double mb = static_cast<double>(text.size()) / 1e6;
  constexpr size_t piece = size_t{16} << 10;
  const auto pieces = [&](const auto& take) {
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
      take(rest.substr(0, piece));
  };
  const double folding = best_seconds([&] {
    FoldedText folded;
    pieces([&](std::string_view one) {
      folded.append(one);
      folded.forget(folded.end());
    });
  });
  LabelSet all;
  all.set();
  const double identifiers = best_seconds([&] {
    FoldedText folded;
    std::vector<Finding> found;
    size_t from = 0;
    pieces([&](std::string_view one) {
      folded.append(one);
      from = find_identifiers(folded, from, TextEnd::open, all, found);
      if (from > identifier_context_bytes) folded.forget(from - identifier_context_bytes);
    });
  });
  FoldedText folded;
  folded.append(text);
  const PatternSet& patterns = *policy.plan(Stage::request_text).changing.set;
  const double scanning = best_seconds([&] {
    std::vector<PatternMatch> found;
    CHECK(patterns.open().value()->write(folded.view(), found));
  });
  std::printf("| %s: folding alone | %.0f MB/s |\n", name, mb / folding);
  std::printf("| %s: folding and identifiers | %.0f MB/s |\n", name, mb / identifiers);
  std::printf("| %s: patterns alone, of folded text | %.0f MB/s |\n", name, mb / scanning);
}

void print_whole(const char* name, const std::shared_ptr<const CompiledPolicy>& policy, const std::string& text) {
  size_t n_decisions = 0;
  const GuardLimits limits{size_t{16} << 20, size_t{64} << 10, size_t{1} << 20, std::chrono::milliseconds(60'000)};
  const double seconds = best_seconds([&] {
    MaskNames names;
    const auto judged = judge(policy, Stage::request_text, 0, {}, names, text, limits);
    CHECK(judged.has_value());
    n_decisions = judged->decisions.size();
  });
  std::printf("| **%s: whole texts** | **%.0f MB/s** (%zu decisions) |\n", name,
              static_cast<double>(text.size()) / 1e6 / seconds, n_decisions);
}

void print_streamed(const char* name, const std::shared_ptr<const CompiledPolicy>& policy, const std::string& text) {
  std::vector<double> first_us;
  std::vector<size_t> held;
  double seconds = 0;
  size_t n_pushed = 0;
  while (n_pushed < n_tokens) {
    MaskNames names;
    Guard guard(policy, Stage::output_stream, 0, {}, names);
    size_t released = 0;
    for (size_t i = 0; i < 500; ++i, ++n_pushed) {
      const size_t at = (n_pushed * token_bytes) % (text.size() - token_bytes);
      const double began = now_s();
      const auto release = guard.push(std::string_view(text).substr(at, token_bytes));
      const double took = now_s() - began;
      CHECK(release.has_value());
      released += release->text.size();
      if (i == 0) first_us.push_back(took * 1e6);
      seconds += took;
      held.push_back((i + 1) * token_bytes - std::min(released, (i + 1) * token_bytes));
    }
  }
  std::ranges::sort(held);
  std::ranges::sort(first_us);
  std::printf("| %s: each streamed token of %zu bytes | %.1f µs |\n", name, token_bytes,
              seconds / static_cast<double>(n_pushed) * 1e6);
  std::printf("| %s: the first token | %.0f µs (median) |\n", name, first_us[first_us.size() / 2]);
  std::printf("| %s: held back while streaming | %zu bytes (median), %zu (99 of 100) |\n", name, held[held.size() / 2],
              held[held.size() * 99 / 100]);
}

}  // namespace

int main() {
  auto policy = parse_policy(default_policy_document());
  CHECK(policy.has_value());
  for (Rule& rule : operator_rules()) policy->rules.push_back(std::move(rule));
  const double began = now_s();
  const auto compiled_policy = CompiledPolicy::compile(*std::move(policy));
  CHECK(compiled_policy.has_value());
  std::printf("| | one core |\n|---|---|\n");
  std::printf("| compiling the policy | %.2f s, %zu KiB |\n", now_s() - began,
              (*compiled_policy)->memory_bytes() / 1024);
  const std::pair<const char*, std::string> texts[] = {{"English", prose(english, text_bytes)},
                                                       {"Hindi (Devanagari)", prose(hindi, text_bytes)}};
  for (const auto& [name, text] : texts) {
    print_stages(name, **compiled_policy, text);
    print_whole(name, *compiled_policy, text);
    print_streamed(name, *compiled_policy, text);
  }
  return 0;
}
