#include "daemon/guardrails/action.h"

#include <algorithm>

namespace tijori {

std::string_view name_of(Action action) {
  switch (action) {
    case Action::allow:
      return "allow";
    case Action::annotate:
      return "annotate";
    case Action::mask:
      return "mask";
    case Action::stop:
      return "stop";
    case Action::block:
      return "block";
  }
  return "";
}

std::optional<Action> action_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(all_actions, name, [](Action action) { return name_of(action); });
  return found == all_actions.end() ? std::nullopt : std::optional(*found);
}

std::string_view name_of(MaskStyle style) {
  return style == MaskStyle::token ? "token" : "last_four";
}

std::optional<MaskStyle> mask_style_from_name(std::string_view name) {
  if (name == "token") return MaskStyle::token;
  if (name == "last_four") return MaskStyle::last_four;
  return std::nullopt;
}

}  // namespace tijori
