#include "daemon/guardrails/language.h"

#include <QTest>

using namespace tijori;

class LanguageTest : public QObject {
  Q_OBJECT

 private slots:
  void is_detected_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<Language>("language");
    const auto row = [](const char* text, Language language) { QTest::newRow(text) << text << language; };
    row("", Language::english);
    row("12345 !?", Language::english);
    row("What is the rate of interest on a fixed deposit?", Language::english);
    row("The main branch is par for the course; hum to me.", Language::english);
    row("Die Filiale ist geschlossen.", Language::english);
    row("मेरा खाता बंद करना है", Language::hindi);
    row("मेरा PAN card number ABCPE1234F update करना है", Language::hindi);
    row("Mera account band karna hai", Language::hinglish);
    row("PAN card update kaise karein?", Language::hinglish);
    row("bhai loan ka status kya hai, EMI kab katega", Language::hinglish);
    row("KYC pending dikha raha hai", Language::hinglish);
    row("Please explain what the Hindi word 'kya' means to a beginner in some detail.", Language::english);
  }
  void is_detected() {
    QFETCH(const QString, text);
    QFETCH(const Language, language);
    QCOMPARE(detect_language(text.toStdString()), language);
  }
  void is_detected_beside_a_key() {
    const std::string key =
        "\n-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAbcdefghijKLMNopqrstuvWXYZabcdefghijklmnopq\n"
        "-----END PRIVATE KEY-----\n";
    QCOMPARE(detect_language("कृपया यह कुंजी याद रखिए:" + key), Language::hindi);
    QCOMPARE(detect_language("Kya aap mera yeh key yaad kar sakte hain?" + key), Language::hinglish);
    QCOMPARE(detect_language("Please keep this:" + key), Language::english);
  }

  void the_end_of_a_long_text_counts() {
    std::string english;
    while (english.size() < 10'000) english += "an account ";
    QCOMPARE(detect_language(english + std::string(400, ' ') + std::string(1000, '.') + "मेरा खाता"), Language::english);
    std::string hindi;
    while (hindi.size() < 4096) hindi += "मेरा खाता ";
    QCOMPARE(detect_language(english + hindi), Language::hindi);
    QCOMPARE(detect_language(hindi + english), Language::english);
  }

  void has_names() {
    for (const Language language : all_languages) QCOMPARE(language_from_name(name_of(language)), language);
    QVERIFY(!language_from_name("de"));
  }
};

QTEST_GUILESS_MAIN(LanguageTest)
#include "language_test.moc"
