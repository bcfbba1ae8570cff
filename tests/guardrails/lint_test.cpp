#include "daemon/guardrails/lint.h"

#include <QTest>
#include <algorithm>

using namespace tijori;

namespace {

Rule builtin_rule(std::string id, Label label, Action action) {
  Rule rule;
  rule.id = std::move(id);
  rule.detector = BuiltinDetector{label, 0.5};
  rule.stages = {Stage::request_text};
  rule.action = action;
  return rule;
}

Rule literal_rule(std::string literal, Action action) {
  Rule rule = builtin_rule("words", Label::pan, action);
  rule.detector = LiteralDetector{"WORDS", {std::move(literal)}, true};
  return rule;
}

Rule pattern_rule(std::string pattern, Action action) {
  Rule rule = builtin_rule("shapes", Label::pan, action);
  rule.detector = PatternDetector{"SHAPES", {std::move(pattern)}};
  return rule;
}

PolicyCase passing_case() {
  PolicyCase out;
  out.id = "honest";
  out.text = "text";
  return out;
}

Policy policy_of(std::vector<Rule> rules) {
  Policy policy;
  policy.name = "bank";
  for (const Language language : all_languages) policy.message[language] = "No.";
  policy.rules = std::move(rules);
  policy.cases = {passing_case()};
  return policy;
}

// "error ambiguous b rules[1]", in order.
QStringList findings_of(const Policy& policy) {
  QStringList out;
  for (const LintFinding& finding : lint(policy)) {
    if (finding.message.empty()) out << "without a message";
    if (std::ranges::find(lint_codes, finding.code) == std::end(lint_codes)) out << "unknown code";
    out << QString::fromStdString(std::string(name_of(finding.severity)) + " " + finding.code + " " + finding.rule +
                                  " " + finding.path);
  }
  return out;
}

QStringList of_rules(std::vector<Rule> rules) {
  return findings_of(policy_of(std::move(rules)));
}

}  // namespace

class LintTest : public QObject {
  Q_OBJECT

 private slots:
  void the_shipped_policy_has_no_findings() {
    const auto findings = lint_document(default_policy_document());
    QVERIFY2(findings.empty(), findings.empty() ? "" : findings[0].message.c_str());
  }

  void two_rules_that_disagree_are_ambiguous() {
    Rule a = builtin_rule("a", Label::pan, Action::mask);
    Rule b = builtin_rule("b", Label::pan, Action::annotate);
    a.scope.applications = {"crm"};
    b.scope.models = {"m"};
    QCOMPARE(of_rules({a, b}), QStringList{"error ambiguous b rules[1]"});
    b.stages = {Stage::output_stream};
    QCOMPARE(of_rules({a, b}), QStringList());
    b.stages = a.stages;
    b.scope.applications = {"web"};
    QCOMPARE(of_rules({a, b}), QStringList());
  }

  void a_stricter_rule_inside_a_wider_one_is_meant() {
    Rule wide = builtin_rule("wide", Label::pan, Action::annotate);
    Rule narrow = builtin_rule("narrow", Label::pan, Action::mask);
    narrow.scope.applications = {"crm"};
    QCOMPARE(of_rules({wide, narrow}), QStringList());
    // A stronger action for higher scores is one rule in two steps.
    Rule sure = builtin_rule("sure", Label::aadhaar, Action::mask);
    std::get<BuiltinDetector>(sure.detector).min_score = 0.9;
    QCOMPARE(of_rules({builtin_rule("any", Label::aadhaar, Action::annotate), sure}), QStringList());
  }

  void a_shadowed_rule_is_unreachable() {
    Rule wide = builtin_rule("wide", Label::pan, Action::mask);
    Rule narrow = builtin_rule("narrow", Label::pan, Action::annotate);
    narrow.scope.applications = {"crm"};
    QCOMPARE(of_rules({wide, narrow}), QStringList{"error unreachable narrow rules[1]"});
    QCOMPARE(of_rules({narrow, wide}), QStringList{"error unreachable narrow rules[0]"});
    narrow.action = Action::mask;
    QCOMPARE(of_rules({wide, narrow}), QStringList{"warning unreachable narrow rules[1]"});
    wide.except = {"ABCPE1234F"};
    QCOMPARE(of_rules({wide, narrow}), QStringList());
  }

  void a_score_above_one_is_never_reached() {
    Rule rule = builtin_rule("a", Label::pan, Action::mask);
    std::get<BuiltinDetector>(rule.detector).min_score = 1.5;
    QCOMPARE(of_rules({rule}), QStringList{"error unreachable a rules[0].detector.min_score"});
    std::get<BuiltinDetector>(rule.detector).min_score = 0.1;
    QCOMPARE(of_rules({rule}), QStringList{"warning too_broad a rules[0].detector.min_score"});
  }

  void literals_and_patterns_may_be_too_broad_data() {
    QTest::addColumn<bool>("is_pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("severity");
    QTest::newRow("fixed run") << true << "emp\\d{4}" << "";
    QTest::newRow("no fixed run") << true << "\\d{4}-\\d{4}" << "warning";
    QTest::newRow("single character") << true << "\\d{1,4}" << "error";
    QTest::newRow("white space") << true << "\\s{2,5}" << "error";
    QTest::newRow("anything") << true << ".{5}" << "error";
    QTest::newRow("phrase") << false << "ignore previous instructions" << "";
    QTest::newRow("short word") << false << "ok" << "warning";
    QTest::newRow("blank") << false << "   " << "error";
    QTest::newRow("common") << false << "The" << "error";
    QTest::newRow("common Hindi") << false << "नहीं" << "error";
  }
  void literals_and_patterns_may_be_too_broad() {
    QFETCH(bool, is_pattern);
    QFETCH(QString, text);
    QFETCH(QString, severity);
    const auto rule = [&](Action action) {
      return is_pattern ? pattern_rule(text.toStdString(), action) : literal_rule(text.toStdString(), action);
    };
    const QString place = is_pattern ? " too_broad shapes rules[0].detector.patterns[0]"
                                     : " too_broad words rules[0].detector.literals[0]";
    QCOMPARE(of_rules({rule(Action::mask)}), severity.isEmpty() ? QStringList() : QStringList{severity + place});
    // What is only noted may be as broad as its author likes, and is told so.
    QCOMPARE(of_rules({rule(Action::annotate)}), severity.isEmpty() ? QStringList() : QStringList{"warning" + place});
  }

  void risky_choices_are_named() {
    Rule open = builtin_rule("open", Label::pan, Action::mask);
    open.fail = FailMode::open;
    QCOMPARE(of_rules({open}), QStringList{"error fail_open open rules[0].fail"});
    open.fail_reason = "a kiosk without personal data";
    QCOMPARE(of_rules({open}), QStringList{"warning fail_open open rules[0].fail"});

    Rule late = builtin_rule("late", Label::pan, Action::mask);
    late.stages = {Stage::final_output};
    QCOMPARE(of_rules({late}), QStringList{"warning holds_stream late rules[0].stages"});
    late.action = Action::annotate;
    QCOMPARE(of_rules({late}), QStringList());

    Rule shown = builtin_rule("shown", Label::pan, Action::mask);
    shown.mask = MaskStyle::last_four;
    QCOMPARE(of_rules({shown}), QStringList{"warning reveals shown rules[0].mask"});
    shown.detector = BuiltinDetector{Label::secret_token, 0.5};
    QCOMPARE(of_rules({shown}), QStringList{"error reveals shown rules[0].mask"});
    shown.detector = BuiltinDetector{Label::payment_card, 0.5};
    QCOMPARE(of_rules({shown}), QStringList());

    Rule exempt = literal_rule("Project X", Action::mask);
    exempt.except = {"project x"};
    QCOMPARE(of_rules({exempt}), QStringList{"warning exempts_itself words rules[0].detector.literals[0]"});
  }

  void messages_and_cases_may_be_missing() {
    Policy policy = policy_of({builtin_rule("keys", Label::private_key, Action::block)});
    QCOMPARE(findings_of(policy), QStringList{"warning no_cases keys rules[0]"});
    PolicyCase blocked = passing_case();
    blocked.id = "key";
    blocked.expect = Expectation::block;
    blocked.labels = {"PRIVATE_KEY"};
    policy.cases.push_back(blocked);
    QCOMPARE(findings_of(policy), QStringList());
    policy.cases[1].labels = {"KEYS"};
    QCOMPARE(findings_of(policy),
             (QStringList{"error unreachable  cases[1].labels[0]", "warning no_cases keys rules[0]"}));
    policy.cases = {};
    QCOMPARE(findings_of(policy), (QStringList{"warning no_cases keys rules[0]", "warning no_cases  cases"}));

    policy.cases = {passing_case(), blocked};
    policy.rules[0].message[Language::english] = "No keys.";
    QCOMPARE(findings_of(policy), (QStringList{"warning missing_translation keys rules[0].message",
                                               "warning missing_translation keys rules[0].message"}));
    policy.rules[0].message = {};
    policy.message.erase(Language::hindi);
    QCOMPARE(findings_of(policy), QStringList{"warning missing_translation  message"});
    policy.message.clear();
    QCOMPARE(findings_of(policy).first(), QString("error missing_message  message"));
  }

  void a_document_is_linted_as_it_is_typed() {
    const auto one = [](std::string_view document) {
      const auto findings = lint_document(document);
      if (findings.size() != 1) return QString::number(findings.size()) + " findings";
      const LintFinding& finding = findings[0];
      return QString::fromStdString(finding.code + " " + std::to_string(finding.line) + ":" +
                                    std::to_string(finding.column) + " " + finding.path + " " + finding.message);
    };
    QCOMPARE(one("{\n  \"format\": "), QString("invalid 2:13  not valid JSON from here"));
    QVERIFY(one(std::string(max_policy_bytes + 1, ' ')).startsWith("invalid 1:1  8388609 bytes"));
    std::string document = to_document(policy_of({builtin_rule("a", Label::pan, Action::mask)}));
    QCOMPARE(lint_document(document).size(), size_t{0});
    const std::string stage = "\"request_text\"";
    std::string wrong = document;
    wrong.replace(wrong.find(stage), stage.size(), "\"image\"");
    const auto findings = lint_document(wrong);
    QCOMPARE(findings.size(), size_t{1});
    QCOMPARE(findings[0].path, std::string("rules[0].stages[0]"));
    QCOMPARE(findings[0].line,
             static_cast<size_t>(std::ranges::count(wrong.substr(0, wrong.find("\"image\"")), '\n')) + 1);
    QCOMPARE(findings[0].column, size_t{9});
    // Each problem is a finding of its own.
    const std::string name = "\"bank\"";
    wrong.replace(wrong.find(name), name.size(), "\"BANK\"");
    QCOMPARE(lint_document(wrong).size(), size_t{2});
    QVERIFY(has_errors(lint_document(wrong)));
    // A finding about the sense has a place too.
    const std::string score = "0.5";
    std::string senseless = document;
    senseless.replace(senseless.find(score), score.size(), "1.5");
    const auto sense = lint_document(senseless);
    QCOMPARE(sense.size(), size_t{1});
    QCOMPARE(sense[0].code, std::string("unreachable"));
    QCOMPARE(sense[0].line,
             static_cast<size_t>(std::ranges::count(senseless.substr(0, senseless.find("1.5")), '\n')) + 1);
  }

  void there_is_an_end_to_findings() {
    std::vector<Rule> rules;
    Rule rule = literal_rule("the", Action::mask);
    std::get<LiteralDetector>(rule.detector).literals.assign(5000, "ab");
    rules.push_back(rule);
    const auto findings = lint(policy_of(rules));
    QCOMPARE(findings.size(), max_lint_findings + 1);
    QVERIFY(std::ranges::any_of(findings, [](const LintFinding& f) { return f.code == "more_findings"; }));
  }
};

QTEST_GUILESS_MAIN(LintTest)
#include "lint_test.moc"
