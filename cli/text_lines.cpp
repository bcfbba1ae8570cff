#include "cli/text_lines.h"

#include <cerrno>

#include <unistd.h>

namespace tijori {

namespace {

constexpr size_t read_size_bytes = size_t{256} << 10;

}  // namespace

Result<TextLine> parse_text_line(std::string_view line) {
  JsonLimits limits;
  limits.max_bytes = max_text_line_bytes;
  TRY_ASSIGN(JsonValue value, parse_json(line, limits));
  auto* const object = std::get_if<JsonObject>(&value.data());
  if (object == nullptr)
    return fail(ErrorCode::invalid_argument, "expected an object with id and text, found " + std::string(value.kind()));
  TextLine out;
  bool has_text = false;
  for (auto& [name, field] : *object) {
    if (name == "id") {
      if (field.is_null() || field.get_if<bool>() != nullptr || field.get_if<JsonArray>() != nullptr ||
          field.get_if<JsonObject>() != nullptr)
        return fail(ErrorCode::invalid_argument, "id: expected text or a number, found " + std::string(field.kind()));
      out.id = std::move(field);
    } else if (name == "text") {
      auto* const text = std::get_if<std::string>(&field.data());
      if (text == nullptr)
        return fail(ErrorCode::invalid_argument, "text: expected text, found " + std::string(field.kind()));
      out.text = std::move(*text);
      has_text = true;
    }
  }
  if (out.id.is_null()) return fail(ErrorCode::invalid_argument, "id: missing");
  if (!has_text) return fail(ErrorCode::invalid_argument, "text: missing");
  return out;
}

std::string id_json(const JsonValue& id) {
  std::string out;
  if (const auto* text = id.get_if<std::string>()) append_json_string(out, *text);
  if (const auto* number = id.get_if<int64_t>()) out = std::to_string(*number);
  if (const auto* number = id.get_if<uint64_t>()) out = std::to_string(*number);
  if (const auto* number = id.get_if<double>()) append_json_number(out, *number);
  return out.empty() ? "null" : out;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  for (;;) {
    const size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos || (ended_ && (begin_ < buffer_.size() || too_long_))) {
      const size_t stop = end == std::string::npos ? buffer_.size() : end;
      Line line{std::string_view(buffer_).substr(begin_, stop - begin_), ++number_, too_long_};
      if (line.text.size() > max_text_line_bytes) line.too_long = true;
      if (line.too_long) line.text = {};
      begin_ = scanned_ = end == std::string::npos ? buffer_.size() : end + 1;
      too_long_ = false;
      return line;
    }
    if (ended_) return std::nullopt;
    // What a line has beyond the limit is not kept.
    if (buffer_.size() - begin_ > max_text_line_bytes) {
      too_long_ = true;
      begin_ = buffer_.size();
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    scanned_ = buffer_.size();
    TRY_ASSIGN(const bool more, fill());
    ended_ = !more;
  }
}

Result<bool> LineReader::fill() {
  const size_t size_before = buffer_.size();
  buffer_.resize(size_before + read_size_bytes);
  for (;;) {
    const ssize_t size = read(fd_, buffer_.data() + size_before, read_size_bytes);
    if (size < 0 && errno == EINTR) continue;
    buffer_.resize(size_before + (size > 0 ? static_cast<size_t>(size) : 0));
    if (size < 0) return fail_errno("read", "standard input");
    return size > 0;
  }
}

}  // namespace tijori
