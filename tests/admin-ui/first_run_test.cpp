// From nothing to connected: the four steps by keyboard and mouse, with the very command that is shown, on a real
// appliance.
#include "admin-ui/client/first_run.h"

#include <QProcess>
#include <QTemporaryDir>

#include "admin-ui/views/connect_view.h"
#include "admin-ui/views/first_run_view.h"
#include "admin-ui/views/parts/command_box.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

namespace {

constexpr const char* authority_passphrase = "four brass keys turn";
constexpr const char* own_passphrase = "monsoon ledger";

Secret secret(const char* text) {
  const ByteView bytes = as_bytes(text);
  return Secret(Bytes(bytes.begin(), bytes.end()));
}

}  // namespace

class FirstRunTest : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    place_ = std::make_unique<QTemporaryDir>(QStringLiteral("/tmp/tijori-first-XXXXXX"));
    QDir(FirstRunStore::default_folder()).removeRecursively();
    QFile::remove(ApplianceStore::default_file());
  }
  void cleanup() {
    if (daemon_.state() == QProcess::NotRunning) return;
    daemon_.terminate();
    QVERIFY(daemon_.waitForFinished(patience_ms(30)));
  }

  void leads_from_nothing_to_connected() {
    ConsoleUser user;
    make_authority(user);
    make_certificate(user);

    // The carried folder, as it would lie on the appliance.
    const FirstRun run = first_run(user);
    const auto copied = copy_carried(run, place_->path());
    QVERIFY2(copied.has_value(), copied ? "" : copied.error().message.c_str());
    QVERIFY(user.type_into(QStringLiteral("firstrun.folder-there"), *copied));
    QVERIFY(user.type_into(QStringLiteral("firstrun.root-there"), root()));
    const QString command = box(user, "firstrun.command")->command();
    QCOMPARE(command, QStringLiteral("tijorid --root %1 enrol %2").arg(root(), *copied));
    const auto [code, said] = run_in_shell(command);
    QVERIFY2(code == 0, qPrintable(said));

    // What the command says is what the window shows.
    const QStringList fingerprint = fingerprint_lines(run.sha256);
    for (const QString& line : fingerprint) {
      QVERIFY2(said.contains(line), qPrintable(said));
      QVERIFY(user.reads(line));
    }
    QVERIFY(user.click(QStringLiteral("firstrun.matches")));

    start_daemon();
    QVERIFY(user.type_into(QStringLiteral("firstrun.passphrase"), QStringLiteral("not this one")));
    QVERIFY(user.click(QStringLiteral("firstrun.go")));
    QVERIFY(user.wait_to_read(QStringLiteral("passphrase of anita.p12 is wrong")));
    QVERIFY(user.type_into(QStringLiteral("firstrun.passphrase"), QLatin1String(own_passphrase)));
    QVERIFY(user.click(QStringLiteral("firstrun.go")));
    QVERIFY(QTest::qWaitFor([&] { return user.window().session() != nullptr; }, patience_ms(20)));
    QVERIFY(user.wait_to_read(QStringLiteral("anita")));
    QCOMPARE(user.window().session()->capabilities()->client, std::string("anita"));

    // What is left: the saved appliance, and nothing of what was carried.
    QVERIFY(!QFileInfo::exists(run.carried));
    QVERIFY(!FirstRunStore(FirstRunStore::default_folder()).load());
    const auto saved = ApplianceStore(ApplianceStore::default_file()).load();
    QVERIFY(saved.has_value());
    QCOMPARE(saved->size(), size_t{1});
    QCOMPARE(saved->front().name, QStringLiteral("tijori-mum-02"));
    QVERIFY(saved->front().last_seen_us > 0);
  }

  void can_be_left_and_gone_on_with() {
    {
      ConsoleUser user;
      make_authority(user);
    }
    {
      ConsoleUser user;
      QVERIFY(user.wait_to_read(QStringLiteral("Step 2 of 4")));
      make_certificate(user);
    }
    ConsoleUser user;
    QVERIFY(user.wait_to_read(QStringLiteral("Step 3 of 4")));
    QVERIFY(user.click(QStringLiteral("firstrun.leave")));
    QVERIFY(user.wait_for(QStringLiteral("connect.set-up")) != nullptr);
    QVERIFY(user.click(QStringLiteral("connect.set-up")));
    QVERIFY(user.wait_to_read(QStringLiteral("Step 3 of 4")));
    QVERIFY(user.click(QStringLiteral("firstrun.differs")));
    QVERIFY(user.wait_to_read(QStringLiteral("do not go on")));
    // Nothing secret is in what is remembered.
    QFile state(FirstRunStore::default_folder() + QStringLiteral("/first-run.json"));
    QVERIFY(state.open(QIODevice::ReadOnly));
    const QByteArray text = state.readAll();
    QVERIFY(!text.contains(authority_passphrase) && !text.contains(own_passphrase));
    QCOMPARE(state.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    // What is gone is not counted as done.
    QDir(place_->filePath(QStringLiteral("ca"))).removeRecursively();
    QCOMPARE(FirstRunStore(FirstRunStore::default_folder()).load()->step, FirstStep::authority);
  }

  void asks_again_for_what_is_missing_or_wrong() {
    ConsoleUser user;
    QVERIFY(user.click(QStringLiteral("firstrun.go")));
    QVERIFY(user.wait_to_read(QStringLiteral("Give the appliance a name.")));
    fill_authority(user, "short", "short");
    QVERIFY(user.wait_to_read(QStringLiteral("too short")));
    fill_authority(user, authority_passphrase, "four brass keys burn");
    QVERIFY(user.wait_to_read(QStringLiteral("differ")));
    QVERIFY(!QFileInfo::exists(place_->filePath(QStringLiteral("ca"))));
    make_authority(user);
    fill_certificate(user, "not the one", own_passphrase);
    QVERIFY(user.wait_to_read(QStringLiteral("not the CA's passphrase")));
    QVERIFY(user.reads(QStringLiteral("Step 2 of 4")));
  }

  void uses_the_authority_and_the_certificate_that_are_there() {
    FirstRun first;
    first.appliance = QStringLiteral("one");
    first.administrator = QStringLiteral("anita");
    first.roles = {QStringLiteral("operator")};
    first.authority_name = QStringLiteral("Site CA");
    first.authority_folder = place_->filePath(QStringLiteral("ca"));
    const QString folder = place_->filePath(QStringLiteral("data"));
    QVERIFY(make_site_authority(first, secret(authority_passphrase)).has_value());
    QCOMPARE(make_certificates(first, folder, 30, secret("not the one"), secret(own_passphrase)).error().code,
             ErrorCode::permission_denied);
    QVERIFY(!QFileInfo::exists(folder + QStringLiteral("/anita.p12")));
    QVERIFY(make_certificates(first, folder, 30, secret(authority_passphrase), secret(own_passphrase)).has_value());

    FirstRun second;
    second.appliance = QStringLiteral("two");
    second.administrator = QStringLiteral("anita");
    second.authority_folder = first.authority_folder;
    QCOMPARE(make_site_authority(second, secret(authority_passphrase)).error().code, ErrorCode::already_exists);
    QVERIFY(use_site_authority(second).has_value());
    QCOMPARE(second.authority_name, QStringLiteral("Site CA"));
    QVERIFY(has_identity(second, folder));
    QVERIFY(make_certificates(second, folder, 30, secret(authority_passphrase), Secret()).has_value());
    QCOMPARE(second.sha256, first.sha256);
    QCOMPARE(second.roles, first.roles);
    QVERIFY(second.carried != first.carried);
    // Its PKCS#12 file gone, the name can't be given to another key unnoticed.
    QVERIFY(QFile::remove(second.identity));
    QVERIFY(!has_identity(second, folder));
    QCOMPARE(make_certificates(second, folder, 30, secret(authority_passphrase), secret(own_passphrase)).error().code,
             ErrorCode::already_exists);
  }

 private:
  QString root() const { return place_->filePath(QStringLiteral("root")); }
  static FirstRun first_run(ConsoleUser& user) { return user.window().findChild<ConnectView*>()->first_run()->run(); }
  static CommandBox* box(ConsoleUser& user, const char* name) {
    return qobject_cast<CommandBox*>(user.wait_for(QLatin1String(name)));
  }

  void fill_authority(ConsoleUser& user, const char* passphrase, const char* again) {
    QVERIFY(user.type_into(QStringLiteral("firstrun.appliance"), QStringLiteral("tijori-mum-02")));
    QVERIFY(user.type_into(QStringLiteral("firstrun.authority-name"), QStringLiteral("Sahyadri Bank, Tijori CA")));
    QVERIFY(user.type_into(QStringLiteral("firstrun.authority-folder"), place_->filePath(QStringLiteral("ca"))));
    QVERIFY(user.type_into(QStringLiteral("firstrun.new-passphrase"), QLatin1String(passphrase)));
    QVERIFY(user.type_into(QStringLiteral("firstrun.again"), QLatin1String(again)));
    QVERIFY(user.click(QStringLiteral("firstrun.go")));
  }
  void make_authority(ConsoleUser& user) {
    fill_authority(user, authority_passphrase, authority_passphrase);
    QVERIFY(user.wait_to_read(QStringLiteral("Step 2 of 4")));
  }
  void fill_certificate(ConsoleUser& user, const char* authority, const char* own) {
    QVERIFY(user.type_into(QStringLiteral("firstrun.administrator"), QStringLiteral("anita")));
    QVERIFY(user.type_into(QStringLiteral("firstrun.passphrase"), QLatin1String(authority)));
    QVERIFY(user.type_into(QStringLiteral("firstrun.new-passphrase"), QLatin1String(own)));
    QVERIFY(user.type_into(QStringLiteral("firstrun.again"), QLatin1String(own)));
    QVERIFY(user.click(QStringLiteral("firstrun.go")));
  }
  void make_certificate(ConsoleUser& user) {
    fill_certificate(user, authority_passphrase, own_passphrase);
    QVERIFY(user.wait_to_read(QStringLiteral("Step 3 of 4")));
  }

  std::pair<int, QString> run_in_shell(const QString& command) {
    QProcess shell;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("TIJORI_BIN_DIR") + QLatin1Char(':') +
                                                   environment.value(QStringLiteral("PATH")));
    shell.setProcessEnvironment(environment);
    shell.setProcessChannelMode(QProcess::MergedChannels);
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
    if (!shell.waitForFinished(patience_ms(60))) return {-1, shell.errorString()};
    return {shell.exitCode(), QString::fromUtf8(shell.readAll())};
  }
  void start_daemon() {
    daemon_.setStandardErrorFile(place_->filePath(QStringLiteral("daemon.log")));
    daemon_.start(qEnvironmentVariable("TIJORI_BIN_DIR") + QStringLiteral("/tijorid"),
                  {QStringLiteral("--root"), root()});
    QVERIFY(daemon_.waitForStarted());
    QVERIFY(QTest::qWaitFor([&] { return QFileInfo::exists(root() + QStringLiteral("/run/admin.sock")); },
                            patience_ms(30)));
  }

  std::unique_ptr<QTemporaryDir> place_;
  QProcess daemon_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::FirstRunTest)
#include "first_run_test.moc"
