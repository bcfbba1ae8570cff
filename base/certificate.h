// X.509 as Tijori uses it, over OpenSSL's libcrypto: reading certificates, and issuing and revoking them for
// `tijori-ca`.
//
// A client certificate's SAN holds one URI urn:tijori:client:NAME and one urn:tijori:role:ROLE per role, its extended
// key usage is clientAuth. A server certificate holds DNS names and serverAuth. Keys are made on P-256. Thread-safe as
// far as objects aren't shared while they change; nothing here changes after it was made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

struct x509_st;
struct X509_crl_st;

namespace tijori {

inline constexpr size_t max_client_name_bytes = 64;
inline constexpr size_t max_pem_bytes = 256U << 10;  // what lies behind is not read
inline constexpr size_t max_crl_bytes = 16U << 20;
inline constexpr size_t min_passphrase_bytes = 8;
inline constexpr size_t max_passphrase_bytes = 1024;

// 1 to 64 characters of [a-z0-9._-], the first a letter or digit.
Status check_client_name(std::string_view name);

struct CertificateInfo {
  std::string common_name;
  std::string client_name;              // "" when there is no urn:tijori:client: URI
  std::vector<std::string> role_names;  // as written; whether they exist is for protocol/role.h
  std::vector<std::string> dns_names;
  std::string serial;  // lower-case hex without leading zeros
  std::string sha256;  // of the DER form, lower-case hex
  int64_t not_before_us = 0;
  int64_t not_after_us = 0;
  bool client_use = false;  // extended key usage clientAuth
  bool server_use = false;
  bool is_ca = false;
};

// malformed when it can't be parsed, holds two client names, a name that check_client_name refuses, or a URI of another
// kind under urn:tijori:.
Result<CertificateInfo> read_certificate(const x509_st* certificate);

class Certificate {
 public:
  // The first certificate of the text.
  static Result<Certificate> from_pem(std::string_view pem);
  std::string to_pem() const;
  const CertificateInfo& info() const { return info_; }
  x509_st* native() const { return x509_.get(); }

  struct Free {
    void operator()(x509_st* certificate) const;
  };
  using Handle = std::unique_ptr<x509_st, Free>;
  static Result<Certificate> adopt(Handle handle);

 private:
  Certificate(Handle handle, CertificateInfo info) : x509_(std::move(handle)), info_(std::move(info)) {}
  Handle x509_;
  CertificateInfo info_;
};

// True when the authority's key signed it; validity and names are for the caller to look at.
bool is_issued_by(const Certificate& certificate, const Certificate& authority);

// A fingerprint for two people to compare: "7C4E 19B2 A0D3 5F18 …", in upper case, four digits a group.
std::string spoken_fingerprint(std::string_view sha256);

// A private key, or only its public half when it came from a request. libcrypto wipes it when it goes.
class CertificateKey {
 public:
  static CertificateKey generate();
  // permission_denied for a wrong or missing passphrase.
  static Result<CertificateKey> from_pem(std::string_view pem, const Secret* passphrase);
  Secret to_pem() const;  // PKCS#8, in the clear
  // PKCS#8 under AES-256 with a key by scrypt (N = 16384, r = 8, p = 1).
  Result<std::string> to_encrypted_pem(const Secret& passphrase) const;
  evp_pkey_st* native() const { return key_.get(); }

  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, Free>;
  explicit CertificateKey(Handle handle) : key_(std::move(handle)) {}

 private:
  Handle key_;
};

// True when the certificate is of this key.
bool belongs_to(const Certificate& certificate, const CertificateKey& key);

// The public key of a PKCS#10 request whose signature holds. Names and extensions in it are ignored: the issuer decides
// them. unsupported for keys weaker than RSA 2048 or other than RSA, P-256, P-384, Ed25519.
Result<CertificateKey> read_certificate_request(std::string_view pem);
Result<std::string> make_certificate_request(std::string_view common_name, const CertificateKey& key);

enum class CertificateKind { client, server };

struct CertificateOrder {
  CertificateKind kind = CertificateKind::client;
  std::string name;  // common name; of a client also urn:tijori:client:NAME
  std::vector<std::string> role_names;
  std::vector<std::string> dns_names;
  int64_t not_before_us = 0;
  int64_t not_after_us = 0;
};

Result<Certificate> make_authority(std::string_view common_name, const CertificateKey& key, int64_t not_before_us,
                                   int64_t not_after_us);
Result<Certificate> issue_certificate(const Certificate& authority, const CertificateKey& authority_key,
                                      const CertificateKey& subject_key, const CertificateOrder& order);

enum class RevocationReason { unspecified, key_compromise, superseded, cessation };
std::string_view name_of(RevocationReason reason);
std::optional<RevocationReason> revocation_reason_from_name(std::string_view name);

struct RevokedCertificate {
  std::string serial;  // lower-case hex
  int64_t revoked_us = 0;
  RevocationReason reason = RevocationReason::unspecified;
};

// A certificate revocation list (RFC 5280 §5).
class RevocationList {
 public:
  static Result<RevocationList> from_pem(std::string_view pem);
  // `number` must be above that of every list signed before.
  static Result<RevocationList> make(const Certificate& authority, const CertificateKey& authority_key,
                                     const std::vector<RevokedCertificate>& revoked, uint64_t number,
                                     int64_t this_update_us, int64_t next_update_us);
  std::string to_pem() const;
  bool signed_by(const Certificate& authority) const;
  bool revokes(const x509_st* certificate) const;
  uint64_t number() const { return number_; }
  int64_t next_update_us() const { return next_update_us_; }
  std::vector<RevokedCertificate> entries() const;

  struct Free {
    void operator()(X509_crl_st* list) const;
  };
  using Handle = std::unique_ptr<X509_crl_st, Free>;

 private:
  explicit RevocationList(Handle handle) : crl_(std::move(handle)) {}
  static Result<RevocationList> adopt(Handle handle);
  Handle crl_;
  uint64_t number_ = 0;
  int64_t next_update_us_ = 0;
};

inline constexpr size_t max_pkcs12_chain = 8;

// What a PKCS#12 file (RFC 7292) holds of one identity.
struct Pkcs12 {
  Certificate certificate;
  CertificateKey key;
  std::vector<Certificate> chain;  // the others, as they come; at most max_pkcs12_chain
};

// permission_denied for a wrong passphrase, unsupported for ciphers that this libcrypto leaves to its legacy provider
// (RC2, as files before 2021 have it), not_found when key or certificate is missing, malformed for anything else. Takes
// as long as the file's own key derivation asks for; files that ask for more than ten million rounds are refused.
Result<Pkcs12> read_pkcs12(ByteView der, const Secret& passphrase);

// Key, certificate and authority in one file, for desktop programs.
Result<Bytes> make_pkcs12(const Certificate& certificate, const CertificateKey& key, const Certificate& authority,
                          const Secret& passphrase);

}  // namespace tijori
