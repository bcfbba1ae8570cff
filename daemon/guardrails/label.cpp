#include "daemon/guardrails/label.h"

#include <algorithm>

namespace tijori {

std::string_view name_of(Label label) {
  switch (label) {
    case Label::aadhaar:
      return "AADHAAR";
    case Label::pan:
      return "PAN";
    case Label::payment_card:
      return "PAYMENT_CARD";
    case Label::gstin:
      return "GSTIN";
    case Label::ifsc:
      return "IFSC";
    case Label::phone_mobile:
      return "PHONE_MOBILE";
    case Label::email:
      return "EMAIL";
    case Label::upi_vpa:
      return "UPI_VPA";
    case Label::hidden_unicode:
      return "HIDDEN_UNICODE";
    case Label::bidi_control:
      return "BIDI_CONTROL";
    case Label::private_key:
      return "PRIVATE_KEY";
    case Label::secret_token:
      return "SECRET_TOKEN";
  }
  return "";
}

std::optional<Label> label_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(all_labels, name, [](Label label) { return name_of(label); });
  return found == all_labels.end() ? std::nullopt : std::optional(*found);
}

}  // namespace tijori
