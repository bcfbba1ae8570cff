#include "daemon/guardrails/folded_text.h"

#include <QTest>
#include <random>
#include <string>
#include <vector>

#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"

using namespace tijori;

namespace {

// The plain meaning: every folded byte with the source character it comes from.
struct Plain {
  std::string folded;
  std::vector<TextSpan> origin;  // of each folded byte
  TextOffset end;
};

Plain fold_plainly(std::string_view source) {
  Plain plain;
  while (plain.end.byte < source.size()) {
    const Utf8Character c = first_character(source.substr(plain.end.byte));
    const bool whole = c.kind == Utf8Character::Kind::whole;
    const TextOffset begin = plain.end;
    plain.end.byte += whole ? c.length : 1;
    ++plain.end.code_point;
    const char32_t folded = whole ? fold_code_point(c.code_point) : 0xFFFD;
    if (folded != folds_away) append_utf8(plain.folded, folded);
    plain.origin.resize(plain.folded.size(), {begin, plain.end});
  }
  return plain;
}

std::string random_text(std::mt19937& random, size_t n_pieces) {
  static const std::vector<std::string> pieces = {"a",
                                                  "Z",
                                                  "plain Words ",
                                                  "9",
                                                  "९",
                                                  "९८७६",
                                                  "７",
                                                  "Ａ",
                                                  "é",
                                                  "É",
                                                  "ﬁ",
                                                  "ſ",
                                                  "K",
                                                  "नमस्ते ",
                                                  "क्\u200dष",
                                                  "\u200b",
                                                  "\u200b\u200b",
                                                  "\u00a0",
                                                  "\u00ad",
                                                  "\u202e",
                                                  "\U000e0041",
                                                  "\U0001f600",
                                                  "\U0001d7d8",
                                                  "\xff",
                                                  "\xe0\xa4",
                                                  "\xf0\x9f",
                                                  "\x80",
                                                  "Ⱥ",
                                                  "\n"};
  std::string text;
  for (size_t i = 0; i < n_pieces; ++i) {
    const std::string& piece = pieces[random() % pieces.size()];
    for (size_t n = random() % 40 == 0 ? 300 : 1; n > 0; --n) text += piece;
  }
  return text;
}

}  // namespace

class FoldedTextTest : public QObject {
  Q_OBJECT

 private slots:
  void folds_characters_data() {
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("folded");
    const auto row = [](const char* name, const char* source, const char* folded) {
      QTest::newRow(name) << QByteArray(source) << QByteArray(folded);
    };
    row("case", "Pan ABCPE1234F", "pan abcpe1234f");
    row("Devanagari digits", "१२३४ ५६७८", "1234 5678");
    row("digits of many scripts", "১৩੪૫୬௭౮೯൦᱑꯲۴", "134567890124");
    row("full width", "ＰＡＮ：ＡＢ１＠", "pan:ab1@");
    row("spaces", "1\u00a02\u20093\u202f4", "1 2 3 4");
    row("invisible",
        "9\u200b9\u200d9\ufeff9\u00ad9\u2066"
        "9",
        "999999");
    row("Devanagari stays", "आधार संख्या", "आधार संख्या");
    row("ill-formed",
        "a\xff"
        "b\xe0\xa4",
        "a\ufffdb\ufffd\ufffd");
    row("across a block", "ABCDEFGHIJKLMNOPQRSTUVWXYZ@[`{0123456789é", "abcdefghijklmnopqrstuvwxyz@[`{0123456789é");
  }
  void folds_characters() {
    QFETCH(QByteArray, source);
    QFETCH(QByteArray, folded);
    FoldedText text;
    text.append(source.toStdString());
    text.finish();
    QCOMPARE(QByteArray::fromStdString(std::string(text.view())), folded);
  }

  void leads_back_to_the_source_for_every_cut() {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
      const std::string source = random_text(random, 1 + random() % 60);
      const Plain plain = fold_plainly(source);
      FoldedText text;
      const size_t step = round % 3 == 0 ? source.size() : 1 + random() % 7;
      for (size_t at = 0; at < source.size(); at += step) {
        text.append(std::string_view(source).substr(at, step));
        if (random() % 4 == 0 && text.end() > text.begin()) {
          size_t keep = text.begin() + random() % (text.end() - text.begin() + 1);
          while (keep < text.end() && (static_cast<uint8_t>(text.view()[keep - text.begin()]) & 0xC0U) == 0x80) ++keep;
          text.forget(keep);
        }
      }
      text.finish();
      QCOMPARE(text.source_size(), source.size());
      QCOMPARE(text.end(), plain.folded.size());
      QCOMPARE(std::string(text.view()), plain.folded.substr(text.begin()));
      QCOMPARE(std::string(text.source()), source.substr(text.source_end(text.begin()).byte));
      for (size_t f = text.begin(); f < text.end(); ++f) {
        if ((static_cast<uint8_t>(plain.folded[f]) & 0xC0U) == 0x80) continue;
        QCOMPARE(text.source_begin(f), plain.origin[f].begin);
        if (f > 0) QCOMPARE(text.source_end(f), plain.origin[f - 1].end);
      }
      QCOMPARE(text.source_begin(text.end()), plain.end);
      if (!plain.folded.empty()) QCOMPARE(text.source_end(text.end()), plain.origin.back().end);
    }
  }

  void says_where_characters_vanished() {
    FoldedText text;
    text.append("a\u200b\u200db\U000e0041\ufe0f\u202e");
    QCOMPARE(text.vanished().size(), 2);
    QCOMPARE(text.vanished()[0].folded, 1);
    QCOMPARE(text.vanished()[0].n_characters, 2);
    QCOMPARE(text.source_span(1, 1), (TextSpan{{1, 1}, {7, 3}}));
    QCOMPARE(text.vanished()[1].n_tags, 1);
    QCOMPARE(text.vanished()[1].n_selectors, 1);
    QCOMPARE(text.vanished()[1].n_bidi_controls, 1);
    QCOMPARE(text.source_span(0, 2), (TextSpan{{0, 0}, {8, 4}}));
    QCOMPARE(text.source_begin(2), (TextOffset{8, 4}));
    text.forget(2);
    QCOMPARE(text.vanished().size(), 1);
    QCOMPARE(text.source().size(), 10);
    text.finish();
    QCOMPARE(text.source_span(2, 2), (TextSpan{{8, 4}, {18, 7}}));
  }

  void forgets_in_bounded_memory() {
    FoldedText text;
    for (int i = 0; i < 20'000; ++i) {
      text.append("नौ ९\u200b nine ");
      text.forget(text.end());
      QCOMPARE(text.source().size(), 0);
    }
    QCOMPARE(text.source_end(text.end()).byte, text.source_size());
  }
};

QTEST_GUILESS_MAIN(FoldedTextTest)
#include "folded_text_test.moc"
