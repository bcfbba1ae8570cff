// SHA-256, HMAC-SHA-256, Ed25519 and random bytes, over OpenSSL's libcrypto. Thread-safe. Running out of memory inside
// libcrypto ends the process; nothing here fails because of its input, except where a Result says so.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/error.h"

struct evp_md_ctx_st;
struct evp_pkey_st;

namespace tijori {

inline constexpr size_t digest_bytes = 32;
using Digest = std::array<uint8_t, digest_bytes>;

// SHA-256 over the parts as if they were one.
Digest sha256(std::initializer_list<ByteView> parts);
inline Digest sha256(ByteView bytes) {
  return sha256({bytes});
}

// SHA-256 in pieces. After finish() it starts anew.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept = default;
  Sha256& operator=(Sha256&&) noexcept = default;
  void update(ByteView bytes);
  // The digest of what came so far; more may follow.
  Digest peek() const;
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

// Fills with bytes of the system's generator.
void random_bytes(std::span<uint8_t> out);

// Overwrites in a way the compiler can't leave out.
void wipe(std::span<uint8_t> secret);

// Compares in a time that depends on the lengths alone.
bool equal_secrets(ByteView a, ByteView b);

// Bytes that are wiped when they go.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  ByteView bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

inline constexpr size_t ed25519_seed_bytes = 32;
inline constexpr size_t ed25519_public_bytes = 32;
inline constexpr size_t ed25519_signature_bytes = 64;
using Ed25519Public = std::array<uint8_t, ed25519_public_bytes>;
using Ed25519Signature = std::array<uint8_t, ed25519_signature_bytes>;

// A private key (RFC 8032). libcrypto wipes it when it goes.
class Ed25519Key {
 public:
  static Ed25519Key generate();
  // invalid_argument when the seed is not 32 bytes.
  static Result<Ed25519Key> from_seed(ByteView seed);

  Secret seed() const;
  const Ed25519Public& public_key() const { return public_key_; }
  Ed25519Signature sign(ByteView message) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit Ed25519Key(evp_pkey_st* key);

  std::unique_ptr<evp_pkey_st, Free> key_;
  Ed25519Public public_key_{};
};

// False for a wrong signature, a wrong length or bytes that are no public key.
bool ed25519_verify(ByteView public_key, ByteView message, ByteView signature);

}  // namespace tijori
