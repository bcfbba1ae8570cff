// How health is judged from what the doctor finds beside the daemon's own conditions, and how often it looks.
#include "daemon/health.h"

#include <QtTest>
#include <algorithm>

#include "base/clock.h"
#include "daemon/own_findings.h"

namespace tijori {
namespace {

Vitals serving() {
  Vitals vitals;
  vitals.now_us = 7;
  ModelInfo& model = vitals.models.emplace_back();
  model.alias = "demo";
  model.state = ModelState::ready;
  return vitals;
}

}  // namespace

class HealthTest : public QObject {
  Q_OBJECT

 private slots:
  void what_the_doctor_warns_of_is_a_condition_and_the_daemon_stays_ready() {
    HealthJudge judge;
    Vitals vitals = serving();
    vitals.machine = {{"swap-on", Severity::warning, "Swap.", 0}};
    const HealthReport report = judge.judge(vitals);
    QCOMPARE(report.health, Health::ready);
    QCOMPARE(report.conditions.size(), size_t{1});
    QCOMPARE(report.conditions[0].code, std::string("swap-on"));
    QCOMPARE(report.conditions[0].since_us, int64_t{7});
    vitals.now_us = 9;
    QCOMPARE(judge.judge(vitals).conditions.at(0).since_us, int64_t{7});
  }

  void what_is_wrong_with_the_machine_degrades() {
    HealthJudge judge;
    Vitals vitals = serving();
    vitals.machine = {{"clock-wrong", Severity::error, "The clock.", 0}};
    const HealthReport report = judge.judge(vitals);
    QCOMPARE(report.health, Health::degraded);
    QCOMPARE(report.sentence, std::string("The clock."));
    vitals.machine.clear();
    QCOMPARE(judge.judge(vitals).health, Health::ready);
  }

  void each_thing_is_told_once_in_the_daemons_own_words() {
    HealthJudge judge;
    Vitals vitals = serving();
    vitals.crl_next_update_us = 1;
    vitals.machine = {{"crl-stale", Severity::warning, "On the disk.", 0}};
    const HealthReport report = judge.judge(vitals);
    QCOMPARE(report.conditions.size(), size_t{1});
    QVERIFY(report.conditions[0].message.starts_with("The revocation list"));
  }

  void an_altered_model_has_a_code_of_its_own() {
    HealthJudge judge;
    Vitals vitals = serving();
    ModelInfo& other = vitals.models.emplace_back();
    other.alias = "other";
    other.state = ModelState::failed;
    other.message = "another digest";
    QCOMPARE(judge.judge(vitals).conditions.at(0).code, std::string("model-failed"));
    vitals.altered_models = {"other"};
    const HealthReport report = judge.judge(vitals);
    QCOMPARE(report.conditions.size(), size_t{1});
    QCOMPARE(report.conditions[0].code, std::string("model-altered"));
    QCOMPARE(report.conditions[0].message, std::string("Model other: another digest"));
    QCOMPARE(report.health, Health::degraded);
  }

  void looks_at_the_machine_now_and_then_only() {
    int looked = 0;
    Machine machine = checkout_machine("/nonexistent");
    machine.examiner = Examiner::daemon;
    machine.disk_space = [&](const std::filesystem::path&) -> Result<DiskSpace> {
      ++looked;
      return DiskSpace{uint64_t{100} << 30, 0, 0, 0};
    };
    OwnFindings findings(machine);
    for (int i = 0; i < 5; ++i) {
      const auto found = findings.latest(wall_clock_us(), 0);
      QVERIFY(std::ranges::find(found, "disk-low", &Condition::code) != found.end());
    }
    QCOMPARE(looked, 1);
  }
};

}  // namespace tijori

QTEST_GUILESS_MAIN(tijori::HealthTest)
#include "health_test.moc"
