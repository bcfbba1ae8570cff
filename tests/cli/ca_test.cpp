// tijori-ca as a person runs it: the program, its files and its exit codes.
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "base/certificate.h"
#include "tests/support/test_authority.h"

using namespace tijori;

namespace {

struct Run {
  int code;
  QString out;
  QString err;
};

}  // namespace

class CaTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  QString path(const QString& name) const { return folder_->filePath(name); }
  Run run(const QStringList& arguments, const QByteArray& input = "") {
    QProcess process;
    process.setWorkingDirectory(folder_->path());
    process.start(qEnvironmentVariable("TIJORI_BIN_DIR") + "/tijori-ca", arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000)) return {-1, "", process.errorString()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  // With the right passphrase, in the authority `ca`.
  Run ca(QStringList arguments) { return run(arguments << "--ca" << "ca" << "--passphrase-file" << "pass"); }
  QJsonArray listed() {
    const Run list = run({"list", "--json", "--ca", "ca"});
    return QJsonDocument::fromJson(list.out.toUtf8()).object()["certificates"].toArray();
  }
  CertificateInfo certificate(const QString& name) {
    return Certificate::from_pem(*read_file(path(name).toStdString(), max_pem_bytes))->info();
  }

 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    write_test_file(path("pass"), "correct horse\n");
    QCOMPARE(run({"init", "ca", "--name", "Site authority", "--passphrase-file", "pass"}).code, 0);
  }

  void issues_renews_and_revokes() {
    QCOMPARE(ca({"issue", "anna", "--role", "operator", "--role", "auditor"}).code, 0);
    const CertificateInfo first = certificate("ca/issued/anna.crt");
    QCOMPARE(first.role_names, (std::vector<std::string>{"operator", "auditor"}));
    QVERIFY(first.client_use);
    QCOMPARE(ca({"issue", "gate", "--server", "--out", "gate"}).code, 0);
    QCOMPARE(certificate("gate/gate.crt").dns_names, (std::vector<std::string>{"localhost"}));

    QCOMPARE(ca({"renew", "anna", "--days", "10"}).code, 0);
    const CertificateInfo second = certificate("ca/issued/anna.crt");
    QCOMPARE(second.role_names, first.role_names);
    QVERIFY(second.serial != first.serial && second.sha256 != first.sha256);
    const auto key =
        CertificateKey::from_pem(*read_file(path("ca/issued/anna.key").toStdString(), max_pem_bytes), nullptr);
    QVERIFY(key.has_value());

    QCOMPARE(ca({"revoke", "--serial", QString::fromStdString(first.serial).toUpper(), "--reason", "superseded"}).code,
             0);
    const auto list = RevocationList::from_pem(*read_file(path("ca/crl.pem").toStdString(), max_crl_bytes));
    QVERIFY(list.has_value());
    QCOMPARE(list->number(), uint64_t{2});
    QCOMPARE(list->entries().size(), size_t{1});
    QCOMPARE(list->entries()[0].serial, first.serial);
    QVERIFY(list->entries()[0].reason == RevocationReason::superseded);
    QVERIFY(list->signed_by(*Certificate::from_pem(*read_file(path("ca/ca.crt").toStdString(), max_pem_bytes))));

    QCOMPARE(ca({"crl"}).code, 0);
    const auto again = RevocationList::from_pem(*read_file(path("ca/crl.pem").toStdString(), max_crl_bytes));
    QVERIFY(again.has_value());
    QCOMPARE(again->number(), uint64_t{3});
    QVERIFY(again->next_update_us() >= list->next_update_us());
    QCOMPARE(again->entries().size(), size_t{1});
    QCOMPARE(again->entries()[0].serial, first.serial);

    QCOMPARE(ca({"revoke", "anna"}).code, 0);
    QCOMPARE(ca({"revoke", "anna"}).code, 1);  // nothing valid is left
    const QJsonArray all = listed();
    QCOMPARE(all.size(), 3);
    QCOMPARE(all[0].toObject()["state"].toString(), "revoked");
    QCOMPARE(all[1].toObject()["state"].toString(), "valid");
    QCOMPARE(all[2].toObject()["state"].toString(), "revoked");
    QVERIFY(run({"list", "--ca", "ca"}).out.contains("operator,auditor"));
  }

  void keeps_the_authoritys_key_behind_the_passphrase() {
    const Run wrong =
        run({"issue", "anna", "--role", "operator", "--ca", "ca", "--passphrase-fd", "0"}, "battery staple\n");
    QCOMPARE(wrong.code, 4);
    QVERIFY(wrong.err.contains("wrong passphrase"));
    QCOMPARE(listed().size(), 0);
    const auto pem = read_file(path("ca/ca.key").toStdString(), max_pem_bytes);
    QCOMPARE(CertificateKey::from_pem(*pem, nullptr).error().code, ErrorCode::permission_denied);
    QCOMPARE(run({"issue", "anna", "--role", "operator", "--ca", "ca", "--passphrase-fd", "0"}, "correct horse\n").code,
             0);
    QCOMPARE(run({"init", "weak", "--name", "x", "--passphrase-fd", "0"}, "short\n").code, 2);
    QVERIFY(!QFile::exists(path("weak/ca.key")));
  }

  void writes_only_files_that_others_cannot_read() {
    QCOMPARE(ca({"issue", "anna", "--role", "operator", "--out", "out"}).code, 0);
    int files = 0;
    for (const QString& folder : {path("ca"), path("out")}) {
      QDirIterator each(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
      while (each.hasNext()) {
        const QFileInfo info(each.next());
        QVERIFY2(
            (info.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)) == 0,
            qPrintable(info.filePath()));
        ++files;
      }
    }
    QVERIFY(files >= 6);
  }

  void certifies_a_key_it_never_sees() {
    const CertificateKey key = CertificateKey::generate();
    write_test_file(path("anna.csr"), *make_certificate_request("x", key));
    QCOMPARE(ca({"issue", "anna", "--role", "auditor", "--csr", "anna.csr"}).code, 0);
    const Certificate issued =
        *Certificate::from_pem(*read_file(path("ca/issued/anna.crt").toStdString(), max_pem_bytes));
    QVERIFY(belongs_to(issued, key));
    QVERIFY(!QFile::exists(path("ca/issued/anna.key")));
  }

  void packs_a_pkcs12_file() {
    write_test_file(path("p12pass"), "desktop secret\n");
    QCOMPARE(ca({"issue", "anna", "--role", "auditor", "--pkcs12-passphrase-file", "p12pass"}).code, 0);
    QVERIFY(QFile(path("ca/issued/anna.p12")).size() > 500);
  }

  void refuses_and_says_what_to_do_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::newRow("bad name") << QStringList{"issue", "Anna K", "--role", "operator"} << 2 << "a-z 0-9";
    QTest::newRow("long name") << QStringList{"issue", QString(65, 'a'), "--role", "operator"} << 2 << "1 to 64";
    QTest::newRow("unknown role") << QStringList{"issue", "bela", "--role", "root"} << 2 << "privacy-officer";
    QTest::newRow("no role") << QStringList{"issue", "bela"} << 2 << "at least one";
    QTest::newRow("server with role") << QStringList{"issue", "bela", "--server", "--role", "operator"} << 2
                                      << "no roles";
    QTest::newRow("duplicate") << QStringList{"issue", "anna", "--role", "operator", "--out", "b"} << 1
                               << "tijori-ca renew";
    QTest::newRow("nothing to renew") << QStringList{"renew", "bela"} << 1 << "tijori-ca issue";
    QTest::newRow("nothing to revoke") << QStringList{"revoke", "bela"} << 1 << "tijori-ca list";
    QTest::newRow("revoke what") << QStringList{"revoke"} << 2 << "--serial";
    QTest::newRow("unknown reason") << QStringList{"revoke", "anna", "--reason", "boredom"} << 2 << "key-compromise";
    QTest::newRow("days") << QStringList{"issue", "bela", "--role", "operator", "--days", "0"} << 2 << "--days";
    QTest::newRow("unknown verb") << QStringList{"destroy"} << 2 << "";
  }
  void refuses_and_says_what_to_do() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, message);
    QCOMPARE(ca({"issue", "anna", "--role", "operator"}).code, 0);
    const Run refused = ca(arguments);
    QCOMPARE(refused.code, code);
    QVERIFY2(refused.err.contains(message), qPrintable(refused.err));
    QCOMPARE(listed().size(), 1);
  }

  void refuses_to_overwrite_without_force() {
    QCOMPARE(run({"init", "ca", "--name", "x", "--passphrase-file", "pass"}).code, 1);
    QCOMPARE(run({"list", "--ca", "nowhere"}).code, 1);
    QCOMPARE(ca({"issue", "anna", "--role", "operator"}).code, 0);
    const CertificateInfo first = certificate("ca/issued/anna.crt");
    QCOMPARE(ca({"issue", "anna", "--role", "auditor"}).code, 1);
    QCOMPARE(certificate("ca/issued/anna.crt").serial, first.serial);
    QCOMPARE(ca({"issue", "anna", "--role", "auditor", "--force"}).code, 0);
    QVERIFY(certificate("ca/issued/anna.crt").serial != first.serial);
  }

  void refuses_to_work_with_an_expired_authority() {
    const CertificateKey key = CertificateKey::generate();
    const Certificate old =
        *make_authority("Old", key, wall_clock_us() - 7'200'000'000, wall_clock_us() - 3'600'000'000);
    write_test_file(path("ca/ca.crt"), old.to_pem());
    const Run refused = ca({"issue", "anna", "--role", "operator"});
    QVERIFY(refused.code != 0);
    QVERIFY(refused.err.contains("expired"));
  }

  void helps_truthfully() {
    for (const char* verb : {"init", "issue", "renew", "revoke", "crl", "list"}) {
      const Run help = run({verb, "--help"});
      QCOMPARE(help.code, 0);
      QVERIFY(run({"--help"}).out.contains(verb));
    }
    QVERIFY(run({"--version"}).out.startsWith("tijori-ca "));
  }
};

QTEST_GUILESS_MAIN(CaTest)
#include "ca_test.moc"
