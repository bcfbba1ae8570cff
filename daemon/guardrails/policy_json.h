// The JSON under a policy document: strict, within limits, and with the place of every value, so that an editor can
// point at what is wrong.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_policy_json_depth = 8;
inline constexpr size_t max_policy_json_values = 400'000;
inline constexpr size_t max_policy_json_members = 64;  // of one object

struct PolicyNode {
  using List = std::vector<PolicyNode>;
  using Object = std::vector<std::pair<std::string, PolicyNode>>;  // in the order of the text
  std::variant<std::nullptr_t, bool, int64_t, double, std::string, List, Object> value = nullptr;
  size_t offset = 0;  // of its first byte in the document

  // "a number", "text", "a list", … for messages.
  std::string_view kind() const;
};

// malformed or resource_exhausted, "line 3, column 7: …", never with a piece of the text. One name twice in an object,
// a byte order mark, NUL bytes and ill-formed UTF-8 are refused.
Result<PolicyNode> parse_policy_json(std::string_view document);

// 1-based; the column counts characters.
struct TextPlace {
  size_t line = 1;
  size_t column = 1;
  auto operator<=>(const TextPlace&) const = default;
};
// Places in one document, which must outlive it.
class TextPlaces {
 public:
  explicit TextPlaces(std::string_view document);
  TextPlace at(size_t offset) const;

 private:
  std::string_view document_;
  std::vector<size_t> line_begins_;
};

// In quotes, escaped; ill-formed bytes become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace tijori
