// Why a call of this folder failed: nobody answered, or the answer was a refusal.
#pragma once

#include <expected>
#include <string>

#include "base/error.h"
#include "protocol/api_error.h"
#include "protocol/client/transport_fault.h"

namespace tijori {

// With http_status 0 no answer came; `error.code` is then
//   unavailable        nobody listens, the connection broke, or the server could not prove who it is
//   permission_denied  the socket file is not open to this user
//   unauthenticated    the appliance refused our certificate
//   deadline_exceeded, cancelled, resource_exhausted (the answer is larger than allowed), malformed (not HTTP).
struct ClientError {
  ClientError(Error made, TransportFault why = TransportFault::none) : error(std::move(made)), fault(why) {}
  explicit ClientError(const ApiError& refused);

  Error error;
  TransportFault fault = TransportFault::none;  // with http_status 0 only
  int http_status = 0;
  std::string api_code;  // "context_length_exceeded"
  int retry_after_s = 0;
};

template <class T>
using Answer = std::expected<T, ClientError>;

}  // namespace tijori
