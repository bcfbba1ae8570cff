// When a program that keeps ending is started again.
#include "base/start_record.h"

#include <QTemporaryDir>
#include <QtTest>

#include "base/file.h"

using namespace tijori;
using std::chrono::seconds;

namespace {

constexpr int64_t second_us = 1'000'000;

class MovedClock : public Clock {
 public:
  int64_t wall_us() const override { return 0; }
  int64_t boot_us() const override { return now_us; }
  int64_t now_us = 100 * second_us;
};

}  // namespace

class StartRecordTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  MovedClock clock_;

  std::filesystem::path folder() const { return folder_.path().toStdString(); }
  std::filesystem::path file() const { return folder() / "start"; }
  // One start, and an end so many seconds after the pause.
  seconds run_for(int64_t run_s) {
    const PlannedStart planned = StartRecord(folder(), clock_).begin();
    clock_.now_us += (planned.pause.count() + run_s) * second_us;
    return planned.pause;
  }
  void write(std::string_view text) { QVERIFY(write_file_atomic(file(), as_bytes(text), 0600)); }
  std::string text() const { return read_file(file(), 64).value_or(""); }

 private slots:
  void init() {
    QVERIFY(folder_.isValid());
    std::filesystem::remove(file());
    clock_.now_us = 100 * second_us;
  }

  void the_first_start_and_the_first_restart_are_at_once() {
    QCOMPARE(run_for(0), seconds(0));
    QCOMPARE(run_for(0), seconds(0));
  }

  void each_quick_end_doubles_the_pause_up_to_a_minute() {
    std::vector<int64_t> pauses;
    for (int start = 0; start < 12; ++start) pauses.push_back(run_for(3).count());
    QCOMPARE(pauses, (std::vector<int64_t>{0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60}));
  }

  void a_run_of_a_minute_ends_the_series() {
    for (int start = 0; start < 6; ++start) run_for(59);
    QCOMPARE(run_for(59), seconds(16));
    QCOMPARE(run_for(60), seconds(32));
    QCOMPARE(run_for(1), seconds(0));
    QCOMPARE(run_for(1), seconds(0));
    QCOMPARE(run_for(1), seconds(1));
  }

  void a_run_that_ends_as_told_leaves_nothing() {
    for (int start = 0; start < 6; ++start) run_for(1);
    StartRecord last(folder(), clock_);
    QCOMPARE(last.begin().pause, seconds(16));
    QVERIFY(std::filesystem::exists(file()));
    last.forget();
    QVERIFY(!std::filesystem::exists(file()));
    QCOMPARE(run_for(1), seconds(0));
  }

  void a_kill_during_the_pause_counts_too() {
    for (int start = 0; start < 9; ++start) run_for(1);
    const PlannedStart planned = StartRecord(folder(), clock_).begin();
    QCOMPARE(planned.pause, seconds(60));
    QCOMPARE(planned.quick_ends, 9);
    QCOMPARE(StartRecord(folder(), clock_).begin().quick_ends, 10);
  }

  void what_is_not_a_record_counts_as_none_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a word") << QByteArray("often\n");
    QTest::newRow("no time") << QByteArray("5\n");
    QTest::newRow("no end of line") << QByteArray("5 99000000");
    QTest::newRow("more after it") << QByteArray("5 99000000\n\n");
    QTest::newRow("negative count") << QByteArray("-5 99000000\n");
    QTest::newRow("negative time") << QByteArray("5 -1\n");
    QTest::newRow("too many") << QByteArray("99999999999 99000000\n");
    QTest::newRow("of another boot") << QByteArray("5 900000000\n");
    QTest::newRow("large") << QByteArray(4096, '5');
  }
  void what_is_not_a_record_counts_as_none() {
    QFETCH(const QByteArray, text);
    write({text.constData(), static_cast<size_t>(text.size())});
    QCOMPARE(StartRecord(folder(), clock_).begin().quick_ends, 0);
    QCOMPARE(this->text(), std::string("0 100000000\n"));  // and is replaced
  }

  void the_record_of_the_rows_above_would_have_counted() {
    write("5 99000000\n");
    QCOMPARE(StartRecord(folder(), clock_).begin().quick_ends, 6);
  }

  void a_number_of_ends_that_no_machine_reaches_is_borne() {
    write("1000000 99000000\n");
    QCOMPARE(StartRecord(folder(), clock_).begin().pause, seconds(60));
    QCOMPARE(StartRecord(folder(), clock_).begin().pause, seconds(60));
  }

  void a_folder_that_cant_be_written_delays_nothing() {
    StartRecord record(folder() / "absent", clock_);
    QCOMPARE(record.begin().pause, seconds(0));
    record.forget();
  }
};

QTEST_GUILESS_MAIN(StartRecordTest)
#include "start_record_test.moc"
