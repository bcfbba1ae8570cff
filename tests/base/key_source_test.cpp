// Keys from files and from credentials, and what a credential was sealed to.
#include "base/key_source.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "base/file.h"

using namespace tijori;

namespace {

constexpr const char* name = "audit-signing.key";

}  // namespace

class KeySourceTest : public QObject {
  Q_OBJECT

  // Credentials, sealed forms and a plain file, each in a folder of its own.
  struct Site {
    Site() {
      for (const char* each : {"handed", "system", "runtime"})
        std::filesystem::create_directory(folder.path().toStdString() + "/" + each);
      qputenv("CREDENTIALS_DIRECTORY", path("handed").c_str());
    }
    ~Site() { qunsetenv("CREDENTIALS_DIRECTORY"); }
    std::string path(const std::string& in) const { return folder.path().toStdString() + "/" + in; }
    void put(const std::string& at, std::string_view text) const {
      QVERIFY(write_file_atomic(path(at), as_bytes(text), 0600));
    }
    KeySource find() const { return find_key(name, path("signing.key"), {path("system"), path("runtime")}); }
    QTemporaryDir folder;
  };

 private slots:
  void is_the_file_unless_a_credential_of_that_name_is_handed_over() {
    const Site site;
    QCOMPARE(site.find().path.string(), site.path("signing.key"));
    QCOMPARE(site.find().from, std::string("file"));
    site.put("handed/another.key", "k");
    QCOMPARE(site.find().from, std::string("file"));
    site.put(std::string("handed/") + name, "k");
    QCOMPARE(site.find().path.string(), site.path("handed/") + name);
    QCOMPARE(site.find().from, std::string("credential"));
    QCOMPARE(site.find().sealed_to, std::string());
    qunsetenv("CREDENTIALS_DIRECTORY");
    QCOMPARE(site.find().from, std::string("file"));
  }

  void tells_what_a_credential_was_sealed_to_data() {
    QTest::addColumn<QByteArray>("kind");  // the 16 bytes at the head of the sealed form, hex
    QTest::addColumn<QString>("sealed_to");
    QTest::newRow("host") << QByteArray("5a1c6a86df9d4096b1d5a65e0862f19a") << "host";
    QTest::newRow("tpm2") << QByteArray("0c7cc07b117645919c4b0bea08bc20fe") << "tpm2";
    QTest::newRow("tpm2, policy") << QByteArray("faf7eb9341e3412ca1a436f95a29362f") << "tpm2";
    QTest::newRow("host and tpm2") << QByteArray("93a894094874449090caf2fc93cab553") << "host+tpm2";
    QTest::newRow("host, tpm2, policy") << QByteArray("af4950a849134eb1a73846304ff30c05") << "host+tpm2";
    QTest::newRow("null") << QByteArray("058469daf6f54324800549da0f8ea2fb") << "null";
    QTest::newRow("another") << QByteArray("00112233445566778899aabbccddeeff") << "";
    QTest::newRow("nothing") << QByteArray() << "";
  }
  void tells_what_a_credential_was_sealed_to() {
    QFETCH(QByteArray, kind);
    QFETCH(QString, sealed_to);
    for (const char* folder : {"system/", "runtime/"}) {
      const Site site;
      site.put(std::string("handed/") + name, "k");
      const QByteArray blob = QByteArray::fromHex(kind) + QByteArray(kind.isEmpty() ? 0 : 100, 'x');
      site.put(std::string(folder) + name, blob.toBase64().toStdString());
      QCOMPARE(QString::fromStdString(site.find().sealed_to), sealed_to);
    }
  }

  void knows_what_systemd_itself_seals() {
    // systemd-creds would make one, and a test leaves nothing behind.
    if (!QFile::exists("/var/lib/systemd/credential.secret")) QSKIP("this machine has no host key");
    const Site site;
    site.put("plain", "k");
    QProcess seal;
    seal.start("systemd-creds",
               {"encrypt", "--with-key=host", QStringLiteral("--name=") + name,
                QString::fromStdString(site.path("plain")), QString::fromStdString(site.path("system/") + name)});
    if (!seal.waitForFinished() || seal.exitCode() != 0) QSKIP("systemd-creds can't seal to a host key here");
    site.put(std::string("handed/") + name, "k");
    QCOMPARE(site.find().sealed_to, std::string("host"));
  }
};

QTEST_GUILESS_MAIN(KeySourceTest)
#include "key_source_test.moc"
