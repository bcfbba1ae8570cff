// Issuing and revoking: the half of base/certificate.h that needs the authority's key.
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/certificate.h"
#include "base/certificate_detail.h"
#include "base/check.h"

namespace tijori {

using namespace certificate_detail;

namespace {

using Name = Owned<X509_NAME, X509_NAME_free>;

Result<Name> make_name(std::string_view common_name) {
  if (common_name.empty() || common_name.size() > max_client_name_bytes || !is_utf8(common_name))
    return fail(ErrorCode::invalid_argument, "common name: 1 to 64 bytes of UTF-8 are allowed");
  Name name(X509_NAME_new());
  CHECK(name != nullptr);
  if (X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) != 1)
    return fail_crypto(ErrorCode::invalid_argument, "common name: refused");
  return name;
}

// 127 random bits: unique without a counter, and unguessable as RFC 5280 wants.
void set_random_serial(X509* x509) {
  uint8_t bytes[16];
  random_bytes(bytes);
  bytes[0] = static_cast<uint8_t>((bytes[0] & 0x7F) | 0x40);
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  CHECK(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) != nullptr);
}

Status add_extension(X509* x509, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (extension == nullptr || X509_add_ext(x509, extension.get(), -1) != 1)
    return fail_crypto(ErrorCode::invalid_argument, "extension " + value + ": refused");
  return {};
}

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string_view::npos;
}

// Names have been checked against small character sets, so none can smuggle in libcrypto's "name:value,…" syntax.
Result<std::string> alternative_names(const CertificateOrder& order) {
  std::string names;
  const auto add = [&](std::string_view entry, std::string_view value) {
    if (!names.empty()) names += ',';
    names.append(entry).append(value);
  };
  if (order.kind == CertificateKind::client) {
    TRY(check_client_name(order.name));
    add("URI:urn:tijori:client:", order.name);
    for (const std::string& role : order.role_names) {
      if (!check_client_name(role)) return fail(ErrorCode::invalid_argument, "role \"" + role + "\": no such role");
      add("URI:urn:tijori:role:", role);
    }
  }
  for (const std::string& name : order.dns_names) {
    if (!is_host_name(name)) return fail(ErrorCode::invalid_argument, "DNS name \"" + name + "\": not a host name");
    add("DNS:", name);
  }
  return names;
}

struct Validity {
  int64_t not_before_us;
  int64_t not_after_us;
};

Result<Certificate::Handle> start_certificate(const X509_NAME* issuer, const X509_NAME* subject,
                                              const CertificateKey& key, Validity validity) {
  if (validity.not_after_us <= validity.not_before_us)
    return fail(ErrorCode::invalid_argument, "validity: ends before it starts");
  Certificate::Handle x509(X509_new());
  CHECK(x509 != nullptr);
  set_random_serial(x509.get());
  const bool filled = X509_set_version(x509.get(), X509_VERSION_3) == 1 &&
                      X509_set_issuer_name(x509.get(), issuer) == 1 &&
                      X509_set_subject_name(x509.get(), subject) == 1 &&
                      X509_set1_notBefore(x509.get(), from_wall_us(validity.not_before_us).get()) == 1 &&
                      X509_set1_notAfter(x509.get(), from_wall_us(validity.not_after_us).get()) == 1 &&
                      X509_set_pubkey(x509.get(), key.native()) == 1;
  if (!filled) return fail_crypto(ErrorCode::invalid_argument, "certificate: a field was refused");
  return x509;
}

// Ed25519 signs without a separate digest.
const EVP_MD* digest_for(const CertificateKey& key) {
  return EVP_PKEY_get_id(key.native()) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

struct ReasonName {
  RevocationReason reason;
  std::string_view name;
  int code;  // RFC 5280 §5.3.1
};
constexpr ReasonName reason_names[] = {
    {RevocationReason::unspecified, "unspecified", CRL_REASON_UNSPECIFIED},
    {RevocationReason::key_compromise, "key-compromise", CRL_REASON_KEY_COMPROMISE},
    {RevocationReason::superseded, "superseded", CRL_REASON_SUPERSEDED},
    {RevocationReason::cessation, "cessation", CRL_REASON_CESSATION_OF_OPERATION},
};

Status add_revoked(X509_CRL* crl, const RevokedCertificate& revoked) {
  BIGNUM* raw = nullptr;
  const int digits = BN_hex2bn(&raw, revoked.serial.c_str());
  const Owned<BIGNUM, BN_free> number(raw);
  if (digits <= 0 || static_cast<size_t>(digits) != revoked.serial.size() || digits > 40)
    return fail(ErrorCode::invalid_argument, "serial \"" + revoked.serial + "\": not a hexadecimal number");
  Owned<X509_REVOKED, X509_REVOKED_free> entry(X509_REVOKED_new());
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
  CHECK(entry != nullptr && serial != nullptr);
  bool filled = X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
                X509_REVOKED_set_revocationDate(entry.get(), from_wall_us(revoked.revoked_us).get()) == 1;
  if (filled && revoked.reason != RevocationReason::unspecified) {
    const Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free> code(ASN1_ENUMERATED_new());
    for (const ReasonName& known : reason_names)
      if (known.reason == revoked.reason) filled = ASN1_ENUMERATED_set(code.get(), known.code) == 1;
    filled = filled && X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, code.get(), 0, 0) == 1;
  }
  if (!filled || X509_CRL_add0_revoked(crl, entry.get()) != 1)
    return fail_crypto(ErrorCode::internal, "revocation list: an entry was refused");
  (void)entry.release();  // the list owns it now
  return {};
}

}  // namespace

Result<CertificateKey> read_certificate_request(std::string_view pem) {
  const Owned<X509_REQ, X509_REQ_free> request(PEM_read_bio_X509_REQ(bio_over(pem).get(), nullptr, nullptr, nullptr));
  if (request == nullptr) return fail_crypto(ErrorCode::malformed, "no certificate request in PEM form");
  CertificateKey::Handle key(X509_REQ_get_pubkey(request.get()));
  if (key == nullptr) return fail_crypto(ErrorCode::malformed, "certificate request: unreadable public key");
  if (X509_REQ_verify(request.get(), key.get()) != 1)
    return fail_crypto(ErrorCode::malformed, "certificate request: not signed by its own key");
  const int type = EVP_PKEY_get_base_id(key.get());
  const int bits = EVP_PKEY_get_bits(key.get());
  char group[32] = "";
  size_t group_size = 0;
  const bool strong =
      (type == EVP_PKEY_RSA && bits >= 2048 && bits <= 8192) || type == EVP_PKEY_ED25519 ||
      (type == EVP_PKEY_EC && EVP_PKEY_get_group_name(key.get(), group, sizeof group, &group_size) == 1 &&
       (std::string_view(group, group_size) == "prime256v1" || std::string_view(group, group_size) == "secp384r1"));
  ERR_clear_error();
  if (!strong)
    return fail(ErrorCode::unsupported,
                "certificate request: the key must be on P-256 or P-384, Ed25519, or RSA of 2048 to 8192 bits");
  return CertificateKey(std::move(key));
}

Result<std::string> make_certificate_request(std::string_view common_name, const CertificateKey& key) {
  TRY_ASSIGN(const Name name, make_name(common_name));
  const Owned<X509_REQ, X509_REQ_free> request(X509_REQ_new());
  CHECK(request != nullptr);
  if (X509_REQ_set_subject_name(request.get(), name.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.native()) != 1 ||
      X509_REQ_sign(request.get(), key.native(), digest_for(key)) <= 0)
    return fail_crypto(ErrorCode::internal, "certificate request: signing failed");
  const Bio bio = bio_to_memory();
  CHECK(PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1);
  return std::string(text_of(bio.get()));
}

Result<Certificate> make_authority(std::string_view common_name, const CertificateKey& key, int64_t not_before_us,
                                   int64_t not_after_us) {
  TRY_ASSIGN(const Name name, make_name(common_name));
  TRY_ASSIGN(Certificate::Handle x509, start_certificate(name.get(), name.get(), key, {not_before_us, not_after_us}));
  X509* raw = x509.get();
  TRY(add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  TRY(add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign"));
  TRY(add_extension(raw, raw, NID_subject_key_identifier, "hash"));
  if (X509_sign(raw, key.native(), digest_for(key)) <= 0)
    return fail_crypto(ErrorCode::internal, "authority: signing failed");
  return Certificate::adopt(std::move(x509));
}

Result<Certificate> issue_certificate(const Certificate& authority, const CertificateKey& authority_key,
                                      const CertificateKey& subject_key, const CertificateOrder& order) {
  if (!belongs_to(authority, authority_key))
    return fail(ErrorCode::invalid_argument, "authority: certificate and key do not belong together");
  TRY_ASSIGN(const std::string names, alternative_names(order));
  TRY_ASSIGN(const Name subject, make_name(order.name));
  TRY_ASSIGN(Certificate::Handle x509, start_certificate(X509_get_subject_name(authority.native()), subject.get(),
                                                         subject_key, {order.not_before_us, order.not_after_us}));
  X509* raw = x509.get();
  const bool server = order.kind == CertificateKind::server;
  TRY(add_extension(raw, authority.native(), NID_basic_constraints, "critical,CA:FALSE"));
  TRY(add_extension(raw, authority.native(), NID_key_usage, "critical,digitalSignature"));
  TRY(add_extension(raw, authority.native(), NID_ext_key_usage, server ? "serverAuth" : "clientAuth"));
  TRY(add_extension(raw, authority.native(), NID_subject_key_identifier, "hash"));
  TRY(add_extension(raw, authority.native(), NID_authority_key_identifier, "keyid:always"));
  if (!names.empty()) TRY(add_extension(raw, authority.native(), NID_subject_alt_name, names));
  if (X509_sign(raw, authority_key.native(), digest_for(authority_key)) <= 0)
    return fail_crypto(ErrorCode::internal, "certificate: signing failed");
  return Certificate::adopt(std::move(x509));
}

std::string_view name_of(RevocationReason reason) {
  for (const ReasonName& known : reason_names)
    if (known.reason == reason) return known.name;
  CHECK(false);
}

std::optional<RevocationReason> revocation_reason_from_name(std::string_view name) {
  for (const ReasonName& known : reason_names)
    if (known.name == name) return known.reason;
  return std::nullopt;
}

void RevocationList::Free::operator()(X509_crl_st* list) const {
  X509_CRL_free(list);
}

Result<RevocationList> RevocationList::adopt(Handle handle) {
  RevocationList list(std::move(handle));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.crl_.get(), NID_crl_number, nullptr, nullptr)));
  if (number == nullptr || ASN1_INTEGER_get_uint64(&list.number_, number.get()) != 1)
    return fail_crypto(ErrorCode::malformed, "revocation list: no number, or one above 64 bits");
  TRY_ASSIGN(list.next_update_us_, to_wall_us(X509_CRL_get0_nextUpdate(list.crl_.get())));
  return list;
}

Result<RevocationList> RevocationList::from_pem(std::string_view pem) {
  if (pem.size() > max_crl_bytes) return fail(ErrorCode::resource_exhausted, "revocation list: longer than 16 MiB");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio != nullptr);
  Handle crl(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
  if (crl == nullptr) return fail_crypto(ErrorCode::malformed, "no revocation list in PEM form");
  return adopt(std::move(crl));
}

Result<RevocationList> RevocationList::make(const Certificate& authority, const CertificateKey& authority_key,
                                            const std::vector<RevokedCertificate>& revoked, uint64_t number,
                                            int64_t this_update_us, int64_t next_update_us) {
  Handle crl(X509_CRL_new());
  CHECK(crl != nullptr);
  X509_CRL* raw = crl.get();
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number_field(ASN1_INTEGER_new());
  CHECK(number_field != nullptr);
  const bool filled = X509_CRL_set_version(raw, X509_CRL_VERSION_2) == 1 &&
                      X509_CRL_set_issuer_name(raw, X509_get_subject_name(authority.native())) == 1 &&
                      X509_CRL_set1_lastUpdate(raw, from_wall_us(this_update_us).get()) == 1 &&
                      X509_CRL_set1_nextUpdate(raw, from_wall_us(next_update_us).get()) == 1 &&
                      ASN1_INTEGER_set_uint64(number_field.get(), number) == 1 &&
                      X509_CRL_add1_ext_i2d(raw, NID_crl_number, number_field.get(), 0, 0) == 1;
  if (!filled) return fail_crypto(ErrorCode::internal, "revocation list: a field was refused");
  X509V3_CTX context;
  X509V3_set_ctx(&context, authority.native(), nullptr, nullptr, raw, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> issuer_key(
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  if (issuer_key == nullptr || X509_CRL_add_ext(raw, issuer_key.get(), -1) != 1)
    return fail_crypto(ErrorCode::internal, "revocation list: the authority's key identifier was refused");
  for (const RevokedCertificate& entry : revoked) TRY(add_revoked(raw, entry));
  X509_CRL_sort(raw);
  if (X509_CRL_sign(raw, authority_key.native(), digest_for(authority_key)) <= 0)
    return fail_crypto(ErrorCode::internal, "revocation list: signing failed");
  return adopt(std::move(crl));
}

std::string RevocationList::to_pem() const {
  const Bio bio = bio_to_memory();
  CHECK(PEM_write_bio_X509_CRL(bio.get(), crl_.get()) == 1);
  return std::string(text_of(bio.get()));
}

bool RevocationList::signed_by(const Certificate& authority) const {
  const bool issued = X509_NAME_cmp(X509_CRL_get_issuer(crl_.get()), X509_get_subject_name(authority.native())) == 0;
  const bool good = issued && X509_CRL_verify(crl_.get(), X509_get0_pubkey(authority.native())) == 1;
  ERR_clear_error();
  return good;
}

bool RevocationList::revokes(const x509_st* certificate) const {
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_serial(crl_.get(), &entry, const_cast<ASN1_INTEGER*>(X509_get0_serialNumber(certificate))) ==
         1;
}

std::vector<RevokedCertificate> RevocationList::entries() const {
  std::vector<RevokedCertificate> all;
  STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(crl_.get());
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
    const X509_REVOKED* raw = sk_X509_REVOKED_value(revoked, i);
    RevokedCertificate entry;
    entry.serial = to_serial(X509_REVOKED_get0_serialNumber(raw));
    entry.revoked_us = to_wall_us(X509_REVOKED_get0_revocationDate(raw)).value_or(0);
    const Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free> code(
        static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(raw, NID_crl_reason, nullptr, nullptr)));
    for (const ReasonName& known : reason_names)
      if (code != nullptr && ASN1_ENUMERATED_get(code.get()) == known.code) entry.reason = known.reason;
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace tijori
