// A loop's word that it turns.
#include "base/watchdog.h"

#include <QtTest>
#include <chrono>
#include <thread>

using namespace tijori;
using namespace std::chrono_literals;

class WatchdogTest : public QObject {
  Q_OBJECT

 private slots:
  void says_nothing_when_nobody_watches() {
    Watchdog watchdog;
    QVERIFY(!watchdog.interval());
    watchdog.turned();
  }

  void says_so_several_times_within_the_limit_and_not_at_every_turn() {
    int said = 0;
    Watchdog watchdog(200ms, [&] { ++said; });
    QVERIFY(*watchdog.interval() <= 100ms);
    const auto start = std::chrono::steady_clock::now();
    int turns = 0;
    while (std::chrono::steady_clock::now() - start < 400ms) {
      watchdog.turned();
      ++turns;
      std::this_thread::sleep_for(1ms);
    }
    QVERIFY(said >= 2);
    QVERIFY(said <= 9);
    QVERIFY(turns > said);
  }

  void speaks_at_the_first_turn_and_at_one_that_comes_late() {
    int said = 0;
    Watchdog watchdog(40ms, [&] { ++said; });
    watchdog.turned();
    QCOMPARE(said, 1);
    std::this_thread::sleep_for(50ms);
    QCOMPARE(said, 1);  // a loop that doesn't turn says nothing
    watchdog.turned();
    QCOMPARE(said, 2);
  }

  void bears_a_limit_too_short_to_divide() {
    const Watchdog watchdog(1us, [] {});
    QCOMPARE(*watchdog.interval(), 1ms);
  }
};

QTEST_GUILESS_MAIN(WatchdogTest)
#include "watchdog_test.moc"
