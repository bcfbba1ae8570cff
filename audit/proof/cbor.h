// The subset of deterministic CBOR (RFC 8949 §4.2.1) that audit objects use: integers of int64, byte strings, tokens
// as text strings, arrays, maps with ascending unsigned keys, booleans. docs/audit-record.md, "Encoding".
// The reader accepts exactly what the writer can produce, so that an object has one valid encoding.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace tijori {

// 1 to 48 characters of a-z 0-9 _ . -, the first a letter or digit: all the text there is in an audit object.
inline constexpr size_t max_token_bytes = 48;
bool is_token(std::string_view text);

class CborWriter {
 public:
  void integer(int64_t value);
  void boolean(bool value);
  void bytes(ByteView value);
  // A token or "", CHECKed: whoever fills an object has validated its tokens.
  void token(std::string_view value);
  void array(uint64_t count);
  void map(uint64_t count);
  // A map key; the caller writes keys in ascending order.
  void key(uint64_t value) { head(0, value); }

  Bytes take() { return std::move(out_); }

 private:
  void head(unsigned major, uint64_t value);

  Bytes out_;
};

// Reads forward; every error is malformed and names the field and the offset.
class CborReader {
 public:
  explicit CborReader(ByteView bytes) : bytes_(bytes) {}

  Result<int64_t> integer(std::string_view what);
  // 0 to 2^63-1.
  Result<uint64_t> unsigned_integer(std::string_view what);
  Result<bool> boolean(std::string_view what);
  Result<ByteView> bytes(std::string_view what);
  // Byte strings of exactly N bytes, and of N or none.
  template <size_t N>
  Result<std::array<uint8_t, N>> fixed_bytes(std::string_view what) {
    TRY_ASSIGN(const ByteView raw, bytes(what));
    if (raw.size() != N) return wrong(what, "wrong length");
    std::array<uint8_t, N> value;
    std::copy(raw.begin(), raw.end(), value.begin());
    return value;
  }
  Result<Bytes> optional_bytes(std::string_view what, std::initializer_list<size_t> sizes);
  Result<std::string> token(std::string_view what);
  Result<std::string> optional_token(std::string_view what);
  Result<uint64_t> array(std::string_view what, uint64_t max_count);
  Result<uint64_t> map(std::string_view what, uint64_t max_count);
  // The next map key must be this one.
  Status expect_key(uint64_t key, std::string_view what);
  // The next map key, above `above`.
  Result<uint64_t> key_after(int64_t above, std::string_view what);
  Status expect_end() const;

  size_t offset() const { return offset_; }
  std::unexpected<Error> wrong(std::string_view what, std::string_view why) const;

 private:
  struct Head {
    unsigned major;
    uint64_t value;
  };
  Result<Head> head(std::string_view what);
  Result<uint64_t> head_of(unsigned major, std::string_view what, std::string_view expected);
  Result<ByteView> string_of(unsigned major, std::string_view what, std::string_view expected);

  ByteView bytes_;
  size_t offset_ = 0;
};

}  // namespace tijori
