#include "base/bytes.h"

namespace tijori {

Result<ByteView> ByteReader::take(uint64_t count, std::string_view what) {
  if (count > remaining()) {
    return fail(ErrorCode::malformed, "offset " + std::to_string(offset_) + ": " + std::string(what) + " needs " +
                                          std::to_string(count) + " bytes, " + std::to_string(remaining()) +
                                          " are left");
  }
  const ByteView view = bytes_.subspan(offset_, static_cast<size_t>(count));
  offset_ += static_cast<size_t>(count);
  return view;
}

std::string to_hex(ByteView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::unexpected<Error> bad_base64(size_t at) {
  return fail(ErrorCode::malformed, "base64: not valid at character " + std::to_string(at));
}

}  // namespace

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorCode::malformed, "hex: odd number of digits");
  Bytes bytes(text.size() / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return fail(ErrorCode::malformed, "hex: not a digit at character " + std::to_string(2 * i));
    bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = std::min<size_t>(3, bytes.size() - i);
    const uint32_t group = static_cast<uint32_t>(bytes[i] << 16) |
                           (left > 1 ? static_cast<uint32_t>(bytes[i + 1] << 8) : 0U) |
                           (left > 2 ? static_cast<uint32_t>(bytes[i + 2]) : 0U);
    text += base64_digits[group >> 18];
    text += base64_digits[group >> 12 & 63];
    text += left > 1 ? base64_digits[group >> 6 & 63] : '=';
    text += left > 2 ? base64_digits[group & 63] : '=';
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(ErrorCode::malformed, "base64: length is not a multiple of 4");
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const size_t padding = !last ? 0 : text[i + 2] == '=' ? 2 : text[i + 3] == '=' ? 1 : 0;
    if (padding == 2 && text[i + 3] != '=') return bad_base64(i + 3);
    uint32_t group = 0;
    for (size_t k = 0; k < 4; ++k) {
      const size_t value = k >= 4 - padding ? 0 : base64_digits.find(text[i + k]);
      if (value == std::string_view::npos) return bad_base64(i + k);
      group = group << 6 | static_cast<uint32_t>(value);
    }
    if ((padding == 1 && (group & 0xFF) != 0) || (padding == 2 && (group & 0xFFFF) != 0)) return bad_base64(i);
    bytes.push_back(static_cast<uint8_t>(group >> 16));
    if (padding < 2) bytes.push_back(static_cast<uint8_t>(group >> 8));
    if (padding < 1) bytes.push_back(static_cast<uint8_t>(group));
  }
  return bytes;
}

namespace {

// Length of the sequence a lead byte announces; 0 for a byte that can't lead one.
size_t utf8_length(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool is_continuation(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

// RFC 3629's table of second bytes: what keeps out overlong forms, surrogates and values above U+10FFFF.
bool second_byte_fits(uint8_t lead, uint8_t second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  for (size_t i = 0; i < bytes.size();) {
    const size_t length = utf8_length(bytes[i]);
    if (length == 0 || length > bytes.size() - i) return false;
    for (size_t k = 1; k < length; ++k) {
      if (!is_continuation(bytes[i + k])) return false;
    }
    if (length > 1 && !second_byte_fits(bytes[i], bytes[i + 1])) return false;
    i += length;
  }
  return true;
}

size_t complete_utf8_prefix(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  for (size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const uint8_t byte = bytes[bytes.size() - back];
    if (is_continuation(byte)) continue;
    return utf8_length(byte) > back ? bytes.size() - back : bytes.size();
  }
  return bytes.size();
}

}  // namespace tijori
