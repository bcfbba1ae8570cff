#include "daemon/guardrails/mask.h"

#include <vector>

#include <unicode/uchar.h>

#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

constexpr size_t shown_characters = 4;
constexpr size_t min_characters = 8;  // fewer: nothing is shown

bool is_space(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_separator(char32_t c) {
  return is_space(c) || c == '.' || c == '/' || c == ',' || u_charType(static_cast<UChar32>(c)) == U_DASH_PUNCTUATION ||
         c == 0x2212;  // minus sign
}

std::string mask_but(std::string_view source, size_t n_shown) {
  struct Seen {
    std::string_view bytes;
    bool masked = false;
  };
  std::vector<Seen> seen;
  size_t n_characters = 0;
  while (!source.empty()) {
    const Utf8Character next = first_character(source);
    if (fold_code_point(next.code_point) != folds_away) {
      seen.push_back({source.substr(0, next.length), is_word_character(next.code_point)});
      if (seen.back().masked) ++n_characters;
    }
    source.remove_prefix(next.length);
  }
  size_t n_masked = n_characters < min_characters ? n_characters : n_characters - n_shown;
  std::string out;
  for (const Seen& each : seen) {
    if (!each.masked || n_masked == 0) {
      out += each.bytes;
      continue;
    }
    --n_masked;
    out += 'X';
  }
  return out;
}

}  // namespace

MaskNames::~MaskNames() {
  for (auto& [label, numbers] : labels_) {
    numbers.of_values.clear();
    for (std::string& value : numbers.values) wipe(value);
  }
}

std::string MaskNames::name(std::string_view label, std::string_view value) {
  auto found = labels_.find(label);
  if (found == labels_.end()) found = labels_.emplace(std::string(label), Numbers{}).first;
  Numbers& numbers = found->second;
  std::string compared = comparable_value(value);
  auto number = numbers.of_values.find(compared);
  if (number == numbers.of_values.end()) {
    numbers.values.push_back(compared);
    number = numbers.of_values.emplace(numbers.values.back(), numbers.values.size()).first;
  }
  wipe(compared);
  return "[" + std::string(label) + "#" + std::to_string(number->second) + "]";
}

std::string mask_all(std::string_view source) {
  return mask_but(source, 0);
}
std::string mask_last_four(std::string_view source) {
  return mask_but(source, shown_characters);
}

std::string comparable_value(std::string_view folded) {
  const bool is_address = folded.contains('@');
  std::string out;
  out.reserve(folded.size());
  for (std::string_view rest = folded; !rest.empty();) {
    const Utf8Character next = first_character(rest);
    if (!(is_address ? is_space(next.code_point) : is_separator(next.code_point))) out += rest.substr(0, next.length);
    rest.remove_prefix(next.length);
  }
  if (out.empty()) out = folded;
  return out;
}

}  // namespace tijori
