// Times on the command line.
#include "cli/time_text.h"

#include <QtTest>

using namespace tijori;

class TimeTextTest : public QObject {
  Q_OBJECT

 private slots:
  void takes_rfc_3339_with_a_zone_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("epoch") << QByteArray("1970-01-01T00:00:00Z") << qint64{0};
    QTest::newRow("utc") << QByteArray("2026-12-03T09:02:08Z") << qint64{1'796'288'528};
    QTest::newRow("ist") << QByteArray("2026-12-03T14:32:08+05:30") << qint64{1'796'288'528};
    QTest::newRow("west") << QByteArray("2026-12-03T04:02:08-05:00") << qint64{1'796'288'528};
    QTest::newRow("no seconds") << QByteArray("2026-12-03T09:02Z") << qint64{1'796'288'520};
    QTest::newRow("leap day") << QByteArray("2028-02-29T00:00Z") << qint64{1'835'395'200};
  }
  void takes_rfc_3339_with_a_zone() {
    QFETCH(QByteArray, text);
    QFETCH(qint64, seconds);
    const auto time_us = parse_time(text.toStdString());
    QVERIFY2(time_us.has_value(), time_us ? "" : time_us.error().message.c_str());
    QCOMPARE(*time_us, seconds * 1'000'000);
  }

  void refuses_the_rest_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", "2026-12-03", "2026-12-03T09:02:08", "2026-12-03 09:02Z", "2026-02-29T00:00Z",
                             "2026-13-01T00:00Z", "2026-12-03T24:00Z", "2026-12-03T09:02:08Zx", "1969-12-31T00:00Z",
                             "2026-12-03T09:02:08+5:30", "2026-12-03T09:60Z", "-026-12-03T09:00Z"})
      QTest::newRow(text) << QByteArray(text);
  }
  void refuses_the_rest() {
    QFETCH(QByteArray, text);
    QCOMPARE(parse_time(text.toStdString()).error().code, ErrorCode::invalid_argument);
  }
};

QTEST_GUILESS_MAIN(TimeTextTest)
#include "time_text_test.moc"
