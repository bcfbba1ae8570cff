// What the Guardrails screen computes: a document that is edited byte for byte, what differs between two, spans in a
// text, hits by hour, and what stands between a draft and its being active.
#include <QElapsedTimer>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <limits>

#include "admin-ui/models/activation.h"
#include "admin-ui/models/bench_table.h"
#include "admin-ui/models/cell.h"
#include "admin-ui/models/hit_hours.h"
#include "admin-ui/models/policy_diff.h"
#include "admin-ui/models/policy_draft.h"
#include "admin-ui/models/policy_versions.h"
#include "admin-ui/models/span_runs.h"
#include "tests/admin-ui/console_main.h"

namespace tijori {
namespace {

// Order, spacing and a field that the console doesn't know have to stay.
// Quotes are written ' for legibility.
const char* const base_document =
    "{\n"
    "  'format': 'tijori-policy-1',\n"
    "  'name': 'bank',\n"
    "  'version': 4,\n"
    "  'message': { 'en': 'No.', 'x': 1e2 },\n"
    "  'rules': [\n"
    "    { 'id': 'aadhaar', 'detector': { 'type': 'builtin', 'label': 'AADHAAR', 'min_score': 0.50 },\n"
    "      'stages': ['request_text'], 'action': 'mask', 'mask': 'last_four', 'later': {'a': [1, 2]} },\n"
    "    { 'id': 'names', 'detector': { 'type': 'literals', 'label': 'NAME', 'literals': ['Blue, \\'Heron\\']'] },\n"
    "      'stages': ['output_stream'], 'action': 'block' },\n"
    "    { 'id': 'files', 'detector': { 'type': 'patterns', 'label': 'FILE', 'patterns': ['lf-\\\\d{4}'] },\n"
    "      'stages': ['output_stream'], 'action': 'annotate', 'fail': 'open', 'fail_reason': 'counted only' }\n"
    "  ],\n"
    "  'cases': []\n"
    "}\n";

QString json_text(const char* text) {
  return QString::fromUtf8(text).replace(QLatin1Char('\''), QLatin1Char('"'));
}

QString base() {
  return json_text(base_document);
}

BenchSpan span(int64_t start, int64_t end, const char* rule = "r", const char* action = "mask") {
  BenchSpan made;
  made.label = "L";
  made.rule = rule;
  made.start = start;
  made.end = end;
  made.score = 0.5;
  made.action = action;
  return made;
}

QString joined(const QList<SpanRun>& runs) {
  QString all;
  for (const SpanRun& run : runs) all += run.text;
  return all;
}

PolicySummary summary(PolicyState state, const char* author = "asha") {
  PolicySummary policy;
  policy.digest = "d1";
  policy.name = "bank";
  policy.version = 5;
  policy.state = state;
  policy.author = author;
  return policy;
}

ActivationFacts good_facts() {
  ActivationFacts facts;
  facts.is_linted = true;
  facts.is_benched = true;
  facts.may_edit = true;
  facts.own_name = "asha";
  return facts;
}

}  // namespace

class PolicyModelsTest : public QObject {
  Q_OBJECT

 private slots:
  void an_edit_changes_its_own_bytes_alone() {
    PolicyDraft draft;
    draft.set(base(), base());
    QVERIFY(draft.setData(draft.index(1, PolicyDraft::action_column), QStringLiteral("annotate"), Qt::EditRole));
    QString expected = base();
    expected.replace(QStringLiteral("\"action\": \"block\""), QStringLiteral("\"action\": \"annotate\""));
    expected.replace(QStringLiteral("\"version\": 4"), QStringLiteral("\"version\": 5"));
    QCOMPARE(draft.document(), expected);
    QCOMPARE(draft.change(1), PolicyDraft::Change::changed);
    QCOMPARE(draft.change(0), PolicyDraft::Change::none);
    QCOMPARE(draft.changed_rules(), 1);
  }

  void the_style_of_a_mask_comes_and_goes_with_it() {
    PolicyDraft draft;
    draft.set(base(), base());
    const QModelIndex action = draft.index(0, PolicyDraft::action_column);
    QCOMPARE(action.data(Qt::EditRole).toString(), QStringLiteral("mask-last-four"));
    QVERIFY(draft.setData(action, QStringLiteral("mask"), Qt::EditRole));
    QVERIFY(!draft.rule(0).contains(QStringLiteral("mask")));
    QVERIFY(draft.setData(action, QStringLiteral("mask-last-four"), Qt::EditRole));
    QCOMPARE(draft.rule(0).value(QStringLiteral("mask")).toString(), QStringLiteral("last_four"));
    QVERIFY(draft.rule(0).contains(QStringLiteral("later")));
  }

  void a_rule_that_is_off_is_not_in_the_document_and_comes_back_as_it_was() {
    PolicyDraft draft;
    draft.set(base(), base());
    draft.switch_rule(1, false);
    QVERIFY(!draft.document().contains(QStringLiteral("\"names\"")));
    QVERIFY(draft.is_whole());
    QCOMPARE(draft.rowCount(), 3);
    QCOMPARE(draft.id(1), QStringLiteral("names"));
    QVERIFY(!draft.is_on(1));
    QCOMPARE(draft.changed_rules(), 1);
    draft.switch_rule(1, true);
    QString expected = base();
    expected.replace(QStringLiteral("\"version\": 4"), QStringLiteral("\"version\": 5"));
    QCOMPARE(QJsonDocument::fromJson(draft.document().toUtf8()), QJsonDocument::fromJson(expected.toUtf8()));
    QCOMPARE(draft.changed_rules(), 0);
  }

  void every_rule_can_go_and_come_back_data() {
    QTest::addColumn<int>("row");
    QTest::newRow("first") << 0;
    QTest::newRow("middle") << 1;
    QTest::newRow("last") << 2;
  }
  void every_rule_can_go_and_come_back() {
    QFETCH(int, row);
    PolicyDraft draft;
    draft.set(base(), {});
    const PolicyDraft::Removed removed = draft.remove_rule(row);
    QVERIFY(draft.is_whole());
    QCOMPARE(draft.rowCount(), 2);
    draft.restore_rule(removed);
    QVERIFY(draft.is_whole());
    QCOMPARE(draft.rowCount(), 3);
    QCOMPARE(draft.id(row), removed.id);
    QCOMPARE(indented(draft.document()), indented(base()));
    for (int left = 3; left > 0; --left) (void)draft.remove_rule(0);
    QVERIFY(draft.is_whole());
    QCOMPARE(draft.rowCount(), 0);
    draft.restore_rule(removed);
    QCOMPARE(draft.ids(), QStringList{removed.id});
  }

  void a_new_rule_is_written_in_the_order_people_read() {
    PolicyDraft draft;
    draft.set(base(), base());
    RuleForm form;
    form.id = QStringLiteral("terms");
    form.label = QStringLiteral("TERM");
    form.words = QStringList{QStringLiteral("नीलकंठ"), QStringLiteral("say \"no\"")};
    form.action = QStringLiteral("mask-last-four");
    form.fail_reason = QStringLiteral("only counted");
    draft.add_rule(form);
    QVERIFY(draft.is_whole());
    const int row = draft.row_of(form.id);
    QCOMPARE(row, 3);
    QCOMPARE(draft.change(row), PolicyDraft::Change::added);
    QCOMPARE(form_of(draft.rule(row)), form);
    QVERIFY(draft.document().indexOf(QStringLiteral("\"id\": \"terms\"")) <
            draft.document().indexOf(QStringLiteral("\"नीलकंठ\"")));
    // And by form what is there already, touching nothing else of it.
    RuleForm changed = form_of(draft.rule(0));
    changed.id = QStringLiteral("aadhaar-in");
    changed.min_score = 0.8;
    changed.stages = QStringList{QStringLiteral("request_text"), QStringLiteral("rendered_prompt")};
    draft.change_rule(0, changed);
    QCOMPARE(form_of(draft.rule(draft.row_of(changed.id))), changed);
    QVERIFY(!draft.is_on(draft.row_of(QStringLiteral("aadhaar"))));
    QVERIFY(draft.document().contains(QStringLiteral("\"later\": {\"a\": [1, 2]}")));
  }

  void failing_open_needs_a_reason() {
    PolicyDraft draft;
    draft.set(base(), base());
    QSignalSpy asked(&draft, &PolicyDraft::reason_needed);
    QVERIFY(!draft.setData(draft.index(1, PolicyDraft::fail_column), QStringLiteral("open"), Qt::EditRole));
    QCOMPARE(asked.size(), 1);
    QCOMPARE(draft.document(), base());
    draft.set_fail(1, QStringLiteral("only noted"));
    QCOMPARE(draft.index(1, PolicyDraft::fail_column).data(badge_role).value<BadgeText>().tone, Tone::warn);
    QVERIFY(draft.index(1, PolicyDraft::fail_column)
                .data(Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("only noted")));
    QVERIFY(draft.setData(draft.index(2, PolicyDraft::fail_column), QStringLiteral("closed"), Qt::EditRole));
    QVERIFY(!draft.rule(2).contains(QStringLiteral("fail_reason")));
  }

  void text_that_is_no_document_leaves_the_rows_and_says_where() {
    PolicyDraft draft;
    draft.set(base(), base());
    draft.set_document(QStringLiteral("{\n  \"नाम\": nonsense"));
    QVERIFY(!draft.is_whole());
    QCOMPARE(draft.rowCount(), 3);
    QVERIFY(!draft.is_editable());
    QCOMPARE(draft.fault_position().line, 2);
    draft.switch_rule(0, false);
    QCOMPARE(draft.rowCount(), 3);
    draft.set_document(QStringLiteral("[1]"));
    QVERIFY(!draft.is_whole());
    draft.set_document(base());
    QVERIFY(draft.is_whole());
  }

  void documents_of_any_shape_are_borne() {
    QString many = QStringLiteral("{\"version\": 1e300, \"rules\": [");
    for (int i = 0; i < 100'000; ++i)
      many += QStringLiteral("%1{\"id\": \"r%2\", \"action\": 7, \"stages\": \"x\"}").arg(i > 0 ? "," : "").arg(i);
    many += QStringLiteral("]}");
    QElapsedTimer clock;
    clock.start();
    for (const QString& document : {many, QStringLiteral("{}"), QStringLiteral("{\"rules\": 5}"),
                                    QStringLiteral("{\"rules\": [1, null, [], {}]}"),
                                    QStringLiteral("{\"rules\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}"),
                                    QStringLiteral("{\"rules\": {\"id\": []}}")}) {
      PolicyDraft draft;
      draft.set(document, document);
      QVERIFY(draft.rowCount() <= max_shown_rules);
      for (int row = 0; row < std::min(draft.rowCount(), 3); ++row)
        for (int column = 0; column < PolicyDraft::column_count; ++column)
          for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(badge_role), int(Qt::EditRole)})
            (void)draft.index(row, column).data(role);
      std::vector<PolicyFinding> findings(100'000);
      draft.set_findings(std::move(findings));
      QVERIFY(draft.findings().size() <= max_shown_findings);
      (void)draft.remove_rule(0);
      QVERIFY(draft.is_whole());
      draft.add_rule({});
      QVERIFY(draft.is_whole());
    }
    QVERIFY2(clock.elapsed() < 20'000, qPrintable(QString::number(clock.elapsed())));
  }

  void its_digest_is_what_it_is_stored_as() {
    PolicyDraft draft;
    draft.set(QStringLiteral("{}"), {});
    QCOMPARE(draft.digest(), std::string("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
  }

  void places_in_a_text_are_code_points_and_lines() {
    const QString text = QStringLiteral("a\n🙂नि\nc");
    QCOMPARE(position_of(text, offset_of(text, {2, 2})).column, 2);
    QCOMPARE(offset_of(text, {2, 2}), 4);
    QCOMPARE(offset_of(text, {2, 99}), 6);
    QCOMPARE(offset_of(text, {99, 1}), text.size());
    QCOMPARE(offset_of(text, {-5, -5}), 0);
    QCOMPARE(position_of(text, text.size()).line, 3);
  }

  void a_difference_is_told_by_rule_and_field() {
    PolicyDraft draft;
    draft.set(base(), base());
    draft.setData(draft.index(0, PolicyDraft::action_column), QStringLiteral("block"), Qt::EditRole);
    draft.remove_rule(1);
    RuleForm form;
    form.id = QStringLiteral("terms");
    form.words = QStringList{QStringLiteral("x")};
    form.label = QStringLiteral("TERM");
    draft.add_rule(form);
    const PolicyDifference difference = compare_policies(base(), draft.document());
    QCOMPARE(difference.added, 1);
    QCOMPARE(difference.removed, 1);
    QCOMPARE(difference.changed, 1);
    QStringList fields;
    for (const RuleDifference& rule : difference.rules)
      for (const FieldDifference& field : rule.fields)
        fields << rule.rule + QLatin1Char('/') + field.field + QLatin1Char(':') + field.before + QLatin1Char('>') +
                      field.after;
    QVERIFY2(fields.contains(QStringLiteral("aadhaar/action:\"mask\">\"block\"")), qPrintable(fields.join('\n')));
    QVERIFY2(fields.contains(QStringLiteral("/version:4>5")), qPrintable(fields.join('\n')));
    QVERIFY(compare_policies(base(), indented(base())).rules.isEmpty());
    const QString swapped = json_text("{'rules': [{'id': 'b'}, {'id': 'a'}]}");
    QCOMPARE(compare_policies(json_text("{'rules': [{'id': 'a'}, {'id': 'b'}]}"), swapped).rules.size(), 1);
  }

  void lines_are_compared_with_what_stands_around_them() {
    QStringList before;
    for (int i = 0; i < 3'000; ++i) before << QStringLiteral("line %1").arg(i);
    QStringList after = before;
    after[1'500] = QStringLiteral("other");
    const QList<DiffLine> lines = diff_lines(before.join('\n'), after.join('\n'));
    QCOMPARE(lines.size(), 2 + 6 + 2);
    QCOMPARE(lines.front().kind, DiffLine::Kind::skipped);
    QCOMPARE(lines.front().text, QStringLiteral("1497"));
    QCOMPARE(std::ranges::count(lines, DiffLine::Kind::only_new, &DiffLine::kind), 1);
    QCOMPARE(diff_lines(QStringLiteral("a\nb\nc"), QStringLiteral("a\nc")).at(1).kind, DiffLine::Kind::only_old);
    // Nothing in common, and large: bounded.
    QString one;
    QString other;
    for (int i = 0; i < 200'000; ++i) {
      one += QStringLiteral("a%1\n").arg(i);
      other += QStringLiteral("b%1\n").arg(i);
    }
    QVERIFY(diff_lines(one, other).size() <= max_diff_lines + 1);
  }

  void spans_fall_on_whole_letters_of_any_script() {
    const QString text = QStringLiteral("🙂 नमस्ते PAN");
    const QList<SpanRun> runs = span_runs(text, {span(2, 4), span(9, 12)});
    QCOMPARE(joined(runs), text);
    QStringList found;
    for (const SpanRun& run : runs)
      if (run.span >= 0) found << run.text;
    QCOMPARE(found, (QStringList{QStringLiteral("नम"), QStringLiteral("PAN")}));
    // An end between a consonant and its vowel sign takes the sign along.
    const QString key = QStringLiteral("कि ");
    QCOMPARE(span_runs(key, {span(0, 1)}).front().text, QStringLiteral("कि"));
    QCOMPARE(utf16_offset(text, 1), 2);
    QCOMPARE(utf16_offset(text, 1'000), text.size());
  }

  void spans_that_cannot_be_leave_the_text_as_it_is() {
    const QString text = QStringLiteral("नमस्ते 🙂 you");
    constexpr int64_t far = std::numeric_limits<int64_t>::max();
    for (const auto& spans : std::vector<std::vector<BenchSpan>>{{span(5, 2)},
                                                                 {span(-7, 3)},
                                                                 {span(-far, far)},
                                                                 {span(0, far)},
                                                                 {span(far - 1, far)},
                                                                 {span(0, 5), span(2, 8), span(1, 3)},
                                                                 {span(3, 3)}})
      QCOMPARE(joined(span_runs(text, spans)), text);
    QElapsedTimer clock;
    clock.start();
    std::vector<BenchSpan> many;
    for (int i = 0; i < 100'000; ++i) many.push_back(span(i, i + 3));
    const QList<SpanRun> runs = span_runs(QString(1'000'000, QLatin1Char('a')), many);
    QCOMPARE(joined(runs).size(), max_drawn_characters);
    QVERIFY(clock.elapsed() < 5'000);
  }

  void what_differs_between_two_sides_is_counted() {
    BenchSide one;
    one.spans = {span(0, 4), span(6, 9, "second")};
    BenchSide other;
    other.spans = {span(0, 4), span(6, 9, "second", "block"), span(10, 12)};
    BenchTable table;
    table.set(other, one);
    QCOMPARE(table.rowCount(), 3);
    QCOMPARE(table.differing(), 2);
    QVERIFY(!table.differs(0));
    QCOMPARE(table.index(1, BenchTable::span_column).data().toString(), QStringLiteral("6 to 9"));
    QVERIFY(!table.index(1, BenchTable::rule_column).data(icon_role).toString().isEmpty());
    QCOMPARE(score_text(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("–"));
    QCOMPARE(score_text(1e308), QStringLiteral("–"));
    other.spans.assign(100'000, span(1, 2));
    table.set(other, one);
    QCOMPARE(table.rowCount(), static_cast<int>(max_bench_rows));
  }

  void says_what_becomes_of_a_text() {
    BenchSide side;
    side.verdict = "block";
    side.rule = "secret";
    QVERIFY(verdict_text(side, "request_text").contains(QStringLiteral("secret")));
    side.error = "out of time";
    QVERIFY(verdict_text(side, "output_stream").contains(QStringLiteral("out of time")));
  }

  void hits_are_summed_by_rule_and_hour() {
    HitsReply reply;
    reply.now_us = 100 * hit_hour_us + 5;
    reply.since_us = 90 * hit_hour_us;
    reply.hits = {{"p", "a", 99 * hit_hour_us, 0, 0, 3, 0, 0},
                  {"q", "a", 99 * hit_hour_us, 0, 0, 2, 0, 1},
                  {"p", "b", 100 * hit_hour_us, 0, 9, 0, 0, 0}};
    HitHours hits;
    hits.set(reply);
    QCOMPARE(hits.busiest(), (QStringList{QStringLiteral("b"), QStringLiteral("a")}));
    QCOMPARE(hits.totals()[QStringLiteral("a")], 6);
    const auto& samples = hits.series().samples();
    QCOMPARE(samples.front().time_us, 89 * hit_hour_us);
    QCOMPARE(samples.back().values.at(0).value(), 9.0);
    QCOMPARE(samples.at(samples.size() - 3).values.at(1).value(), 6.0);
    reply.hits.clear();
    hits.set(reply);
    QVERIFY(hits.is_empty());
    // Numbers no daemon counts.
    constexpr int64_t most = std::numeric_limits<int64_t>::max();
    reply.now_us = most;
    reply.since_us = -most;
    for (int i = 0; i < 100'000; ++i)
      reply.hits.push_back({"p", "r" + std::to_string(i), i % 2 == 0 ? most : -most, most, most, most, most, -5});
    hits.set(reply);
    QVERIFY(hits.rowCount() <= static_cast<int>(max_hit_rules));
    QCOMPARE(hits.totals()[QStringLiteral("r0")], most);
  }

  void the_steps_come_in_their_order() {
    ActivationFacts facts = good_facts();
    facts.is_benched = false;
    facts.errors = 1;
    QCOMPARE(activation(facts).steps[Activation::lint].state, ActivationStep::State::wrong);
    QVERIFY(!activation(facts).save.refusal.isEmpty());
    facts.errors = 0;
    QVERIFY(activation(facts).next.contains(QStringLiteral("bench")));
    facts.is_benched = true;
    QVERIFY(activation(facts).next.contains(QStringLiteral("approval")));
    QVERIFY(activation(facts).save.is_shown && activation(facts).save.refusal.isEmpty());
    QVERIFY(!activation(facts).check.refusal.isEmpty());
    facts.stored = summary(PolicyState::draft);
    const Activation saved = activation(facts);
    QVERIFY(!saved.save.is_shown && saved.check.refusal.isEmpty());
    QVERIFY(saved.activate.is_shown && !saved.activate.refusal.isEmpty());
    facts.stored->state = PolicyState::approved;
    facts.stored->approved_by = "meera";
    QCOMPARE(activation(facts).steps[Activation::person].note, QStringLiteral("meera"));
    QVERIFY(activation(facts).activate.refusal.isEmpty());
    facts.pack = ActivationFacts::Pack::failed;
    QVERIFY(!activation(facts).activate.refusal.isEmpty());
    facts.pack = ActivationFacts::Pack::passed;
    facts.is_busy = true;
    QVERIFY(!activation(facts).activate.refusal.isEmpty());
  }

  void its_author_can_never_approve() {
    ActivationFacts facts = good_facts();
    facts.stored = summary(PolicyState::draft);
    QVERIFY(activation(facts).approve.is_shown);
    QVERIFY(activation(facts).approve.refusal.contains(QStringLiteral("author")));
    facts.own_name = "meera";
    QVERIFY(activation(facts).approve.refusal.isEmpty());
    facts.may_edit = false;
    QVERIFY(activation(facts).approve.refusal.contains(QStringLiteral("guardrail-editor")));
    facts = good_facts();
    facts.approvals = 1;
    facts.stored = summary(PolicyState::draft);
    QVERIFY(!activation(facts).approve.is_shown);
    QVERIFY(activation(facts).activate.refusal.isEmpty());
    QCOMPARE(activation(facts).steps[Activation::person].state, ActivationStep::State::not_needed);
  }

  void a_form_says_what_is_missing() {
    RuleForm form;
    form.id = QStringLiteral("Rule 1");
    QVERIFY(form_problem(form, {}).contains(QStringLiteral("id")));
    form.id = QStringLiteral("rule-1");
    QVERIFY(form_problem(form, {form.id}).contains(QStringLiteral("another rule")));
    QVERIFY(form_problem(form, {}).contains(QStringLiteral("words")));
    form.words = QStringList{QStringLiteral("x")};
    QVERIFY(form_problem(form, {}).contains(QStringLiteral("label")));
    form.label = QStringLiteral("TERM");
    QCOMPARE(form_problem(form, {}), QString());
    form.stages.clear();
    QVERIFY(form_problem(form, {}).contains(QStringLiteral("stage")));
    QCOMPARE(free_rule_id({QStringLiteral("a"), QStringLiteral("rule-3")}), QStringLiteral("rule-4"));
  }

  void versions_are_bounded() {
    PolicyVersions versions;
    std::vector<PolicySummary> many(5'000, summary(PolicyState::retired));
    many[3].digest = std::string(1'000'000, 'x');
    many[3].created_us = std::numeric_limits<int64_t>::min();
    versions.set(std::move(many));
    QCOMPARE(versions.rowCount(), static_cast<int>(max_shown_policies));
    for (int column = 0; column < PolicyVersions::column_count; ++column)
      QVERIFY(versions.index(3, column).data().toString().size() < 200);
    QCOMPARE(versions.row_of("nowhere"), -1);
  }
};

}  // namespace tijori

TIJORI_CONSOLE_TEST(tijori::PolicyModelsTest)
#include "policy_models_test.moc"
