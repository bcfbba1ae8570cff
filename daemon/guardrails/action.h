// What a rule does with what its detector found. In order of strength: where rules meet, the strongest wins.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tijori {

enum class Action : uint8_t {
  allow,     // nothing happens; the bench and the counts show it
  annotate,  // the decision is recorded, the text passes
  mask,      // the span is replaced, see MaskStyle
  stop,      // the answer ends before the span; of a request: as block
  block,     // the request is refused, or the answer ends with the policy's message
};
inline constexpr std::array all_actions{Action::allow, Action::annotate, Action::mask, Action::stop, Action::block};

enum class MaskStyle : uint8_t {
  token,      // [AADHAAR#1]: equal values have equal numbers within one request
  last_four,  // XXXX XXXX 9456: separators stay, letters and digits become X, but for the last four
};

// "allow", …; "token", "last_four".
std::string_view name_of(Action action);
std::optional<Action> action_from_name(std::string_view name);
std::string_view name_of(MaskStyle style);
std::optional<MaskStyle> mask_style_from_name(std::string_view name);

}  // namespace tijori
