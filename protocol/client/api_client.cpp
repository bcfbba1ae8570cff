#include "protocol/client/api_client.h"

#include <charconv>

namespace tijori {

ClientError refused(const ClientResponse& response) {
  auto parsed = parse_error_json(response.status, response.body);
  ApiError error;
  if (parsed) {
    error = *std::move(parsed);
  } else {
    error.http_status = response.status;
    error.message = "the appliance refused with HTTP " + std::to_string(response.status);
  }
  const std::string_view retry = response.header("retry-after");
  int seconds = 0;
  if (std::from_chars(retry.data(), retry.data() + retry.size(), seconds).ec == std::errc())
    error.retry_after_s = seconds;
  return ClientError(error);
}

Answer<std::string> call(HttpClient& client, const ClientRequest& request) {
  auto response = client.send(request);
  if (!response) return std::unexpected(ClientError(response.error(), client.fault()));
  if (response->status / 100 != 2) return std::unexpected(refused(*response));
  return std::move(response->body);
}

}  // namespace tijori
