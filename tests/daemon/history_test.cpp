#include "daemon/history.h"

#include <QTest>

#include "base/memory.h"

using namespace tijori;

namespace {

class HandClock final : public Clock {
 public:
  int64_t wall_us() const override { return boot + offset; }
  int64_t boot_us() const override { return boot; }
  int64_t boot = 1'000'000'000;
  int64_t offset = 1'800'000'000'000'000;
};

constexpr int64_t second_us = 1'000'000;

}  // namespace

class HistoryTest : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    clock_ = HandClock();
    metrics_ = std::make_unique<Metrics>(clock_);
    models_ = {};
    memory_ = {};
    history_ = std::make_unique<DayHistory>([this] { return HistoryReading{metrics_->take_step(), models_, memory_}; },
                                            clock_);
  }

  void a_step_holds_what_happened_in_it_alone() {
    metrics_->tokens(100, 50);
    metrics_->request_started();
    metrics_->request_ended(Outcome::answered);
    step();
    metrics_->tokens(100, 30);
    metrics_->request_started();
    metrics_->request_started();
    metrics_->request_ended(Outcome::blocked);
    metrics_->generating(1);
    metrics_->request_started();
    memory_ = {.daemon_bytes = 10, .engine_bytes = 200, .audit_bytes = 3};
    models_ = {ready("a"), ready("b")};
    step();
    const History history = history_->since(0);
    QCOMPARE(history.step_us, history_step_us);
    QCOMPARE(history.samples.size(), size_t{2});
    QCOMPARE(history.samples[0].tokens_per_second, 5.0);
    QCOMPARE(history.samples[0].answered, int64_t{1});
    QCOMPARE(history.samples[1].time_us, clock_.wall_us());
    QCOMPARE(history.samples[1].tokens_per_second, 3.0);
    QCOMPARE(history.samples[1].answered, int64_t{0});
    QCOMPARE(history.samples[1].refused, int64_t{1});
    QCOMPARE(history.samples[1].running, int64_t{1});
    QCOMPARE(history.samples[1].queued, int64_t{1});
    QCOMPARE(history.samples[1].kv_used_bytes, int64_t{14});
    QCOMPARE(history.samples[1].kv_bytes, int64_t{200});
    QCOMPARE(history.samples[1].resident_bytes, int64_t{213});
  }

  void percentiles_are_those_of_the_step() {
    for (int i = 0; i < 1'000; ++i) metrics_->first_token(1'000'000);
    step();
    for (int i = 100; i > 0; --i) metrics_->first_token(i);
    step();
    step();
    const History history = history_->since(0);
    QCOMPARE(history.samples[0].ttft_p95_us.value_or(0), int64_t{1'000'000});
    QCOMPARE(history.samples[1].ttft_p50_us.value_or(0), int64_t{51});
    QCOMPARE(history.samples[1].ttft_p95_us.value_or(0), int64_t{96});
    QVERIFY(!history.samples[2].ttft_p50_us && !history.samples[2].ttft_p95_us);
  }

  void a_day_is_kept_and_no_more() {
    const int64_t begun_us = clock_.wall_us();
    for (size_t i = 0; i < max_history_samples + 50; ++i) step();
    const History history = history_->since(0);
    QCOMPARE(history.samples.size(), max_history_samples);
    QCOMPARE(history.samples.front().time_us, begun_us + 51 * history_step_us);
    QVERIFY(history.marks.empty());  // the start is more than a day ago
  }

  void marks_are_bounded() {
    for (size_t i = 0; i < max_history_marks; ++i) {
      models_ = {ready("a")};
      models_.front().restarts = static_cast<int64_t>(i);
      models_.front().since_us = clock_.wall_us() + second_us;
      step();
    }
    QCOMPARE(history_->since(0).marks.size(), max_history_marks);
  }

  void a_machine_that_slept_leaves_a_gap() {
    step();
    clock_.boot += 3'600 * second_us;  // this clock counts the time asleep
    step();
    const History history = history_->since(0);
    QCOMPARE(history.samples.size(), size_t{2});
    QCOMPARE(history.samples[1].time_us - history.samples[0].time_us, 3'600 * second_us + history_step_us);
  }

  void a_clock_that_is_set_keeps_the_order() {
    step();
    clock_.offset -= 7'200 * second_us;
    step();
    const History history = history_->since(0);
    QCOMPARE(history.samples[1].time_us, clock_.wall_us());
    QCOMPARE(history.samples[1].time_us - history.samples[0].time_us, history_step_us);
    clock_.offset += 1'000;  // drift: what was given out stays
    QCOMPARE(history_->since(0).samples[1].time_us, history.samples[1].time_us);
  }

  void only_what_is_newer_is_given() {
    step();
    const int64_t first_us = history_->since(0).samples.front().time_us;
    step();
    const History history = history_->since(first_us);
    QCOMPARE(history.samples.size(), size_t{1});
    QVERIFY(history.marks.empty());
    QVERIFY(history_->since(clock_.wall_us()).samples.empty());
  }

  void marks_tell_what_happened() {
    const int64_t begun_us = clock_.wall_us();
    models_ = {ready("a")};
    models_.front().since_us = begun_us + 2 * second_us;
    step();
    models_.front().restarts = 1;
    models_.front().state = ModelState::failed;
    models_.front().since_us = clock_.wall_us() + 3 * second_us;
    const int64_t ended_us = models_.front().since_us;
    step();
    models_.front() = ready("a");
    models_.front().restarts = 1;
    models_.front().since_us = clock_.wall_us() + 4 * second_us;
    const int64_t again_us = models_.front().since_us;
    step();
    models_.front().restarts = 2;  // ended and back within one step
    models_.front().since_us = clock_.wall_us() + 5 * second_us;
    const int64_t step_begun_us = clock_.wall_us();
    step();
    models_.front().state = ModelState::allowed;
    step();
    const std::vector<std::tuple<int64_t, std::string, std::string>> expected = {
        {begun_us, "daemon-started", ""},          {begun_us + 2 * second_us, "model-ready", "a"},
        {ended_us, "engine-ended", "a"},           {again_us, "model-ready", "a"},
        {step_begun_us, "engine-ended", "a"},      {step_begun_us + 5 * second_us, "model-ready", "a"},
        {clock_.wall_us(), "model-unloaded", "a"},
    };
    const History history = history_->since(0);
    QCOMPARE(history.marks.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      QCOMPARE(history.marks[i].what, std::get<1>(expected[i]));
      QCOMPARE(history.marks[i].object, std::get<2>(expected[i]));
      QCOMPARE(history.marks[i].time_us, std::get<0>(expected[i]));
    }
  }

  void the_thread_ends_when_asked() {
    history_->start();
    history_->stop();
    QVERIFY(history_->since(0).samples.empty());
  }

  void the_kernels_text_is_read() {
    const MachineMemory memory = parse_meminfo("MemTotal:       2048 kB\nHugeMemTotal: 5 kB\nMemAvailable: 1024 kB\n");
    QCOMPARE(memory.total_bytes, int64_t{2048} * 1024);
    QCOMPARE(memory.available_bytes, int64_t{1024} * 1024);
    QCOMPARE(parse_meminfo("").total_bytes, int64_t{0});
    QCOMPARE(parse_meminfo("MemTotal:").total_bytes, int64_t{0});
    QVERIFY(machine_memory().total_bytes > machine_memory().available_bytes);
    QVERIFY(own_resident_bytes() > 100'000);
  }

 private:
  void step() {
    clock_.boot += history_step_us;
    history_->take_sample();
  }
  static ModelInfo ready(const std::string& alias) {
    ModelInfo model;
    model.alias = alias;
    model.state = ModelState::ready;
    model.kv_used_bytes = 7;
    model.kv_bytes = 100;
    return model;
  }

  HandClock clock_;
  std::unique_ptr<Metrics> metrics_;
  std::vector<ModelInfo> models_;
  MemoryUse memory_;
  std::unique_ptr<DayHistory> history_;
};

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
