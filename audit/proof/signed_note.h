// C2SP signed notes with Ed25519 signatures: a text, an empty line, and one line per signature.
//
//   text, every line ended by a newline
//   (empty line)
//   — NAME BASE64(key hash ‖ signature)
//
// A note is valid if and only if it is UTF-8 without control characters but newlines, the text ends in a newline, and
// at least one well-formed signature line follows the last empty line. What it proves is only what verify() says.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

inline constexpr size_t max_note_bytes = 8192;
inline constexpr size_t max_note_signatures = 16;
inline constexpr size_t max_key_name_bytes = 128;

using KeyHash = std::array<uint8_t, 4>;

// A public key with its name, "NAME+HASH+BASE64(0x01 ‖ key)" as text.
struct VerifierKey {
  std::string name;
  Ed25519Public key{};

  static Result<VerifierKey> parse(std::string_view text);
  std::string text() const;
  KeyHash hash() const;
  // SHA-256 of the 32 bytes of the key, in hex: what people compare.
  std::string fingerprint() const { return to_hex(sha256(key)); }

  bool operator==(const VerifierKey&) const = default;
};

struct NoteSignature {
  std::string name;
  KeyHash key_hash{};
  Bytes signature;  // any algorithm's
};

struct SignedNote {
  std::string text;
  std::vector<NoteSignature> signatures;

  // malformed when it is no note; no signature is checked.
  static Result<SignedNote> parse(std::string_view note);
  std::string format() const;
};

// The note over `text`, which ends in a newline, by one key.
SignedNote sign_note(std::string text, std::string_view name, const Ed25519Key& key);

enum class NoteCheck : uint8_t { good, bad, absent };
// bad: a line claims this key and its signature is wrong. absent: no line claims it.
NoteCheck check_note(const SignedNote& note, const VerifierKey& key);

}  // namespace tijori
