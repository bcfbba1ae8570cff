#include "daemon/guardrails/pattern_set.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/utf8.h"

using namespace tijori;

namespace {

using Kind = PatternSource::Kind;
constexpr size_t plenty = size_t{512} << 20;

std::shared_ptr<const PatternSet> compiled(const std::vector<PatternSource>& sources) {
  auto set = PatternSet::compile(sources, plenty);
  if (!set) qFatal("%s", set.error().message.c_str());
  return *set;
}

bool in_order(const PatternMatch& a, const PatternMatch& b) {
  return std::tie(a.end, a.pattern, a.begin) < std::tie(b.end, b.pattern, b.begin);
}

std::vector<PatternMatch> scan(const PatternSet& set, const std::vector<std::string_view>& pieces) {
  auto stream = set.open().value();
  std::vector<PatternMatch> out;
  for (const std::string_view piece : pieces)
    if (const auto done = stream->write(piece, out); !done) qFatal("%s", done.error().message.c_str());
  if (const auto done = stream->finish(out); !done) qFatal("%s", done.error().message.c_str());
  std::ranges::sort(out, in_order);
  return out;
}

std::vector<std::string_view> cut(std::string_view text, std::mt19937& random) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const size_t length = std::min<size_t>(text.size(), random() % 9);
    pieces.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return pieces;
}

// The plain meaning of a pattern: where matches that begin at `at` end.
std::set<size_t> ends_from(const PatternNode& node, std::string_view text, size_t at) {
  switch (node.kind) {
    case PatternNode::Kind::set: {
      if (at >= text.size()) return {};
      const Utf8Character c = first_character(text.substr(at));
      if (c.kind != Utf8Character::Kind::whole || !node.set.contains(c.code_point)) return {};
      return {at + c.length};
    }
    case PatternNode::Kind::choice: {
      std::set<size_t> out;
      for (const PatternNode& child : node.children) out.merge(ends_from(child, text, at));
      return out;
    }
    default: {
      std::set<size_t> now{at};
      std::set<size_t> out;
      const bool is_repeat = node.kind == PatternNode::Kind::repeat;
      const size_t count = is_repeat ? node.max : node.children.size();
      for (size_t i = 0; i < count; ++i) {
        if (is_repeat && i >= node.min) out.insert(now.begin(), now.end());
        std::set<size_t> next;
        for (const size_t from : now) next.merge(ends_from(node.children[is_repeat ? 0 : i], text, from));
        now = std::move(next);
      }
      out.insert(now.begin(), now.end());
      return out;
    }
  }
}

bool starts_character(std::string_view text, size_t at) {
  return (static_cast<uint8_t>(text[at]) & 0xC0U) != 0x80U;
}

std::vector<PatternMatch> expected_matches(const std::vector<PatternSource>& sources, std::string_view text) {
  std::vector<PatternMatch> out;
  for (uint32_t i = 0; i < sources.size(); ++i) {
    std::map<size_t, size_t> begin_of;  // by end
    if (sources[i].kind == Kind::pattern) {
      const Pattern pattern = Pattern::parse(sources[i].text).value();
      for (size_t at = 0; at < text.size(); ++at)
        if (starts_character(text, at))
          for (const size_t end : ends_from(pattern.root(), text, at)) begin_of.try_emplace(end, at);
    } else {
      const std::string literal = fold_literal(sources[i].text).value();
      const auto is_word = [](std::string_view side, bool is_first) {
        return !side.empty() && is_word_character((is_first ? first_character(side) : last_character(side)).code_point);
      };
      for (size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
        const size_t end = at + literal.size();
        const bool is_inside = (is_word(text.substr(0, at), false) && is_word(literal, true)) ||
                               (is_word(text.substr(end), true) && is_word(literal, false));
        if (sources[i].kind == Kind::literal || !is_inside) begin_of.emplace(end, at);
      }
    }
    for (const auto& [end, begin] : begin_of) out.push_back({i, begin, end});
  }
  std::ranges::sort(out, in_order);
  return out;
}

std::string random_pattern(std::mt19937& random, int depth) {
  static const char* const atoms[] = {"a",   "b", "ab", "c", "[ab]", "[^a]", ".",
                                      "\\d", "1", "क",  "ि", "\\s",  "\\w",  "[क-न]"};
  std::string out;
  const auto count = 1 + random() % 3;
  for (size_t i = 0; i < count; ++i) {
    if (depth > 0 && random() % 4 == 0) {
      out += '(' + random_pattern(random, depth - 1) +
             (random() % 2 == 0 ? "|" + random_pattern(random, depth - 1) : "") + ')';
    } else {
      out += atoms[random() % std::size(atoms)];
    }
    static const char* const repeats[] = {"", "", "", "?", "{2}", "{1,3}", "{0,2}"};
    const std::string repeat = repeats[random() % std::size(repeats)];
    if (!repeat.empty() && out.ends_with("ab")) out += 'a';
    out += repeat;
  }
  return out;
}

std::string random_text(std::mt19937& random, size_t characters) {
  static const char* const pieces[] = {"a", "b", "c", "1", "2", " ", "क", "ि", "न", ",", "ab", "ी"};
  std::string out;
  for (size_t i = 0; i < characters; ++i) out += pieces[random() % std::size(pieces)];
  return out;
}

// Patterns and texts with long runs: what takes a scanner through its widest registers.
std::string random_run_pattern(std::mt19937& random, int depth) {
  static const char* const atoms[] = {"a", "b",   "a",    "b",      "c", "[ab]", "[^a]",
                                      ".", "\\d", "(ab)", "(aaaa)", "क", "[^b]", "\\w"};
  static const char* const repeats[] = {"", "", "", "?", "{30}", "{1,40}", "{0,7}", "{5,60}", "{2,9}", "{12}"};
  std::string out;
  const auto count = 1 + random() % 4;
  for (size_t i = 0; i < count; ++i) {
    if (depth > 0 && random() % 5 == 0)
      out += '(' + random_run_pattern(random, depth - 1) + '|' + random_run_pattern(random, depth - 1) + ')';
    else
      out += atoms[random() % std::size(atoms)];
    out += repeats[random() % std::size(repeats)];
  }
  return out;
}

std::string random_run_text(std::mt19937& random, size_t bytes) {
  static const char* const pieces[] = {"a", "b", "a", "b", "c", "क", "1", " "};
  std::string out;
  while (out.size() < bytes) {
    const char* const piece = pieces[random() % std::size(pieces)];
    const size_t count = random() % 3 == 0 ? 1 + random() % 90 : 1 + random() % 3;
    for (size_t i = 0; i < count; ++i) out += piece;
  }
  return out;
}

std::string describe(const std::vector<PatternMatch>& matches) {
  std::string out;
  for (const auto& [pattern, begin, end] : matches)
    out += std::to_string(pattern) + ":" + std::to_string(begin) + "-" + std::to_string(end) + " ";
  return out;
}

}  // namespace

class PatternSetTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_what_the_patterns_mean_however_the_text_is_cut() {
    std::mt19937 random(4);
    size_t n_found = 0;
    for (int round = 0; round < 60; ++round) {
      std::vector<PatternSource> sources;
      while (sources.size() < 12) {
        std::string text = random_pattern(random, 2);
        if (Pattern::parse(text)) sources.push_back({Kind::pattern, std::move(text)});
      }
      sources.push_back({Kind::literal, "ab"});
      sources.push_back({Kind::whole_word_literal, "ab"});
      sources.push_back({Kind::whole_word_literal, "किन"});
      sources.push_back({Kind::whole_word_literal, "क"});
      sources.push_back({Kind::whole_word_literal, ",a"});
      const auto set = compiled(sources);
      for (int text_round = 0; text_round < 6; ++text_round) {
        const std::string text = random_text(random, 40);
        const auto expected = expected_matches(sources, text);
        const auto whole = scan(*set, {text});
        std::string all;
        for (const auto& source : sources) all += source.text + "   ";
        QVERIFY2(whole == expected, (text + "\n" + all + "\n" + describe(whole) + "\n" + describe(expected)).c_str());
        const auto in_pieces = scan(*set, cut(text, random));
        QVERIFY2(in_pieces == expected, (text + "\n" + all + "\n" + describe(in_pieces)).c_str());
        n_found += expected.size();
      }
    }
    QVERIFY(n_found > 1000);
  }

  void overlooks_nothing_in_long_runs_wherever_the_text_lies_in_memory() {
    std::mt19937 random(6);
    size_t n_found = 0;
    for (int round = 0; round < 80; ++round) {
      std::vector<PatternSource> sources;
      while (sources.size() < 6) {
        std::string text = random_run_pattern(random, 1);
        if (const auto pattern = Pattern::parse(text); pattern && pattern->max_width_bytes() < 300)
          sources.push_back({Kind::pattern, std::move(text)});
      }
      const auto set = compiled(sources);
      const std::string text = random_run_text(random, 300);
      const auto expected = expected_matches(sources, text);
      n_found += expected.size();
      for (size_t shift = 0; shift < 64; shift += 1 + random() % 9) {
        const std::string moved = std::string(shift, ' ') + text;
        const std::string_view view = std::string_view(moved).substr(shift);
        const size_t piece = shift % 2 == 0 ? view.size() : 70 + random() % 80;
        std::vector<std::string_view> pieces;
        for (size_t at = 0; at < view.size(); at += piece) pieces.push_back(view.substr(at, piece));
        const auto found = scan(*set, pieces);
        std::string all;
        for (const auto& source : sources) all += source.text + "   ";
        QVERIFY2(found == expected, (text + "\n" + all + "\n" + std::to_string(shift)).c_str());
      }
    }
    QVERIFY(n_found > 10'000);
  }

  // Whatever follows, no match that ends later may begin before what was called settled.
  void an_open_match_is_never_overlooked() {
    std::mt19937 random(5);
    for (int round = 0; round < 40; ++round) {
      std::vector<PatternSource> sources;
      while (sources.size() < 8) {
        std::string text = random_pattern(random, 2);
        if (Pattern::parse(text)) sources.push_back({Kind::pattern, std::move(text)});
      }
      sources.push_back({Kind::literal, "ab1"});
      sources.push_back({Kind::whole_word_literal, "ab 12 क"});
      sources.push_back({Kind::whole_word_literal, "ab"});
      const auto set = compiled(sources);
      for (int text_round = 0; text_round < 6; ++text_round) {
        const std::string text = random_text(random, 40);
        const auto matches = expected_matches(sources, text);
        for (size_t end = 0; end <= text.size(); ++end) {
          const size_t from = end - std::min(end, set->max_width_bytes());
          const size_t settled = from + set->open_match(std::string_view(text).substr(from, end - from));
          QVERIFY(settled <= end);
          for (const PatternMatch& match : matches)
            if (match.begin < end && match.end > end)
              QVERIFY2(match.begin >= settled, (text + "\n" + sources[match.pattern].text).c_str());
          // A word that ends here is only known to be one with what follows.
          std::vector<PatternMatch> early;
          auto stream = set->open().value();
          QVERIFY(stream->write(std::string_view(text).substr(0, end), early).has_value());
          for (const PatternMatch& match : matches)
            if (match.end <= end && std::ranges::find(early, match) == early.end()) QVERIFY(match.begin >= settled);
        }
      }
    }
  }

  void plain_prose_is_settled_up_to_its_last_word() {
    const auto set = compiled({{Kind::whole_word_literal, "ignore previous instructions"},
                               {Kind::whole_word_literal, "account number"},
                               {Kind::pattern, "acc\\d{6,12}"}});
    const std::string_view text = "the branch opens at ten on account of the holiday ";
    QCOMPARE(set->open_match(text), text.size());
    QCOMPARE(set->open_match("we ignore"), size_t{3});
    QCOMPARE(set->open_match("we ignored"), size_t{10});
    QCOMPARE(set->open_match("we cignore"), size_t{10});
    QCOMPARE(set->open_match("an acc12345"), size_t{3});
    QCOMPARE(set->open_match("an account number"), size_t{3});
    QCOMPARE(set->open_match("an account number "), size_t{18});
  }

  void a_whole_word_is_not_inside_another() {
    const auto set = compiled({{Kind::whole_word_literal, "pan"}, {Kind::whole_word_literal, "कर"}});
    const auto found = [&](std::string_view text) { return describe(scan(*set, {text})); };
    QCOMPARE(found("pan"), std::string("0:0-3 "));
    QCOMPARE(found("my pan, please"), std::string("0:3-6 "));
    QCOMPARE(found("panel span pan1 1pan panक"), std::string());
    QCOMPARE(found("कर"), std::string("1:0-6 "));
    QCOMPARE(found("करना कर।"), std::string("1:13-19 "));
    QCOMPARE(found("करी"), std::string());  // a combining vowel sign goes on with the word
    QCOMPARE(found("pan-pan/pan"), std::string("0:0-3 0:4-7 0:8-11 "));
    QCOMPARE(found("pan_pan"), std::string("0:0-3 0:4-7 "));
  }

  void names_the_source_that_it_can_not_take() {
    const std::vector<PatternSource> sources{{Kind::literal, "abc"}, {Kind::pattern, "ab+"}};
    const auto set = PatternSet::compile(sources, plenty);
    QVERIFY(!set.has_value());
    QCOMPARE(set.error().code, ErrorCode::invalid_argument);
    QVERIFY2(set.error().message.starts_with("source 1: offset 2: '+'"), set.error().message.c_str());
    const auto empty = PatternSet::compile(std::vector<PatternSource>{{Kind::literal, ""}}, plenty);
    QVERIFY(!empty.has_value() && empty.error().message.starts_with("source 0: "));
  }

  void needs_no_more_memory_than_it_may() {
    std::vector<PatternSource> sources;
    for (int i = 0; i < 200; ++i) sources.push_back({Kind::pattern, "key" + std::to_string(i) + "[a-z]{20,40}"});
    const auto set = PatternSet::compile(sources, (size_t{8} << 20) + (size_t{256} << 10));
    QVERIFY(!set.has_value());
    QCOMPARE(set.error().code, ErrorCode::resource_exhausted);
  }

  void without_patterns_nothing_is_found() {
    const auto set = compiled({});
    QCOMPARE(set->max_width_bytes(), size_t{0});
    QCOMPARE(set->open_match("text"), size_t{4});
    QVERIFY(scan(*set, {"text", "more"}).empty());
  }

  // What takes exponential time elsewhere.
  void hard_patterns_take_linear_time_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("unit");
    QTest::newRow("optional then fixed") << "(a?){100}a{100}" << "a";
    QTest::newRow("nested repetition") << "((a{1,5}){1,5}){1,5}b" << "a";
    QTest::newRow("overlapping choice") << "(a|aa|aaa){1,60}b" << "a";
    QTest::newRow("classes") << "[a-c]{1,40}[b-d]{1,40}[a-d]{1,40}x" << "abcd";
    QTest::newRow("any") << ".{1,100}x" << "क";
  }
  void hard_patterns_take_linear_time() {
    QFETCH(QString, pattern);
    QFETCH(QString, unit);
    const auto set = compiled({{Kind::pattern, pattern.toStdString()}});
    const auto seconds_for = [&](size_t count) {
      std::string text;
      for (size_t i = 0; i < count; ++i) text += unit.toStdString();
      std::vector<PatternMatch> out;
      auto stream = set->open().value();
      const auto begin = std::chrono::steady_clock::now();
      const auto done = stream->write(text, out);
      if (!done) qFatal("%s", done.error().message.c_str());
      set->open_match(text);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    seconds_for(2000);
    // Generous, since other work may share the machine: quadratic time would be 32 times, exponential never end.
    QVERIFY(seconds_for(64'000) < 8 * 32 * std::max(seconds_for(2000), 1e-3));
  }

  void too_many_matches_end_the_stream() {
    const auto set = compiled({{Kind::literal, "a"}});
    auto stream = set->open().value();
    std::vector<PatternMatch> out;
    const std::string text(max_stream_matches + 1, 'a');
    const auto first = stream->write(text, out);
    QVERIFY(!first.has_value());
    QCOMPARE(first.error().code, ErrorCode::resource_exhausted);
    QVERIFY(out.empty());
    QVERIFY(!stream->write("b", out).has_value());
    QVERIFY(!stream->finish(out).has_value());
  }

  // Not all of the scanner's engines can be trusted with longer texts, see scanner.cpp.
  void loses_no_match_in_longer_texts() {
    const auto pairs = compiled({{Kind::pattern, "(ka|ab)"}});
    const auto spread = compiled({{Kind::pattern, "k.{2,12}z"}});
    const auto ends_of = [](const PatternSet& set, std::string_view text) {
      std::set<size_t> ends;
      for (const PatternMatch& match : scan(set, {text})) ends.insert(match.end);
      return ends;
    };
    std::mt19937 random(7);
    for (int round = 0; round < 10'000; ++round) {
      std::string text;
      while (text.size() < 110) text += "kzabcf 019x-"[random() % 12];
      std::set<size_t> pair_ends;
      std::set<size_t> spread_ends;
      for (size_t end = 2; end <= text.size(); ++end) {
        const std::string_view two = std::string_view(text).substr(end - 2, 2);
        if (two == "ka" || two == "ab") pair_ends.insert(end);
        for (size_t width = 4; width <= std::min<size_t>(14, end); ++width)
          if (text[end - 1] == 'z' && text[end - width] == 'k') spread_ends.insert(end);
      }
      QCOMPARE(ends_of(*pairs, text), pair_ends);
      QCOMPARE(ends_of(*spread, text), spread_ends);
    }
  }

  void many_streams_share_a_set() {
    std::vector<PatternSource> sources;
    for (int i = 0; i < 50; ++i) sources.push_back({Kind::pattern, "ref" + std::to_string(i) + "-\\d{4,8}"});
    const auto set = compiled(sources);
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "order ref" + std::to_string(i % 60) + "-12345 paid ";
    const auto expected = scan(*set, {text});
    QVERIFY(expected.size() > 1000);
    std::atomic<int> n_equal = 0;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 4; ++i)
      threads.emplace_back([&, i] {
        std::mt19937 random(i);
        if (scan(*set, cut(text, random)) == expected) ++n_equal;
      });
    threads.clear();
    QCOMPARE(n_equal.load(), 4);
  }
};

QTEST_GUILESS_MAIN(PatternSetTest)
#include "pattern_set_test.moc"
