#include "engine/stop_strings.h"

#include <QtTest>

using namespace tijori;

class StopStringsTest : public QObject {
  Q_OBJECT

 private slots:
  void ends_the_text_however_it_is_cut_data() {
    QTest::addColumn<QStringList>("stops");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("out");
    QTest::addColumn<bool>("stopped");
    QTest::newRow("none") << QStringList{} << "abc" << "abc" << false;
    QTest::newRow("no match") << QStringList{"xyz"} << "abcxyabc" << "abcxyabc" << false;
    QTest::newRow("match") << QStringList{"xyz"} << "abcxyzabc" << "abc" << true;
    QTest::newRow("at the start") << QStringList{"\n\n"} << "\n\nabc" << "" << true;
    QTest::newRow("prefix that begins anew") << QStringList{"aab"} << "xaaabx" << "xa" << true;
    QTest::newRow("the first to be complete wins") << QStringList{"abcd", "bc"} << "zabcd" << "za" << true;
    QTest::newRow("the longest of those that end together") << QStringList{"c", "abc"} << "zabc" << "z" << true;
    QTest::newRow("held back at the end") << QStringList{"STOP"} << "go STO" << "go STO" << false;
    QTest::newRow("several bytes a character") << QStringList{"é!"} << "caféé!x" << "café" << true;
  }

  void ends_the_text_however_it_is_cut() {
    QFETCH(QStringList, stops);
    QFETCH(QString, text);
    QFETCH(QString, out);
    QFETCH(bool, stopped);
    std::vector<std::string> list;
    for (const QString& stop : stops) list.push_back(stop.toStdString());
    const std::string bytes = text.toStdString();
    for (size_t step = 1; step <= bytes.size(); ++step) {
      auto matcher = StopStrings::create(list);
      QVERIFY(matcher);
      std::string sent;
      for (size_t i = 0; i < bytes.size() && !matcher->stopped(); i += step) {
        sent += matcher->push(std::string_view(bytes).substr(i, step));
        QVERIFY(out.toStdString().starts_with(sent));
      }
      if (!matcher->stopped()) sent += matcher->flush();
      QCOMPARE(sent, out.toStdString());
      QCOMPARE(matcher->stopped(), stopped);
    }
  }

  void lets_out_at_once_what_cannot_match() {
    auto matcher = StopStrings::create({"###"});
    QCOMPARE(matcher->push("a#"), "a");
    QCOMPARE(matcher->push("b##"), "#b");
    QCOMPARE(matcher->push("c"), "##c");
    QCOMPARE(matcher->push("###"), "");
    QVERIFY(matcher->stopped());
    QCOMPARE(matcher->push("more"), "");
  }

  void refuses_what_is_out_of_bounds() {
    QCOMPARE(StopStrings::create({""}).error().code, ErrorCode::invalid_argument);
    QCOMPARE(StopStrings::create({"\xFF"}).error().code, ErrorCode::invalid_argument);
    QCOMPARE(StopStrings::create({std::string(max_stop_string_bytes + 1, 'x')}).error().code,
             ErrorCode::resource_exhausted);
    QCOMPARE(StopStrings::create(std::vector<std::string>(max_stop_strings + 1, "x")).error().code,
             ErrorCode::resource_exhausted);
    QVERIFY(StopStrings::create(std::vector<std::string>(max_stop_strings, std::string(max_stop_string_bytes, 'x'))));
  }
};

QTEST_GUILESS_MAIN(StopStringsTest)
#include "stop_strings_test.moc"
