// What stands in the place of a masked span.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace tijori {

// The numbers of typed tokens, shared by all guards of one request: equal values (after folding, separators aside) of a
// label get equal numbers. The values live here and nowhere else, and are wiped with it. Belongs to one thread at a
// time.
class MaskNames {
 public:
  MaskNames() = default;
  ~MaskNames();
  MaskNames(const MaskNames&) = delete;
  MaskNames& operator=(const MaskNames&) = delete;
  // "[AADHAAR#1]". `value` is folded text.
  std::string name(std::string_view label, std::string_view value);

 private:
  struct Numbers {
    std::deque<std::string> values;                // as they came
    std::map<std::string_view, size_t> of_values;  // into `values`
  };
  std::map<std::string, Numbers, std::less<>> labels_;
};

// Separators stay, letters, marks and digits become X, characters that nobody sees vanish. `source` is a span of the
// text as it came.
std::string mask_all(std::string_view source);
// "XXXX XXXX 9456": the same but for the last four letters, marks and digits, where there are at least eight.
std::string mask_last_four(std::string_view source);

// The value as it is compared: folded text without white space, dashes, dots, slashes and commas; an address (with @)
// without white space only. What would be empty is left as it is.
std::string comparable_value(std::string_view folded);

}  // namespace tijori
