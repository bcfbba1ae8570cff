// The lines that `guardrails scan` and `guardrails bench` take from a pipe.
#include "cli/text_lines.h"

#include <QtTest>
#include <thread>

#include <unistd.h>

#include "base/file.h"

using namespace tijori;

class TextLinesTest : public QObject {
  Q_OBJECT

  struct Read {
    QStringList lines;  // "number:text", "number!" for one that is too long
    QString error;
  };

  // What a reader makes of these pieces, written one after the other into a pipe.
  static Read read_all(const std::vector<std::string>& pieces) {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) return {{}, "pipe"};
    const UniqueFd from(ends[0]);
    std::thread writer([&pieces, to = UniqueFd(ends[1])] {
      for (const std::string& piece : pieces)
        if (!write_all(to.get(), as_bytes(piece), "pipe")) return;
    });
    LineReader reader(from.get());
    Read out;
    for (;;) {
      const auto line = reader.next();
      if (!line) out.error = QString::fromStdString(line.error().message);
      if (!line || !*line) break;
      const std::string text = (*line)->too_long ? "!" + std::string((*line)->text) : ":" + std::string((*line)->text);
      out.lines += QString::number((*line)->number) + QString::fromStdString(text);
    }
    writer.join();
    return out;
  }

 private slots:
  void numbers_lines_however_they_come() {
    QCOMPARE(read_all({}).lines, QStringList());
    QCOMPARE(read_all({"a\nb\n"}).lines, QStringList({"1:a", "2:b"}));
    QCOMPARE(read_all({"a", "b\n", "\nc", "d"}).lines, QStringList({"1:ab", "2:", "3:cd"}));
  }

  void passes_over_a_line_beyond_the_limit_and_goes_on() {
    const std::string long_line(max_text_line_bytes + 1, 'x');
    QCOMPARE(read_all({"a\n", long_line, "\nb\n"}).lines, QStringList({"1:a", "2!", "3:b"}));
    QCOMPARE(read_all({long_line, long_line}).lines, QStringList({"1!"}));
    const std::string longest(max_text_line_bytes, 'x');
    const Read just = read_all({longest, "\nb"});
    QCOMPARE(just.lines.size(), 2);
    QCOMPARE(just.lines[0].size(), 2 + static_cast<qsizetype>(max_text_line_bytes));
  }

  void says_why_input_ends() {
    LineReader reader(-1);
    const auto line = reader.next();
    QVERIFY(!line && line.error().message.starts_with("read standard input"));
  }

  void takes_ids_of_text_and_numbers_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("id");
    QTest::newRow("text") << R"({"id":"a/1","text":"t"})" << "\"a/1\"";
    QTest::newRow("integer") << R"({"text":"t","id":-7})" << "-7";
    QTest::newRow("above 2^63") << R"({"id":18446744073709551615,"text":"t"})" << "18446744073709551615";
    QTest::newRow("fraction") << R"({"id":1.5,"text":"t"})" << "1.5";
    QTest::newRow("further fields") << R"({"id":"","text":"t","spans":[{"label":"PAN"}],"lang":null})" << "\"\"";
  }
  void takes_ids_of_text_and_numbers() {
    QFETCH(QString, line);
    const auto parsed = parse_text_line(line.toStdString());
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->text, std::string("t"));
    QTEST(QString::fromStdString(id_json(parsed->id)), "id");
  }

  void refuses_without_repeating_the_line_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("message");
    QTest::newRow("not JSON") << QByteArray("secret") << "byte 1: not valid JSON";
    QTest::newRow("two values") << QByteArray(R"({"id":1,"text":""} {})") << "byte 20: not valid JSON";
    QTest::newRow("not UTF-8") << QByteArray("{\"id\":1,\"text\":\"secret\xff\"}") << "byte 23: not valid JSON";
    QTest::newRow("half a pair") << QByteArray(R"({"id":1,"text":"\ud800"})") << "byte 23: not valid JSON";
    QTest::newRow("a list") << QByteArray("[1]") << "expected an object with id and text, found a list";
    QTest::newRow("no id") << QByteArray(R"({"text":"secret"})") << "id: missing";
    QTest::newRow("null id") << QByteArray(R"({"id":null,"text":"secret"})")
                             << "id: expected text or a number, found null";
    QTest::newRow("no text") << QByteArray(R"({"id":1})") << "text: missing";
    QTest::newRow("text is a number") << QByteArray(R"({"id":1,"text":2})") << "text: expected text, found a number";
    QTest::newRow("same name twice") << QByteArray(R"({"id":1,"id":2,"text":"secret"})")
                                     << "an object holds the same name twice";
  }
  void refuses_without_repeating_the_line() {
    QFETCH(QByteArray, line);
    const auto parsed = parse_text_line(line.toStdString());
    QVERIFY(!parsed.has_value());
    QTEST(QString::fromStdString(parsed.error().message), "message");
  }
};

QTEST_GUILESS_MAIN(TextLinesTest)
#include "text_lines_test.moc"
