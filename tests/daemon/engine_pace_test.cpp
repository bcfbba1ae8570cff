// How soon an engine that can't start is tried again.
#include <QtTest>
#include <chrono>
#include <mutex>
#include <vector>

#include "daemon/engine_channel.h"

using namespace tijori;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

// Refuses every start, and keeps when it was asked.
class RefusingLauncher final : public EngineLauncher {
 public:
  Result<InnerSocket> start(int /*slot*/) override {
    const std::lock_guard lock(mutex_);
    asked_.push_back(Steady::now());
    return fail(ErrorCode::unavailable, "no engine can be started");
  }
  std::optional<ProcessEnd> finish(int /*slot*/) override { return std::nullopt; }
  std::vector<Steady::time_point> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Steady::time_point> asked_;
};

class NoLog final : public AuditLog {
 public:
  Result<Appended> append_all(std::vector<AuditDraft> /*drafts*/) override {
    return fail(ErrorCode::unavailable, "no log");
  }
  void append_later(AuditDraft /*draft*/) override {}
  bool available() const override { return false; }
};

}  // namespace

class EnginePaceTest : public QObject {
  Q_OBJECT

 private slots:
  void each_try_comes_later_than_the_one_before() {
    RefusingLauncher launcher;
    NoLog log;
    Engine engine({}, {}, 0, launcher, log, {});
    QTRY_VERIFY_WITH_TIMEOUT(launcher.asked().size() >= 5, 20'000);
    engine.stop();
    const auto asked = launcher.asked();
    // 0.1 s, 0.2 s, 0.4 s, 0.8 s: never sooner, whatever the machine does meanwhile.
    auto pause = 100ms;
    for (size_t i = 1; i < 5; ++i, pause *= 2)
      QVERIFY2(asked[i] - asked[i - 1] >= pause, qPrintable(QString::number(i)));
  }
};

QTEST_GUILESS_MAIN(EnginePaceTest)
#include "engine_pace_test.moc"
