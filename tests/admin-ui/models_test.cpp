// What the console computes before it shows it: numbers, series, colours.
#include <algorithm>
#include <cmath>

#include "admin-ui/models/numbers.h"
#include "admin-ui/models/series.h"
#include "admin-ui/views/parts/heat_map.h"
#include "admin-ui/views/parts/plot.h"
#include "tests/admin-ui/console_main.h"

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

  void exports_with_full_precision() {
    SeriesStore store(2, 1'000'000);
    store.add({1'796'288'528'000'000, {1234567.125, std::nullopt}});
    const QString csv = to_csv(store, {{QStringLiteral("a")}, {QStringLiteral("b")}}, 0, INT64_MAX);
    QVERIFY2(csv.contains(QStringLiteral("1234567.125")), qPrintable(csv));
    QVERIFY2(csv.contains(QStringLiteral("2026-12-03T09:02:08.000Z")), qPrintable(csv));
    QVERIFY2(csv.contains(QStringLiteral("+05:30")), qPrintable(csv));
  }

  void picks_round_ticks() {
    for (const double largest : {0.003, 1.0, 7.3, 44.6, 999.0, 841'229.0}) {
      const double step = round_step(largest);
      QVERIFY(step > 0);
      QVERIFY2(largest / step <= 5.0001 && largest / step > 1.9, qPrintable(QString::number(largest / step)));
    }
    QVERIFY(round_step(0) > 0);
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
