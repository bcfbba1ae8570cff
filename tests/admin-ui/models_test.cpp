// What the console computes before it shows it: numbers, series, colours.
#include <algorithm>
#include <cmath>

#include "admin-ui/client/catalogue.h"
#include "admin-ui/models/client_table.h"
#include "admin-ui/models/columns.h"
#include "admin-ui/models/expiry.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/models/model_table.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/series.h"
#include "admin-ui/models/series_table.h"
#include "admin-ui/models/setting_search.h"
#include "admin-ui/models/status_history.h"
#include "admin-ui/views/parts/heat_map.h"
#include "admin-ui/views/parts/plot.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/loop_watch.h"

namespace tijori {
namespace {

constexpr std::array backgrounds{Colour::surface, Colour::canvas, Colour::rail,       Colour::sunken,
                                 Colour::hover,   Colour::raised, Colour::accent_soft};

double worst(Look look, Colour ink) {
  double found = 21;
  for (const Colour background : backgrounds)
    found = std::min(found, contrast(colour(look, ink), colour(look, background)));
  return found;
}

double between(Look look, Colour ink, Colour background) {
  return contrast(colour(look, ink), colour(look, background));
}

// CIE 1976 lightness, 0 … 100.
double lightness(const QColor& colour) {
  const double luminance = (contrast(colour, Qt::black) * 0.05) - 0.05;
  return luminance > 216.0 / 24389 ? 116 * std::cbrt(luminance) - 16 : luminance * 24389 / 27;
}

// What somebody without one kind of cone sees; Machado, Oliveira and Fernandes 2009, severity 1, in linear light.
QColor as_seen(const QColor& colour, const std::array<double, 9>& matrix) {
  const auto to_linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  const auto to_display = [](double c) {
    c = std::clamp(c, 0.0, 1.0);
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
  };
  const std::array linear{to_linear(colour.redF()), to_linear(colour.greenF()), to_linear(colour.blueF())};
  std::array<double, 3> seen{};
  for (size_t row = 0; row < 3; ++row)
    for (size_t column = 0; column < 3; ++column) seen.at(row) += matrix.at(3 * row + column) * linear.at(column);
  return QColor::fromRgbF(static_cast<float>(to_display(seen[0])), static_cast<float>(to_display(seen[1])),
                          static_cast<float>(to_display(seen[2])));
}

constexpr std::array<std::array<double, 9>, 4> eyes{{
    {1, 0, 0, 0, 1, 0, 0, 0, 1},
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}};

constexpr int64_t second_us = 1'000'000;
constexpr int64_t start_us = 1'796'288'528'000'000;  // 2026-12-03 09:02:08 UTC

DaemonStatus status_at(int64_t time_us, ModelState state = ModelState::ready) {
  DaemonStatus status;
  status.now_us = time_us;
  status.requests.tokens_per_second = 44.6;
  status.models.resize(1);
  status.models[0].alias = "scout";
  status.models[0].state = state;
  status.models[0].kv_bytes = int64_t{16} << 30;
  status.models[0].kv_used_bytes = int64_t{11} << 30;
  return status;
}

// What the daemon keeps: so many steps of 10 s, the last ending then.
History day_until(int64_t time_us, int64_t steps) {
  History history;
  history.step_us = 10 * second_us;
  for (int64_t i = steps - 1; i >= 0; --i) {
    HistorySample sample;
    sample.time_us = time_us - i * history.step_us;
    sample.tokens_per_second = 40;
    sample.kv_bytes = int64_t{16} << 30;
    history.samples.push_back(sample);
  }
  return history;
}

// Rows without an engine, so many, from then on.
History unserved_from(int64_t time_us, int64_t rows, int64_t apart_us) {
  History history = day_until(0, rows);
  for (int64_t i = 0; i < rows; ++i) {
    HistorySample& sample = history.samples[static_cast<size_t>(i)];
    sample.time_us = time_us + i * apart_us;
    sample.kv_bytes = 0;
  }
  return history;
}

// Processor time that taking it into an empty history takes.
double merging_ms(const History& told) {
  StatusHistory history;
  const double from_ms = test::thread_cpu_ms();
  history.merge(told);
  return test::thread_cpu_ms() - from_ms;
}

ModelInfo loading_model(const std::string& alias) {
  ModelInfo model;
  model.alias = alias;
  model.sha256 = std::string(64, 'a');
  model.state = ModelState::loading;
  model.total_bytes = 1'000;
  return model;
}

// Names ascend; every third is an auditor, the others applications; all but the first end in a year.
std::vector<ClientInfo> register_of(size_t count) {
  std::vector<ClientInfo> clients(count);
  for (size_t i = 0; i < count; ++i) {
    clients[i].name = QStringLiteral("client-%1").arg(i, 5, 10, QLatin1Char('0')).toStdString();
    clients[i].roles = {i % 3 == 0 ? Role::auditor : Role::application};
    clients[i].tokens_today = static_cast<int64_t>(i % 10);
    const int64_t days = i == 0 ? 5 : 365;
    clients[i].certificates = {
        {QStringLiteral("%1").arg(i, 64, 16, QLatin1Char('0')).toStdString(), 0, start_us + days * 86'400 * second_us}};
  }
  return clients;
}

QString client_at(const ClientTable& table, int row) {
  return table.index(row, ClientTable::name_column).data().toString();
}

bool is_in_order(const SeriesStore& store) {
  return std::ranges::adjacent_find(store.samples(), [](const Sample& one, const Sample& next) {
           return one.time_us >= next.time_us;
         }) == store.samples().end();
}

}  // namespace

class ModelsTest : public QObject {
  Q_OBJECT

 private slots:
  void init() { set_grouping(Grouping::indian); }

  void groups_numbers_data() {
    QTest::addColumn<qint64>("number");
    QTest::addColumn<QString>("indian");
    QTest::addColumn<QString>("international");
    QTest::newRow("nothing") << qint64{0} << "0" << "0";
    QTest::newRow("three digits") << qint64{999} << "999" << "999";
    QTest::newRow("four digits") << qint64{1000} << "1,000" << "1,000";
    QTest::newRow("a lakh") << qint64{100'000} << "1,00,000" << "100,000";
    QTest::newRow("records") << qint64{841'229} << "8,41,229" << "841,229";
    QTest::newRow("a crore") << qint64{12'345'678} << "1,23,45,678" << "12,345,678";
    QTest::newRow("below nothing") << qint64{-841'229} << "-8,41,229" << "-841,229";
    QTest::newRow("the largest") << std::numeric_limits<qint64>::max() << "92,23,37,20,36,85,47,75,807"
                                 << "9,223,372,036,854,775,807";
  }
  void groups_numbers() {
    QFETCH(qint64, number);
    QTEST(count_text(number), "indian");
    set_grouping(Grouping::international);
    QTEST(count_text(number), "international");
  }

  void writes_quantities() {
    QCOMPARE(decimal_text(123456.78, 1), QStringLiteral("1,23,456.8"));
    QCOMPARE(decimal_text(std::numeric_limits<double>::quiet_NaN(), 1), QStringLiteral("not known"));
    QCOMPARE(decimal_text(std::numeric_limits<double>::infinity(), 1), QStringLiteral("not known"));
    QCOMPARE(percent_text(0.143), QStringLiteral("14.3\u00a0%"));
    QCOMPARE(memory_text(412 << 20), QStringLiteral("412\u00a0MiB"));
    QCOMPARE(memory_text(int64_t{12'133} << 20), QStringLiteral("11.8\u00a0GiB"));
    QCOMPARE(duration_text(640'000), QStringLiteral("640 ms"));
    QCOMPARE(duration_text(1'640'000), QStringLiteral("1.64 s"));
    QCOMPARE(duration_text(int64_t{9} * 86'400'000'000), QStringLiteral("9 days"));
    QCOMPARE(short_digest("8c1f42d000000000000000000000000000000000000000000000000000005be7"),
             QStringLiteral("8c1f 42d0 … 5be7"));
  }

  void writes_times_in_both_zones() {
    constexpr int64_t noon_us = 1'796'288'528'000'000;  // 2026-12-03 09:02:08 UTC
    QCOMPARE(ist_stamp(noon_us), QStringLiteral("3 Dec 2026, 14:32:08 IST"));
    QCOMPARE(utc_stamp(noon_us), QStringLiteral("2026-12-03 09:02:08 UTC"));
    QCOMPARE(rfc3339_utc(noon_us), QStringLiteral("2026-12-03T09:02:08.000Z"));
    QCOMPARE(rfc3339_ist(noon_us), QStringLiteral("2026-12-03T14:32:08.000+05:30"));
    QCOMPARE(relative_text(noon_us - 12'000'000, noon_us), QStringLiteral("12.0 s ago"));
    QCOMPARE(relative_text(noon_us + int64_t{9} * 86'400'000'000, noon_us), QStringLiteral("in 9 days"));
  }

  void keeps_a_gap_as_a_gap() {
    SeriesStore store(1, 1'000'000);
    for (const int64_t second : {1, 2, 3}) store.add({second * 1'000'000, {second}});
    store.add({2'000'000, {99.0}});  // older: dropped
    store.add({60'000'000, {60.0}});
    QCOMPARE(store.samples().size(), size_t{4});
    QCOMPARE(store.gaps().size(), size_t{1});
    QCOMPARE(store.gaps().front().from_us, int64_t{3'000'000});
    QCOMPARE(store.gaps().front().to_us, int64_t{60'000'000});
    QVERIFY(store.at(30'000'000) == nullptr);
    QVERIFY(store.at(0) == nullptr);
    QCOMPARE(*store.at(2'500'000)->values.front(), 2.0);
    store.mark_gap(3'000'000, 60'000'000, QStringLiteral("engine restart"));
    QCOMPARE(store.gaps().size(), size_t{1});
    QCOMPARE(store.gaps().front().reason, QStringLiteral("engine restart"));
  }

  void bounds_a_series() {
    SeriesStore store(1, 1'000'000);
    for (size_t i = 0; i < max_samples + 1000; ++i) store.add({static_cast<int64_t>(i) * 10'000'000, {1.0}});
    QCOMPARE(store.samples().size(), max_samples);
    QVERIFY(store.gaps().size() <= max_samples + 1);
  }

  void forgets_what_is_not_a_number() {
    SeriesStore store(2, second_us);
    store.add({second_us, {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}});
    store.add({2 * second_us, {1.0}});
    QVERIFY(!store.samples().front().values.at(0) && !store.samples().front().values.at(1));
    QCOMPARE(store.samples().back().values.size(), size_t{2});
    store.add({std::numeric_limits<qint64>::max(), {1.0, 2.0}});
    store.add({std::numeric_limits<qint64>::min(), {1.0, 2.0}});
    QCOMPARE(store.samples().size(), size_t{3});
  }

  // A pixel holds the peak of whatever falls into it, and one gap never joins two lines.
  void keeps_peaks_and_gaps_in_columns() {
    SeriesStore store(1, second_us);
    for (int64_t i = 0; i < 10'000; ++i) {
      if (i == 5'000) store.add({i * second_us, {999.0}});
      if (i < 6'000 || i > 6'100) store.add({i * second_us, {static_cast<double>(i % 7)}});
    }
    Columns columns;
    columns.follow(store, 0, 100 * second_us);
    QCOMPARE(columns.all().size(), size_t{99});  // nothing fell into the one of the gap
    const auto highest = std::ranges::max(columns.all(), {}, [](const Column& each) { return each.spans[0].high; });
    QCOMPARE(highest.number, int64_t{50});
    QCOMPARE(highest.spans[0].high, 999.0);
    QCOMPARE(std::ranges::count_if(columns.all(), [](const Column& each) { return !each.spans[0].joined; }), 2);

    // What is added comes to the same as what is there from the start; what leaves the view is dropped.
    Columns grown;
    SeriesStore growing(1, second_us);
    for (const Sample& sample : store.samples()) {
      growing.add(sample);
      grown.follow(growing, 0, 100 * second_us);
    }
    QCOMPARE(grown.all().size(), columns.all().size());
    for (size_t i = 0; i < grown.all().size(); ++i) QCOMPARE(grown.all()[i].spans, columns.all()[i].spans);
    grown.follow(growing, 9'000 * second_us, 100 * second_us);
    QCOMPARE(grown.all().front().number, int64_t{89});
    grown.follow(growing, 2'000 * second_us, 100 * second_us);  // a wider view again
    QCOMPARE(grown.all().front().number, int64_t{19});
  }

  void starts_columns_anew_when_the_samples_are_others() {
    SeriesStore store(1, second_us);
    store.add({second_us, {1.0}});
    Columns columns;
    columns.follow(store, 0, second_us);
    store.assign({{second_us, {5.0}}, {2 * second_us, {6.0}, true}}, {{second_us, 2 * second_us, {}}});
    columns.follow(store, 0, second_us);
    QCOMPARE(columns.all().size(), size_t{2});
    QCOMPARE(columns.all().front().spans[0].high, 5.0);
    QVERIFY(!columns.all().back().spans[0].joined);
    QVERIFY(store.at(second_us + 1) == nullptr);
  }

  void merges_the_day_of_the_daemon_with_what_came_since() {
    StatusHistory history;
    for (int64_t i = 0; i < 60; ++i) history.add(status_at(start_us + i * second_us));
    // The daemon's day reaches back half an hour and, overlapping, into what came.
    const History day = day_until(start_us + 60 * second_us, 180);
    history.merge(day);
    QVERIFY2(is_in_order(history.tokens), "times ascend");
    QCOMPARE(history.gaps().size(), size_t{0});
    const size_t rows = history.rows().size();
    QVERIFY2(rows > 60 + 170 && rows < 60 + 180, qPrintable(QString::number(rows)));
    // Again, and once more: nothing is doubled.
    history.merge(day);
    history.merge(day_until(start_us + 60 * second_us, 20));
    QCOMPARE(history.rows().size(), rows);
    QCOMPARE(history.kv.samples().size(), rows);
  }

  void fills_what_was_missed_while_the_link_was_lost() {
    StatusHistory history;
    for (int64_t i = 0; i < 30; ++i) history.add(status_at(start_us + i * second_us));
    for (int64_t i = 200; i < 230; ++i) history.add(status_at(start_us + i * second_us));
    QCOMPARE(history.gaps().size(), size_t{1});
    QCOMPARE(history.gaps().front().reason, QStringLiteral("no answer"));
    history.merge(day_until(start_us + 230 * second_us, 23));
    QCOMPARE(history.gaps().size(), size_t{0});
    QVERIFY(is_in_order(history.requests));
  }

  void names_a_gap_after_what_the_daemon_says_happened() {
    StatusHistory history;
    for (int64_t i = 0; i < 30; ++i) history.add(status_at(start_us + i * second_us));
    // It died, came back, and took a while to load.
    for (int64_t i = 42; i < 50; ++i) history.add(status_at(start_us + i * second_us, ModelState::loading));
    for (int64_t i = 50; i < 60; ++i) history.add(status_at(start_us + i * second_us));
    QCOMPARE(history.gaps().size(), size_t{1});
    QCOMPARE(history.gaps().front().from_us, start_us + 29 * second_us);
    QCOMPARE(history.gaps().front().to_us, start_us + 50 * second_us);
    History told;
    told.step_us = 10 * second_us;
    told.marks = {{start_us + 40 * second_us, "daemon-started", ""}};
    history.merge(told);
    QCOMPARE(history.gaps().size(), size_t{1});
    QCOMPARE(history.gaps().front().reason, QStringLiteral("daemon restart"));
    QVERIFY(history.tokens.at(start_us + 45 * second_us) == nullptr);
    QVERIFY(history.tokens.at(start_us + 55 * second_us) != nullptr);
    QCOMPARE(history.tokens.gaps().size(), size_t{1});
  }

  void tells_an_engine_that_ended_from_a_model_that_was_unloaded_data() {
    QTest::addColumn<QString>("mark");
    QTest::addColumn<QString>("reason");
    QTest::newRow("engine") << "engine-ended" << "engine restart";
    QTest::newRow("unloaded") << "model-unloaded" << "model unloaded";
    QTest::newRow("neither") << "" << "no model loaded";
  }
  void tells_an_engine_that_ended_from_a_model_that_was_unloaded() {
    QFETCH(QString, mark);
    QFETCH(QString, reason);
    History day = day_until(start_us, 60);
    for (size_t i = 30; i < 40; ++i) day.samples[i].kv_bytes = 0;
    if (!mark.isEmpty()) day.marks.push_back({day.samples[30].time_us, mark.toStdString(), "scout"});
    StatusHistory history;
    history.merge(day);
    QCOMPARE(history.gaps().size(), size_t{1});
    QCOMPARE(history.gaps().front().reason, reason);
    QCOMPARE(history.gaps().front().from_us, day.samples[29].time_us);
    QCOMPARE(history.gaps().front().to_us, day.samples[40].time_us);
  }

  void goes_back_when_the_clock_was_set_back() {
    StatusHistory history;
    for (int64_t i = 0; i < 100; ++i) history.add(status_at(start_us + i * second_us));
    for (int64_t i = 50; i < 60; ++i) history.add(status_at(start_us + i * second_us));
    QVERIFY(is_in_order(history.tokens));
    QCOMPARE(history.rows().back().time_us, start_us + 59 * second_us);
    QCOMPARE(history.rows().size(), size_t{60});
  }

  void bounds_what_a_hostile_daemon_tells() {
    StatusHistory history;
    DaemonStatus status = status_at(start_us);
    status.requests.tokens_per_second = std::numeric_limits<double>::infinity();
    status.requests.completion_tokens = std::numeric_limits<qint64>::max();
    status.models.assign(100'000, status.models.front());
    for (ModelInfo& model : status.models) model.kv_bytes = std::numeric_limits<qint64>::max();
    history.add(status);
    for (const int64_t time_us : {std::numeric_limits<qint64>::min(), qint64{-1}, std::numeric_limits<qint64>::max()})
      history.add(status_at(time_us));
    QCOMPARE(history.rows().size(), size_t{1});
    QVERIFY(history.rows().front().kv_bytes > 0);
    History day = day_until(start_us, 100);
    std::ranges::reverse(day.samples);
    for (int64_t i = 0; i < 200'000; ++i) day.samples.push_back(day.samples[static_cast<size_t>(i % 100)]);
    for (const int64_t time_us : {std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::min()}) {
      day.samples.push_back(day.samples.front());
      day.samples.back().time_us = time_us;
    }
    for (int64_t i = 0; i < 100'000; ++i) day.marks.push_back({start_us - i, "engine-ended", std::to_string(i)});
    history.merge(day);
    QVERIFY(is_in_order(history.tokens));
    QVERIFY(history.rows().size() <= 101);
    QVERIFY(!history.to_csv(0, std::numeric_limits<qint64>::max()).contains(QStringLiteral("inf")));
  }

  void keeps_no_more_than_a_day_and_thins_what_is_old() {
    StatusHistory history;
    constexpr int64_t seconds = 26 * 3'600;
    for (int64_t i = 0; i < seconds; ++i) history.add(status_at(start_us + i * second_us));
    History told;
    told.step_us = 10 * second_us;
    told.marks = {{start_us + seconds * second_us, "model-ready", "scout"}};
    history.merge(told);
    QVERIFY2(history.rows().size() < 3'700 + 23 * 360, qPrintable(QString::number(history.rows().size())));
    QVERIFY(history.rows().back().time_us - history.rows().front().time_us <= int64_t{86'400} * second_us);
    QCOMPARE(history.gaps().size(), size_t{0});
  }

  // Ever new times between those that are known, which no day bounds.
  void bounds_the_rows_of_many_days_told() {
    StatusHistory history;
    constexpr int64_t rows = 20'000;
    const int64_t times = static_cast<int64_t>(max_samples) / rows + 2;
    for (int64_t i = 0; i < times; ++i) history.merge(unserved_from(start_us + i * 2'000 * second_us, rows, 80'000));
    QCOMPARE(history.rows().size(), max_samples);
    QCOMPARE(history.rows().back().time_us, start_us + (times - 1) * 2'000 * second_us + (rows - 1) * 80'000);
    QCOMPARE(history.tokens.samples().size(), max_samples);
    history.add(status_at(history.rows().back().time_us + second_us));
    QCOMPARE(history.rows().size(), max_samples);
    QCOMPARE(history.tokens.samples().front().time_us, history.rows().front().time_us);
  }

  void names_gaps_in_little_time_data() {
    QTest::addColumn<bool>("often");
    QTest::newRow("one long gap") << false;
    QTest::newRow("thousands of gaps") << true;
  }
  void names_gaps_in_little_time() {
    QFETCH(bool, often);
    // So close together, or so early, that every row's gap has all marks.
    History told = unserved_from(start_us, 20'000, often ? 100 : 4 * second_us);
    if (often)
      for (size_t i = 0; i < told.samples.size(); i += 2) told.samples[i].kv_bytes = 1;
    const double without_ms = std::min(merging_ms(told), merging_ms(told));
    for (int64_t i = 0; i < 2'000; ++i) told.marks.push_back({start_us + i, "engine-ended", "scout"});
    const double with_ms = std::min(merging_ms(told), merging_ms(told));
    StatusHistory history;
    history.merge(told);
    QCOMPARE(history.rows().size(), size_t{20'000});
    QCOMPARE(history.gaps().size(), often ? max_gaps : size_t{1});
    for (const Gap& gap : history.gaps()) QCOMPARE(gap.reason, QStringLiteral("engine restart"));
    QVERIFY2(with_ms < 2 * without_ms + 50, qPrintable(QStringLiteral("%1 ms, %2 ms").arg(with_ms).arg(without_ms)));
  }

  void names_each_gap_after_its_own_time() {
    StatusHistory history;
    History day = day_until(start_us, 100);
    for (const size_t i : {20U, 21U, 60U, 61U}) day.samples[i].kv_bytes = 0;
    day.samples.erase(day.samples.begin() + 40, day.samples.begin() + 45);  // unanswered
    day.marks = {{day.samples[20].time_us, "engine-ended", "scout"}};
    history.merge(day);
    QCOMPARE(history.gaps().size(), size_t{3});
    QCOMPARE(history.gaps()[0].reason, QStringLiteral("engine restart"));
    QCOMPARE(history.gaps()[1].reason, QStringLiteral("no answer"));
    QCOMPARE(history.gaps()[2].reason, QStringLiteral("no model loaded"));
    QCOMPARE(history.kv.gaps(), history.gaps());
  }

  void keeps_nothing_of_models_that_are_not_listed() {
    ModelTable table;
    // Others every time, and more than are shown.
    std::vector<std::string> named;
    for (int round = 0; round < 20; ++round) {
      std::vector<ModelInfo> models;
      for (size_t i = 0; i < 2 * max_shown_models; ++i) {
        named.push_back("model-" + std::to_string(round) + '-' + std::to_string(i));
        models.push_back(loading_model(named.back()));
      }
      const std::string first = models.front().alias;
      table.set(std::move(models), round * second_us);
      table.set_plan(first, {});
    }
    const auto tracked =
        std::ranges::count_if(named, [&](const std::string& alias) { return table.progress(alias) != nullptr; });
    QCOMPARE(static_cast<size_t>(tracked), max_shown_models);
    const auto planned =
        std::ranges::count_if(named, [&](const std::string& alias) { return table.plan(alias) != nullptr; });
    QCOMPARE(planned, 1);
  }

  void asks_anew_of_a_model_that_was_gone() {
    ModelTable table;
    ModelFile file;
    file.sha256 = loading_model("scout").sha256;
    table.set({loading_model("scout"), loading_model("demo")}, 0);
    for (const char* alias : {"scout", "demo"}) table.set_details(alias, file);
    table.set({loading_model("demo")}, 1);
    table.set({loading_model("scout"), loading_model("demo")}, 2);
    QVERIFY(table.details("scout") == nullptr);
    QVERIFY(table.details("demo") != nullptr);
  }

  void bounds_the_rows_of_a_long_register() {
    constexpr int most = static_cast<int>(max_shown_clients);
    ClientTable table;
    table.set(register_of(6'000), start_us);
    QCOMPARE(table.rowCount(), most);
    QCOMPARE(table.count(ClientTable::Show::all), 6'000);
    QCOMPARE(table.count(ClientTable::Show::people), 2'000);
    QCOMPARE(client_at(table, 0), QStringLiteral("client-00000"));
    QCOMPARE(client_at(table, most - 1), QStringLiteral("client-04999"));
    QCOMPARE(table.row_of(QStringLiteral("client-05555")), -1);
    table.sort(ClientTable::name_column, Qt::DescendingOrder);
    QCOMPARE(client_at(table, 0), QStringLiteral("client-05999"));
    QCOMPARE(client_at(table, most - 1), QStringLiteral("client-01000"));
    // What isn't among them is found all the same.
    table.set_filter(ClientTable::Show::all, QStringLiteral("CLIENT-00555"));
    QCOMPARE(table.rowCount(), 1);
    QCOMPARE(table.row_of(QStringLiteral("client-00555")), 0);
    table.set_filter(ClientTable::Show::all, QString::number(0x1234, 16).rightJustified(64, QLatin1Char('0')));
    QCOMPARE(table.rowCount(), 1);
    QCOMPARE(client_at(table, 0), QStringLiteral("client-0%1").arg(0x1234));
  }

  void sorts_clients_by_any_column() {
    ClientTable table;
    table.set(register_of(30), start_us);
    const auto first_two = [&] { return client_at(table, 0) + QLatin1Char(' ') + client_at(table, 1); };
    table.sort(ClientTable::roles_column, Qt::AscendingOrder);
    QCOMPARE(first_two(), QStringLiteral("client-00001 client-00002"));
    QCOMPARE(client_at(table, 20), QStringLiteral("client-00000"));  // the first auditor
    table.sort(ClientTable::roles_column, Qt::DescendingOrder);
    QCOMPARE(first_two(), QStringLiteral("client-00000 client-00003"));
    table.sort(ClientTable::tokens_column, Qt::DescendingOrder);
    QCOMPARE(first_two(), QStringLiteral("client-00009 client-00019"));
    table.sort(ClientTable::expiry_column, Qt::AscendingOrder);
    QCOMPARE(first_two(), QStringLiteral("client-00000 client-00001"));
    table.sort(ClientTable::expiry_column, Qt::DescendingOrder);
    QCOMPARE(client_at(table, 29), QStringLiteral("client-00000"));
    table.sort(ClientTable::state_column, Qt::DescendingOrder);
    QCOMPARE(first_two(), QStringLiteral("client-00000 client-00001"));
    table.set_filter(ClientTable::Show::expiring, QStringLiteral("auditor"));
    QCOMPARE(table.rowCount(), 1);
  }

  void exports_with_full_precision_in_both_zones() {
    StatusHistory history;
    DaemonStatus status = status_at(1'796'288'528'000'000);
    status.requests.tokens_per_second = 1234567.125;
    history.add(status);
    status.now_us += 60 * second_us;
    history.add(status);
    const QStringList lines = history.to_csv(0, std::numeric_limits<qint64>::max()).split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines.at(0).startsWith(QStringLiteral("time_utc,time_ist,tokens_per_second,")), qPrintable(lines.at(0)));
    QVERIFY2(
        lines.at(1).startsWith(QStringLiteral("2026-12-03T09:02:08.000Z,2026-12-03T14:32:08.000+05:30,1234567.125,")),
        qPrintable(lines.at(1)));
    QVERIFY2(lines.at(2).endsWith(QStringLiteral(",\"no answer\"")), qPrintable(lines.at(2)));
    QCOMPARE(history.to_csv(0, 1).count(QLatin1Char('\n')), 1);
  }

  void shows_a_plot_as_a_table() {
    SeriesStore store(2, second_us);
    store.add({start_us, {1234.5, std::nullopt}});
    store.add({start_us + 60 * second_us, {7.0, 8.0}});
    store.mark_gap(start_us, start_us + 60 * second_us, QStringLiteral("engine restart"));
    const SeriesTable table(store, {QStringLiteral("p50"), QStringLiteral("p95")}, 1, 0, start_us + 60 * second_us);
    QCOMPARE(table.rowCount(), 3);
    const auto text = [&](int row, int column) { return table.index(row, column).data().toString(); };
    QCOMPARE(text(0, SeriesTable::first_value_column), QStringLiteral("7.0"));  // the newest first
    QCOMPARE(text(1, SeriesTable::first_value_column),
             QStringLiteral("no values for %1: engine restart").arg(duration_text(60 * second_us)));
    QCOMPARE(text(2, SeriesTable::first_value_column), QStringLiteral("1,234.5"));
    QCOMPARE(text(2, SeriesTable::first_value_column + 1), QStringLiteral("–"));
    QCOMPARE(text(2, SeriesTable::ist_column), ist_stamp(start_us));
  }

  void lists_the_certificates_that_end_next() {
    std::vector<ClientInfo> clients(6);
    for (size_t i = 0; i < clients.size(); ++i) {
      clients[i].name = "client-" + std::to_string(i);
      clients[i].certificates = {{"", 0, static_cast<int64_t>(1'000 - 100 * i), false}};
    }
    clients[5].revoked = true;
    clients[4].certificates.front().revoked = true;
    clients[3].certificates.push_back({"", 0, 5'000, false});  // renewed
    const std::vector<Expiry> next = next_to_expire(clients, 2);
    QCOMPARE(next.size(), size_t{2});
    QCOMPARE(next[0], (Expiry{QStringLiteral("client-2"), 800}));
    QCOMPARE(next[1], (Expiry{QStringLiteral("client-1"), 900}));
    QVERIFY(next_to_expire({}, 5).empty());
  }

  void puts_the_gravest_finding_first() {
    const std::vector<Condition> all{{"a", Severity::info, "", 1},
                                     {"b", Severity::warning, "", 5},
                                     {"c", Severity::error, "", 9},
                                     {"d", Severity::warning, "", 2}};
    const std::vector<Condition> first = by_weight(all, 3);
    QCOMPARE(first.size(), size_t{3});
    QCOMPARE(first[0].code, std::string("c"));
    QCOMPARE(first[1].code, std::string("d"));
    QCOMPARE(first[2].code, std::string("b"));
  }

  void finds_settings_in_both_languages() {
    Catalogue::install(QStringLiteral("en"));
    const QString shown = QCoreApplication::translate("tijori::StateView", "Cancel");  // in both catalogues
    const SettingWords words{QStringLiteral("Lock"), shown, {}, {}};
    QVERIFY(setting_fits({}, words));
    QVERIFY(setting_fits(QStringLiteral("CANC"), words));
    QVERIFY(setting_fits(QStringLiteral("रद्द"), words));
    QVERIFY(setting_fits(QStringLiteral("lock"), words));
    QVERIFY(!setting_fits(QStringLiteral("zebra"), words));
  }

  void picks_round_ticks() {
    for (const double largest : {0.003, 1.0, 7.3, 44.6, 999.0, 841'229.0}) {
      const double step = round_step(largest);
      QVERIFY(step > 0);
      QVERIFY2(largest / step <= 5.0001 && largest / step > 1.9, qPrintable(QString::number(largest / step)));
    }
    // Nothing to draw, whatever a daemon calls it.
    for (const double largest :
         {0.0, -1.0, 5e-324, 1e-300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
      QCOMPARE(round_step(largest), 0.25);
  }

  void measures_imbalance() {
    QCOMPARE(imbalance({}), 0.0);
    QCOMPARE(imbalance({{0, 1}, {{5, 5, 5, 5}, {5, 5, 5, 5}}, 1}), 1.0);
    QCOMPARE(imbalance({{0}, {{20, 0, 0, 0}}, 1}), 4.0);
  }

  // The whole table of the look: what each pair comes to, and that it is enough.
  void colours_stand_apart_data() {
    QTest::addColumn<int>("look");
    QTest::addColumn<double>("measured");
    QTest::addColumn<double>("written");
    QTest::addColumn<double>("needed");
    const auto row = [](const char* name, auto measure, std::array<double, 4> written, double needed) {
      for (const Look look : all_looks)
        QTest::addRow("%s, look %d", name, int(look))
            << int(look) << double(measure(look)) << written.at(size_t(look)) << needed;
    };
    const auto of = [](Colour ink) { return [ink](Look look) { return worst(look, ink); }; };
    const auto on = [](Colour ink, Colour ground) { return [=](Look look) { return between(look, ink, ground); }; };
    row("text", of(Colour::text), {13.78, 11.25, 14.13, 17.94}, 4.5);
    row("text2", of(Colour::text2), {6.49, 6.93, 14.13, 17.94}, 4.5);
    row("text3", of(Colour::text3), {4.71, 5.01, 10.71, 12.09}, 4.5);
    row("accent", of(Colour::accent), {5.18, 6.01, 9.20, 8.75}, 4.5);
    row("ok on its soft", on(Colour::ok, Colour::ok_soft), {5.17, 6.83, 10.80, 8.38}, 4.5);
    row("warn on its soft", on(Colour::warn, Colour::warn_soft), {5.57, 7.09, 9.46, 9.25}, 4.5);
    row("danger on its soft", on(Colour::danger, Colour::danger_soft), {5.46, 6.93, 8.40, 8.00}, 4.5);
    row(
        "text2 on warn_soft and danger_soft",
        [](Look look) {
          return std::min(between(look, Colour::text2, Colour::warn_soft),
                          between(look, Colour::text2, Colour::danger_soft));
        },
        {6.48, 7.47, 15.20, 17.56}, 4.5);
    row("on_accent on accent", on(Colour::on_accent, Colour::accent), {6.20, 7.50, 13.67, 10.25}, 4.5);
    row(
        "on_accent on hover and press",
        [](Look look) {
          return std::min(between(look, Colour::on_accent, Colour::accent_hover),
                          between(look, Colour::on_accent, Colour::accent_press));
        },
        {8.25, 5.81, 13.67, 10.25}, 4.5);
    row("surface on danger", on(Colour::surface, Colour::danger), {6.54, 7.60, 10.44, 9.57}, 4.5);
    row("edge", of(Colour::edge), {3.04, 3.30, 14.13, 17.94}, 3);
    row("focus", of(Colour::focus), {5.55, 6.46, 11.08, 9.35}, 3);
  }
  void colours_stand_apart() {
    QFETCH(double, measured);
    QFETCH(double, written);
    QFETCH(double, needed);
    QVERIFY2(measured >= needed, qPrintable(QString::number(measured)));
    QVERIFY2(std::abs(measured - written) < 0.0051,
             qPrintable(QStringLiteral("%1, not %2").arg(measured).arg(written)));
  }

  void more_is_always_farther_from_the_background() {
    for (const Look look : all_looks)
      for (const auto& eye : eyes) {
        const bool on_light = look == Look::light || look == Look::contrast_white;
        double last = lightness(as_seen(heat_colour(look, 0), eye));
        for (int step = 1; step <= 8; ++step) {
          const double now = lightness(as_seen(heat_colour(look, step / 8.0), eye));
          QVERIFY2(on_light ? now < last - 2 : now > last + 2, qPrintable(QString::number(now - last)));
          last = now;
        }
      }
    QCOMPARE(heat_colour(Look::light, -5), heat_colour(Look::light, 0));
    QCOMPARE(heat_colour(Look::light, 7), heat_colour(Look::light, 1));
  }

  void series_stand_apart() {
    for (const Look look : all_looks)
      for (size_t series = 0; series < series_count; ++series)
        for (const Colour ground : {Colour::surface, Colour::canvas})
          QVERIFY(contrast(series_colour(look, series), colour(look, ground)) >= 3);
  }
};

}  // namespace tijori

TIJORI_CONSOLE_TEST(tijori::ModelsTest)
#include "models_test.moc"
