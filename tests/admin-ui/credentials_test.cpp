// An administrator's files, in every shape they come in, and each fault by its own sentence.
#include "admin-ui/client/credentials.h"

#include <set>

#include <sys/stat.h>

#include "protocol/admin_types.h"
#include "tests/admin-ui/console_main.h"
#include "tests/support/test_authority.h"

namespace tijori::test {

namespace {

Secret secret(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  return Secret(Bytes(bytes.begin(), bytes.end()));
}

constexpr std::string_view passphrase = "open-sesame";

}  // namespace

class CredentialsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    anna_ = authority_.client("anna", {"operator"});
    put("ca.crt", authority_.certificate().to_pem());
    put("anna.crt", anna_.certificate_pem);
    put("anna.key", anna_.key_pem);
    put("both.pem", anna_.key_pem + authority_.certificate().to_pem() + anna_.certificate_pem);
    const CertificateKey key = *CertificateKey::from_pem(anna_.key_pem, nullptr);
    const std::string sealed = *key.to_encrypted_pem(secret(passphrase));
    put("sealed.key", sealed);
    put("sealed.pem", anna_.certificate_pem + sealed);
    const Bytes packed =
        *make_pkcs12(*Certificate::from_pem(anna_.certificate_pem), key, authority_.certificate(), secret(passphrase));
    put("anna.p12", as_text(packed));
    put("other.key", authority_.client("bela").key_pem);
    const TestIdentity server = authority_.server();
    put("server.crt", server.certificate_pem);
    put("server.key", server.key_pem);
    const TestIdentity old =
        authority_.issue({.kind = CertificateKind::client, .name = "old", .role_names = {}, .dns_names = {}},
                         {-2 * TestAuthority::hour_us, -1'000'000});
    put("old.crt", old.certificate_pem);
    put("old.key", old.key_pem);
    const TestIdentity early =
        authority_.issue({.kind = CertificateKind::client, .name = "early", .role_names = {}, .dns_names = {}},
                         {TestAuthority::hour_us, 2 * TestAuthority::hour_us});
    put("early.crt", early.certificate_pem);
    put("early.key", early.key_pem);
    put("empty.pem", "");
    put("large.pem", std::string(max_pem_bytes + 1, 'x'));
    put("words.txt", "not a certificate at all\n");
  }

  void opens_every_form_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("with_authority");
    QTest::addColumn<bool>("needs_passphrase");
    QTest::newRow("two PEM files") << "anna.crt" << "anna.key" << true << false;
    QTest::newRow("one PEM file, the CA in it too") << "both.pem" << "" << true << false;
    QTest::newRow("a sealed key") << "anna.crt" << "sealed.key" << true << true;
    QTest::newRow("one PEM file with a sealed key") << "sealed.pem" << "" << true << true;
    QTest::newRow("PKCS#12") << "anna.p12" << "" << true << true;
    QTest::newRow("PKCS#12 that brings the CA") << "anna.p12" << "" << false << true;
  }
  void opens_every_form() {
    QFETCH(const QString, certificate);
    QFETCH(const QString, key);
    QFETCH(const bool, with_authority);
    QFETCH(const bool, needs_passphrase);
    CredentialFiles files = chosen(certificate, key);
    if (!with_authority) files.authority.clear();
    const auto opened = load_credentials(files, needs_passphrase ? secret(passphrase) : Secret());
    QVERIFY2(opened.has_value(), opened ? "" : qPrintable(words_of(opened.error()).title));
    QCOMPARE(opened->certificate.sha256, anna_.info.sha256);
    QCOMPARE(opened->passphrase, needs_passphrase ? Passphrase::used : Passphrase::not_needed);
    QVERIFY(opened->context != nullptr);
    if (!needs_passphrase) return;
    QCOMPARE(load_credentials(files, Secret()).error().fault, ConnectFault::passphrase_needed);
    QCOMPARE(load_credentials(files, secret("wrong")).error().fault, ConnectFault::passphrase_wrong);
  }

  void tells_each_fault_from_the_others_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<ConnectFault>("fault");
    QTest::newRow("nothing chosen") << "" << "" << ConnectFault::file_absent;
    QTest::newRow("absent") << "nobody.crt" << "" << ConnectFault::file_absent;
    QTest::newRow("folder") << "." << "" << ConnectFault::file_is_folder;
    QTest::newRow("empty") << "empty.pem" << "" << ConnectFault::file_empty;
    QTest::newRow("too large") << "large.pem" << "" << ConnectFault::file_too_large;
    QTest::newRow("something else") << "words.txt" << "" << ConnectFault::not_a_certificate;
    QTest::newRow("a pipe") << "/dev/null" << "" << ConnectFault::not_a_certificate;
    QTest::newRow("no key") << "anna.crt" << "" << ConnectFault::key_absent;
    QTest::newRow("the certificate as key") << "anna.crt" << "anna.crt" << ConnectFault::key_absent;
    QTest::newRow("another's key") << "anna.crt" << "other.key" << ConnectFault::key_mismatch;
    QTest::newRow("expired") << "old.crt" << "old.key" << ConnectFault::certificate_expired;
    QTest::newRow("not yet") << "early.crt" << "early.key" << ConnectFault::certificate_not_yet_valid;
    QTest::newRow("a server's") << "server.crt" << "server.key" << ConnectFault::not_a_client_certificate;
  }
  void tells_each_fault_from_the_others() {
    QFETCH(const QString, certificate);
    QFETCH(const QString, key);
    QFETCH(const ConnectFault, fault);
    const auto opened = load_credentials(chosen(certificate, key), Secret());
    QVERIFY(!opened);
    QCOMPARE(opened.error().fault, fault);
    QVERIFY(!words_of(opened.error()).title.isEmpty());
    if (fault == ConnectFault::certificate_expired)
      QVERIFY(words_of(opened.error()).title.contains(QStringLiteral("IST")));
  }

  void wants_the_certificate_of_a_ca() {
    CredentialFiles files = chosen(QStringLiteral("anna.crt"), QStringLiteral("anna.key"));
    for (const char* wrong : {"anna.crt", "words.txt"}) {
      files.authority = at(QString::fromLatin1(wrong)).toStdString();
      QCOMPARE(load_credentials(files, Secret()).error().fault, ConnectFault::authority_unusable);
    }
    files.authority.clear();
    QCOMPARE(load_credentials(files, Secret()).error().fault, ConnectFault::file_absent);
  }

  void names_the_command_that_converts_a_legacy_file() {
    const ConnectFailure failure{ConnectFault::pkcs12_legacy, QStringLiteral("/srv/anita rao/anita.p12"), 0, {}};
    QCOMPARE(words_of(failure).command,
             QStringLiteral("openssl pkcs12 -legacy -in '/srv/anita rao/anita.p12' -out '/srv/anita rao/anita.pem'"));
  }

  void sees_from_outside_what_a_file_is() {
    const auto look = [this](const char* name) { return look_at(at(QString::fromLatin1(name)).toStdString()); };
    QCOMPARE(look("anna.p12").form, CertificateForm::pkcs12);
    QCOMPARE(look("anna.crt").form, CertificateForm::pem_alone);
    QCOMPARE(look("both.pem").form, CertificateForm::pem_with_key);
    QVERIFY(!look("both.pem").key_encrypted);
    QVERIFY(look("sealed.pem").key_encrypted);
    QCOMPARE(look("words.txt").form, CertificateForm::unknown);
    const std::string key = at(QStringLiteral("anna.key")).toStdString();
    QVERIFY(!is_open_to_others(key));
    QCOMPARE(::chmod(key.c_str(), 0644), 0);
    QVERIFY(is_open_to_others(key));
    QCOMPARE(::chmod(key.c_str(), 0600), 0);
  }

  void has_a_sentence_of_its_own_for_every_fault() {
    std::set<QString> titles;
    for (int fault = 0; fault <= static_cast<int>(ConnectFault::other); ++fault) {
      const FailureText text = words_of({static_cast<ConnectFault>(fault), QStringLiteral("/run/x.sock"), 1, {}});
      QVERIFY2(!text.title.isEmpty(), qPrintable(QString::number(fault)));
      titles.insert(text.title);
    }
    // Two kinds of unusable certificate share one.
    QCOMPARE(titles.size(), static_cast<size_t>(ConnectFault::other));
  }

  void classifies_what_the_appliance_says_data() {
    QTest::addColumn<TransportFault>("fault");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ConnectFault>("expected");
    const auto transport = [](const char* name, TransportFault fault, ConnectFault expected) {
      QTest::newRow(name) << fault << 0 << QByteArray() << expected;
    };
    const auto answer = [](const char* name, int status, const char* code, ConnectFault expected) {
      QTest::newRow(name) << TransportFault::none << status << QByteArray(code) << expected;
    };
    transport("absent", TransportFault::socket_absent, ConnectFault::socket_absent);
    transport("refused", TransportFault::socket_refused, ConnectFault::socket_refused);
    transport("denied", TransportFault::socket_denied, ConnectFault::socket_denied);
    transport("closed", TransportFault::closed, ConnectFault::hung_up);
    transport("another CA", TransportFault::authority_unknown, ConnectFault::authority_unknown);
    transport("revoked", TransportFault::revoked, ConnectFault::refused_revoked);
    transport("expired", TransportFault::expired, ConnectFault::refused_expired);
    transport("server of another CA", TransportFault::server_unproven, ConnectFault::server_unproven);
    answer("unknown", 401, "not_registered", ConnectFault::not_registered);
    answer("revoked just now", 403, "client_revoked", ConnectFault::refused_revoked);
    answer("no role", 403, "permission_denied", ConnectFault::role_too_small);
    answer("no such route", 404, "not_found", ConnectFault::protocol_mismatch);
    answer("starting", 503, "unavailable", ConnectFault::starting);
    answer("broken", 500, "internal", ConnectFault::other);
  }
  void classifies_what_the_appliance_says() {
    QFETCH(const TransportFault, fault);
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    QFETCH(const ConnectFault, expected);
    ClientError error(Error{ErrorCode::unavailable, "as it was said"}, fault);
    error.http_status = status;
    error.api_code = code.toStdString();
    QCOMPARE(classify(error, {}).fault, expected);
  }

  void judges_who_answers() {
    Capabilities capabilities;
    capabilities.roles = {Role::auditor};
    QCOMPARE(judge(capabilities), Fitness::fit);
    capabilities.roles = {Role::application};
    QCOMPARE(judge(capabilities), Fitness::role_too_small);
    capabilities.api = 2;
    QCOMPARE(judge(capabilities), Fitness::protocol_mismatch);
  }

 private:
  QString at(const QString& name) const { return name.startsWith(QLatin1Char('/')) ? name : folder_.filePath(name); }
  void put(const char* name, std::string_view text) {
    write_test_file(folder_.filePath(QString::fromLatin1(name)), text);
  }
  CredentialFiles chosen(const QString& certificate, const QString& key) const {
    const auto path = [this](const QString& name) { return name.isEmpty() ? std::string() : at(name).toStdString(); };
    return {path(QStringLiteral("ca.crt")), path(certificate), path(key)};
  }

  QTemporaryDir folder_;
  TestAuthority authority_;
  TestIdentity anna_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::CredentialsTest)
#include "credentials_test.moc"
