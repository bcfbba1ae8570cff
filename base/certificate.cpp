#include "base/certificate.h"

#include <algorithm>
#include <ctime>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "base/certificate_detail.h"
#include "base/check.h"

namespace tijori {

namespace certificate_detail {

Bio bio_over(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(std::min(text.size(), max_pem_bytes))));
  CHECK(bio != nullptr);
  return bio;
}

Bio bio_to_memory() {
  Bio bio(BIO_new(BIO_s_secmem()));
  CHECK(bio != nullptr);
  return bio;
}

std::string_view text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<size_t>(size)};
}

std::unexpected<Error> fail_crypto(ErrorCode code, std::string_view what) {
  std::string message(what);
  const unsigned long error = ERR_peek_last_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  if (reason != nullptr) message.append(" (").append(reason).append(")");
  ERR_clear_error();
  return fail(code, std::move(message));
}

Result<int64_t> to_wall_us(const ASN1_TIME* time) {
  std::tm fields{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1)
    return fail_crypto(ErrorCode::malformed, "time: not a time of X.509");
  return static_cast<int64_t>(timegm(&fields)) * 1'000'000;
}

Owned<ASN1_TIME, ASN1_TIME_free> from_wall_us(int64_t wall_us) {
  Owned<ASN1_TIME, ASN1_TIME_free> time(ASN1_TIME_set(nullptr, wall_us / 1'000'000));
  CHECK(time != nullptr);
  return time;
}

std::string to_serial(const ASN1_INTEGER* serial) {
  const std::string hex =
      to_hex({ASN1_STRING_get0_data(serial), static_cast<size_t>(std::max(0, ASN1_STRING_length(serial)))});
  const size_t first = hex.find_first_not_of('0');
  return first == std::string::npos ? "0" : hex.substr(first);
}

}  // namespace certificate_detail

using namespace certificate_detail;

namespace {

constexpr std::string_view client_prefix = "urn:tijori:client:";
constexpr std::string_view role_prefix = "urn:tijori:role:";
constexpr std::string_view our_prefix = "urn:tijori:";
constexpr size_t max_roles = 16;
constexpr size_t max_dns_names = 16;

Status take_uri(CertificateInfo& info, std::string_view uri) {
  if (uri.starts_with(client_prefix)) {
    const std::string_view name = uri.substr(client_prefix.size());
    if (!info.client_name.empty()) return fail(ErrorCode::malformed, "subject alternative name: two client names");
    if (!check_client_name(name)) return fail(ErrorCode::malformed, "subject alternative name: not a client name");
    info.client_name = name;
  } else if (uri.starts_with(role_prefix)) {
    const std::string_view role = uri.substr(role_prefix.size());
    if (info.role_names.size() == max_roles)
      return fail(ErrorCode::malformed, "subject alternative name: too many roles");
    if (!check_client_name(role)) return fail(ErrorCode::malformed, "subject alternative name: a role that is no name");
    info.role_names.emplace_back(role);
  } else if (uri.starts_with(our_prefix)) {
    return fail(ErrorCode::malformed, "subject alternative name: an unknown kind of urn:tijori: name");
  }
  return {};
}

Status read_alternative_names(CertificateInfo& info, const X509* x509) {
  int critical = -1;
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, &critical, nullptr)));
  if (names == nullptr) {
    // −1: there is none; anything else: it is there, twice or broken.
    if (critical != -1) return fail_crypto(ErrorCode::malformed, "subject alternative name: unreadable");
    return {};
  }
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_URI && type != GEN_DNS) continue;
    const auto* string = static_cast<const ASN1_STRING*>(value);
    const std::string_view text =
        as_text({ASN1_STRING_get0_data(string), static_cast<size_t>(std::max(0, ASN1_STRING_length(string)))});
    if (type == GEN_URI) {
      TRY(take_uri(info, text));
    } else if (info.dns_names.size() < max_dns_names) {
      info.dns_names.emplace_back(text);
    }
  }
  return {};
}

std::string common_name_of(const X509* x509) {
  const X509_NAME* subject = X509_get_subject_name(x509);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return "";
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) {
    ERR_clear_error();
    return "";
  }
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return name;
}

// Gives libcrypto the passphrase, or none: without this it would ask on the terminal.
int give_passphrase(char* to, int size, int /*writing*/, void* user) {
  const auto* passphrase = static_cast<const Secret*>(user);
  if (passphrase == nullptr) return -1;
  const ByteView bytes = passphrase->bytes();
  if (bytes.size() > static_cast<size_t>(size)) return -1;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t*>(to));
  return static_cast<int>(bytes.size());
}

}  // namespace

Status check_client_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good = !name.empty() && name.size() <= max_client_name_bytes && alphanumeric(name.front()) &&
                    std::all_of(name.begin(), name.end(),
                                [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
  if (good) return {};
  return fail(ErrorCode::invalid_argument,
              "name: 1 to 64 characters of a-z 0-9 . _ - are allowed, the first a letter or digit");
}

Result<CertificateInfo> read_certificate(const x509_st* certificate) {
  // libcrypto fills its cache of extensions on first use, which it does not count as a change.
  auto* x509 = const_cast<X509*>(certificate);
  CertificateInfo info;
  TRY_ASSIGN(info.not_before_us, to_wall_us(X509_get0_notBefore(x509)));
  TRY_ASSIGN(info.not_after_us, to_wall_us(X509_get0_notAfter(x509)));
  info.common_name = common_name_of(x509);
  info.serial = to_serial(X509_get0_serialNumber(x509));
  info.is_ca = X509_check_ca(x509) == 1;
  const uint32_t usage = X509_get_extended_key_usage(x509);  // UINT32_MAX, every bit, without the extension
  if ((X509_get_extension_flags(x509) & EXFLAG_XKUSAGE) != 0) {
    info.client_use = (usage & XKU_SSL_CLIENT) != 0;
    info.server_use = (usage & XKU_SSL_SERVER) != 0;
  }
  TRY(read_alternative_names(info, x509));
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  if (size < 0) return fail_crypto(ErrorCode::malformed, "certificate: cannot be encoded");
  info.sha256 = to_hex(sha256(ByteView(der, static_cast<size_t>(size))));
  OPENSSL_free(der);
  return info;
}

void Certificate::Free::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

Result<Certificate> Certificate::adopt(Handle handle) {
  CHECK(handle != nullptr);
  TRY_ASSIGN(CertificateInfo info, read_certificate(handle.get()));
  return Certificate(std::move(handle), std::move(info));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  Handle x509(PEM_read_bio_X509(bio_over(pem).get(), nullptr, give_passphrase, nullptr));
  if (x509 == nullptr) return fail_crypto(ErrorCode::malformed, "no certificate in PEM form");
  return adopt(std::move(x509));
}

std::string Certificate::to_pem() const {
  const Bio bio = bio_to_memory();
  CHECK(PEM_write_bio_X509(bio.get(), x509_.get()) == 1);
  return std::string(text_of(bio.get()));
}

bool is_issued_by(const Certificate& certificate, const Certificate& authority) {
  const bool issued =
      X509_NAME_cmp(X509_get_issuer_name(certificate.native()), X509_get_subject_name(authority.native())) == 0 &&
      X509_verify(certificate.native(), X509_get0_pubkey(authority.native())) == 1;
  ERR_clear_error();
  return issued;
}

std::string spoken_fingerprint(std::string_view sha256) {
  std::string spoken;
  for (size_t i = 0; i < sha256.size(); ++i) {
    if (i > 0 && i % 4 == 0) spoken += ' ';
    const char digit = sha256[i];
    spoken += digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 'a' + 'A') : digit;
  }
  return spoken;
}

void CertificateKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

CertificateKey CertificateKey::generate() {
  Handle key(EVP_EC_gen("P-256"));
  CHECK(key != nullptr);
  return CertificateKey(std::move(key));
}

Result<CertificateKey> CertificateKey::from_pem(std::string_view pem, const Secret* passphrase) {
  const bool encrypted = pem.find("ENCRYPTED") != std::string_view::npos;
  if (encrypted && passphrase == nullptr)
    return fail(ErrorCode::permission_denied, "private key: encrypted, a passphrase is needed");
  Handle key(PEM_read_bio_PrivateKey(bio_over(pem).get(), nullptr, give_passphrase, const_cast<Secret*>(passphrase)));
  if (key != nullptr) return CertificateKey(std::move(key));
  if (encrypted) return fail_crypto(ErrorCode::permission_denied, "private key: wrong passphrase");
  return fail_crypto(ErrorCode::malformed, "no private key in PEM form");
}

Secret CertificateKey::to_pem() const {
  const Bio bio = bio_to_memory();
  CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  const ByteView bytes = as_bytes(text_of(bio.get()));
  return Secret(Bytes(bytes.begin(), bytes.end()));
}

Result<std::string> CertificateKey::to_encrypted_pem(const Secret& passphrase) const {
  // N = 16384, r = 8: the most that a reader with libcrypto's default memory limit can open.
  constexpr uint64_t cost = 16384;
  constexpr uint64_t block_size = 8;
  const ByteView secret = passphrase.bytes();
  if (secret.size() < min_passphrase_bytes || secret.size() > max_passphrase_bytes)
    return fail(ErrorCode::invalid_argument, "passphrase: " + std::to_string(min_passphrase_bytes) + " to " +
                                                 std::to_string(max_passphrase_bytes) + " bytes are needed");
  const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> plain(EVP_PKEY2PKCS8(key_.get()));
  CHECK(plain != nullptr);
  X509_ALGOR* algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 16, nullptr, cost, block_size, 1);
  CHECK(algorithm != nullptr);
  const Owned<X509_SIG, X509_SIG_free> sealed(PKCS8_set0_pbe(reinterpret_cast<const char*>(secret.data()),
                                                             static_cast<int>(secret.size()), plain.get(), algorithm));
  if (sealed == nullptr) {
    X509_ALGOR_free(algorithm);
    return fail_crypto(ErrorCode::internal, "private key: encryption failed");
  }
  const Bio bio = bio_to_memory();
  CHECK(PEM_write_bio_PKCS8(bio.get(), sealed.get()) == 1);
  return std::string(text_of(bio.get()));
}

bool belongs_to(const Certificate& certificate, const CertificateKey& key) {
  const bool same = EVP_PKEY_eq(X509_get0_pubkey(certificate.native()), key.native()) == 1;
  ERR_clear_error();
  return same;
}

}  // namespace tijori
