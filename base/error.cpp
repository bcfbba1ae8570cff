#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace tijori {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::already_exists:
      return "already_exists";
    case ErrorCode::permission_denied:
      return "permission_denied";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::resource_exhausted:
      return "resource_exhausted";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::deadline_exceeded:
      return "deadline_exceeded";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::io_error:
      return "io_error";
    case ErrorCode::corrupted:
      return "corrupted";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

namespace {

ErrorCode code_of_errno(int number) {
  switch (number) {
    case ENOENT:
      return ErrorCode::not_found;
    case EEXIST:
      return ErrorCode::already_exists;
    case EACCES:
    case EPERM:
      return ErrorCode::permission_denied;
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::resource_exhausted;
    case ECONNREFUSED:
      return ErrorCode::unavailable;
    default:
      return ErrorCode::io_error;
  }
}

}  // namespace

std::unexpected<Error> fail_errno(std::string_view call, std::string_view object) {
  const int number = errno;
  char buffer[128];
  const char* text = strerror_r(number, buffer, sizeof buffer);
  std::string message(call);
  if (!object.empty()) message.append(" ").append(object);
  return fail(code_of_errno(number), message + ": " + text);
}

}  // namespace tijori
