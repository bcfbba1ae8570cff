#include "daemon/query.h"

#include <charconv>

#include "base/bytes.h"

namespace tijori {
namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte) return std::nullopt;
    out += static_cast<char>(byte->front());
    i += 2;
  }
  return out;
}

}  // namespace

Query::Query(std::string_view text) {
  if (text.size() > max_query_bytes) {
    refuse("", "The query is longer than " + std::to_string(max_query_bytes) + " bytes.");
    return;
  }
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals));
    const auto value = percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value)
      refuse("", "The query has a percent sign without two hex digits.");
    else if (!values_.emplace(*name, *value).second)
      refuse(*name, *name + ": given twice");
  }
}

void Query::refuse(std::string name, std::string message) {
  if (!error_) error_ = ApiError{400, "invalid_value", std::move(message), std::move(name), 0};
}

std::optional<std::string> Query::take(const std::string& name) {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  values_.erase(found);
  return value;
}

std::optional<int64_t> Query::number(const std::string& name) {
  const auto text = take(name);
  if (!text) return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0) {
    refuse(name, name + ": expected a number from 0");
    return std::nullopt;
  }
  return value;
}

std::string Query::text(const std::string& name) {
  return take(name).value_or("");
}

Refusable<void> Query::finish() {
  if (!values_.empty()) {
    const std::string& name = values_.begin()->first;
    if (!error_) error_ = ApiError{400, "unknown_parameter", name + ": unknown parameter", name, 0};
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace tijori
