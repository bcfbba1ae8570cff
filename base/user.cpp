#include "base/user.h"

#include <cerrno>
#include <charconv>
#include <vector>

#include <pwd.h>

namespace tijori {
namespace {

constexpr size_t entry_bytes = 16U << 10;

}  // namespace

Result<uid_t> user_id(const std::string& name_or_number) {
  uid_t number = 0;
  const char* const end = name_or_number.data() + name_or_number.size();
  const auto [stop, fault] = std::from_chars(name_or_number.data(), end, number);
  // The largest is no user: chown() and setuid() take it for "leave as it is".
  if (fault == std::errc() && stop == end && number != static_cast<uid_t>(-1)) return number;
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> strings(entry_bytes);
  const int error = getpwnam_r(name_or_number.c_str(), &entry, strings.data(), strings.size(), &found);
  if (found != nullptr) return found->pw_uid;
  if (error != 0) {
    errno = error;
    return fail_errno("getpwnam", name_or_number);
  }
  return fail(ErrorCode::not_found, "user \"" + name_or_number + "\": there is none of that name on this machine");
}

std::string user_text(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> strings(entry_bytes);
  const std::string number = "uid " + std::to_string(uid);
  if (getpwuid_r(uid, &entry, strings.data(), strings.size(), &found) != 0 || found == nullptr) return number;
  return std::string(found->pw_name) + " (" + number + ")";
}

}  // namespace tijori
