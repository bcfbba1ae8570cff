// The first administrator, by the program: a certificate alone, or the folder that was carried to a new appliance.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "daemon/carried_folder.h"
#include "tests/support/test_authority.h"

using namespace tijori;

class EnrolTest : public QObject {
  Q_OBJECT

  struct Run {
    int code;
    QString out;
    QString err;
  };

  std::unique_ptr<QTemporaryDir> place_;
  TestAuthority authority_;
  TestIdentity anita_;

  QString at(const QString& name) const { return place_->filePath(name); }
  void put(const char* name, std::string_view text) { write_test_file(at("carried/") + name, text); }

  Run enrol(const QString& given) {
    QProcess process;
    process.start(qEnvironmentVariable("TIJORI_BIN_DIR") + "/tijorid", {"--root", at("root"), "enrol", given});
    if (!process.waitForFinished(60'000)) return {-1, "", process.errorString()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  static unsigned mode_of(const QString& file) {
    struct stat status{};
    return ::stat(file.toUtf8().constData(), &status) == 0 ? status.st_mode & 0777 : 0;
  }

 private slots:
  void init() {
    place_ = std::make_unique<QTemporaryDir>();
    QDir().mkpath(at("carried"));
    anita_ = authority_.client("anita", {"operator", "auditor"});
    const TestIdentity server = authority_.server();
    put("ca.crt", authority_.certificate().to_pem());
    put("crl.pem", authority_.revocations({}, 1));
    put("server.crt", server.certificate_pem);
    put("server.key", server.key_pem);
    put("administrator.crt", anita_.certificate_pem);
  }

  void installs_the_carried_files_and_enrols() {
    // As a stick without modes shows them.
    QCOMPARE(::chmod(at("carried/server.key").toUtf8().constData(), 0777), 0);
    const Run done = enrol(at("carried"));
    QVERIFY2(done.code == 0, qPrintable(done.err));
    QString compact = done.out;
    compact.remove(' ').remove('\n');
    QVERIFY(compact.contains(QString::fromStdString(anita_.info.sha256).toUpper()));
    QVERIFY(done.out.contains("anita"));
    for (const char* name : {"ca.crt", "crl.pem", "server.crt", "server.key"}) {
      const auto there = read_file(at(QString("root/tls/") + name).toStdString(), max_pem_bytes);
      const auto carried = read_file(at(QString("carried/") + name).toStdString(), max_pem_bytes);
      QVERIFY(there.has_value());
      QVERIFY(*there == *carried);
    }
    QCOMPARE(mode_of(at("root/tls/server.key")), 0600U);
    QCOMPARE(mode_of(at("root/tls/ca.crt")), 0644U);

    // Once there is an administrator nothing is touched any more.
    put("server.crt", "changed");
    QVERIFY(enrol(at("carried")).code != 0);
    const TestIdentity server = authority_.server();
    put("server.crt", server.certificate_pem);
    put("server.key", server.key_pem);
    const Run again = enrol(at("carried"));
    QCOMPARE(again.code, 4);
    QVERIFY(again.err.contains("there is an administrator already"));
    QVERIFY(*read_file(at("root/tls/server.crt").toStdString(), max_pem_bytes) != server.certificate_pem);
  }

  void enrols_by_a_certificate_alone() {
    const Run done = enrol(at("carried/administrator.crt"));
    QVERIFY2(done.code == 0, qPrintable(done.err));
    QVERIFY(done.out.contains("anita"));
    QVERIFY(!QFile::exists(at("root/tls/server.key")));
  }

  void waits_for_a_daemon_that_is_about_to_end() {
    QDir().mkpath(at("root/state"));
    UniqueFd lock(*open_file(at("root/state/daemon.lock").toStdString(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    QCOMPARE(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
    QTimer::singleShot(500, [&] { lock.reset(); });
    QProcess process;
    process.start(qEnvironmentVariable("TIJORI_BIN_DIR") + "/tijorid",
                  {"--root", at("root"), "enrol", at("carried/administrator.crt")});
    QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 60'000);
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    QVERIFY(!lock);
  }

  void refuses_what_does_not_belong_together_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("word");
    const TestAuthority other("Test authority");
    const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
    const TestIdentity old =
        authority_.issue({.kind = CertificateKind::client, .name = "old", .role_names = {"operator"}, .dns_names = {}},
                         {-2 * TestAuthority::hour_us, -1'000'000});
    QTest::newRow("missing") << "crl.pem" << QByteArray() << "crl.pem";
    QTest::newRow("another authority") << "ca.crt" << bytes(other.certificate().to_pem()) << "administrator.crt";
    QTest::newRow("no authority") << "ca.crt" << bytes(authority_.server().certificate_pem) << "ca.crt";
    QTest::newRow("another's list") << "crl.pem" << bytes(other.revocations({}, 1)) << "crl.pem";
    QTest::newRow("revoked") << "crl.pem" << QByteArray("made when the certificate is") << "revokes";
    QTest::newRow("another key") << "server.key" << bytes(authority_.server().key_pem) << "server.key";
    QTest::newRow("a client as server") << "server.crt" << bytes(authority_.client("x").certificate_pem)
                                        << "server.crt";
    QTest::newRow("no operator") << "administrator.crt" << bytes(authority_.client("x").certificate_pem) << "operator";
    QTest::newRow("a server as administrator")
        << "administrator.crt" << bytes(authority_.server().certificate_pem) << "administrator.crt";
    QTest::newRow("expired") << "administrator.crt" << bytes(old.certificate_pem) << "expired";
    QTest::newRow("nothing in it") << "server.crt" << QByteArray("words\n") << "server.crt";
  }
  void refuses_what_does_not_belong_together() {
    QFETCH(const QString, file);
    QFETCH(const QByteArray, text);
    QFETCH(const QString, word);
    const bool revoking = word == "revokes";
    const std::string list = revoking ? authority_.revocations({anita_.info.serial}, 2) : text.toStdString();
    if (text.isEmpty()) {
      QFile::remove(at("carried/") + file);
    } else {
      put(file.toUtf8().constData(), list);
    }
    const auto read = CarriedFolder::read(at("carried").toStdString());
    QVERIFY(!read);
    QVERIFY2(read.error().message.find(word.toStdString()) != std::string::npos, read.error().message.c_str());
  }
};

QTEST_GUILESS_MAIN(EnrolTest)
#include "enrol_test.moc"
