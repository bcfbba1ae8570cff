#include "protocol/role.h"

namespace tijori {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::application:
      return "application";
    case Role::operator_:
      return "operator";
    case Role::guardrail_editor:
      return "guardrail-editor";
    case Role::auditor:
      return "auditor";
    case Role::privacy_officer:
      return "privacy-officer";
    case Role::key_custodian:
      return "key-custodian";
  }
  return "application";
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const Role role : all_roles) {
    if (name_of(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace tijori
