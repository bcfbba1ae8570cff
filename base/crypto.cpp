#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/check.h"

namespace tijori {

namespace {

// Fetched once: the implicit fetch behind EVP_sha256() costs more than hashing a short record.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(algorithm != nullptr);
  return algorithm;
}

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  all.reserve(size);
  for (const ByteView part : parts) append(all, part);
  return all;
}

}  // namespace

Digest sha256(std::initializer_list<ByteView> parts) {
  thread_local Sha256 hash;
  for (const ByteView part : parts) hash.update(part);
  return hash.finish();
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  CHECK(context_ != nullptr);
  CHECK(EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr) == 1);
}

void Sha256::update(ByteView bytes) {
  CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256::peek() const {
  const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
  CHECK(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context_.get()) == 1);
  Digest digest;
  CHECK(EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
  return digest;
}

Digest Sha256::finish() {
  Digest digest;
  CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
  CHECK(EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr) == 1);
  return digest;
}

Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  const Secret message(joined(parts));
  static constexpr uint8_t empty_key[1] = {};  // HMAC() takes a null key for "the one before"
  Digest digest;
  CHECK(HMAC(sha256_algorithm(), key.empty() ? empty_key : key.data(), static_cast<int>(key.size()),
             message.bytes().data(), message.bytes().size(), digest.data(), nullptr) != nullptr);
  return digest;
}

void random_bytes(std::span<uint8_t> out) {
  if (!out.empty()) CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

void wipe(std::span<uint8_t> secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
}

bool equal_secrets(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

void Ed25519Key::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Ed25519Key::Ed25519Key(evp_pkey_st* key) : key_(key) {
  CHECK(key != nullptr);
  size_t size = public_key_.size();
  CHECK(EVP_PKEY_get_raw_public_key(key, public_key_.data(), &size) == 1 && size == public_key_.size());
}

Ed25519Key Ed25519Key::generate() {
  return Ed25519Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

Result<Ed25519Key> Ed25519Key::from_seed(ByteView seed) {
  if (seed.size() != ed25519_seed_bytes) {
    return fail(ErrorCode::invalid_argument, "Ed25519 seed: " + std::to_string(seed.size()) + " bytes, expected " +
                                                 std::to_string(ed25519_seed_bytes));
  }
  return Ed25519Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

Secret Ed25519Key::seed() const {
  Bytes bytes(ed25519_seed_bytes);
  size_t size = bytes.size();
  CHECK(EVP_PKEY_get_raw_private_key(key_.get(), bytes.data(), &size) == 1);
  return Secret(std::move(bytes));
}

Ed25519Signature Ed25519Key::sign(ByteView message) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  CHECK(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  Ed25519Signature signature;
  size_t size = signature.size();
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  return signature;
}

bool ed25519_verify(ByteView public_key, ByteView message, ByteView signature) {
  if (public_key.size() != ed25519_public_bytes || signature.size() != ed25519_signature_bytes) return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  CHECK(context != nullptr);
  if (key == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace tijori
