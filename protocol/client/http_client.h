// A synchronous HTTP/1.1 client over mutual TLS on a Unix socket: how the command line and the console reach the
// daemon.
//
//   TRY_ASSIGN(HttpClient client, HttpClient::create({.socket = "/run/tijori/admin.sock", .files = …}));
//   TRY_ASSIGN(const ClientResponse response, client.send({.target = "/admin/v1/status"}));
//
// Keeps its connection between calls. Used by one thread at a time; a Cancellation ends a call from any other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "protocol/client/tls_connection.h"

namespace tijori {

inline constexpr size_t max_response_header_bytes = 64U << 10;
inline constexpr uint64_t max_response_body_bytes = 64U << 20;
inline constexpr uint64_t max_refusal_body_bytes = 1U << 20;
inline constexpr int64_t default_connect_timeout_ms = 10'000;
inline constexpr int64_t default_answer_timeout_ms = 60'000;

struct ClientOptions {
  std::filesystem::path socket;
  TlsClientFiles files;
  std::shared_ptr<const TlsClientContext> context{};        // in place of the files: credentials from memory, shared
  int64_t connect_timeout_ms = default_connect_timeout_ms;  // socket and handshake
};

struct ClientRequest {
  std::string method = "GET";
  std::string target;  // path and query, percent-encoded
  std::string body{};
  std::string content_type = "application/json";
  int64_t quiet_timeout_ms = default_answer_timeout_ms;  // longest silence of the server
  int64_t total_timeout_ms = 0;                          // of the whole call; 0: none
  uint64_t max_body_bytes = max_response_body_bytes;
  const Cancellation* cancellation = nullptr;
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // empty when it went to a sink

  // The first one of that name; "" when absent.
  std::string_view header(std::string_view name) const;
};

// Takes a piece of a body; an error ends the call and comes back from it.
using BodySink = std::function<Status(std::string_view piece)>;
// Sees status and headers, whatever the status, before any of the body; the body is still empty.
using HeadSink = std::function<void(const ClientResponse& head)>;

class HttpClient {
 public:
  // Reads the certificates, unless a context was given; connects at the first call.
  static Result<HttpClient> create(ClientOptions options);

  Result<ClientResponse> send(const ClientRequest& request) { return exchange(request, nullptr, nullptr); }
  // The body of a 2xx answer goes to the sink as it comes; of any other it is in the response.
  Result<ClientResponse> stream(const ClientRequest& request, const BodySink& sink, const HeadSink& head = nullptr) {
    return exchange(request, &sink, head ? &head : nullptr);
  }

  const std::filesystem::path& socket() const { return socket_; }
  // Of the last call that gave no answer.
  TransportFault fault() const { return fault_; }

 private:
  HttpClient(ClientOptions options, std::shared_ptr<const TlsClientContext> context)
      : socket_(std::move(options.socket)),
        connect_timeout_ms_(options.connect_timeout_ms),
        context_(std::move(context)) {}
  Result<ClientResponse> exchange(const ClientRequest& request, const BodySink* sink, const HeadSink* head);
  Status connect(const ClientRequest& request);

  std::filesystem::path socket_;
  int64_t connect_timeout_ms_;
  std::shared_ptr<const TlsClientContext> context_;
  std::unique_ptr<TlsConnection> connection_;
  TransportFault fault_ = TransportFault::none;
};

// RFC 3986: everything but letters, digits and -._~ becomes %XX.
std::string percent_encode(std::string_view text);

}  // namespace tijori
