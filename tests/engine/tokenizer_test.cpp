#include "engine/tokenizer.h"

#include <QElapsedTimer>
#include <QtTest>

#include "engine/utf8.h"
#include "tests/support/golden.h"
#include "tests/support/tokenizers.h"

using namespace tijori;
using namespace tijori::test;

namespace {

QString joined(const std::vector<std::string_view>& pieces) {
  QStringList list;
  for (const std::string_view piece : pieces) list << QString::fromUtf8(piece.data(), qsizetype(piece.size()));
  return list.join('|');
}

Tokenizer make(const TokenizerSource& source) {
  auto tokenizer = Tokenizer::create(source.data());
  if (!tokenizer) qFatal("%s", tokenizer.error().message.c_str());
  return *std::move(tokenizer);
}

// Text from many scripts: the same every time.
class TextMaker {
 public:
  std::string next() {
    std::u32string text;
    const size_t length = random() % 60;
    static const std::u32string_view pools[] = {U"abcXYZ 's'T'll'RE",    U" \t\n\r\u00a0\u2003\u3000\u0085",
                                                U"नमस्ते हिन्दी में",         U"สวัสดีครับ",
                                                U"e\u0301a\u0300\u0327", U"0123٣५²Ⅷ",
                                                U"/\r\n.,!?-_(",         U"ǅǈʰªſÀß",
                                                U"你好世界한국어",       U"👩\u200d👩\u200d👧🦙\ufe0f𐐀𝒜"};
    for (size_t i = 0; i < length; ++i) {
      const std::u32string_view pool = pools[random() % std::size(pools)];
      text += pool[random() % pool.size()];
    }
    return QString::fromStdU32String(text).toStdString();
  }

 private:
  uint64_t random() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 33;
  }
  uint64_t state_ = 7;
};

}  // namespace

class TokenizerTest : public QObject {
  Q_OBJECT

 private slots:
  void splits_text_into_pieces_data() {
    QTest::addColumn<QString>("pre");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("pieces");
    const auto row = [](const char* pre, const QString& text, const QString& pieces) {
      QTest::addRow("%s: %s", pre, qPrintable(text.toHtmlEscaped().replace('\n', "\\n"))) << pre << text << pieces;
    };
    row("llama4", "Hello, world!", "Hello|,| world|!");
    row("llama4", "I'VE don't DON'T", "I'VE| don't| DON'T");
    row("llama4", "camelCaseABCdef XMLHttp", "camel|Case|ABCdef| XMLHttp");
    row("llama4", "12345", "123|45");
    row("llama4", "a//b/\r\nc", "a|//|b|/\r\n|c");
    row("llama4", "x  \n\n  y", "x|  \n\n| | y");
    row("llama4", "a   ", "a|   ");
    row("llama4", QString::fromUtf8("हिन्दी में"), QString::fromUtf8("हिन्दी| में"));
    row("llama4", QString::fromUtf8("a\u0301bc"), QString::fromUtf8("a\u0301bc"));
    row("llama4", QString::fromUtf8("\u0301ABC"), QString::fromUtf8("\u0301|ABC"));
    row("llama4", QString::fromUtf8("ABªCD"), QString::fromUtf8("ABª|CD"));
    row("llama4", QString::fromUtf8("it'\u017f"), QString::fromUtf8("it'\u017f"));
    row("llama-bpe", "I'VE don't a/\r\nb", "I|'VE| don|'t| a|/\r\n|b");
    row("llama-bpe", "camelCase 1234 x\n\n y", "camelCase| |123|4| x|\n\n| y");
    row("gpt-2", "I'VE don't 1234\n\n  y", "I|'|VE| don|'t| 1234|\n\n | y");
    row("smollm", "a 12  3b", "a| |1|2|  |3|b");
    row("smollm", "don't \n x", "don|'t| \n| x");
  }

  void splits_text_into_pieces() {
    QFETCH(QString, pre);
    QFETCH(QString, text);
    QFETCH(QString, pieces);
    const std::string bytes = text.toStdString();
    const auto found = pretokenize(*find_pretokenizer(pre.toStdString()), bytes);
    QVERIFY(found);
    QCOMPARE(joined(*found), pieces);
  }

  void pieces_together_are_the_text() {
    TextMaker maker;
    for (int i = 0; i < 500; ++i) {
      const std::string text = maker.next();
      for (const Pretokenizer kind :
           {Pretokenizer::llama4, Pretokenizer::llama_bpe, Pretokenizer::gpt2, Pretokenizer::smollm}) {
        const auto pieces = pretokenize(kind, text);
        QVERIFY(pieces);
        std::string whole;
        for (const std::string_view piece : *pieces) {
          QVERIFY(!piece.empty());
          whole += piece;
        }
        QCOMPARE(whole, text);
      }
    }
  }

  void refuses_an_unknown_pre_tokenizer_by_name() {
    const auto found = find_pretokenizer("deepseek-v3");
    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::unsupported);
    QVERIFY(found.error().message.find("deepseek-v3") != std::string::npos);
  }

  void merges_the_lowest_rank_first() {
    const Tokenizer tokenizer = make(byte_tokenizer("gpt-2"));
    const auto text_of = [&](std::string_view text) {
      QStringList parts;
      const auto tokens = tokenizer.encode(text);
      for (const TokenId token : *tokens) parts << QString::fromStdString(std::string(tokenizer.bytes_of(token)));
      return parts.join('|');
    };
    QCOMPARE(text_of("hello"), "hello");
    QCOMPARE(text_of("a hello"), "a| hello");
    QCOMPARE(text_of("hel"), "he|l");
    QCOMPARE(text_of("aaaaaaa"), "aaaa|aa|a");
  }

  void decodes_what_it_encoded() {
    TextMaker maker;
    for (const char* pre : {"llama4", "llama-bpe", "gpt-2", "smollm"}) {
      const Tokenizer tokenizer = make(byte_tokenizer(pre));
      for (int i = 0; i < 200; ++i) {
        const std::string text = maker.next();
        const auto tokens = tokenizer.encode(text);
        QVERIFY(tokens);
        QCOMPARE(tokenizer.decode(*tokens), text);
      }
    }
  }

  void names_the_byte_that_is_not_utf8_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::newRow("stray continuation") << QByteArray("ab\x80") << 2;
    QTest::newRow("cut sequence") << QByteArray("abc\xE0\xA4") << 3;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 0;
    QTest::newRow("overlong") << QByteArray("x\xC0\xAF") << 1;
    QTest::newRow("beyond Unicode") << QByteArray("xy\xF4\x90\x80\x80") << 2;
  }

  void names_the_byte_that_is_not_utf8() {
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    const auto tokens = make(byte_tokenizer()).encode(text.toStdString());
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().code, ErrorCode::malformed);
    QCOMPARE(tokens.error().message, "text: byte " + std::to_string(offset) + " is not UTF-8");
  }

  void never_makes_a_control_token_of_text() {
    const Tokenizer tokenizer = make(byte_tokenizer());
    const auto tokens = tokenizer.encode("<|eot|><|begin_of_text|>");
    QVERIFY(tokens);
    for (const TokenId token : *tokens) QVERIFY(!tokenizer.is_special(token));
    QCOMPARE(tokenizer.decode(*tokens), "<|eot|><|begin_of_text|>");
    QCOMPARE(tokenizer.decode(std::vector<TokenId>{*tokenizer.find_special("<|eot|>")}), "");
  }

  void leaves_out_bytes_without_a_token() {
    const Tokenizer tokenizer = make(tiny_tokenizer());
    QCOMPARE(tokenizer.decode(*tokenizer.encode("the Big cat")), "the ig cat");
  }

  void refuses_a_bad_vocabulary_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("message");
    QTest::newRow("no tokens") << 0 << "tokenizer.ggml.tokens: 0 entries";
    QTest::newRow("types missing") << 1 << "tokenizer.ggml.token_type: 1 entries";
    QTest::newRow("merge without space") << 2 << "tokenizer.ggml.merges: entry 10: expected two tokens";
    QTest::newRow("merge of unknown tokens") << 3 << "entry 10: a token of it is not in the vocabulary";
    QTest::newRow("merge not in the spelling") << 4 << "entry 10: the left token is not in GPT-2's spelling";
    QTest::newRow("bos outside") << 5 << "tokenizer.ggml.bos_token_id: 100000 is outside";
  }

  void refuses_a_bad_vocabulary() {
    QFETCH(int, fault);
    QFETCH(QString, message);
    TokenizerSource source = byte_tokenizer();
    switch (fault) {
      case 0:
        source.tokens.clear();
        break;
      case 1:
        source.types.resize(1);
        break;
      case 2:
        source.merges.emplace_back("ab");
        break;
      case 3:
        source.merges.emplace_back("q z");
        break;
      case 4:
        source.merges.emplace_back("\xE4\xBD\xA0 a");
        break;
      default:
        source.bos = 100000;
        break;
    }
    const auto tokenizer = Tokenizer::create(source.data());
    QVERIFY(!tokenizer);
    QCOMPARE(tokenizer.error().code, ErrorCode::malformed);
    QVERIFY2(QString::fromStdString(tokenizer.error().message).contains(message), tokenizer.error().message.c_str());
  }

  // Quadratic merging or matching would take minutes here.
  void takes_a_megabyte_of_one_letter() {
    const Tokenizer tokenizer = make(byte_tokenizer());
    QElapsedTimer timer;
    timer.start();
    for (const char* unit : {"a", "A", " ", "\n ", "!", "\xCC\x81"}) {
      std::string text;
      while (text.size() < (1U << 20)) text += unit;
      const auto tokens = tokenizer.encode(text);
      QVERIFY(tokens);
      QCOMPARE(tokenizer.decode(*tokens).size(), text.size());
    }
    QVERIFY2(timer.elapsed() < 60'000, "tokenising 6 MiB took over a minute");
  }

  void matches_the_published_ids_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ids");
    const auto row = [](const char* text, const char* ids) { QTest::newRow(text) << QString::fromUtf8(text) << ids; };
    row("Hello world", "19873 3817");
    row("Hello, world!", "19873 24 3817 13");
    row(" Hello", "39715");
    row("\n\n", "368");
    row("\n", "198");
    row(" ", "220");
    row("  ", "256");
    row("   a", "256 262");
    row("a   ", "77 277");
    row("\t\t\n  x", "4615 220 831");
    row("user", "1556");
    row("assistant", "140680");
    row("system", "15651");
    row("ipython", "607 6934");
    row("You are a helpful assistant", "4662 583 262 19933 43910");
    row("How many r's are in strawberry?", "3612 2233 380 948 583 310 136789 43");
    row("3.14159 1234567 2024-08-01", "31 26 13944 3933 220 7235 19596 35 220 837 32 25 2834 25 1761");
    row("I'VE don't DON'T we'll", "53 19 20221 5863 93885 59842 31519");
    row("naïve café ÀÉÎ façade", "1499 164301 49652 29486 9054 53513 176019");
    row("a\u0301bc", "77 7908 15641");
    row("ЁЖИК ёжик", "167476 14892 113838 53922 2697 357");
    row("你好，世界！", "5098 4219 586 14287 7346");
    row("हिन्दी में", "2471 9028 98999 4231");
    row("สวัสดีครับ", "2585 39174 2585 26361 101301");
    row("emoji 🦙🚀👩‍👩‍👧", "80484 9522 112 247 114590 222 65906 115 12817 65906 115 12817 65906 113");
    row("    indented\n\tcode();\r\n", "277 1747 21565 198 106572 4878 13266");
    row("https://www.llama.com/docs//x", "2271 1050 2901 122423 2587 1127 24755 405 100");
    row("[get_weather(city=\"San Francisco\"), get_weather(city=\"Seattle\")]",
        "193913 191381 103469 508 33300 20748 9811 872 191381 103469 508 190860 59971");
    row("{\"name\": \"get_weather\", \"parameters\": {\"city\": \"SF\"}}",
        "7564 946 1217 392 555 191381 706 392 16866 1217 11906 23496 1217 392 39790 52121");
    row("Environment: ipython\n", "22937 38 597 14343 198");
    row("unsafe\nS1,S9", "72110 198 63 29 36001 37");
    row("<|eot|>", "40 104 81 359 159276");
  }

  void matches_the_published_ids() {
    const auto golden = golden_directory();
    if (!golden) QSKIP(golden_absent);
    static const auto published = published_llama4(*golden / "llama4_tokenizer.model");
    if (!published) QSKIP("llama4_tokenizer.model is absent from the golden files");
    static const Tokenizer tokenizer = make(*published);
    QFETCH(QString, text);
    QFETCH(QString, ids);
    const auto tokens = tokenizer.encode(text.toStdString());
    QVERIFY(tokens);
    QStringList found;
    for (const TokenId token : *tokens) found << QString::number(token);
    QCOMPARE(found.join(' '), ids);
    QCOMPARE(tokenizer.decode(*tokens), text.toStdString());
  }

  void assembles_utf8_across_pieces() {
    const std::string text = "aé€😀z";
    for (size_t step = 1; step <= 4; ++step) {
      Utf8Assembler assembler;
      std::string out;
      for (size_t i = 0; i < text.size(); i += step) {
        const std::string piece = assembler.push(std::string_view(text).substr(i, step));
        QVERIFY(is_utf8(piece));
        out += piece;
      }
      QCOMPARE(out + assembler.flush(), text);
    }
  }

  void replaces_what_is_no_utf8() {
    Utf8Assembler assembler;
    QCOMPARE(assembler.push("a\xFF"
                            "b\xE0\xA4"),
             "a\uFFFD"
             "b");
    QCOMPARE(assembler.push("c"),
             "\uFFFD"
             "c");
    QCOMPARE(assembler.push("\xF0\x9F"), "");
    QCOMPARE(assembler.flush(), "\uFFFD");
    QCOMPARE(assembler.flush(), "");
  }
};

QTEST_GUILESS_MAIN(TokenizerTest)
#include "tokenizer_test.moc"
