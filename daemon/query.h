// The query of a URL: names and values, percent-decoded.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat_request.h"

namespace tijori {

inline constexpr size_t max_query_bytes = 4096;

// Takes parameters one by one; what nobody took is refused by finish(). The first error sticks.
class Query {
 public:
  explicit Query(std::string_view text);

  std::optional<int64_t> number(const std::string& name);
  std::string text(const std::string& name);
  Refusable<void> finish();

 private:
  std::optional<std::string> take(const std::string& name);
  void refuse(std::string name, std::string message);

  std::map<std::string, std::string> values_;
  std::optional<ApiError> error_;
};

}  // namespace tijori
