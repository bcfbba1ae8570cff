// What the console says of the daemon's health, in its own words.
#include "admin-ui/models/finding.h"

#include <set>

#include "daemon/health.h"
#include "doctor/explanation.h"
#include "tests/admin-ui/console_main.h"

namespace tijori::test {

class FindingTest : public QObject {
  Q_OBJECT

 private slots:
  void has_words_of_its_own_for_whatever_the_daemon_may_find() {
    std::set<std::string> codes;
    for (const Vitals& vitals : troubles())
      for (const Condition& condition : HealthJudge().judge(vitals).conditions) {
        codes.insert(condition.code);
        const Finding finding = finding_of(condition);
        QVERIFY2(finding.title != finding.detail, condition.code.c_str());
        QVERIFY2(condition.severity == Severity::info || !finding.advice.isEmpty(), condition.code.c_str());
      }
    QCOMPARE(codes.size(), size_t{15});
  }

  void has_words_of_its_own_for_each_code_that_a_status_may_hold() {
    for (const Explanation& each : explanations()) {
      if (each.found_by != FoundBy::status) continue;
      const Finding finding = finding_of({std::string(each.code), Severity::warning, "The daemon's own words.", 1});
      QVERIFY2(finding.title != finding.detail, each.code.data());
    }
  }

  void says_what_the_daemon_says_of_a_code_it_does_not_know() {
    const Finding finding = finding_of({"moon-full", Severity::warning, "The moon is full; wait.", 1});
    QCOMPARE(finding.title, QStringLiteral("The moon is full; wait."));
    QCOMPARE(finding.command, QString());
  }

  void says_how_things_are_in_one_sentence() {
    DaemonStatus status;
    status.health = Health::ready;
    QCOMPARE(health_sentence(status), QStringLiteral("Working normally. Nothing to do."));
    status.conditions = {{"log-tight", Severity::warning, "", 1}, {"model-loading", Severity::info, "", 1}};
    QVERIFY(health_sentence(status).startsWith(QStringLiteral("Working. ")));
    status.health = Health::blocked;
    status.conditions.insert(status.conditions.begin(), {"log-blocked", Severity::error, "", 1});
    QVERIFY(health_sentence(status).startsWith(QStringLiteral("Nothing is answered: ")));
  }

 private:
  static std::vector<Vitals> troubles() {
    Vitals calm;
    calm.now_us = 1'000'000'000'000'000;
    std::vector<Vitals> all(6, calm);
    all[0].draining = true;
    all[0].guardrails_trouble = "none";
    all[0].rules_failing_open = {"pan: slow"};
    all[0].certificate_not_after_us = calm.now_us + 1;
    all[0].crl_next_update_us = 1;
    all[0].reload_trouble = "tijorid.toml:1: what";
    all[1].audit_trouble = "away";
    all[2].audit_trouble = "blocked";
    all[2].audit_state = "blocked";
    all[3].audit_trouble = "replaced";
    all[3].is_another_log = true;
    all[4].audit_state = "reserve";
    all[5].audit_state = "tight";
    ModelInfo failed;
    failed.state = ModelState::failed;
    ModelInfo silent;
    silent.state = ModelState::ready;
    silent.message = "silent";
    ModelInfo loading;
    loading.state = ModelState::loading;
    all[5].models = {failed, silent, loading};
    return all;
  }
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::FindingTest)
#include "finding_test.moc"
