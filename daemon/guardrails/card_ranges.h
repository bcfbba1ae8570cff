// Numbers that card schemes use in India.
#pragma once

#include <cstdint>
#include <string_view>

namespace tijori {

enum class CardShape : uint8_t {
  none,      // no scheme's
  rare,      // of a scheme, but of a length that other numbers have more often
  ordinary,  // 14 to 16 digits, as printed on nearly every card
};

// 12 to 19 ASCII digits; the check digit isn't looked at.
CardShape card_shape(std::string_view digits);

}  // namespace tijori
