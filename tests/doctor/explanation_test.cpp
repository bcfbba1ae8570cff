// The table of codes: each that can be found is explained, and each that is explained can be found.
#include "doctor/explanation.h"

#include <QDir>
#include <QRegularExpression>
#include <QtTest>
#include <set>

#include "base/file.h"

namespace tijori::test {

namespace {

constexpr uint64_t max_file_bytes = 1U << 20;

std::filesystem::path source_folder() {
  return qgetenv("TIJORI_SOURCE_DIR").toStdString();
}

QString text_of(const std::filesystem::path& file) {
  return QString::fromStdString(*read_file(file, max_file_bytes));
}

// What looks like a code in these sources: "draining", or words with hyphens between quotes.
std::set<std::string> codes_in(const std::vector<std::filesystem::path>& files) {
  static const QRegularExpression literal(QStringLiteral("\"(draining|[a-z]+(?:-[a-z]+)+)\""));
  static const std::set<std::string> others = {"systemd-coredump", "tijori-api", "tijori-admin"};
  std::set<std::string> codes;
  for (const auto& file : files) {
    auto found = literal.globalMatch(text_of(file));
    while (found.hasNext()) codes.insert(found.next().captured(1).toStdString());
  }
  for (const std::string& other : others) codes.erase(other);
  return codes;
}

std::string joined(const std::set<std::string>& codes) {
  std::string text;
  for (const std::string& code : codes) text += code + " ";
  return text;
}

}  // namespace

class ExplanationTest : public QObject {
  Q_OBJECT

 private slots:
  void each_code_has_a_meaning_and_a_fix() {
    for (const Explanation& each : explanations()) {
      QVERIFY2(each.meaning.ends_with('.') && each.fix.ends_with('.'), each.code.data());
      QVERIFY2(explanation_of(each.code) == &each, each.code.data());
    }
    QVERIFY(explanation_of("moon-full") == nullptr);
    QVERIFY(explanation_of("") == nullptr);
    QVERIFY(explanation_of("zzz") == nullptr);
  }

  void each_that_can_be_found_is_explained_and_the_other_way_round() {
    std::vector<std::filesystem::path> files = {source_folder() / "daemon/health.cpp"};
    for (const auto& folder : {source_folder() / "doctor", source_folder() / "cli"})
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        const bool is_of_cli = folder.filename() == "cli";
        if (name.ends_with(".cpp") && name != "explanation.cpp" && (!is_of_cli || name.starts_with("doctor")))
          files.push_back(entry.path());
      }
    std::set<std::string> explained;
    for (const Explanation& each : explanations()) explained.emplace(each.code);
    QCOMPARE(joined(codes_in(files)), joined(explained));
  }

  void the_page_of_the_api_lists_those_of_the_status() {
    static const QRegularExpression list(QStringLiteral("Condition:\\n.*\\n.*\\n +code: \\{ enum: \\[([^\\]]*)\\]"));
    const auto found = list.match(text_of(source_folder() / "docs/admin-api.yaml"));
    QVERIFY(found.hasMatch());
    std::set<std::string> listed;
    for (const QString& code : found.captured(1).simplified().split(QStringLiteral(", ")))
      listed.insert(code.toStdString());
    std::set<std::string> of_status;
    for (const Explanation& each : explanations())
      if (each.found_by == FoundBy::status) of_status.emplace(each.code);
    QCOMPARE(joined(listed), joined(of_status));
  }
};

}  // namespace tijori::test

QTEST_GUILESS_MAIN(tijori::test::ExplanationTest)
#include "explanation_test.moc"
