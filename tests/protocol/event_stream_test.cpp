#include "protocol/client/event_stream.h"

#include <QTest>

#include "protocol/client/conversation.h"

using namespace tijori;

namespace {

// Events as "name|data", joined by ";".
std::string parse(std::string_view text, size_t piece_bytes) {
  std::string seen;
  EventStreamParser parser({[&](const StreamEvent& event) -> Status {
                              seen += event.name + "|" + event.data + ";";
                              return {};
                            },
                            [&](std::string_view comment) { seen += "#" + std::string(comment) + ";"; }});
  for (size_t at = 0; at < text.size(); at += piece_bytes) {
    const Status fed = parser.feed(text.substr(at, piece_bytes));
    if (!fed) return "error: " + std::string(name_of(fed.error().code));
  }
  return seen;
}

}  // namespace

class EventStreamTest : public QObject {
  Q_OBJECT

 private slots:
  void parses_the_standard_the_same_in_pieces_of_any_size_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("one event") << QByteArray("data: a\n\n") << QByteArray("|a;");
    QTest::newRow("two lines of data") << QByteArray("data: a\ndata: b\n\n") << QByteArray("|a\nb;");
    QTest::newRow("a name") << QByteArray("event: error\ndata: x\n\ndata: y\n\n") << QByteArray("error|x;|y;");
    QTest::newRow("only one space goes") << QByteArray("data:  a\ndata:b\n\n") << QByteArray("| a\nb;");
    QTest::newRow("carriage returns") << QByteArray("data: a\r\rdata: b\r\n\r\n") << QByteArray("|a;|b;");
    QTest::newRow("a comment") << QByteArray(": hello\n\ndata: a\n\n") << QByteArray("#hello;|a;");
    QTest::newRow("no data, no event") << QByteArray("event: x\n\nid: 1\n\n") << QByteArray("");
    QTest::newRow("empty data is an event") << QByteArray("data\n\n") << QByteArray("|;");
    QTest::newRow("an unfinished event is dropped") << QByteArray("data: a\n\ndata: b\n") << QByteArray("|a;");
    QTest::newRow("byte order mark") << QByteArray(
                                            "\xEF\xBB\xBF"
                                            "data: a\n\n")
                                     << QByteArray("|a;");
    QTest::newRow("unknown fields are passed over") << QByteArray("retry: 5\nfoo: b\ndata: a\n\n") << QByteArray("|a;");
  }
  void parses_the_standard_the_same_in_pieces_of_any_size() {
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, expected);
    for (const size_t piece_bytes : {size_t{1}, size_t{2}, size_t{3}, size_t{1000}})
      QCOMPARE(QByteArray::fromStdString(parse(text.toStdString(), piece_bytes)), expected);
  }

  void refuses_an_event_that_grows_without_end() {
    const std::string line = "data: " + std::string(1 << 20, 'x') + "\n";
    std::string text;
    for (size_t size = 0; size <= max_event_bytes; size += line.size()) text += line;
    QCOMPARE(QByteArray::fromStdString(parse(text, 1 << 16)), QByteArray("error: resource_exhausted"));
  }

  void stops_at_the_first_error_of_the_handler() {
    int calls = 0;
    EventStreamParser parser({[&](const StreamEvent&) -> Status {
                                ++calls;
                                return fail(ErrorCode::cancelled, "enough");
                              },
                              {}});
    const Status fed = parser.feed("data: a\n\ndata: b\n\n");
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::cancelled);
    QCOMPARE(calls, 1);
  }

  void writes_a_question_with_what_was_asked_for_and_no_more() {
    ChatQuestion question;
    question.messages = {{"user", "a \"b\"\n"}};
    const std::string plain =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"b\\\"\\n\"}],\"stream\":true,"
        "\"stream_options\":{\"include_usage\":true}}";
    QCOMPARE(to_request_body(question), plain);
    question.model = "m";
    question.max_tokens = 5;
    question.temperature = 0.5;
    question.seed = 7;
    question.user = "u";
    question.purpose = "p";
    const std::string body = to_request_body(question);
    for (const char* part : {"{\"model\":\"m\",", "\"max_tokens\":5", "\"temperature\":0.5", "\"seed\":7",
                             "\"user\":\"u\"", "\"metadata\":{\"purpose\":\"p\"}"})
      QVERIFY2(body.find(part) != std::string::npos, part);
  }
};

QTEST_GUILESS_MAIN(EventStreamTest)
#include "event_stream_test.moc"
