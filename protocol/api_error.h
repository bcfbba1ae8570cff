// The error object of both HTTP APIs, in OpenAI's shape: {"error":{"message","type","param","code"}}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "protocol/guardrail_types.h"
#include "protocol/json_form.h"

namespace tijori {

// What a guardrail rule found: what it is and where, in the developer's own text. Offsets are half-open.
struct ErrorSpan {
  std::string type;                  // "AADHAAR"
  std::optional<int64_t> message{};  // index of the message; absent for a prompt
  int64_t start = 0;                 // code points
  int64_t end = 0;
  int64_t start_byte = 0;  // UTF-8
  int64_t end_byte = 0;
};

// A refusal or failure as the client sees it. The code is stable and is also what the audit record carries.
struct ApiError {
  int http_status = 500;
  std::string code;                          // token, "context_length_exceeded"
  std::string message;                       // says what to do; never prompt or answer text
  std::string param;                         // the field at fault, "" for none
  int retry_after_s = 0;                     // > 0: sent as Retry-After
  std::vector<PolicyFinding> findings = {};  // of a policy document that can't be saved
  std::string rule = {};                     // of the guardrail policy that refused
  std::vector<ErrorSpan> spans = {};         // that it found

  // invalid_request_error, authentication_error, permission_error, not_found_error, rate_limit_error, server_error;
  // guardrail_error when a policy refused
  std::string type() const;
};

std::string to_error_json(const ApiError& error);
// Reads the body of a refused answer; the status is the response's own.
Result<ApiError> parse_error_json(int http_status, std::string_view body);

// How an Error of this tree looks from outside: invalid_argument 400, not_found 404, unavailable 503, …
ApiError api_error(const Error& error);

}  // namespace tijori
