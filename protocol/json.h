// JSON text in and out, within limits: no duplicate names, bounded depth and size, well-formed UTF-8 only.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tijori {

struct JsonLimits {
  size_t max_bytes = 8U << 20;
  size_t max_depth = 16;
  size_t max_values = 1U << 20;      // counts every value, so that "[[],[],…" can't grow memory without bound
  size_t max_list = SIZE_MAX;        // values of one list
  size_t max_text_bytes = SIZE_MAX;  // of one text or name
  double max_magnitude = std::numeric_limits<double>::infinity();
  bool plain_text = false;  // texts pass through protocol/plain_text.h
};

class JsonValue;
using JsonArray = std::vector<JsonValue>;
using JsonObject = std::vector<std::pair<std::string, JsonValue>>;  // in the order of the text

// One parsed value. Integers keep their exact value: those above 2^63-1 are uint64_t, all others int64_t.
class JsonValue {
 public:
  using Data = std::variant<std::nullptr_t, bool, int64_t, uint64_t, double, std::string, JsonArray, JsonObject>;

  JsonValue() = default;
  explicit JsonValue(Data data) : data_(std::move(data)) {}

  const Data& data() const { return data_; }
  Data& data() { return data_; }
  bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  // "a number", "text", "an object", … for messages.
  std::string_view kind() const;

 private:
  Data data_ = nullptr;
};

// malformed ("byte 17: …") or resource_exhausted, never with a piece of the text in the message.
Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {});

// As from_json of protocol/json_form.h, within other limits.
template <class T>
Result<T> from_json(std::string_view text, const JsonLimits& limits);

// Appends the text in quotes, escaped; bytes that aren't UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, double value);  // shortest form that reads back the same; not finite: null

}  // namespace tijori
