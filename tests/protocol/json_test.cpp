#include "protocol/json.h"

#include <QTest>

#include "base/bytes.h"
#include "protocol/plain_text.h"

using namespace tijori;

namespace {

std::string message_of(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  return value ? "accepted" : value.error().message;
}

}  // namespace

class JsonTest : public QObject {
  Q_OBJECT

 private slots:
  void keeps_integers_exact() {
    const auto value = parse_json("[9007199254740993,-1,18446744073709551615,1.5]");
    QVERIFY(value.has_value());
    const JsonArray& array = *value->get_if<JsonArray>();
    QCOMPARE(*array[0].get_if<int64_t>(), int64_t{9007199254740993});
    QCOMPARE(*array[1].get_if<int64_t>(), int64_t{-1});
    QCOMPARE(*array[2].get_if<uint64_t>(), UINT64_MAX);
    QCOMPARE(*array[3].get_if<double>(), 1.5);
  }

  void refuses_what_is_not_one_json_text_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("empty") << QByteArray("") << QByteArray("byte 1: not valid JSON");
    QTest::newRow("cut") << QByteArray("{\"a\":") << QByteArray("byte 6: not valid JSON");
    QTest::newRow("trailing") << QByteArray("{}x") << QByteArray("byte 3: not valid JSON");
    QTest::newRow("same name twice") << QByteArray("{\"a\":1,\"a\":2}")
                                     << QByteArray("an object holds the same name twice");
    QTest::newRow("zero byte") << QByteArray("{}\0x", 4) << QByteArray("byte 3: not valid JSON, a zero byte");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}")
                                     << QByteArray("byte 1: not valid JSON, a byte order mark: send UTF-8 without one");
    QTest::newRow("not utf-8") << QByteArray("\"\xff\"") << QByteArray("byte 2: not valid JSON");
    QTest::newRow("lone surrogate") << QByteArray("\"\\ud800\"") << QByteArray("byte 8: not valid JSON");
    QTest::newRow("huge number") << QByteArray("1e999") << QByteArray("byte 5: not valid JSON");
    QTest::newRow("nan") << QByteArray("NaN") << QByteArray("byte 1: not valid JSON");
    QTest::newRow("comment") << QByteArray("/**/1") << QByteArray("byte 1: not valid JSON");
  }
  void refuses_what_is_not_one_json_text() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, message);
    QCOMPARE(QByteArray::fromStdString(message_of({text.data(), static_cast<size_t>(text.size())})), message);
  }

  void bounds_lists_texts_and_numbers() {
    JsonLimits limits;
    limits.max_list = 2;
    limits.max_text_bytes = 3;
    limits.max_magnitude = 100;
    QCOMPARE(message_of(R"([["abc",100],-100])", limits), std::string("accepted"));
    QCOMPARE(message_of("[1,2,3]", limits), std::string("a list has more than 2 values"));
    QCOMPARE(message_of("[[],[],[]]", limits), std::string("a list has more than 2 values"));
    QCOMPARE(message_of(R"({"a":1,"b":2,"c":3})", limits), std::string("accepted"));
    QCOMPARE(message_of(R"("abcd")", limits), std::string("a text is longer than 3 bytes"));
    QCOMPARE(message_of(R"({"abcd":1})", limits), std::string("a text is longer than 3 bytes"));
    for (const char* const number : {"101", "-101", "18446744073709551615", "-9223372036854775808", "1e308", "-100.5"})
      QCOMPARE(message_of(number, limits), std::string("a number is beyond what is taken"));
  }

  void shows_what_a_text_holds_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plain");
    const auto row = [](const char* name, const char* text, const char* plain) {
      QTest::newRow(name) << QByteArray(text) << QByteArray(plain);
    };
    row("ASCII", "a name,\n\twith lines <b>", "a name,\n\twith lines <b>");
    row("Hindi with joiners", "क्\u200Dष श्रीमान्\u200C जी 😀", "क्\u200Dष श्रीमान्\u200C जी 😀");
    row("turned round", "admin\u202Egnp\u202C", "admin\uFFFDgnp\uFFFD");
    row("isolates and marks", "\u2066a\u2069\u200E\u200F\u061C", "\uFFFDa\uFFFD\uFFFD\uFFFD\uFFFD");
    row("invisible", "a\u200Bb\u00ADc\uFEFFd\u2060e\u3164", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD");
    row("tags", "a\U000E0041", "a\uFFFD");
    row("control", "\x1b[31m\r\x07\x7f\u0085", "\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD");
    row("not UTF-8", "a\xC3(\xED\xA0\x80\xF5", "a\uFFFD(\uFFFD\uFFFD\uFFFD\uFFFD");
    row("cut", "\xE0\xA4", "\uFFFD\uFFFD");
    row("overlong", "\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD");
  }
  void shows_what_a_text_holds() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, plain);
    QCOMPARE(QByteArray::fromStdString(plain_text(text.toStdString())), plain);
    if (!is_utf8(text.toStdString())) return;
    std::string json;
    append_json_string(json, text.toStdString());
    JsonLimits limits;
    limits.plain_text = true;
    QCOMPARE(QByteArray::fromStdString(*parse_json(json, limits)->get_if<std::string>()), plain);
  }

  void bounds_depth_size_and_count() {
    QCOMPARE(message_of("[[1]]", {100, 2, 100}), std::string("accepted"));
    QCOMPARE(message_of("[[[1]]]", {100, 2, 100}), std::string("nested deeper than 2"));
    QCOMPARE(message_of("[1,2,3]", {100, 2, 3}), std::string("more than 3 values"));
    QCOMPARE(message_of("[1,2,3]", {6, 2, 9}), std::string("7 bytes of JSON, at most 6 are taken"));
    QCOMPARE(message_of(std::string(1U << 20, '[')), std::string("nested deeper than 16"));
    std::string wide = "{";
    for (int i = 0; i < 300; ++i) wide += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    QCOMPARE(message_of(wide + "}"), std::string("an object has more than 256 members"));
  }

  void escapes_what_it_writes() {
    std::string out;
    append_json_string(out, "a\"\\\n\x01\xe0\xa4\xb9");
    QCOMPARE(out, std::string("\"a\\\"\\\\\\n\\u0001\xe0\xa4\xb9\""));
    out.clear();
    append_json_string(out, "\xff");
    QCOMPARE(out, std::string("\"\xef\xbf\xbd\""));
    out.clear();
    append_json_number(out, 0.1);
    QCOMPARE(out, std::string("0.1"));
  }
};

QTEST_GUILESS_MAIN(JsonTest)
#include "json_test.moc"
