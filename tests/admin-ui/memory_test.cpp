// The console's memory stays flat: an appliance whose clock runs sixty times as fast tells its status sixty times a
// second, while every screen is visited again and again. An hour of it with TIJORI_FULL=1, minutes of it without.
#include <QTimer>
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <fstream>

#include <malloc.h>
#include <nlohmann/json.hpp>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
// Of libasan; GCC doesn't bring its header.
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using nlohmann::json;

constexpr int64_t second_us = 1'000'000;
constexpr int beat_ms = 16;  // 60 samples a second
constexpr int day_samples = 8'640;
constexpr std::array<const char*, 6> screens{"overview", "models", "audit", "guardrails", "clients", "settings"};
constexpr int visits_every = 20;  // samples

// Four series keep a sample a second for as long as the console is open, up to a day: some 400 bytes each, 1.2 MiB in
// an hour. The rest is what caches and heaps differ by from one moment to another.
constexpr double bound_mib = 8;

double mib(size_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

struct Memory {
  double resident_mib = 0;
  double allocated_mib = 0;
};

Memory memory_now() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  file >> all >> resident;
#ifdef __SANITIZE_ADDRESS__
  const size_t allocated = __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 info = mallinfo2();
  const size_t allocated = info.uordblks + info.hblkhd;
#endif
  return {mib(resident * static_cast<size_t>(sysconf(_SC_PAGESIZE))), mib(allocated)};
}

}  // namespace

class MemoryTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void stays_flat_over_an_hour();

 private:
  // What the appliance says, `second` seconds after it began.
  std::string status_at(int64_t second) const;
  std::string history_until(int64_t second) const;
  std::string experts_at(const std::string& body, int64_t second) const;

  ApplianceRig rig_{{.config = {}, .small_model = true, .experts = true}};
  json status_;
  int64_t began_us_ = 0;
};

std::string MemoryTest::status_at(int64_t second) const {
  json made = status_;
  const double wave = std::sin(static_cast<double>(second) / 90);
  made["now_us"] = began_us_ + second * second_us;
  json& requests = made["requests"];
  requests["total"] = second * 3;
  requests["running"] = second % 5;
  requests["queued"] = second % 11 == 0 ? 2 : 0;
  requests["answered"] = second * 3 - 2;
  requests["tokens_per_second"] = 40 + 30 * wave;
  requests["ttft_p50_us"] = 200'000 + second % 60 * 1'000;
  requests["ttft_p95_us"] = 600'000 + second % 60 * 3'000;
  for (json& model : made["models"]) model["kv_used_bytes"] = (second % 600) << 16;
  // Findings come and go.
  made["conditions"] = json::array();
  if (second / 120 % 2 == 1)
    made["conditions"].push_back({{"code", "log-tight"},
                                  {"severity", "warning"},
                                  {"message", "free " + std::to_string(second / 60)},
                                  {"since_us", began_us_ + second / 60 * 60 * second_us}});
  return made.dump();
}

std::string MemoryTest::history_until(int64_t second) const {
  json made{{"step_us", 10 * second_us}, {"samples", json::array()}, {"marks", json::array()}};
  const int64_t end_us = began_us_ + second / 10 * 10 * second_us;
  for (int i = 0; i < day_samples; ++i)
    made["samples"].push_back({{"time_us", end_us - int64_t{day_samples - i} * 10 * second_us},
                               {"tokens_per_second", 40 + i % 50},
                               {"ttft_p50_us", 200'000},
                               {"ttft_p95_us", 700'000},
                               {"running", i % 4},
                               {"queued", i % 3},
                               {"answered", i % 40},
                               {"refused", 0},
                               {"kv_used_bytes", 1'000'000},
                               {"kv_bytes", 4'000'000},
                               {"resident_bytes", 400'000'000}});
  return made.dump();
}

std::string MemoryTest::experts_at(const std::string& body, int64_t second) const {
  json made = json::parse(body);
  made["time_us"] = began_us_ + second * second_us;
  for (json& layer : made["layers"])
    for (size_t expert = 0; expert < layer["counts"].size(); ++expert)
      layer["counts"][expert] = second * static_cast<int64_t>(30 + expert);
  return made.dump();
}

void MemoryTest::stays_flat_over_an_hour() {
  const bool full = qEnvironmentVariableIsSet("TIJORI_FULL");
  const int64_t warm_up = full ? 900 : 240;
  const int64_t samples = warm_up + (full ? 3'600 : 480);
  const auto first = rig_.get<DaemonStatus>("/admin/v1/status");
  QVERIFY(first.has_value());
  status_ = json::parse(to_json(*first));
  began_us_ = first->now_us;

  std::atomic<int64_t> second = 0;
  Meddler meddler(rig_, [&](const MeddlerCall& call, MeddlerReply& reply) {
    if (call.path() == "/admin/v1/status") return reply.answer(200, status_at(++second));
    if (call.path() == "/admin/v1/history") return reply.answer(200, history_until(second));
    if (call.path().ends_with("/experts"))
      return reply.pass_on([&](const std::string& body) { return experts_at(body, second); });
    reply.pass_on();
  });
  ConsoleUser user;
  QVERIFY(user.connect_through(meddler.admin_socket(), rig_));
  user.window().set_auto_lock_minutes(0);
  QTimer beat;
  connect(&beat, &QTimer::timeout, &user.window(), [&user] {
    if (Session* const session = user.window().session()) session->try_now();
  });
  beat.start(beat_ms);

  QElapsedTimer since;
  since.start();
  Memory before;
  int64_t visited = 0;
  size_t next = 0;
  while (second < samples) {
    QTest::qWait(20);
    QVERIFY2(since.elapsed() < patience_ms(full ? 600 : 100), "the samples don't come");
    if (before.resident_mib == 0 && second >= warm_up) {
      before = memory_now();
      since.start();
    }
    if (second < visited + visits_every) continue;
    visited = second;
    QVERIFY(user.open_screen(QLatin1String(screens.at(next++ % screens.size()))));
    user.press(Qt::Key_F5);
    if (next % 7 == 0) {
      user.press(Qt::Key_K, Qt::ControlModifier);
      user.type(QStringLiteral("demo"));
      user.press(Qt::Key_Escape);
    }
  }
  beat.stop();
  const Memory after = memory_now();
  const int64_t measured = samples - warm_up;
  qInfo("%lld samples in %.0f s, %zu visits: resident %.1f → %.1f MiB, allocated %.1f → %.1f MiB",
        static_cast<long long>(measured), static_cast<double>(since.elapsed()) / 1e3, next, before.resident_mib,
        after.resident_mib, before.allocated_mib, after.allocated_mib);
  QVERIFY(after.allocated_mib - before.allocated_mib < bound_mib);
#ifndef __SANITIZE_ADDRESS__
  // Its heap keeps what was freed, to see who uses it afterwards.
  QVERIFY(after.resident_mib - before.resident_mib < 2 * bound_mib);
#endif
  QVERIFY(user.window().session()->link() == Link::connected);
}

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::MemoryTest)
#include "memory_test.moc"
