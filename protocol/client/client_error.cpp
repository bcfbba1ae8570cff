#include "protocol/client/client_error.h"

namespace tijori {

namespace {

ErrorCode code_of(int http_status) {
  switch (http_status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::permission_denied;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::already_exists;
    case 413:
    case 429:
      return ErrorCode::resource_exhausted;
    case 502:
    case 503:
      return ErrorCode::unavailable;
    case 504:
      return ErrorCode::deadline_exceeded;
    default:
      return http_status >= 500 ? ErrorCode::internal : ErrorCode::invalid_argument;
  }
}

}  // namespace

ClientError::ClientError(const ApiError& refused)
    : error{code_of(refused.http_status), refused.message},
      http_status(refused.http_status),
      api_code(refused.code),
      retry_after_s(refused.retry_after_s) {}

}  // namespace tijori
