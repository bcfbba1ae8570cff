// Text forms of bytes, checked reading, UTF-8.
#include "base/bytes.h"

#include <QTest>

using namespace tijori;

class BytesTest : public QObject {
  Q_OBJECT
 private slots:
  void base64_follows_rfc_4648_data() {
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("coded");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("f") << QByteArray("f") << QByteArray("Zg==");
    QTest::newRow("fo") << QByteArray("fo") << QByteArray("Zm8=");
    QTest::newRow("foo") << QByteArray("foo") << QByteArray("Zm9v");
    QTest::newRow("foob") << QByteArray("foob") << QByteArray("Zm9vYg==");
    QTest::newRow("high bytes") << QByteArray("\xff\xfe\xfd", 3) << QByteArray("//79");
  }
  void base64_follows_rfc_4648() {
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, coded);
    QCOMPARE(to_base64(as_bytes(plain.toStdString())), coded.toStdString());
    const auto back = from_base64(coded.toStdString());
    QVERIFY(back.has_value());
    QCOMPARE(std::string(as_text(*back)), plain.toStdString());
  }
  void base64_refuses_what_has_a_second_spelling() {
    for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm 9v", "Zm9v\n", "=Zm9", "Zg==Zg=="}) {
      QVERIFY2(!from_base64(text).has_value(), text);
    }
  }
  void hex_goes_both_ways_and_refuses_the_rest() {
    QCOMPARE(to_hex(*from_hex("00ffA5")), std::string("00ffa5"));
    for (const char* text : {"0", "0g", "0x", " 00"}) QVERIFY2(!from_hex(text).has_value(), text);
  }
  void a_reader_says_where_bytes_are_missing() {
    const Bytes bytes = {1, 0, 0, 0, 9};
    ByteReader reader(bytes);
    QCOMPARE(*reader.little_endian<uint32_t>("count"), 1U);
    const auto missing = reader.little_endian<uint64_t>("offset");
    QVERIFY(!missing.has_value());
    QCOMPARE(missing.error().code, ErrorCode::malformed);
    QCOMPARE(missing.error().message, std::string("offset 4: offset needs 8 bytes, 1 are left"));
    QVERIFY(!reader.take(UINT64_MAX, "string").has_value());
    QCOMPARE(reader.offset(), size_t{4});
  }
  void utf8_is_what_rfc_3629_says_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::newRow("ascii") << QByteArray("abc") << true;
    QTest::newRow("hindi") << QByteArray("हिन्दी") << true;
    QTest::newRow("last code point") << QByteArray("\xf4\x8f\xbf\xbf") << true;
    QTest::newRow("too high") << QByteArray("\xf4\x90\x80\x80") << false;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << false;
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << false;
    QTest::newRow("overlong three") << QByteArray("\xe0\x9f\xbf") << false;
    QTest::newRow("stray continuation") << QByteArray("\x80") << false;
    QTest::newRow("cut") << QByteArray("\xe0\xa4") << false;
  }
  void utf8_is_what_rfc_3629_says() {
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QCOMPARE(is_utf8(text.toStdString()), valid);
  }
  void a_prefix_ends_between_characters() {
    const std::string text = "aहि";
    const size_t ends[] = {0, 1, 1, 1, 4, 4, 4, 7};
    for (size_t i = 0; i <= text.size(); ++i) QCOMPARE(complete_utf8_prefix(text.substr(0, i)), ends[i]);
    QCOMPARE(complete_utf8_prefix("a\xff"), size_t{2});
  }
};

QTEST_GUILESS_MAIN(BytesTest)
#include "bytes_test.moc"
