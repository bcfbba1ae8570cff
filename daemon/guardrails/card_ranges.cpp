#include "daemon/guardrails/card_ranges.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tijori {
namespace {

struct CardRange {
  uint32_t first;  // of the leading six digits
  uint32_t last;
  uint8_t min_digits;
  uint8_t max_digits;
  uint8_t ordinary_digits;
};

constexpr std::array ranges{
    CardRange{400000, 499999, 13, 19, 16},                                         // Visa
    CardRange{510000, 559999, 16, 16, 16},                                         // Mastercard
    CardRange{222100, 272099, 16, 16, 16}, CardRange{340000, 349999, 15, 15, 15},  // American Express
    CardRange{370000, 379999, 15, 15, 15}, CardRange{600000, 609999, 16, 19, 16},  // RuPay, with Discover
    CardRange{652100, 652299, 16, 16, 16}, CardRange{810000, 829999, 16, 16, 16},
    CardRange{508000, 508999, 16, 16, 16}, CardRange{353000, 353999, 16, 16, 16},
    CardRange{356000, 356999, 16, 16, 16}, CardRange{352800, 358999, 16, 19, 16},  // JCB
    CardRange{360000, 369999, 14, 19, 14},                                         // Diners
    CardRange{380000, 389999, 14, 19, 14}, CardRange{300000, 305999, 14, 14, 14},
    CardRange{500000, 509999, 12, 19, 16},  // Maestro
    CardRange{560000, 699999, 12, 19, 16},
};

}  // namespace

CardShape card_shape(std::string_view digits) {
  if (digits.size() < 12 || digits.size() > 19) return CardShape::none;
  uint32_t head = 0;
  for (const char digit : digits.substr(0, 6)) head = head * 10 + static_cast<uint32_t>(digit - '0');
  CardShape shape = CardShape::none;
  for (const CardRange& range : ranges) {
    if (head < range.first || head > range.last) continue;
    if (digits.size() == range.ordinary_digits) return CardShape::ordinary;
    if (digits.size() >= range.min_digits && digits.size() <= range.max_digits) shape = CardShape::rare;
  }
  return shape;
}

}  // namespace tijori
