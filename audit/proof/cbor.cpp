#include "audit/proof/cbor.h"

#include "base/check.h"

namespace tijori {

namespace {

// RFC 8949 §3: the major types used here, and the two simple values.
constexpr unsigned major_unsigned = 0;
constexpr unsigned major_negative = 1;
constexpr unsigned major_bytes = 2;
constexpr unsigned major_text = 3;
constexpr unsigned major_array = 4;
constexpr unsigned major_map = 5;
constexpr unsigned major_simple = 7;
constexpr uint64_t simple_false = 20;
constexpr uint64_t simple_true = 21;
constexpr uint64_t max_int = INT64_MAX;

}  // namespace

bool is_token(std::string_view text) {
  if (text.empty() || text.size() > max_token_bytes) return false;
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!plain(text[0])) return false;
  return std::ranges::all_of(text, [&](char c) { return plain(c) || c == '_' || c == '.' || c == '-'; });
}

void CborWriter::head(unsigned major, uint64_t value) {
  const auto type = static_cast<uint8_t>(major << 5);
  if (value < 24) {
    out_.push_back(static_cast<uint8_t>(type | value));
    return;
  }
  const unsigned width_log2 = value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= 0xFFFFFFFF ? 2 : 3;
  out_.push_back(static_cast<uint8_t>(type | (24 + width_log2)));
  for (int shift = (8 << width_log2) - 8; shift >= 0; shift -= 8) out_.push_back(static_cast<uint8_t>(value >> shift));
}

void CborWriter::integer(int64_t value) {
  if (value >= 0) {
    head(major_unsigned, static_cast<uint64_t>(value));
  } else {
    head(major_negative, static_cast<uint64_t>(-(value + 1)));
  }
}

void CborWriter::boolean(bool value) {
  head(major_simple, value ? simple_true : simple_false);
}

void CborWriter::bytes(ByteView value) {
  head(major_bytes, value.size());
  append(out_, value);
}

void CborWriter::token(std::string_view value) {
  CHECK(value.empty() || is_token(value));
  head(major_text, value.size());
  append(out_, as_bytes(value));
}

void CborWriter::array(uint64_t count) {
  head(major_array, count);
}
void CborWriter::map(uint64_t count) {
  head(major_map, count);
}

std::unexpected<Error> CborReader::wrong(std::string_view what, std::string_view why) const {
  return fail(ErrorCode::malformed,
              "offset " + std::to_string(offset_) + ": " + std::string(what) + ": " + std::string(why));
}

Result<CborReader::Head> CborReader::head(std::string_view what) {
  if (offset_ >= bytes_.size()) return wrong(what, "the object ends here");
  const uint8_t first = bytes_[offset_];
  const unsigned major = first >> 5;
  const unsigned info = first & 31;
  if (info < 24) {
    ++offset_;
    return Head{major, info};
  }
  if (info > 27) return wrong(what, "indefinite length or reserved form");
  if (major == major_simple) return wrong(what, "floating point or simple value");
  const size_t width = size_t{1} << (info - 24);
  if (bytes_.size() - offset_ - 1 < width) return wrong(what, "the object ends here");
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i) value = value << 8 | bytes_[offset_ + 1 + i];
  const uint64_t smallest = width == 1 ? 24 : uint64_t{1} << (width * 4);
  if (value < smallest) return wrong(what, "not the shortest form");
  offset_ += 1 + width;
  return Head{major, value};
}

Result<uint64_t> CborReader::head_of(unsigned major, std::string_view what, std::string_view expected) {
  const size_t start = offset_;
  TRY_ASSIGN(const Head found, head(what));
  if (found.major != major) {
    offset_ = start;
    return wrong(what, "expected " + std::string(expected));
  }
  return found.value;
}

Result<ByteView> CborReader::string_of(unsigned major, std::string_view what, std::string_view expected) {
  TRY_ASSIGN(const uint64_t size, head_of(major, what, expected));
  if (size > bytes_.size() - offset_) return wrong(what, "longer than the object");
  const ByteView view = bytes_.subspan(offset_, static_cast<size_t>(size));
  offset_ += static_cast<size_t>(size);
  return view;
}

Result<int64_t> CborReader::integer(std::string_view what) {
  const size_t start = offset_;
  TRY_ASSIGN(const Head found, head(what));
  const bool negative = found.major == major_negative;
  if ((found.major != major_unsigned && !negative) || found.value > max_int) {
    offset_ = start;
    return wrong(what, "expected an integer of 64 bits");
  }
  const auto magnitude = static_cast<int64_t>(found.value);
  return negative ? -1 - magnitude : magnitude;
}

Result<uint64_t> CborReader::unsigned_integer(std::string_view what) {
  TRY_ASSIGN(const int64_t value, integer(what));
  if (value < 0) return wrong(what, "negative");
  return static_cast<uint64_t>(value);
}

Result<bool> CborReader::boolean(std::string_view what) {
  TRY_ASSIGN(const uint64_t value, head_of(major_simple, what, "true or false"));
  if (value != simple_true && value != simple_false) return wrong(what, "expected true or false");
  return value == simple_true;
}

Result<ByteView> CborReader::bytes(std::string_view what) {
  return string_of(major_bytes, what, "a byte string");
}

Result<Bytes> CborReader::optional_bytes(std::string_view what, std::initializer_list<size_t> sizes) {
  TRY_ASSIGN(const ByteView raw, bytes(what));
  if (!raw.empty() && std::ranges::find(sizes, raw.size()) == sizes.end()) return wrong(what, "wrong length");
  return Bytes(raw.begin(), raw.end());
}

Result<std::string> CborReader::optional_token(std::string_view what) {
  TRY_ASSIGN(const ByteView raw, string_of(major_text, what, "a text string"));
  if (!raw.empty() && !is_token(as_text(raw))) return wrong(what, "not a token");
  return std::string(as_text(raw));
}

Result<std::string> CborReader::token(std::string_view what) {
  TRY_ASSIGN(std::string value, optional_token(what));
  if (value.empty()) return wrong(what, "empty");
  return value;
}

Result<uint64_t> CborReader::array(std::string_view what, uint64_t max_count) {
  TRY_ASSIGN(const uint64_t count, head_of(major_array, what, "an array"));
  if (count > max_count) return wrong(what, "more than " + std::to_string(max_count) + " elements");
  return count;
}

Result<uint64_t> CborReader::map(std::string_view what, uint64_t max_count) {
  TRY_ASSIGN(const uint64_t count, head_of(major_map, what, "a map"));
  if (count > max_count) return wrong(what, "more than " + std::to_string(max_count) + " keys");
  return count;
}

Status CborReader::expect_key(uint64_t key, std::string_view what) {
  TRY_ASSIGN(const uint64_t found, head_of(major_unsigned, what, "its key"));
  if (found != key) return wrong(what, "expected key " + std::to_string(key) + ", found " + std::to_string(found));
  return {};
}

Result<uint64_t> CborReader::key_after(int64_t above, std::string_view what) {
  TRY_ASSIGN(const uint64_t key, unsigned_integer(what));
  if (static_cast<int64_t>(key) <= above) return wrong(what, "keys do not ascend");
  return key;
}

Status CborReader::expect_end() const {
  if (offset_ != bytes_.size()) return wrong("end", "bytes follow the object");
  return {};
}

}  // namespace tijori
