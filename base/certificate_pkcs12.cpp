// PKCS#12: the part of base/certificate.h that packs and unpacks a whole identity.
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/certificate.h"
#include "base/certificate_detail.h"
#include "base/check.h"

namespace tijori {

using namespace certificate_detail;

namespace {

constexpr long max_key_rounds = 10'000'000;

// The stack alone, not the certificates in it.
void free_stack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

void free_stack_and_certificates(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}

// libcrypto takes passphrases as C strings.
class TerminatedSecret {
 public:
  explicit TerminatedSecret(const Secret& secret) {
    Bytes bytes;
    bytes.reserve(secret.bytes().size() + 1);
    bytes.assign(secret.bytes().begin(), secret.bytes().end());
    bytes.push_back(0);
    terminated_ = Secret(std::move(bytes));
  }
  const char* text() const { return reinterpret_cast<const char*>(terminated_.bytes().data()); }
  int size() const { return static_cast<int>(terminated_.bytes().size()) - 1; }

 private:
  Secret terminated_;
};

bool queue_holds_unsupported() {
  bool found = false;
  while (const unsigned long error = ERR_get_error()) {
    const int reason = ERR_GET_REASON(error);
    const int library = ERR_GET_LIB(error);
    found = found || reason == ERR_R_UNSUPPORTED || (library == ERR_LIB_EVP && reason == EVP_R_UNSUPPORTED_ALGORITHM) ||
            (library == ERR_LIB_EVP && reason == EVP_R_UNKNOWN_PBE_ALGORITHM);
  }
  return found;
}

Status check_rounds(const PKCS12* bundle) {
  const ASN1_INTEGER* rounds = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, bundle);
  if (rounds == nullptr) return {};  // the default, 1
  const long number = ASN1_INTEGER_get(rounds);
  ERR_clear_error();
  if (number >= 1 && number <= max_key_rounds) return {};
  return fail(ErrorCode::malformed, "PKCS#12: its key derivation asks for more than ten million rounds");
}

// An empty passphrase is written in two ways.
Status check_passphrase(PKCS12* bundle, const TerminatedSecret& secret) {
  ERR_clear_error();
  if (PKCS12_mac_present(bundle) != 1) return {};
  if (PKCS12_verify_mac(bundle, secret.text(), secret.size()) == 1) return {};
  if (secret.size() == 0 && PKCS12_verify_mac(bundle, nullptr, 0) == 1) return {};
  if (queue_holds_unsupported()) return fail(ErrorCode::unsupported, "PKCS#12: sealed with an algorithm of old");
  return fail(ErrorCode::permission_denied, "PKCS#12: wrong passphrase");
}

}  // namespace

Result<Pkcs12> read_pkcs12(ByteView der, const Secret& passphrase) {
  if (der.size() > max_pem_bytes) return fail(ErrorCode::resource_exhausted, "PKCS#12: larger than 256 KiB");
  const unsigned char* at = der.data();
  const Owned<PKCS12, PKCS12_free> bundle(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  if (bundle == nullptr) return fail_crypto(ErrorCode::malformed, "not a PKCS#12 file");
  TRY(check_rounds(bundle.get()));
  const TerminatedSecret secret(passphrase);
  TRY(check_passphrase(bundle.get(), secret));

  EVP_PKEY* raw_key = nullptr;
  X509* raw_certificate = nullptr;
  STACK_OF(X509)* raw_chain = nullptr;
  ERR_clear_error();
  const bool parsed = PKCS12_parse(bundle.get(), secret.text(), &raw_key, &raw_certificate, &raw_chain) == 1;
  CertificateKey::Handle key(raw_key);
  Certificate::Handle certificate(raw_certificate);
  const Owned<STACK_OF(X509), free_stack_and_certificates> chain(raw_chain);
  if (!parsed) {
    if (queue_holds_unsupported()) return fail(ErrorCode::unsupported, "PKCS#12: encrypted with a cipher of old");
    return fail(ErrorCode::malformed, "PKCS#12: its contents can't be read");
  }
  ERR_clear_error();
  if (key == nullptr) return fail(ErrorCode::not_found, "PKCS#12: no private key in it");
  if (certificate == nullptr) return fail(ErrorCode::not_found, "PKCS#12: no certificate for its key in it");
  TRY_ASSIGN(Certificate own, Certificate::adopt(std::move(certificate)));
  Pkcs12 read{std::move(own), CertificateKey(std::move(key)), {}};
  for (int i = 0; i < sk_X509_num(chain.get()) && read.chain.size() < max_pkcs12_chain; ++i) {
    X509* const link = sk_X509_value(chain.get(), i);
    CHECK(X509_up_ref(link) == 1);
    auto adopted = Certificate::adopt(Certificate::Handle(link));
    if (adopted) read.chain.push_back(*std::move(adopted));
  }
  return read;
}

Result<Bytes> make_pkcs12(const Certificate& certificate, const CertificateKey& key, const Certificate& authority,
                          const Secret& passphrase) {
  const TerminatedSecret secret(passphrase);
  const Owned<STACK_OF(X509), free_stack> chain(sk_X509_new_null());
  CHECK(chain != nullptr && sk_X509_push(chain.get(), authority.native()) == 1);
  const Owned<PKCS12, PKCS12_free> bundle(
      PKCS12_create(secret.text(), certificate.info().common_name.c_str(), key.native(), certificate.native(),
                    chain.get(), NID_aes_256_cbc, NID_aes_256_cbc, PKCS12_DEFAULT_ITER, PKCS12_DEFAULT_ITER, 0));
  if (bundle == nullptr) return fail_crypto(ErrorCode::invalid_argument, "PKCS#12: key and certificate were refused");
  unsigned char* der = nullptr;
  const int size = i2d_PKCS12(bundle.get(), &der);
  CHECK(size > 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace tijori
