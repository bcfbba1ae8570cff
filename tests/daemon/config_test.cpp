// The settings: read from files over one another, checked, compared.
#include "daemon/config.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <utility>

using namespace tijori;

namespace {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// With one error, as a reload has.
Result<Config> load_config(const std::filesystem::path& file, ConfigFile presence) {
  auto config = read_config(file, presence);
  if (!config) return fail(config_error(config.error()));
  return *std::move(config);
}

}  // namespace

class ConfigTest : public QObject {
  Q_OBJECT

 private slots:
  void settings_come_from_files_and_say_so() {
    QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "tijorid.toml";
    write_text(file, "[limits]\nmax_requests = 7\n[audit]\npurposes = [\"triage\", \"billing\"]\n");
    write_text(file.parent_path() / "conf.d" / "10-site.toml", "[limits]\nmax_requests = 8\n");
    const auto config = load_config(file, ConfigFile::required);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->limits_max_requests, int64_t{8});
    QCOMPARE(config->audit_purposes.size(), size_t{2});
    for (const Setting& setting : config->settings) {
      if (setting.name == "limits.max_requests") QVERIFY(setting.source.ends_with("conf.d/10-site.toml:2"));
      if (setting.name == "engine.backend") QCOMPARE(setting.source, std::string("default"));
    }
    const auto other = load_config(file.parent_path() / "absent.toml", ConfigFile::optional);
    QVERIFY(other.has_value() && other->digest != Config().digest && other->limits_max_requests == 8);
    const auto differences = compare(*other, *config);
    QCOMPARE(differences.needs_restart, std::vector<std::string>{"audit.purposes"});
  }

  void settings_that_are_wrong_are_refused_with_their_line_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown") << "[limits]\nmax_requets = 7\n" << ":2: limits.max_requets: unknown setting";
    QTest::newRow("unknown section") << "\n[limit]\nx = 7\n" << ":2: limit: unknown setting";
    QTest::newRow("type") << "[limits]\nmax_requests = \"7\"\n" << ":2: limits.max_requests: expected an integer";
    QTest::newRow("range") << "[limits]\nmax_requests = 0\n" << "expected an integer from 1 to 90";
    QTest::newRow("choice") << "[engine]\nbackend = \"gpu\"\n" << "expected one of \"auto\", \"reference\"";
    QTest::newRow("list") << "[audit]\npurposes = [1]\n" << ":2: audit.purposes: expected a list of texts";
    QTest::newRow("in a list") << "[audit]\npurposes = [\n  \"triage\",\n  \"Some Text\",\n]\n"
                               << ":4: audit.purposes: expected a purpose";
    QTest::newRow("twice") << "[models]\nload = [\"demo\",\n\"demo\"]\n" << ":3: models.load: \"demo\" is there twice";
    QTest::newRow("alias") << "[models]\ndefault = \"../demo\"\n" << ":2: models.default: expected a model's alias";
    QTest::newRow("section as value") << "limits = 3\n" << ":1: limits: expected a section, [limits]";
    QTest::newRow("syntax") << "[limits\n" << ":1: ";
  }
  void settings_that_are_wrong_are_refused_with_their_line() {
    QFETCH(QString, text);
    QFETCH(QString, message);
    QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "tijorid.toml";
    write_text(file, text.toStdString());
    const auto config = load_config(file, ConfigFile::required);
    QVERIFY(!config.has_value());
    QVERIFY2(config.error().message.find(message.toStdString()) != std::string::npos, config.error().message.c_str());
    QVERIFY(config.error().message.starts_with(file.string()));
  }

  void everything_that_is_wrong_is_told_at_once_and_in_order() {
    QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "tijorid.toml";
    const auto drop_in = [&](const char* name) { return file.parent_path() / "conf.d" / name; };
    write_text(file, "[models]\nload = [\"A\"]\n[limits]\nmax_requets = 7\ndrain_s = \"x\"\n[audit]\npurposes = 3\n");
    write_text(drop_in("20-later.toml"), "[limits]\ndrain_s = 700\n");
    write_text(drop_in("10-syntax.toml"), "[limits]\nmax_requests = \n");
    write_text(drop_in("30-open.toml"), "");
    write_text(drop_in("readme.txt"), "not read");
    std::filesystem::permissions(drop_in("30-open.toml"), std::filesystem::perms(0666));
    std::filesystem::create_directory(drop_in("40-folder.toml"));
    const auto config = read_config(file, ConfigFile::required);
    QVERIFY(!config.has_value());
    QStringList told;
    for (const ConfigFault& fault : config.error())
      told +=
          QString::fromStdString(fault.text()).replace(QString::fromStdString(file.parent_path().string()) + '/', "");
    QCOMPARE(told.size(), qsizetype{8});
    for (const auto& [at, start] : std::initializer_list<std::pair<int, const char*>>{
             {0, "tijorid.toml:2: models.load: expected"},
             {1, "tijorid.toml:4: limits.max_requets: unknown setting"},
             {2, "tijorid.toml:5: limits.drain_s: expected an integer from 0 to 600"},
             {3, "tijorid.toml:7: audit.purposes: expected a list"},
             {4, "conf.d/10-syntax.toml:2: "},
             {5, "conf.d/20-later.toml:2: limits.drain_s: expected"},
             {6, "conf.d/30-open.toml: everybody on this machine may change it"},
             {7, "conf.d/40-folder.toml: not a file"}})
      QVERIFY2(told[at].startsWith(QLatin1String(start)), qPrintable(told[at]));
    const Error error = config_error(config.error());
    QCOMPARE(error.code, ErrorCode::invalid_argument);
    QVERIFY(error.message.ends_with("; and 5 more, see tijorid check-config"));
  }

  void a_reload_leaves_in_force_what_only_a_restart_can_change() {
    QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "tijorid.toml";
    write_text(file, "[limits]\nmax_requests = 7\n[engine]\nthreads = 2\n");
    const auto running = load_config(file, ConfigFile::required);
    write_text(file, "[engine]\nthreads = 3\n[limits]\nmax_requests = 8\n");
    const auto fresh = load_config(file, ConfigFile::required);
    QVERIFY(running && fresh);
    const Config after = after_reload(*running, *fresh);
    QCOMPARE(after.limits_max_requests, int64_t{8});
    QCOMPARE(after.engine_threads, int64_t{2});
    QVERIFY(after.digest != running->digest && after.digest != fresh->digest);
    for (const Setting& setting : after.settings) {
      if (setting.name == "limits.max_requests") QVERIFY(setting.value == "8" && is_live(setting));
      if (setting.name == "engine.threads") QVERIFY(setting.value == "2" && !is_live(setting));
    }
    // It is said again at the next reload, until the restart.
    const ReloadReply again = compare(after, *fresh);
    QCOMPARE(again.needs_restart, std::vector<std::string>{"engine.threads"});
    QVERIFY(again.changed.empty());
  }

  void a_required_settings_file_must_exist() {
    QVERIFY(load_config("/nonexistent/tijorid.toml", ConfigFile::optional).has_value());
    const auto missing = load_config("/nonexistent/tijorid.toml", ConfigFile::required);
    QVERIFY(!missing.has_value() && missing.error().code == ErrorCode::not_found);
  }
};

QTEST_GUILESS_MAIN(ConfigTest)
#include "config_test.moc"
