// Expected failures are values: Result<T> is either a T or an Error with a code of a closed list and one message.
//
//   Result<int> parse(std::string_view text) {
//     if (text.empty()) return fail(ErrorCode::invalid_argument, "count: empty, expected a number");
//     TRY_ASSIGN(const int value, parse_digits(text));   // returns the error of parse_digits, if it is one
//     TRY(check_range(value));                           // the same for Status
//     return value;
//   }
//
// A message says what was wrong, where (file, offset, field, line) and what to do. It never holds prompt or answer
// text.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace tijori {

enum class ErrorCode {
  invalid_argument,    // the caller's value is wrong
  malformed,           // outside bytes do not follow their format
  unsupported,         // well-formed, but this build doesn't do it
  not_found,           // the named thing isn't there
  already_exists,      // the named thing is there already
  permission_denied,   // identity known, right missing
  unauthenticated,     // identity missing or not valid
  resource_exhausted,  // a named limit is reached
  unavailable,         // a process or store isn't reachable now; trying again may help
  deadline_exceeded,   // took longer than the named limit
  cancelled,           // the asker went away
  io_error,            // the operating system refused; the message names the call and errno
  corrupted,           // stored bytes are not what was written
  internal,            // none of the above: a defect here
};

// The snake_case name of a code, as it appears in logs and in JSON.
std::string_view name_of(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  // The same error, with the place put in front: "models/a.gguf: offset 24: …".
  Error in(std::string_view place) const { return {code, std::string(place) + ": " + message}; }
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}
inline std::unexpected<Error> fail(Error error) {
  return std::unexpected<Error>(std::move(error));
}

// io_error from errno: "open /x/y: No such file or directory". Call it before anything that may change errno.
// ENOENT becomes not_found, EACCES and EPERM permission_denied, ENOSPC and EDQUOT resource_exhausted.
std::unexpected<Error> fail_errno(std::string_view call, std::string_view object);

}  // namespace tijori

#define TIJORI_CONCAT_(a, b) a##b
#define TIJORI_CONCAT(a, b) TIJORI_CONCAT_(a, b)

// Returns the error of `expression` (a Result or Status) from the enclosing function, if it is one.
#define TRY(expression)                                                                              \
  do {                                                                                               \
    auto&& try_result = (expression);                                                                \
    if (!try_result) return std::unexpected(std::forward<decltype(try_result)>(try_result).error()); \
  } while (0)

// TRY_ASSIGN(const auto x, expression): declares or assigns the value, or returns the error.
#define TRY_ASSIGN(target, expression) TRY_ASSIGN_(TIJORI_CONCAT(try_result_, __LINE__), target, expression)
// A declaration can't be put in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define TRY_ASSIGN_(temporary, target, expression)                      \
  auto temporary = (expression);                                        \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  target = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)
