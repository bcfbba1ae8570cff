// Typed calls of the daemon's HTTP APIs: protocol structs in, protocol structs out.
//
//   const Answer<DaemonStatus> status = get<DaemonStatus>(client, "/admin/v1/status");
#pragma once

#include <string>
#include <string_view>

#include "protocol/client/client_error.h"
#include "protocol/client/http_client.h"
#include "protocol/json.h"
#include "protocol/json_form.h"

namespace tijori {

// The body of a 2xx answer; any other becomes an error with what the daemon said.
Answer<std::string> call(HttpClient& client, const ClientRequest& request);

// What a refused answer says, in the words of the daemon where it has some that can be shown.
ClientError refused(const ClientResponse& response);

template <class T>
Answer<T> read_answer(Answer<std::string> body, std::string_view target, const JsonLimits& limits = {}) {
  if (!body) return std::unexpected(body.error());
  auto value = from_json<T>(*body, limits);
  if (!value) return std::unexpected(ClientError(value.error().in(target)));
  return *std::move(value);
}

template <class T>
Answer<T> get(HttpClient& client, const std::string& target) {
  return read_answer<T>(call(client, {.target = target}), target);
}

template <class T, class Body>
Answer<T> post(HttpClient& client, const std::string& target, const Body& body) {
  return read_answer<T>(call(client, {.method = "POST", .target = target, .body = to_json(body)}), target);
}

// POST without a body.
template <class T>
Answer<T> post(HttpClient& client, const std::string& target) {
  return read_answer<T>(call(client, {.method = "POST", .target = target}), target);
}

}  // namespace tijori
