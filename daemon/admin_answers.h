// How the services of /admin/v1 read a body and put an answer.
#pragma once

#include <optional>
#include <string>

#include "daemon/http.h"
#include "protocol/api_error.h"
#include "protocol/chat_request.h"
#include "protocol/json_form.h"

namespace tijori {

// Nothing to send: it was sent already.
using AdminAnswer = Refusable<std::optional<HttpResponse>>;

inline std::unexpected<ApiError> refuse(int status, std::string code, std::string message, std::string param = "") {
  return std::unexpected(ApiError{status, std::move(code), std::move(message), std::move(param), 0, {}});
}

template <class T>
std::optional<HttpResponse> json_answer(const T& value, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = to_json(value);
  return response;
}

template <class T>
Refusable<T> body_of(const HttpRequest& request) {
  auto parsed = from_json<T>(request.body.empty() ? std::string_view("{}") : std::string_view(request.body));
  if (!parsed) return refuse(400, "invalid_value", parsed.error().message);
  return *std::move(parsed);
}

}  // namespace tijori
