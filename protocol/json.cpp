#include "protocol/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "protocol/plain_text.h"

namespace tijori {
namespace {

// Builds a JsonValue from nlohmann's events and stops at the first broken limit.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return add(JsonValue()); }
  bool boolean(bool value) override { return add(JsonValue(value)); }
  bool number_integer(number_integer_t value) override {
    return in_range(static_cast<double>(value)) && add(JsonValue(int64_t{value}));
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (!in_range(static_cast<double>(value))) return false;
    if (value <= static_cast<uint64_t>(INT64_MAX)) return add(JsonValue(static_cast<int64_t>(value)));
    return add(JsonValue(uint64_t{value}));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    return in_range(value) && add(JsonValue(value));
  }
  bool string(string_t& value) override { return take_text(value) && add(JsonValue(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return refuse(ErrorCode::malformed, "binary values aren't JSON"); }
  bool start_object(size_t /*elements*/) override { return open(JsonValue(JsonObject())); }
  bool start_array(size_t /*elements*/) override { return open(JsonValue(JsonArray())); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!take_text(name)) return false;
    const auto& object = *stack_.back().get_if<JsonObject>();
    // Objects of requests and messages are small; a big one is bounded here instead of paying for an index.
    if (object.size() >= max_object_members)
      return refuse(ErrorCode::resource_exhausted,
                    "an object has more than " + std::to_string(max_object_members) + " members");
    for (const auto& [earlier, value] : object)
      if (earlier == name) return refuse(ErrorCode::malformed, "an object holds the same name twice");
    keys_.push_back(std::move(name));
    return true;
  }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return refuse(ErrorCode::malformed, "byte " + std::to_string(position) + ": not valid JSON");
  }

  JsonValue take_root() { return std::move(root_); }
  const std::optional<Error>& error() const { return error_; }

 private:
  static constexpr size_t max_object_members = 256;

  bool refuse(ErrorCode code, std::string message) {
    if (!error_) error_ = Error{code, std::move(message)};
    return false;
  }

  bool in_range(double value) {
    if (std::abs(value) <= limits_.max_magnitude) return true;
    return refuse(ErrorCode::malformed, "a number is beyond what is taken");
  }

  bool take_text(std::string& text) {
    if (text.size() > limits_.max_text_bytes)
      return refuse(ErrorCode::resource_exhausted,
                    "a text is longer than " + std::to_string(limits_.max_text_bytes) + " bytes");
    if (limits_.plain_text) text = plain_text(std::move(text));
    return true;
  }

  bool count() {
    if (++values_ <= limits_.max_values) return true;
    return refuse(ErrorCode::resource_exhausted, "more than " + std::to_string(limits_.max_values) + " values");
  }

  bool add(JsonValue value) {
    if (!count()) return false;
    return attach(std::move(value));
  }

  bool open(JsonValue container) {
    if (!count()) return false;
    if (stack_.size() >= limits_.max_depth)
      return refuse(ErrorCode::resource_exhausted, "nested deeper than " + std::to_string(limits_.max_depth));
    stack_.push_back(std::move(container));
    return true;
  }

  bool close() {
    JsonValue done = std::move(stack_.back());
    stack_.pop_back();
    return attach(std::move(done));
  }

  bool attach(JsonValue value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return true;
    }
    JsonValue::Data& parent = stack_.back().data();
    if (auto* array = std::get_if<JsonArray>(&parent)) {
      if (array->size() >= limits_.max_list)
        return refuse(ErrorCode::resource_exhausted,
                      "a list has more than " + std::to_string(limits_.max_list) + " values");
      array->push_back(std::move(value));
    } else {
      std::get<JsonObject>(parent).emplace_back(std::move(keys_.back()), std::move(value));
      keys_.pop_back();
    }
    return true;
  }

  const JsonLimits& limits_;
  std::vector<JsonValue> stack_;
  std::vector<std::string> keys_;
  JsonValue root_;
  std::optional<Error> error_;
  size_t values_ = 0;
};

}  // namespace

std::string_view JsonValue::kind() const {
  static constexpr std::string_view kinds[] = {"null",     "true or false", "a number", "a number",
                                               "a number", "text",          "a list",   "an object"};
  return kinds[data_.index()];
}

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes)
    return fail(ErrorCode::resource_exhausted, std::to_string(text.size()) + " bytes of JSON, at most " +
                                                   std::to_string(limits.max_bytes) + " are taken");
  // The parser takes a zero byte for the end of the text and skips a byte order mark: neither is JSON.
  if (const size_t zero = text.find('\0'); zero != std::string_view::npos)
    return fail(ErrorCode::malformed, "byte " + std::to_string(zero + 1) + ": not valid JSON, a zero byte");
  if (text.starts_with("\xEF\xBB\xBF"))
    return fail(ErrorCode::malformed, "byte 1: not valid JSON, a byte order mark: send UTF-8 without one");
  Builder builder(limits);
  bool complete = false;
  try {
    complete = nlohmann::json::sax_parse(text, &builder);
  } catch (const std::exception&) {
    return fail(ErrorCode::malformed, "not valid JSON");
  }
  if (builder.error()) return fail(*builder.error());
  if (!complete) return fail(ErrorCode::malformed, "not valid JSON");
  return builder.take_root();
}

void append_json_string(std::string& out, std::string_view text) {
  try {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const nlohmann::json::exception&) {
    out += "\"\"";
  }
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace tijori
