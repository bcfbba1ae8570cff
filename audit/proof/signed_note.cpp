#include "audit/proof/signed_note.h"

#include <algorithm>

namespace tijori {

namespace {

constexpr uint8_t algorithm_ed25519 = 0x01;
constexpr std::string_view signature_start = "\xE2\x80\x94 ";  // em dash, space

std::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::malformed, "note: " + std::move(message));
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= max_key_name_bytes && is_utf8(name) &&
         std::ranges::none_of(name, [](char c) { return (c >= 0 && c <= ' ') || c == '+' || c == '\x7F'; });
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_start)) return bad("a signature line doesn't start with an em dash and a space");
  line.remove_prefix(signature_start.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
    return bad("a signature line has no key name");
  TRY_ASSIGN(const Bytes raw, from_base64(line.substr(space + 1)));
  NoteSignature signature;
  if (raw.size() <= signature.key_hash.size()) return bad("a signature is too short");
  signature.name = line.substr(0, space);
  std::copy_n(raw.begin(), signature.key_hash.size(), signature.key_hash.begin());
  signature.signature.assign(raw.begin() + static_cast<ptrdiff_t>(signature.key_hash.size()), raw.end());
  return signature;
}

}  // namespace

KeyHash VerifierKey::hash() const {
  static constexpr uint8_t separator[] = {'\n', algorithm_ed25519};
  const Digest digest = sha256({as_bytes(name), separator, key});
  KeyHash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

std::string VerifierKey::text() const {
  Bytes typed = {algorithm_ed25519};
  append(typed, key);
  return name + "+" + to_hex(hash()) + "+" + to_base64(typed);
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto wrong = [](std::string_view why) {
    return fail(ErrorCode::malformed, "verifier key: " + std::string(why));
  };
  const size_t first = text.find('+');
  const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return wrong("not of the form NAME+HASH+KEY");
  VerifierKey parsed;
  parsed.name = text.substr(0, first);
  if (!is_key_name(parsed.name)) return wrong("not a key name");
  TRY_ASSIGN(const Bytes raw, from_base64(text.substr(second + 1)));
  if (raw.size() != 1 + parsed.key.size() || raw[0] != algorithm_ed25519) return wrong("not an Ed25519 key");
  std::copy(raw.begin() + 1, raw.end(), parsed.key.begin());
  if (text.substr(first + 1, second - first - 1) != to_hex(parsed.hash())) return wrong("its hash is not of this key");
  return parsed;
}

Result<SignedNote> SignedNote::parse(std::string_view note) {
  if (note.size() > max_note_bytes) return bad("longer than " + std::to_string(max_note_bytes) + " bytes");
  if (!is_utf8(note)) return bad("not UTF-8");
  if (std::ranges::any_of(note, [](char c) { return c >= 0 && c < ' ' && c != '\n'; })) {
    return bad("holds a control character");
  }
  const size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || !note.ends_with('\n')) return bad("no signatures");
  SignedNote parsed;
  parsed.text = note.substr(0, gap + 1);
  std::string_view lines = note.substr(gap + 2);
  while (!lines.empty()) {
    if (parsed.signatures.size() == max_note_signatures) {
      return bad("more than " + std::to_string(max_note_signatures) + " signatures");
    }
    const size_t end = lines.find('\n');
    TRY_ASSIGN(NoteSignature signature, parse_signature(lines.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  if (parsed.signatures.empty()) return bad("no signatures");
  return parsed;
}

std::string SignedNote::format() const {
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) {
    Bytes raw(signature.key_hash.begin(), signature.key_hash.end());
    append(raw, signature.signature);
    note.append(signature_start).append(signature.name).append(" ").append(to_base64(raw)).append("\n");
  }
  return note;
}

SignedNote sign_note(std::string text, std::string_view name, const Ed25519Key& key) {
  const Ed25519Signature signature = key.sign(as_bytes(text));
  const VerifierKey verifier{std::string(name), key.public_key()};
  return {std::move(text), {{verifier.name, verifier.hash(), Bytes(signature.begin(), signature.end())}}};
}

NoteCheck check_note(const SignedNote& note, const VerifierKey& key) {
  NoteCheck result = NoteCheck::absent;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != key.name || signature.key_hash != key.hash()) continue;
    if (!ed25519_verify(key.key, as_bytes(note.text), signature.signature)) return NoteCheck::bad;
    result = NoteCheck::good;
  }
  return result;
}

}  // namespace tijori
