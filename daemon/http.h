// An HTTP exchange as handlers see it: no TLS, no Beast, blocking calls. The server (server.h) reads a request on its
// I/O thread and runs the handler on a worker thread; the handler answers through a ResponseWriter.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/socket.h"
#include "protocol/role.h"

namespace tijori {

enum class Listener { api, admin };

// Who is at the other end, as proven by the TLS handshake and the socket.
struct Peer {
  PeerCredentials credentials;
  std::string client_name;         // NAME of urn:tijori:client:NAME
  RoleSet certificate_roles;       // of urn:tijori:role:ROLE; the effective ones also need the register
  std::string certificate_sha256;  // of the DER form, lower-case hex
};

struct HttpRequest {
  Listener listener = Listener::api;
  std::string method;
  std::string path;                                          // decoded, without the query
  std::string query;                                         // raw, without '?'
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  Peer peer;

  // The first header of that (lower-case) name, or "".
  std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// One answer: either send() once, or begin(), write()…, finish(). Used by one thread, the handler's. Every call fails
// with cancelled once the client is gone or its certificate has been revoked.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;
  virtual Status send(HttpResponse response) = 0;
  virtual Status begin(HttpResponse head) = 0;       // body unused; chunked transfer follows
  virtual Status write(std::string_view piece) = 0;  // blocks while the client reads more slowly than we write
  virtual Status finish() = 0;
  virtual bool gone() const = 0;
  // Called once, from the I/O thread, when the client goes away or is cut off; at once if it is gone already.
  virtual void on_gone(std::function<void()> callback) = 0;
};

// Handles requests on several threads at once.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void handle(const HttpRequest& request, ResponseWriter& writer) = 0;
  // The server has answered a client's request by itself, with an error: one it can't read, or has no room for. Called
  // on the I/O thread, so it must not block.
  virtual void turned_away() {}
};

}  // namespace tijori
