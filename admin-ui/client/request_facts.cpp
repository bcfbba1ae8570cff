#include "admin-ui/client/request_facts.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/certificate.h"
#include "base/crypto.h"

namespace tijori {
namespace {

constexpr int max_name_bytes = 512;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;

void free_extensions(STACK_OF(X509_EXTENSION) * list) {
  sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return size > 0 ? std::string(bytes, static_cast<size_t>(std::min<long>(size, max_name_bytes))) : std::string();
}

std::string key_text(EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return "RSA " + std::to_string(bits);
    case EVP_PKEY_EC:
      return "P-" + std::to_string(bits);
    case EVP_PKEY_ED25519:
      return "Ed25519";
    default:
      return OBJ_nid2sn(EVP_PKEY_get_base_id(key));
  }
}

void read_alternatives(X509_EXTENSION* extension, RequestFacts& facts) {
  const Bio out(BIO_new(BIO_s_mem()));
  if (!out || X509V3_EXT_print(out.get(), extension, 0, 0) != 1) return;
  const std::string all = text_of(out.get());
  for (size_t start = 0; start < all.size();) {
    size_t end = all.find(", ", start);
    if (end == std::string::npos) end = all.size();
    facts.alternatives.push_back(all.substr(start, end - start));
    start = end + 2;
  }
}

}  // namespace

Result<RequestFacts> read_request_facts(std::string_view pem) {
  // What the issuer would refuse is refused here already, in its words.
  TRY_ASSIGN(const CertificateKey checked, read_certificate_request(pem));
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Request request(in ? PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!request) return fail(ErrorCode::malformed, "it holds no certificate request");
  RequestFacts facts;
  X509_NAME* const subject = X509_REQ_get_subject_name(request.get());
  if (const Bio out(BIO_new(BIO_s_mem())); out && X509_NAME_entry_count(subject) > 0) {
    X509_NAME_print_ex(out.get(), subject, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    facts.subject = text_of(out.get());
  }
  std::array<char, max_name_bytes> name{};
  if (X509_NAME_get_text_by_NID(subject, NID_commonName, name.data(), static_cast<int>(name.size())) > 0)
    facts.common_name = name.data();
  facts.key = key_text(checked.native());
  unsigned char* der = nullptr;
  if (const int size = i2d_PUBKEY(checked.native(), &der); size > 0) {
    facts.key_sha256 = to_hex(sha256(ByteView(der, static_cast<size_t>(size))));
    OPENSSL_free(der);
  }
  const std::unique_ptr<STACK_OF(X509_EXTENSION), Freed<free_extensions>> extensions(
      X509_REQ_get_extensions(request.get()));
  for (int i = 0; extensions && i < sk_X509_EXTENSION_num(extensions.get()); ++i) {
    X509_EXTENSION* const extension = sk_X509_EXTENSION_value(extensions.get(), i);
    const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (kind == NID_subject_alt_name) {
      read_alternatives(extension, facts);
    } else {
      facts.other_extensions.emplace_back(OBJ_nid2ln(kind));
    }
  }
  return facts;
}

}  // namespace tijori
