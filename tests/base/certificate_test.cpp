// Certificates as they are made and read: what is in them, what is refused, and what needs the passphrase.
#include "base/certificate.h"

#include <QtTest>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/support/test_authority.h"

using namespace tijori;

namespace {

Secret secret(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  return Secret(Bytes(bytes.begin(), bytes.end()));
}

// A self-signed certificate with any alternative names at all, as an attacker with an own authority could make it.
std::string with_alternative_names(const char* names) {
  const CertificateKey key = CertificateKey::generate();
  X509* x509 = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key.native());
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(x509, key.native(), EVP_sha256());
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, x509);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  X509_free(x509);
  return pem;
}

// Key and certificate as `openssl pkcs12 -export -legacy` packs them, with RC2; passphrase "open-sesame".
constexpr const char* legacy_pkcs12 =
    "MIIDcgIBAzCCAzgGCSqGSIb3DQEHAaCCAykEggMlMIIDITCCAhcGCSqGSIb3DQEHBqCCAggwggIEAgEAMIIB/QYJKoZIhvcNAQcBMBwGCiqG"
    "SIb3DQEMAQYwDgQIc2zt6G9Egd4CAggAgIIB0CmcQIsnFYAlSaA8SINhHl9JwK+zGKBP2hVr7swgulXDVRJkJdhywAtreG8JZgTH28qgq7gH"
    "Hx3VeQiGlqA8uyBprTkecU+TJF1ElZ4+tPyTK7SuZBd45iDQX8sQ8RwY9fGjtc7dijFH29ToQq3hEStie3kSWi9616j6FhYs1W5IDgdJ7QNL"
    "cTsOn+x3Z4DljT6rK6Zp0beDhwFaB0b7A6XDNK52SUzM7akoK99ZA2Y4zAu+G5IAFip7/RDFTCkWOuDYxZHBf2Jtl+d3jbRLs74XA69f0QUS"
    "9XaZnWSZeZEkhVPp3FHw/wv3yVYGV8o5aRutZMKwU0wbdq57x36dzWtoYNR8hXTfSmRrJtZS5a0p7TJtnZOe3TVHguAtgtdpPhuar7HfWVK9"
    "cuA1wMR/yy0NjqkL7Oi/rWcP8GisZ7Vmmwvfj8cknDabRfRx9QuTFD3HLPbvuDy0EjRfMid+bei2PryqXL3wSI8CKPopNh9QzYOtWxO6kq6r"
    "gF8zgiRHbJZiNWL7/qiWbv0lRi6RXCnRmMKmRiBaX7jJT+Uo41lSb9SiGwt0MNt3JcSppiefwqVFXaJA45AiF5OiWop52D5x/E5lj1hRhQRN"
    "3jdbZp++MIIBAgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHrBgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEDMA4ECIohsHdKQrYfAgII"
    "AASBkB8hzubs8vlqzkXShNuvgIiE0SeC2uDkSP5ksN0zRKpbxyW2KtS8cA+ceFMYTfv6nXn91XiwocIWhxtZlSJUZfOpJ6E+xU2zzxK8gOPP"
    "kJXEZoEz97FmMZfDWtr8WHFDgvbIm3DXqHcuhcgH97Lmgenz5xsPN9TBkBhZhUuZv2Fm7hPilPwGM2mYRCQiJcL2wDElMCMGCSqGSIb3DQEJ"
    "FTEWBBRKoS6X4iPMcufASkmeJTkEHtpfkDAxMCEwCQYFKw4DAhoFAAQU0E5b0v0IlaMNpPjS+xjzUIWJ4U8ECPJfaoP+V8S6AgIIAA==";

ByteView view_of(const QByteArray& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.constData()), static_cast<size_t>(bytes.size())};
}

}  // namespace

class CertificateTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_name_roles_and_use() {
    const TestAuthority authority;
    const TestIdentity issued = authority.client("anna.k-2", {"operator", "privacy-officer"});
    const auto read = Certificate::from_pem(issued.certificate_pem);
    QVERIFY(read.has_value());
    const CertificateInfo& info = read->info();
    QCOMPARE(info.client_name, std::string("anna.k-2"));
    QCOMPARE(info.role_names, (std::vector<std::string>{"operator", "privacy-officer"}));
    QVERIFY(info.client_use && !info.server_use && !info.is_ca);
    QCOMPARE(info.sha256.size(), size_t{64});
    QVERIFY(info.not_before_us < wall_clock_us() && info.not_after_us > wall_clock_us());
    QVERIFY(authority.certificate().info().is_ca);

    const TestIdentity server = authority.server();
    QVERIFY(server.info.server_use && !server.info.client_use);
    QVERIFY(server.info.client_name.empty());
    QCOMPARE(server.info.dns_names, (std::vector<std::string>{"localhost"}));
    QVERIFY(server.info.serial != issued.info.serial);
  }

  void refuses_names_of_ours_that_are_not_well_formed_data() {
    QTest::addColumn<QByteArray>("names");
    QTest::newRow("two clients") << QByteArray("URI:urn:tijori:client:a,URI:urn:tijori:client:b");
    QTest::newRow("empty client") << QByteArray("URI:urn:tijori:client:");
    QTest::newRow("upper case") << QByteArray("URI:urn:tijori:client:Anna");
    QTest::newRow("slash") << QByteArray("URI:urn:tijori:client:a/b");
    QTest::newRow("long") << QByteArray("URI:urn:tijori:client:") + QByteArray(65, 'a');
    QTest::newRow("unknown kind") << QByteArray("URI:urn:tijori:admin:a");
    QTest::newRow("bad role") << QByteArray("URI:urn:tijori:client:a,URI:urn:tijori:role:");
  }
  void refuses_names_of_ours_that_are_not_well_formed() {
    QFETCH(QByteArray, names);
    QCOMPARE(Certificate::from_pem(with_alternative_names(names.constData())).error().code, ErrorCode::malformed);
  }

  void ignores_names_that_are_not_ours() {
    const auto read =
        Certificate::from_pem(with_alternative_names("URI:https://example.org/,email:a@example.org,DNS:a.b"));
    QVERIFY(read.has_value());
    QVERIFY(read->info().client_name.empty());
    QVERIFY(!read->info().client_use);  // no extended key usage is no permission
  }

  void refuses_bytes_that_are_no_certificate() {
    const TestAuthority authority;
    std::string pem = authority.client("anna").certificate_pem;
    QCOMPARE(Certificate::from_pem("").error().code, ErrorCode::malformed);
    QCOMPARE(Certificate::from_pem(pem.substr(0, pem.size() / 2)).error().code, ErrorCode::malformed);
    pem[pem.size() / 2] = '!';
    QCOMPARE(Certificate::from_pem(pem).error().code, ErrorCode::malformed);
  }

  void opens_an_encrypted_key_with_its_passphrase_alone() {
    const CertificateKey key = CertificateKey::generate();
    QCOMPARE(key.to_encrypted_pem(secret("short")).error().code, ErrorCode::invalid_argument);
    const auto sealed = key.to_encrypted_pem(secret("correct horse"));
    QVERIFY(sealed.has_value());
    QVERIFY(sealed->starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    QCOMPARE(CertificateKey::from_pem(*sealed, nullptr).error().code, ErrorCode::permission_denied);
    const Secret wrong = secret("battery staple");
    QCOMPARE(CertificateKey::from_pem(*sealed, &wrong).error().code, ErrorCode::permission_denied);
    const Secret right = secret("correct horse");
    const auto opened = CertificateKey::from_pem(*sealed, &right);
    QVERIFY(opened.has_value());
    QCOMPARE(opened->to_pem().bytes().size(), key.to_pem().bytes().size());
    QVERIFY(equal_secrets(opened->to_pem().bytes(), key.to_pem().bytes()));
  }

  void issues_for_a_request_only_what_was_ordered() {
    const CertificateKey key = CertificateKey::generate();
    const auto request = make_certificate_request("somebody else", key);
    QVERIFY(request.has_value());
    const auto from_request = read_certificate_request(*request);
    QVERIFY(from_request.has_value());
    const TestAuthority authority;
    const CertificateKey authority_key = CertificateKey::generate();
    const Certificate root = *make_authority("Root", authority_key, wall_clock_us(), wall_clock_us() + 3'600'000'000);
    CertificateOrder order{.kind = CertificateKind::client, .name = "anna", .role_names = {"auditor"}, .dns_names = {}};
    order.not_before_us = wall_clock_us();
    order.not_after_us = order.not_before_us + 3'600'000'000;
    const auto issued = issue_certificate(root, authority_key, *from_request, order);
    QVERIFY(issued.has_value());
    QCOMPARE(issued->info().common_name, std::string("anna"));
    QVERIFY(belongs_to(*issued, key));
    QCOMPARE(issue_certificate(authority.certificate(), authority_key, *from_request, order).error().code,
             ErrorCode::invalid_argument);  // not that authority's key

    std::string broken = *request;
    broken[broken.size() / 2] = broken[broken.size() / 2] == 'A' ? 'B' : 'A';
    QCOMPARE(read_certificate_request(broken).error().code, ErrorCode::malformed);
  }

  void cannot_be_made_to_carry_other_names_than_ordered() {
    const CertificateKey key = CertificateKey::generate();
    const Certificate root = *make_authority("Root", key, wall_clock_us(), wall_clock_us() + 3'600'000'000);
    CertificateOrder order{
        .kind = CertificateKind::client, .name = "a,URI:urn:tijori:role:operator", .role_names = {}, .dns_names = {}};
    order.not_after_us = wall_clock_us();
    QCOMPARE(issue_certificate(root, key, key, order).error().code, ErrorCode::invalid_argument);
    order.name = "a";
    order.role_names = {"auditor,URI:urn:tijori:role:operator"};
    QCOMPARE(issue_certificate(root, key, key, order).error().code, ErrorCode::invalid_argument);
    order.role_names = {};
    order.dns_names = {"a,IP:127.0.0.1"};
    QCOMPARE(issue_certificate(root, key, key, order).error().code, ErrorCode::invalid_argument);
  }

  void packs_and_unpacks_a_whole_identity() {
    const TestAuthority authority;
    const TestIdentity anna = authority.client("anna");
    const Certificate certificate = *Certificate::from_pem(anna.certificate_pem);
    const CertificateKey key = *CertificateKey::from_pem(anna.key_pem, nullptr);
    const Bytes packed = *make_pkcs12(certificate, key, authority.certificate(), secret("open-sesame"));
    const auto unpacked = read_pkcs12(packed, secret("open-sesame"));
    QVERIFY2(unpacked.has_value(), unpacked ? "" : unpacked.error().message.c_str());
    QCOMPARE(unpacked->certificate.info().sha256, anna.info.sha256);
    QVERIFY(belongs_to(certificate, unpacked->key));
    QCOMPARE(unpacked->chain.size(), size_t{1});
    QCOMPARE(unpacked->chain[0].info().sha256, authority.certificate().info().sha256);
    for (const char* wrong : {"open-sesamf", "", "open-sesame "})
      QCOMPARE(read_pkcs12(packed, secret(wrong)).error().code, ErrorCode::permission_denied);
    const Bytes open = *make_pkcs12(certificate, key, authority.certificate(), Secret());
    QVERIFY(read_pkcs12(open, Secret()).has_value());
  }

  void tells_a_legacy_file_from_a_wrong_passphrase() {
    const QByteArray file = QByteArray::fromBase64(legacy_pkcs12);
    QCOMPARE(read_pkcs12(view_of(file), secret("open-sesame")).error().code, ErrorCode::unsupported);
    QCOMPARE(read_pkcs12(view_of(file), secret("shut-sesame")).error().code, ErrorCode::permission_denied);
  }

  void refuses_a_damaged_pkcs12_file() {
    const QByteArray file = QByteArray::fromBase64(legacy_pkcs12);
    for (qsizetype size = 0; size < file.size(); size += 53)
      QVERIFY(!read_pkcs12(view_of(file.left(size)), secret("open-sesame")));
    QCOMPARE(read_pkcs12({}, Secret()).error().code, ErrorCode::malformed);
    QCOMPARE(read_pkcs12(Bytes(max_pem_bytes + 1), Secret()).error().code, ErrorCode::resource_exhausted);
  }

  void lists_what_is_revoked() {
    const TestAuthority authority;
    const TestAuthority namesake;
    const TestIdentity anna = authority.client("anna");
    const TestIdentity bela = authority.client("bela");
    const auto list = RevocationList::from_pem(authority.revocations({anna.info.serial}, 41));
    QVERIFY(list.has_value());
    QCOMPARE(list->number(), uint64_t{41});
    QVERIFY(list->next_update_us() > wall_clock_us());
    QVERIFY(list->signed_by(authority.certificate()));
    QVERIFY(!list->signed_by(namesake.certificate()));
    QVERIFY(list->revokes(Certificate::from_pem(anna.certificate_pem)->native()));
    QVERIFY(!list->revokes(Certificate::from_pem(bela.certificate_pem)->native()));
    QCOMPARE(list->entries().size(), size_t{1});
    QCOMPARE(list->entries()[0].serial, anna.info.serial);
    QCOMPARE(RevocationList::from_pem("-----BEGIN X509 CRL-----\n").error().code, ErrorCode::malformed);
  }
};

QTEST_GUILESS_MAIN(CertificateTest)
#include "certificate_test.moc"
