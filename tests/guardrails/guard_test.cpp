// What a guard releases, decides and refuses.
#include "daemon/guardrails/guard.h"

#include <QTest>
#include <new>
#include <set>
#include <stdexcept>

#include "daemon/guardrails/scan.h"
#include "tests/guardrails/policies.h"

using namespace tijori;

namespace {

using Policies = std::shared_ptr<const CompiledPolicy>;

QString shown(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString list_of(const std::vector<Decision>& decisions) {
  std::string out;
  for (const Decision& each : decisions)
    out += (out.empty() ? "" : " ") + each.rule + "[" + std::to_string(each.begin.byte) + "," +
           std::to_string(each.end.byte) + ")";
  return shown(out);
}

struct Streamed {
  std::string text;
  std::vector<std::string> releases;  // of each push, the last of finish()
  Release last;
  std::vector<Decision> decisions;
};
Streamed stream(const Policies& policy, std::string_view text, size_t piece, const GuardSubject& subject = {}) {
  MaskNames names;
  Guard guard(policy, Stage::output_stream, 0, subject, names);
  Streamed out;
  const auto take = [&out](Result<Release> release) {
    if (!release) qFatal("%s", release.error().message.c_str());
    out.text += release->text;
    out.releases.push_back(release->text);
    out.last = *std::move(release);
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) take(guard.push(text.substr(0, piece)));
  take(guard.finish());
  out.decisions = guard.decisions();
  return out;
}

Judged judged(const Policies& policy, std::string_view text, const GuardSubject& subject = {}) {
  MaskNames names;
  auto done = judge(policy, Stage::request_text, 0, subject, names, text);
  if (!done) qFatal("%s", done.error().message.c_str());
  return *std::move(done);
}

// A set of patterns that fails as asked: at once, or when it is written to for the second time.
enum class Failure { open, write, write_throws, write_exhausts };
class FailingSet : public PatternSet {
 public:
  explicit FailingSet(Failure failure) : failure_(failure) {}
  size_t max_width_bytes() const override { return 4; }
  size_t memory_bytes() const override { return 1; }
  size_t open_match(std::string_view tail) const override { return tail.size(); }
  Result<std::unique_ptr<Stream>> open() const override {
    if (failure_ == Failure::open) return fail(ErrorCode::resource_exhausted, "no stream");
    return std::make_unique<FailingStream>(failure_);
  }

 private:
  class FailingStream : public Stream {
   public:
    explicit FailingStream(Failure failure) : failure_(failure) {}
    Status write(std::string_view, std::vector<PatternMatch>&) override {
      if (n_writes_++ == 0) return {};
      if (failure_ == Failure::write_throws) throw std::runtime_error("scanner broke");
      if (failure_ == Failure::write_exhausts) throw std::bad_alloc();
      return fail(ErrorCode::internal, "scanner failed");
    }
    Status finish(std::vector<PatternMatch>&) override { return {}; }

   private:
    Failure failure_;
    int n_writes_ = 0;
  };
  Failure failure_;
};

Policies failing(Failure failure, FailMode mode) {
  Rule rule = pattern_rule("broken", "X", {"abc"}, Action::mask);
  rule.fail = mode;
  const auto compile = [failure](std::span<const PatternSource>, size_t) {
    return Result<std::shared_ptr<const PatternSet>>(std::make_shared<FailingSet>(failure));
  };
  return CompiledPolicy::compile(policy_of({rule}), {}, compile).value();
}

Rule scoped(Rule rule, Scope scope) {
  rule.scope = std::move(scope);
  return rule;
}
Rule excepting(Rule rule, std::vector<std::string> except) {
  rule.except = std::move(except);
  return rule;
}

}  // namespace

class GuardTest : public QObject {
  Q_OBJECT

 private slots:
  void passes_everything_where_no_rule_looks() {
    const auto policy = compiled({literal_rule("word", "WORD", {"secret"}, Action::block)});
    MaskNames names;
    Guard guard(policy, Stage::final_output, 0, {}, names);
    const std::string bytes("secret\xff\xe0\xa4", 9);
    QCOMPARE(guard.push(bytes).value().text, bytes);
    QCOMPARE(guard.finish().value().text, std::string());
    QVERIFY(guard.decisions().empty());
  }

  void masks_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("decisions");
    QTest::newRow("nothing") << "plain prose" << "plain prose" << "";
    QTest::newRow("empty") << "" << "" << "";
    QTest::newRow("token") << "ask Falcon now" << "ask [PROJECT#1] now" << "project[4,10)";
    QTest::newRow("only a part of a word") << "falconer" << "falconer" << "";
    QTest::newRow("equal values") << "falcon, FALCON, osprey" << "[PROJECT#1], [PROJECT#1], [PROJECT#2]"
                                  << "project[0,6) project[8,14) project[16,22)";
    QTest::newRow("last four") << "id st 123456!" << "id XX XX3456!" << "staff[3,12)";
    QTest::newRow("too short to show four") << "id st 1234!" << "id XX XXXX!" << "staff[3,10)";
    QTest::newRow("Devanagari digits") << "st १२३४५६" << "XX XX३४५६" << "staff[0,21)";
    QTest::newRow("invisible inside and after") << "s\u200bt 12\u00ad3456\u200b." << "XX XX3456\u200b."
                                                << "staff[0,14)";
    QTest::newRow("several ends, one finding") << "st 123456789" << "XX XX3456789" << "staff[0,9)";
    QTest::newRow("overlapping: the union, named by the longest")
        << "falcon st 123456 x" << "[CODE#1] x" << "project[0,6) code[0,14) staff[7,16)";
    QTest::newRow("two identifiers") << "आधार 9999 3775 9456, PAN ABCPE1234F" << "आधार XXXX XXXX 9456, PAN [PAN#1]"
                                     << "aadhaar[13,27) pan[33,43)";
    QTest::newRow("watched only") << "heron" << "heron" << "bird[0,5)";
    QTest::newRow("nobody sees it") << "a\u202e\u2066\u202eb" << "a[BIDI_CONTROL#1]b" << "bidi[1,10)";
    QTest::newRow("nobody sees it, first and last") << "\u202e\u2066b\u202e" << "[BIDI_CONTROL#1]b[BIDI_CONTROL#2]"
                                                    << "bidi[0,6) bidi[7,10)";
  }
  void masks() {
    QFETCH(const QString, text);
    QFETCH(const QString, expected);
    QFETCH(const QString, decisions);
    const auto policy = compiled({literal_rule("project", "PROJECT", {"falcon", "osprey"}, Action::mask),
                                  pattern_rule("staff", "STAFF", {"st \\d{4,6}"}, Action::mask, MaskStyle::last_four),
                                  pattern_rule("code", "CODE", {"falcon st \\d{4}"}, Action::mask),
                                  literal_rule("bird", "BIRD", {"heron"}, Action::annotate),
                                  builtin_rule("aadhaar", Label::aadhaar, Action::mask, MaskStyle::last_four),
                                  builtin_rule("bidi", Label::bidi_control, Action::mask),
                                  builtin_rule("pan", Label::pan, Action::mask)});
    const std::string bytes = text.toStdString();
    const Judged whole = judged(policy, bytes);
    QCOMPARE(shown(whole.text), expected);
    QCOMPARE(list_of(whole.decisions), decisions);
    QCOMPARE(whole.verdict, Action::allow);
    for (size_t piece = 1; piece <= bytes.size(); ++piece) {
      const Streamed cut = stream(policy, bytes, piece);
      QCOMPARE(shown(cut.text), expected);
      QCOMPARE(list_of(cut.decisions), decisions);
    }
  }

  void says_where_each_mask_stands() {
    const Policies policy = compiled({literal_rule("words", "WORD", {"blue heron", "red"}, Action::mask),
                                      builtin_rule("email", Label::email, Action::mask, MaskStyle::last_four)});
    const std::string text = "Red, blue heron and blue heron; write to asha.rao@example.org, red";
    for (const size_t piece : {size_t{1}, size_t{7}, text.size()}) {
      MaskNames names;
      Guard guard(policy, Stage::output_stream, 0, {}, names);
      std::string released;
      for (size_t at = 0; at < text.size(); at += piece) released += guard.push(text.substr(at, piece))->text;
      released += guard.finish()->text;
      QCOMPARE(guard.masked().size(), size_t{5});
      std::string rebuilt;
      size_t from = 0;
      for (const MaskedSpan& span : guard.masked()) {
        rebuilt += text.substr(from, span.begin - from);
        rebuilt += released.substr(span.mask_begin, span.mask_end - span.mask_begin);
        from = span.end;
      }
      QCOMPARE(shown(rebuilt + text.substr(from)), shown(released));
      QCOMPARE(shown(released.substr(0, 8)), "[WORD#1]");
    }
  }

  void one_request_has_one_list_of_numbers() {
    const auto policy = compiled({builtin_rule("phone", Label::phone_mobile, Action::mask)});
    MaskNames names;
    const auto mask = [&](std::string_view text) {
      return shown(judge(policy, Stage::request_text, 0, {}, names, text).value().text);
    };
    QCOMPARE(mask("call 98765 43210"), "call [PHONE_MOBILE#1]");
    QCOMPARE(mask("mobile 9876543211, mobile 98765-43210"), "mobile [PHONE_MOBILE#2], mobile [PHONE_MOBILE#1]");
  }

  void ends_before_what_is_refused_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("released");
    QTest::addColumn<Action>("verdict");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("decisions");
    QTest::newRow("in the middle") << "well, kestrel it is" << "well, " << Action::block << "no-kestrel"
                                   << "no-kestrel[6,13)";
    QTest::newRow("masked before, unjudged after")
        << "falcon and kestrel and falcon" << "[PROJECT#1] and " << Action::block << "no-kestrel"
        << "project[0,6) no-kestrel[11,18)";
    QTest::newRow("at the end") << "a kestrel" << "a " << Action::block << "no-kestrel" << "no-kestrel[2,9)";
    QTest::newRow("stop") << "ab buzzard kestrel" << "ab " << Action::stop << "no-buzzard" << "no-buzzard[3,10)";
    QTest::newRow("stronger than a mask") << "a falcon kestrel b" << "a " << Action::block << "pair"
                                          << "project[2,8) pair[2,16) no-kestrel[9,16)";
    QTest::newRow("watched before it and across it") << "heron heron kestrel" << "heron heron " << Action::block
                                                     << "no-kestrel" << "bird[0,5) bird[6,11) no-kestrel[12,19)";
    QTest::newRow("nobody sees it") << "ab \U000E0041\U000E0042 cd" << "ab " << Action::block << "hidden"
                                    << "hidden[3,11)";
  }
  void ends_before_what_is_refused() {
    QFETCH(const QString, text);
    QFETCH(const QString, released);
    QFETCH(const Action, verdict);
    QFETCH(const QString, rule);
    QFETCH(const QString, decisions);
    const auto policy = compiled({literal_rule("project", "PROJECT", {"falcon"}, Action::mask),
                                  literal_rule("no-kestrel", "BIRD", {"kestrel"}, Action::block),
                                  literal_rule("no-buzzard", "BIRD", {"buzzard"}, Action::stop),
                                  literal_rule("pair", "PAIR", {"falcon kestrel"}, Action::block),
                                  builtin_rule("hidden", Label::hidden_unicode, Action::block),
                                  pattern_rule("bird", "BIRD", {"heron", "heron kes"}, Action::annotate)});
    const std::string bytes = text.toStdString();
    const Judged whole = judged(policy, bytes);
    QCOMPARE(shown(whole.text), released);
    QCOMPARE(whole.verdict, verdict);
    QCOMPARE(shown(whole.rule), rule);
    QCOMPARE(list_of(whole.decisions), decisions);
    for (size_t piece = 1; piece <= bytes.size(); ++piece) {
      const Streamed cut = stream(policy, bytes, piece);
      QCOMPARE(shown(cut.text), released);
      QCOMPARE(cut.last.verdict, verdict);
      QCOMPARE(shown(cut.last.rule), rule);
      QCOMPARE(list_of(cut.decisions), decisions);
    }
  }

  void drops_what_comes_after_a_verdict() {
    const auto policy = compiled({literal_rule("no", "X", {"kestrel"}, Action::block)});
    MaskNames names;
    Guard guard(policy, Stage::output_stream, 0, {}, names);
    QCOMPARE(guard.push("a kestrel ").value().verdict, Action::block);
    const Release after = guard.push("more").value();
    QVERIFY(after.text.empty());
    QCOMPARE(after.verdict, Action::block);
    QCOMPARE(guard.finish().value().rule, std::string("no"));
  }

  void holds_back_for_rules_that_change_only() {
    const auto release = [](Action action) {
      const auto policy = compiled({pattern_rule("wide", "X", {"a.{0,60}z"}, action)});
      return shown(stream(policy, "many words here", 15).releases.front());
    };
    QCOMPARE(release(Action::annotate), "many words here");
    QCOMPARE(release(Action::mask), "m");
  }

  void holds_back_a_word_of_prose() {
    const auto policy =
        compiled({builtin_rule("aadhaar", Label::aadhaar, Action::mask), builtin_rule("pan", Label::pan, Action::mask),
                  literal_rule("project", "PROJECT", {"falcon"}, Action::block)});
    MaskNames names;
    Guard guard(policy, Stage::output_stream, 0, {}, names);
    size_t released = 0;
    const std::string prose =
        "The branch in Pune opens at ten and closes at four; on Saturdays it stays open until one. शाखा शनिवार को भी "
        "खुली रहती है। Aap apna account kholne ke liye branch aa sakte hain.";
    for (size_t i = 0; i < prose.size(); ++i) {
      released += guard.push(prose.substr(i, 1)).value().text.size();
      const size_t word = prose.rfind(' ', i) == std::string::npos ? 0 : prose.rfind(' ', i);
      QVERIFY2(i + 1 - released <= i + 1 - word + 16, qPrintable(shown(prose.substr(released, i + 1 - released))));
    }
  }

  void leaves_exceptions_alone() {
    const auto policy =
        compiled({excepting(builtin_rule("phone", Label::phone_mobile, Action::mask), {"९८७६५ 43210"}),
                  excepting(literal_rule("bank", "BANK", {"axis", "axis bank"}, Action::block), {"AXIS  Bank"})});
    const Judged whole = judged(policy, "mobile 98765-43210 or 98765 43211, Axis Bank");
    QCOMPARE(shown(whole.text), "mobile 98765-43210 or [PHONE_MOBILE#1], Axis Bank");
    QCOMPARE(whole.decisions.size(), size_t{1});
    QCOMPARE(judged(policy, "axis").verdict, Action::block);
  }

  void keeps_to_scopes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("masks");
    for (const char* text : {"by-application", "by-role", "by-model", "by-language"})
      QTest::newRow(text) << text << true;
    QTest::newRow("another") << "by-another" << false;
  }
  void keeps_to_scopes() {
    QFETCH(const QString, text);
    QFETCH(const bool, masks);
    const GuardSubject subject{"loans", {"application", "auditor"}, "bulk", Language::hindi};
    const auto word = [](std::string literal) {
      std::string id = literal;
      return literal_rule(std::move(id), "W", {std::move(literal)}, Action::mask);
    };
    const auto policy =
        compiled({scoped(word("by-application"), {{"cards", "loans"}, {}, {}, {}}),
                  scoped(word("by-role"), {{}, {"auditor"}, {}, {}}), scoped(word("by-model"), {{}, {}, {"bulk"}, {}}),
                  scoped(word("by-language"), {{}, {}, {}, {Language::hindi}}),
                  scoped(word("by-another"), {{"loans"}, {}, {"careful"}, {}})});
    const std::string bytes = text.toStdString();
    QCOMPARE(judged(policy, bytes, subject).text != bytes, masks);
    QCOMPARE(judged(policy, bytes, {"x", {"y"}, "z", Language::english}).text, bytes);
    QVERIFY(policy->looks_at(Stage::request_text, subject));
    QVERIFY(policy->may_change(Stage::request_text, subject));
    QVERIFY(!policy->looks_at(Stage::request_text, {}));
    QVERIFY(!policy->looks_at(Stage::final_output, subject));
  }

  void long_chains_are_masked_in_pieces_and_named_once() {
    const auto policy = compiled({pattern_rule("blob", "BLOB", {"[a-z]{20}"}, Action::mask)});
    const std::string text = "x " + std::string(100'000, 'q') + " y";
    QCOMPARE(shown(judged(policy, text).text), "x [BLOB#1] y");
    const Streamed cut = stream(policy, text, 777);
    QCOMPARE(shown(cut.text), "x [BLOB#1] y");
    QCOMPARE(cut.decisions.size(), size_t{25});
  }

  void a_private_key_is_one_token() {
    const auto policy = compiled({builtin_rule("key", Label::private_key, Action::mask)});
    std::string text = "a\n-----BEGIN PRIVATE KEY-----\n";
    for (int i = 0; i < 50; ++i) text += "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
    text += "b";
    const Judged whole = judged(policy, text);
    QCOMPARE(shown(whole.text), "a\n[PRIVATE_KEY#1]\nb");
    for (const size_t piece : {1, 7, 64, 1000}) QCOMPARE(stream(policy, text, piece).text, whole.text);
  }

  void refuses_over_its_limits_data() {
    QTest::addColumn<GuardLimits>("limits");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("text") << GuardLimits{.max_text_bytes = 20} << ErrorCode::resource_exhausted;
    QTest::newRow("held") << GuardLimits{.max_held_bytes = 10} << ErrorCode::resource_exhausted;
    QTest::newRow("decisions") << GuardLimits{.max_decisions = 1} << ErrorCode::resource_exhausted;
    QTest::newRow("time") << GuardLimits{.max_time = std::chrono::milliseconds(0)} << ErrorCode::deadline_exceeded;
  }
  void refuses_over_its_limits() {
    QFETCH(const GuardLimits, limits);
    QFETCH(const ErrorCode, code);
    for (const FailMode mode : {FailMode::closed, FailMode::open}) {
      Rule rule = pattern_rule("wide", "X", {"ab", "a.{0,60}z"}, Action::mask);
      rule.fail = mode;
      const auto policy = compiled({rule});
      MaskNames names;
      Guard guard(policy, Stage::output_stream, 0, {}, names, limits);
      std::string released;
      std::optional<Error> error;
      const auto take = [&](const Result<Release>& release) {
        if (release)
          released += release->text;
        else
          error = release.error();
      };
      for (const std::string_view piece : {"ab ab ab", " abcd ", "0123456789", "tail"}) take(guard.push(piece));
      take(guard.finish());
      if (mode == FailMode::closed) {
        QVERIFY(error);
        QCOMPARE(error->code, code);
        QCOMPARE(guard.push("more").error().code, code);
        QVERIFY(!released.contains("tail"));
      } else {
        QVERIFY(!error);
        QVERIFY(!guard.failed().empty());
        QVERIFY(released.ends_with("0123456789tail"));
      }
    }
  }

  void a_failing_scanner_lets_nothing_out_data() {
    QTest::addColumn<int>("failure");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("open") << int(Failure::open) << ErrorCode::resource_exhausted;
    QTest::newRow("write") << int(Failure::write) << ErrorCode::internal;
    QTest::newRow("exception") << int(Failure::write_throws) << ErrorCode::internal;
    QTest::newRow("out of memory") << int(Failure::write_exhausts) << ErrorCode::resource_exhausted;
  }
  void a_failing_scanner_lets_nothing_out() {
    QFETCH(const int, failure);
    QFETCH(const ErrorCode, code);
    MaskNames names;
    const auto closed = failing(Failure(failure), FailMode::closed);
    Guard guard(closed, Stage::output_stream, 0, {}, names);
    const auto first = guard.push("first");
    QCOMPARE(first.has_value(), Failure(failure) != Failure::open);
    QCOMPARE(guard.push("second").error().code, code);
    QCOMPARE(guard.push("third").error().code, code);
    QCOMPARE(guard.finish().error().code, code);
    QCOMPARE(judge(closed, Stage::request_text, 0, {}, names, std::string(40'000, 'x')).error().code, code);
    QCOMPARE(scan(*closed, Stage::request_text, {}, std::string(40'000, 'x')).error().code, code);
  }
  void a_failing_scanner_passes_all_where_rules_fail_open() {
    for (const Failure failure : {Failure::open, Failure::write, Failure::write_throws, Failure::write_exhausts}) {
      MaskNames names;
      Guard guard(failing(failure, FailMode::open), Stage::output_stream, 0, {}, names);
      std::string released;
      for (const char* piece : {"first ", "second ", "third"}) released += guard.push(piece).value().text;
      released += guard.finish().value().text;
      QCOMPARE(released, std::string("first second third"));
      QVERIFY(!guard.failed().empty());
    }
  }

  void one_closed_rule_closes_all() {
    Rule open = literal_rule("open", "X", {"x"}, Action::mask);
    open.fail = FailMode::open;
    const auto policy = compiled({open, literal_rule("closed", "Y", {"y"}, Action::annotate)});
    MaskNames names;
    QVERIFY(!judge(policy, Stage::request_text, 0, {}, names, "12345", {.max_text_bytes = 4}).has_value());
  }

  void names_the_rule_that_does_not_compile() {
    const auto refused = CompiledPolicy::compile(policy_of(
        {literal_rule("fine", "X", {"x"}, Action::mask), pattern_rule("staff", "S", {"emp", "a+"}, Action::mask)}));
    QVERIFY(!refused.has_value());
    QVERIFY2(refused.error().message.starts_with("rule staff: patterns[1]: offset 1"), refused.error().message.c_str());
    const auto too_large = CompiledPolicy::compile(
        policy_of({pattern_rule("staff", "S", {"emp [a-z]{1,80}"}, Action::mask)}), {.max_memory_bytes = 100});
    QCOMPARE(too_large.error().code, ErrorCode::resource_exhausted);
  }

  void stages_share_their_patterns() {
    Rule both = literal_rule("both", "X", {"x"}, Action::mask);
    Rule watched = literal_rule("watched", "Y", {"y"}, Action::annotate);
    size_t n_compiled = 0;
    const auto policy = CompiledPolicy::compile(policy_of({both, watched}), {},
                                                [&](std::span<const PatternSource> sources, size_t max_memory_bytes) {
                                                  ++n_compiled;
                                                  return PatternSet::compile(sources, max_memory_bytes);
                                                });
    QVERIFY(policy.has_value());
    QCOMPARE(n_compiled, size_t{2});
  }

  void messages_are_in_the_language_of_the_request() {
    Policy policy =
        policy_of({literal_rule("own", "X", {"x"}, Action::block), literal_rule("none", "Y", {"y"}, Action::block)});
    policy.message = {{Language::english, "policy en"}, {Language::hindi, "policy hi"}};
    policy.rules[0].message = {{Language::english, "own en"}, {Language::hinglish, "own hi-Latn"}};
    const auto ready = CompiledPolicy::compile(policy).value();
    QCOMPARE(ready->message("own", Language::english), std::string("own en"));
    QCOMPARE(ready->message("own", Language::hinglish), std::string("own hi-Latn"));
    QCOMPARE(ready->message("own", Language::hindi), std::string("policy hi"));
    QCOMPARE(ready->message("none", Language::hinglish), std::string("policy en"));
    QCOMPARE(ready->message("unknown", Language::hindi), std::string("policy hi"));
  }

  void a_scan_goes_on_after_a_block_and_has_no_overlaps() {
    const auto policy = compiled({literal_rule("block", "BLOCK", {"kestrel"}, Action::block),
                                  pattern_rule("wide", "WIDE", {"a kestrel b"}, Action::mask),
                                  pattern_rule("long", "LONG", {"cc dd ee"}, Action::mask),
                                  pattern_rule("short", "SHORT", {"bb cc"}, Action::mask),
                                  builtin_rule("pan", Label::pan, Action::allow)});
    const auto found = scan(*policy, Stage::request_text, {}, "a kestrel b; bb cc dd ee; ABCPE1234F").value();
    QCOMPARE(list_of(found), "block[2,9) long[16,24) pan[26,36)");
    QVERIFY(found.back().score >= 0.5);
    QCOMPARE(found.back().begin.code_point, size_t{26});
  }

  void a_scan_shows_an_identifier_that_holds_hidden_characters() {
    const auto policy =
        compiled({builtin_rule("ifsc", Label::ifsc, Action::annotate), builtin_rule("pan", Label::pan, Action::mask),
                  builtin_rule("bidi", Label::bidi_control, Action::mask)});
    const auto found = scan(*policy, Stage::request_text, {}, "IFSC SBIN\u202D0001234, PAN ABCPE\u202D1234F").value();
    QCOMPARE(list_of(found), "ifsc[5,19) bidi[9,12) pan[25,38)");
  }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "guard_test.moc"
