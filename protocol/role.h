// The roles a client certificate can claim and the register can grant (docs/architecture.md).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace tijori {

enum class Role : uint8_t { application, operator_, guardrail_editor, auditor, privacy_officer, key_custodian };

inline constexpr Role all_roles[] = {Role::application, Role::operator_,       Role::guardrail_editor,
                                     Role::auditor,     Role::privacy_officer, Role::key_custodian};

// The ROLE of urn:tijori:role:ROLE: "application", "operator", "guardrail-editor", …
std::string_view name_of(Role role);
std::optional<Role> role_from_name(std::string_view name);

// A set of roles, as small as a byte.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ = static_cast<uint8_t>(bits_ | 1U << static_cast<unsigned>(role)); }
  constexpr bool has(Role role) const { return (bits_ >> static_cast<unsigned>(role) & 1U) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr RoleSet intersect(RoleSet other) const {
    RoleSet both;
    both.bits_ = static_cast<uint8_t>(bits_ & other.bits_);
    return both;
  }
  // Bit n stands for the n-th Role: how an audit record holds a set.
  constexpr uint8_t bits() const { return bits_; }
  bool operator==(const RoleSet&) const = default;

 private:
  uint8_t bits_ = 0;
};

}  // namespace tijori
