// What a span is. The closed list of built-in detectors' labels; operators' literals and patterns bring their own.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tijori {

enum class Label : uint8_t {
  aadhaar,
  pan,
  payment_card,
  gstin,
  ifsc,
  phone_mobile,
  email,
  upi_vpa,
  hidden_unicode,  // tags, runs of invisible characters that no script needs
  bidi_control,    // embeddings, overrides and isolates that make text look other than it is
  private_key,     // a PEM block from its first line on
  secret_token,    // API keys and other long random tokens
};
inline constexpr std::array all_labels{Label::aadhaar,      Label::pan,         Label::payment_card,
                                       Label::gstin,        Label::ifsc,        Label::phone_mobile,
                                       Label::email,        Label::upi_vpa,     Label::hidden_unicode,
                                       Label::bidi_control, Label::private_key, Label::secret_token};
using LabelSet = std::bitset<all_labels.size()>;

// "AADHAAR", "PAN", …: in policies, spans, masks, records and errors.
std::string_view name_of(Label label);
std::optional<Label> label_from_name(std::string_view name);

}  // namespace tijori
