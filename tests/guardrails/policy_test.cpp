#include "daemon/guardrails/policy.h"

#include <QTest>
#include <algorithm>

#include "base/bytes.h"
#include "daemon/guardrails/guard.h"
#include "daemon/guardrails/lint.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/regression_pack.h"

using namespace tijori;

namespace {

// JSON with ' for ", which is easier on the eye here.
std::string json(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '\'', '"');
  return out;
}

const std::string small_policy = json(
    "{\n"
    "  'format': 'tijori-policy-1',\n"
    "  'name': 'bank',\n"
    "  'version': 3,\n"
    "  'message': {'en': 'No.', 'hi': 'नहीं।'},\n"
    "  'rules': [\n"
    "    {'id': 'a', 'detector': {'type': 'builtin', 'label': 'PAN', 'min_score': 0.7}, 'stages': ['request_text'],\n"
    "     'action': 'mask', 'mask': 'last_four', 'scope': {'applications': ['crm'], 'roles': ['application'],\n"
    "     'models': ['m'], 'languages': ['hi-Latn']}, 'fail': 'open', 'fail_reason': 'kiosk', 'except': "
    "['ABCPE1234F']},\n"
    "    {'id': 'b', 'description': 'words', 'detector': {'type': 'literals', 'label': 'WORDS', 'literals': "
    "['tata\\n', '\\'x'],\n"
    "     'whole_words': false}, 'stages': ['output_stream', 'final_output'], 'action': 'block', 'message': {'en': "
    "'b'}},\n"
    "    {'id': 'c', 'detector': {'type': 'patterns', 'label': 'STAFF', 'patterns': ['emp\\\\d{4}']},\n"
    "     'stages': ['rendered_prompt'], 'action': 'annotate'}\n"
    "  ],\n"
    "  'cases': [{'id': 'one', 'text': 'emp1234 \\u0001', 'stage': 'rendered_prompt', 'expect': 'pass', 'labels': "
    "['STAFF']},\n"
    "            {'id': 'two', 'text': 'x', 'expect': 'block'}]\n"
    "}");

std::string with(std::string_view from, std::string_view to) {
  std::string out = small_policy;
  const size_t at = out.find(from);
  if (at == std::string::npos) qFatal("the policy has no %s", std::string(from).c_str());
  return out.replace(at, from.size(), to);
}

std::string message_of(std::string_view document) {
  const auto policy = parse_policy(document);
  return policy ? "accepted" : policy.error().message;
}

}  // namespace

class PolicyTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_every_field() {
    const auto parsed = parse_policy(small_policy);
    QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().message.c_str());
    const Policy& policy = *parsed;
    QCOMPARE(policy.name, std::string("bank"));
    QCOMPARE(policy.version, int64_t{3});
    QCOMPARE(policy.message.at(Language::hindi), std::string("नहीं।"));
    QCOMPARE(policy.rules.size(), size_t{3});
    const Rule& a = policy.rules[0];
    QCOMPARE(std::get<BuiltinDetector>(a.detector), (BuiltinDetector{Label::pan, 0.7}));
    QCOMPARE(a.mask, MaskStyle::last_four);
    QCOMPARE(a.scope, (Scope{{"crm"}, {"application"}, {"m"}, {Language::hinglish}}));
    QCOMPARE(a.fail, FailMode::open);
    QCOMPARE(a.fail_reason, std::string("kiosk"));
    QCOMPARE(a.except, std::vector<std::string>{"ABCPE1234F"});
    QCOMPARE(std::get<LiteralDetector>(policy.rules[1].detector), (LiteralDetector{"WORDS", {"tata\n", "\"x"}, false}));
    QCOMPARE(policy.rules[1].stages, (std::vector{Stage::output_stream, Stage::final_output}));
    QCOMPARE(label_of(policy.rules[2].detector), std::string_view("STAFF"));
    QCOMPARE(policy.cases[1].stage, Stage::request_text);
    QCOMPARE(policy.cases[1].expect, Expectation::block);
    QCOMPARE(policy.digest, sha256(as_bytes(small_policy)));
  }

  void writes_what_it_reads() {
    const Policy policy = parse_policy(small_policy).value();
    const std::string document = to_document(policy);
    auto again = parse_policy(document);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    again->digest = policy.digest;
    QVERIFY(*again == policy);
    QCOMPARE(to_document(*again), document);
  }

  void refuses_what_is_not_json_with_its_place_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("empty") << QByteArray("") << QByteArray("line 1, column 1: not valid JSON");
    QTest::newRow("cut") << QByteArray("{\n  \"a\": ") << QByteArray("line 2, column 8: not valid JSON");
    QTest::newRow("comma") << QByteArray("{\n \"name\": 1,\n}") << QByteArray("line 3, column 1: not valid JSON");
    QTest::newRow("twice") << QByteArray("{\"a\": 1,\n  \"a\": 2}")
                           << QByteArray("line 2, column 3: this field stands");
    QTest::newRow("deep") << QByteArray(1 << 20, '[') << QByteArray("line 1, column 9: nested deeper than 8");
    QTest::newRow("mark") << QByteArray("\xef\xbb\xbf{}") << QByteArray("line 1, column 1: a byte order mark");
    QTest::newRow("nul") << QByteArray("{}\0{", 4) << QByteArray("line 1, column 3: a NUL byte");
    QTest::newRow("utf-8") << QByteArray("{\"\xff\": 1}") << QByteArray("line 1, column 3: not valid JSON");
    QTest::newRow("two") << QByteArray("{} {}") << QByteArray("line 1, column 4: not valid JSON");
    QTest::newRow("hindi before") << QByteArray("{\"नाम\": x}") << QByteArray("line 1, column 9: not valid JSON");
    QTest::newRow("large") << QByteArray(max_policy_bytes + 1, ' ') << QByteArray("8388609 bytes, at most 8388608");
  }
  void refuses_what_is_not_json_with_its_place() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, begin);
    const auto message = QByteArray::fromStdString(message_of({text.data(), static_cast<size_t>(text.size())}));
    QVERIFY2(message.startsWith(begin), message);
  }

  void refuses_what_is_not_a_policy_with_its_path_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("begin");
    const auto row = [](const char* from, const char* to, const char* begin) {
      QTest::newRow(begin) << QString(from) << QString(to) << QString(begin);
    };
    row("tijori-policy-1", "tijori-policy-2", "format: this release reads");
    row("\"format\": \"tijori-policy-1\",", "", "format: is missing");
    row("\"bank\"", "\"Bank\"", "name: a token is");
    row("\"version\": 3", "\"version\": 0", "version: expected a whole number from 1 on");
    row("\"version\": 3", "\"version\": 1.5", "version: expected a whole number");
    row("\"version\": 3", "\"version\": \"3\"", "version: expected a whole");
    row("\"en\": \"No.\", ", "", "message: \"en\" is missing");
    row("\"hi\": ", "\"fr\": ", "message.?: unknown language");
    row("\"No.\"", "\"\"", "message.en: is empty");
    row("\"id\": \"b\"", "\"id\": \"a\"", "rules[1].id: another entry has this id");
    row("\"id\": \"b\",", "", "rules[1].id: is missing");
    row("\"description\"", "\"comment\"", "rules[1].comment: there is no such field here; known: id, ");
    row("\"stages\": [\"request_text\"]", "\"stages\": []", "rules[0].stages: is empty");
    row("[\"request_text\"]", "[\"image\"]", "rules[0].stages[0]: no request passes image in this release; live: ");
    row("[\"request_text\"]", "[\"input\"]", "rules[0].stages[0]: unknown stage; one of request_text, ");
    row("[\"request_text\"]", "[\"request_text\", \"request_text\"]", "rules[0].stages[1]: stands twice");
    row("[\"request_text\"]", "\"request_text\"", "rules[0].stages: expected a list, found text");
    row("\"mask\",", "\"hide\",", "rules[0].action: unknown; one of allow, annotate, mask, stop, block");
    row("last_four", "last_two", "rules[0].mask: unknown; one of token, last_four");
    row("\"open\"", "\"ajar\"", "rules[0].fail: unknown; one of closed, open");
    row(", \"fail_reason\": \"kiosk\"", "", "rules[0].fail_reason: is missing: a rule that fails open");
    row("\"PAN\"", "\"TAN\"", "rules[0].detector.label: unknown; one of AADHAAR, ");
    row("0.7", "\"high\"", "rules[0].detector.min_score: expected a number, found text");
    row("0.7", "-1", "rules[0].detector.min_score: expected a number from 0");
    row("\"builtin\"", "\"regex\"", "rules[0].detector.type: one of \"builtin\"");
    row("\"WORDS\"", "\"words\"", "rules[1].detector.label: a label is");
    row("[\"tata\\n\", \"\\\"x\"]", "[]", "rules[1].detector.literals: is empty");
    row("\"tata\\n\"", "\"\\u200b\"", "rules[1].detector.literals[0]: is empty once folded");
    row("\"whole_words\": false", "\"whole_words\": 0", "rules[1].detector.whole_words: expected true or false");
    row("\\\\d{4}", "\\\\d+", "rules[2].detector.patterns[0]: offset 5: '+' has no bound: write {1,20}");
    row("\"hi-Latn\"", "\"hinglish\"", "rules[0].scope.languages[0]: unknown; one of en, hi, hi-Latn");
    row("\"models\"", "\"aliases\"", "rules[0].scope.aliases: there is no such field");
    row("\"expect\": \"pass\"", "\"expect\": \"allow\"", "cases[0].expect: unknown; one of pass, mask, block");
    row("\"id\": \"two\"", "\"id\": \"one\"", "cases[1].id: another entry");
    row("\"cases\": [", "\"cases\": [[], ", "cases[0]: expected an object, found a list");
  }
  void refuses_what_is_not_a_policy_with_its_path() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, begin);
    const std::string message = message_of(with(from.toStdString(), to.toStdString()));
    QVERIFY2(message.starts_with(begin.toStdString()), message.c_str());
  }

  void refuses_too_many_rules() {
    Policy policy = parse_policy(small_policy).value();
    const Rule rule = policy.rules[2];
    policy.rules.clear();
    for (size_t i = 0; i <= max_policy_rules; ++i) {
      policy.rules.push_back(rule);
      policy.rules.back().id = "r" + std::to_string(i);
    }
    QCOMPARE(message_of(to_document(policy)), std::string("rules: 1025 entries, at most 1024 are taken"));
  }

  void the_pack_says_which_case_failed_and_why() {
    const Policy policy = parse_policy(small_policy).value();
    const auto always = [](Action action, std::vector<std::string> labels) {
      return [=](const PolicyCase&) -> Result<PackVerdict> { return PackVerdict{action, labels}; };
    };
    QCOMPARE(run_pack(policy, always(Action::annotate, {"STAFF"})).failures,
             (std::vector<PackFailure>{{"two", "expected block, the policy's strongest action is annotate"}}));
    const auto stopped = run_pack(policy, always(Action::stop, {}));
    QCOMPARE(stopped.cases, size_t{2});
    QCOMPARE(stopped.failures,
             (std::vector<PackFailure>{{"one", "expected pass, the policy's strongest action is stop"}}));
    QCOMPARE(run_pack(policy, always(Action::allow, {})).failures[0].reason, std::string("expected to find STAFF"));
    const auto broken =
        run_pack(policy, [](const PolicyCase&) -> Result<PackVerdict> { return fail(ErrorCode::internal, "no"); });
    QCOMPARE(broken.failures.size(), size_t{2});
  }

  void the_shipped_policy_passes_its_own_pack() {
    auto policy = parse_policy(default_policy_document());
    QVERIFY2(policy.has_value(), policy ? "" : policy.error().message.c_str());
    const auto compiled = CompiledPolicy::compile(*policy);
    QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().message.c_str());
    const PackResult result = run_pack(*policy, [&](const PolicyCase& each) -> Result<PackVerdict> {
      MaskNames names;
      TRY_ASSIGN(const Judged judged, judge(*compiled, each.stage, 0, {}, names, each.text));
      PackVerdict verdict;
      for (const Decision& decision : judged.decisions) {
        verdict.action = std::max(verdict.action, decision.action);
        verdict.labels.push_back(decision.label);
      }
      return verdict;
    });
    std::string failures;
    for (const PackFailure& failure : result.failures) failures += "\n" + failure.id + ": " + failure.reason;
    QVERIFY2(result.passed(), failures.c_str());
    QVERIFY(result.cases > 30);
  }

  void the_shipped_policy_speaks_all_languages_and_only_differs_in_spelling_from_its_written_form() {
    const Policy policy = parse_policy(default_policy_document()).value();
    for (const Language language : all_languages) QVERIFY(policy.message.contains(language));
    Policy again = parse_policy(to_document(policy)).value();
    again.digest = policy.digest;
    QVERIFY(again == policy);
  }
};

QTEST_GUILESS_MAIN(PolicyTest)
#include "policy_test.moc"
