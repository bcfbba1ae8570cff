// How many records refused connections make.
#include "daemon/refusal_recorder.h"

#include <QtTest>
#include <vector>

using namespace tijori;

namespace {

class HandClock : public Clock {
 public:
  int64_t wall_us() const override { return now_us; }
  int64_t boot_us() const override { return now_us; }
  void pass(int64_t seconds) { now_us += seconds * 1'000'000; }
  int64_t now_us = 0;
};

class ListSink : public RefusalSink {
 public:
  Status record(const Refusal& refusal) override {
    if (failing) return fail(ErrorCode::unavailable, "away");
    records.push_back(refusal);
    return {};
  }
  std::vector<Refusal> records;
  bool failing = false;
};

Refusal refusal_of(uid_t uid, RefusalCause cause) {
  Refusal refusal;
  refusal.cause = cause;
  refusal.peer.uid = uid;
  return refusal;
}

}  // namespace

class RefusalRecorderTest : public QObject {
  Q_OBJECT

 private slots:
  void records_the_first_at_once_and_counts_the_rest_by_the_minute() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    for (int i = 0; i < 10'000; ++i) recorder.note(refusal_of(1000, RefusalCause::no_certificate));
    QCOMPARE(sink.records.size(), size_t{1});
    QCOMPARE(sink.records[0].count, uint64_t{1});
    QCOMPARE(sink.records[0].period_s, uint32_t{0});
    clock.pass(59);
    recorder.tick();
    QCOMPARE(sink.records.size(), size_t{1});
    clock.pass(1);
    recorder.tick();
    QCOMPARE(sink.records.size(), size_t{2});
    QCOMPARE(sink.records[1].count, uint64_t{9'999});
    QCOMPARE(sink.records[1].period_s, uint32_t{60});
  }

  void tells_users_and_causes_apart() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    recorder.note(refusal_of(1000, RefusalCause::no_certificate));
    recorder.note(refusal_of(1000, RefusalCause::expired));
    recorder.note(refusal_of(1001, RefusalCause::expired));
    recorder.note(refusal_of(1001, RefusalCause::expired));
    QCOMPARE(sink.records.size(), size_t{3});
  }

  void starts_anew_after_a_quiet_minute() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    recorder.note(refusal_of(1000, RefusalCause::expired));
    recorder.note(refusal_of(1000, RefusalCause::expired));
    clock.pass(60);
    recorder.tick();  // the repeat
    QCOMPARE(sink.records.size(), size_t{2});
    clock.pass(60);
    recorder.tick();  // nothing came: forgotten
    recorder.note(refusal_of(1000, RefusalCause::expired));
    QCOMPARE(sink.records.size(), size_t{3});
    QCOMPARE(sink.records[2].period_s, uint32_t{0});
  }

  void keeps_the_count_while_the_log_is_away() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    sink.failing = true;
    for (int i = 0; i < 5; ++i) recorder.note(refusal_of(1000, RefusalCause::revoked));
    clock.pass(60);
    recorder.tick();
    QVERIFY(sink.records.empty());
    sink.failing = false;
    clock.pass(1);
    recorder.tick();  // not before another minute
    QVERIFY(sink.records.empty());
    clock.pass(59);
    recorder.tick();
    QCOMPARE(sink.records.size(), size_t{1});
    QCOMPARE(sink.records[0].count, uint64_t{5});
    QCOMPARE(sink.records[0].period_s, uint32_t{120});
  }

  void records_what_is_left_at_the_end() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    for (int i = 0; i < 3; ++i) recorder.note(refusal_of(1000, RefusalCause::plain_http));
    clock.pass(5);
    recorder.flush();
    recorder.flush();
    QCOMPARE(sink.records.size(), size_t{2});
    QCOMPARE(sink.records[1].count, uint64_t{2});
  }

  void gathers_too_many_users_under_one() {
    HandClock clock;
    ListSink sink;
    RefusalRecorder recorder(sink, clock);
    for (uid_t uid = 0; uid < 2 * max_refusal_pairs; ++uid) recorder.note(refusal_of(uid, RefusalCause::expired));
    QCOMPARE(sink.records.size(), max_refusal_pairs + 1);
    clock.pass(60);
    recorder.tick();
    QCOMPARE(sink.records.size(), max_refusal_pairs + 2);
    QCOMPARE(sink.records.back().peer.uid, static_cast<uid_t>(-1));
    QCOMPARE(sink.records.back().count, uint64_t{max_refusal_pairs - 1});
  }
};

QTEST_GUILESS_MAIN(RefusalRecorderTest)
#include "refusal_recorder_test.moc"
