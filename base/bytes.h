// Views of bytes, bounds-checked reading, and their text forms (hex, base64).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

using ByteView = std::span<const uint8_t>;
using Bytes = std::vector<uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Loads and stores without alignment, in the named byte order.
template <class T>
T load_le(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <class T>
void store_le(uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}
template <class T>
void append_le(Bytes& out, T value) {
  uint8_t bytes[sizeof value];
  store_le(bytes, value);
  append(out, bytes);
}
static_assert(std::endian::native == std::endian::little);

// Reads forward over bytes it doesn't own; every read is checked, and a failed one says at which offset.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes, size_t offset = 0) : bytes_(bytes), offset_(offset) {}

  size_t offset() const { return offset_; }
  size_t remaining() const { return bytes_.size() - offset_; }

  // Fails with malformed, "offset N: WHAT needs K bytes, M are left".
  Result<ByteView> take(uint64_t count, std::string_view what);
  template <class T>
  Result<T> little_endian(std::string_view what) {
    TRY_ASSIGN(const ByteView raw, take(sizeof(T), what));
    return load_le<T>(raw.data());
  }

 private:
  ByteView bytes_;
  size_t offset_;
};

// Lower-case hexadecimal; parsing takes either case and refuses anything else.
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

// Standard base64 (RFC 4648 §4) with padding; parsing refuses whitespace, missing padding and non-zero spare bits.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

// True when the text is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF).
bool is_utf8(std::string_view text);

// Length of the longest prefix that does not end inside a UTF-8 sequence; bytes that can't start one count as whole.
size_t complete_utf8_prefix(std::string_view text);

}  // namespace tijori
