#include "daemon/guardrails/pattern.h"

#include <QTest>

#include "daemon/guardrails/fold.h"

using namespace tijori;

namespace {

std::string message_of(std::string_view text) {
  const auto pattern = Pattern::parse(text);
  return pattern ? "accepted" : pattern.error().message;
}

std::string nested(size_t depth, std::string_view before, std::string_view after) {
  std::string out;
  for (size_t i = 0; i < depth; ++i) out += before;
  out += 'a';
  for (size_t i = 0; i < depth; ++i) out += after;
  return out;
}

}  // namespace

class PatternTest : public QObject {
  Q_OBJECT

 private slots:
  void takes_what_the_language_has_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"abc",
                             "a|b",
                             "(a|b)c",
                             "a?b",
                             "a{3}",
                             "a{1,3}",
                             "[a-z0-9]{4}-x",
                             "[^,;]",
                             "[a-]",
                             "[-a]",
                             "\\d\\w\\s\\D\\W\\S",
                             "\\p{Devanagari}{2,5}",
                             "[\\p{Tamil}\\d]",
                             "\\P{Latin}",
                             "\\.\\*\\(\\[\\{\\\\",
                             "\\u{1F600}",
                             "आधार",
                             "a b",
                             "[\\]\\[\\^]",
                             ".{1,20}",
                             "((((a))))",
                             "\\t\\n\\r",
                             "पैन (कार्ड)?"})
      QTest::newRow(text) << QString::fromUtf8(text);
  }
  void takes_what_the_language_has() {
    QFETCH(QString, text);
    QCOMPARE(message_of(text.toStdString()), std::string("accepted"));
  }

  void says_where_and_what_to_write_instead_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("hint");
    const auto row = [](const char* text, const char* begin, const char* hint) {
      QTest::newRow(text) << QByteArray(text) << QByteArray(begin) << QByteArray(hint);
    };
    row("", "the pattern is empty", "at least one character");
    row("ab+", "offset 2: '+'", "{1,20}");
    row("a*", "offset 1: '*'", "{0,20}");
    row("a{2,}", "offset 1: {n,}", "{n,m}");
    row("a{2}+", "offset 4: '+'", "{1,20}");
    row("a{3,2}", "offset 1:", "larger than the second");
    row("a{0}", "offset 1:", "leave both out");
    row("a{,3}", "offset 1:", "\\{");
    row("a{9999999999999}", "offset 1:", "repetitions");
    row("a??", "offset 2:", "group");
    row("?a", "offset 0:", "nothing before");
    row("*a", "offset 0:", "nothing before");
    row("(?:a)", "offset 0:", "plain group");
    row("a(?=b)", "offset 1:", "plain group");
    row("^a", "offset 0:", "anchors");
    row("a$", "offset 1:", "anchors");
    row("\\bpan", "offset 0:", "whole_words");
    row("(a)\\1", "offset 3:", "back-references");
    row("\\q", "offset 0:", "known");
    row("a\\", "offset 1:", "\\\\");
    row("(a", "offset 0:", "\\(");
    row("a)", "offset 1:", "\\)");
    row("[a", "offset 0:", "\\[");
    row("[]", "offset 0:", "empty class");
    row("a]", "offset 1:", "closes nothing");
    row("[z-a]", "offset 1:", "backwards");
    row("[\\d-z]", "offset 1:", "range");
    row("[[:alpha:]]", "offset 1:", "don't nest");
    row("\\p{Klingon}", "offset 0:", "Devanagari");
    row("\\u{110000}", "offset 0:", "no such character");
    row("\\u{d800}", "offset 0:", "no such character");
    row("\\u{}", "offset 0:", "hexadecimal");
    row("a?", "the pattern can match nothing", "obligatory");
    row("a||b", "the pattern can match nothing", "obligatory");
    row("(a|b?)", "the pattern can match nothing", "obligatory");
    row("[\\d\\D]{512}", "a match can be more", "bound");
    row("(((a{100}){100}){100}){100}", "a match can be more", "bound");
    row("(\\w|\\p{Latin}|\\p{Arabic}){120}", "its automaton", "narrower");
    row("a\xff", "the pattern isn't", "UTF-8");
    row("\xe2\x80\x8b", "the pattern is empty", "at least one");
    row("\xe2\x80\x8b{3}", "offset 0:", "empty once folded");
    row("[\xe2\x80\x8b]", "offset 0:", "matches nothing");
  }
  void says_where_and_what_to_write_instead() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, hint);
    const auto message = QByteArray::fromStdString(message_of({text.data(), static_cast<size_t>(text.size())}));
    QVERIFY2(message.startsWith(begin) && message.contains(hint), message);
  }

  void bounds_length_and_nesting() {
    QVERIFY(message_of(std::string(size_t{1} << 20, 'a')).contains("at most 4096"));
    QCOMPARE(message_of(nested(32, "(", ")")), std::string("accepted"));
    QVERIFY(message_of(nested(100, "(", ")")).contains("nested deeper than 32"));
    QVERIFY(message_of(nested(300, "(a?", "){1,9}")).contains("nested deeper than 32"));
  }

  void folds_as_text_is_folded() {
    const auto same = [](std::string_view a, std::string_view b) {
      return Pattern::parse(a).value().byte_regex(Pattern::Precision::close) ==
             Pattern::parse(b).value().byte_regex(Pattern::Precision::close);
    };
    QVERIFY(same("PAN", "pan"));
    QVERIFY(same("१२३", "123"));
    QVERIFY(same("ＡＢＣ", "abc"));
    QVERIFY(
        same("a\xe2\x80\x8b"
             "b",
             "ab"));
    QVERIFY(same("[A-Z]", "[a-z]"));
    QVERIFY(same("[^A]", "[^a]"));
    QVERIFY(same("[०-९]", "\\d"));
    QVERIFY(same("[^०-९]", "\\D"));
    QVERIFY(!same("[\\p{Devanagari}]", "[\\p{Devanagari}0]"));
  }

  // The table of changes that classes use leaves out wide stretches: they have to be free of changes indeed.
  void a_class_folds_each_of_its_members() {
    CodePointSet all;
    all.add(0, 0x10FFFF);
    CodePointSet expected;
    std::vector<bool> is_image(0x110000, false);
    for (char32_t c = 0; c <= 0x10FFFF; ++c)
      if (const char32_t to = fold_code_point(c); to != folds_away) is_image[to] = true;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      char32_t last = c;
      while (last + 1 <= 0x10FFFF && is_image[last + 1] == is_image[c]) ++last;
      if (is_image[c]) expected.add(c, last);
      c = last;
    }
    QVERIFY(all.folded() == expected);
    for (char32_t c = 0; c <= 0x10FFFF; ++c)
      if (is_image[c]) QVERIFY2(fold_code_point(c) == c, qPrintable(QString::number(c, 16)));
  }

  void its_bytes_are_its_code_points() {
    CodePointSet set;
    set.add(0x61, 0x7A);
    set.add(0x3F0, 0x812);
    set.add(0xFFF0, 0x10005);
    size_t count = 0;
    for (const ByteSequence& sequence : set.byte_sequences()) {
      size_t ways = 1;
      for (size_t i = 0; i < sequence.length; ++i) ways *= size_t{sequence.bytes[i].last} - sequence.bytes[i].first + 1;
      count += ways;
    }
    QCOMPARE(count, set.size());
    QCOMPARE(set.complement().complement(), set);
    QCOMPARE(CodePointSet().complement().byte_sequences().size(), size_t{4});
  }

  void knows_what_makes_it_too_broad_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("run");
    QTest::addColumn<int>("least");
    QTest::addColumn<bool>("space");
    const auto row = [](const char* text, int run, int least, bool space) {
      QTest::newRow(text) << QString(text) << run << least << space;
    };
    row("abc", 3, 3, false);
    row("\\d{4}", 0, 4, false);
    row("ab\\dcde", 3, 6, false);
    row("abc|xy", 2, 2, false);
    row("(abc|xyz)q", 4, 4, false);
    row("a(bc){2}d", 6, 6, false);
    row("a(bc){1,2}d", 3, 4, false);
    row("ab?c", 1, 2, false);
    row("\\s{2}", 0, 2, true);
    row("\\s|x", 0, 1, true);
    row(".{1,5}", 0, 1, true);
    row("\\s\\d?", 0, 1, true);
  }
  void knows_what_makes_it_too_broad() {
    QFETCH(QString, text);
    QFETCH(int, run);
    QFETCH(int, least);
    QFETCH(bool, space);
    const Pattern pattern = Pattern::parse(text.toStdString()).value();
    QCOMPARE(static_cast<int>(pattern.fixed_run()), run);
    QCOMPARE(static_cast<int>(pattern.min_characters()), least);
    QCOMPARE(pattern.can_match_space_only(), space);
  }

  void literals_are_folded() {
    QCOMPARE(fold_literal("PAN १२").value(), std::string("pan 12"));
    QVERIFY(!fold_literal("").has_value());
    QVERIFY(!fold_literal("\xe2\x80\x8b").has_value());
    QVERIFY(!fold_literal("\xff").has_value());
    QVERIFY(fold_literal(std::string(max_literal_bytes, 'a')).has_value());
    QVERIFY(!fold_literal(std::string(max_literal_bytes + 1, 'a')).has_value());
  }
};

QTEST_GUILESS_MAIN(PatternTest)
#include "pattern_test.moc"
