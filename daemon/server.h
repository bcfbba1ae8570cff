// HTTPS with client certificates over Unix sockets: TLS 1.3 only, HTTP/1.1, one I/O thread for every connection and
// worker threads that run HttpHandler::handle. No Boost and no OpenSSL in this header.
//
// What a handler may rely on, besides http.h: `path` is decoded, valid UTF-8 without control characters, starts with
// '/' and has no "." or ".." segment; bodies are at most max_body_bytes; HEAD arrives as GET and its body is left out;
// a handler that returns without an answer makes a 500, one that throws or returns inside a stream cuts the connection;
// several exchanges of different connections run at once, those of one connection never. A handler must return soon
// after its writer is gone().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "daemon/http.h"
#include "daemon/refusal.h"
#include "daemon/register.h"

namespace tijori {

struct ServerLimits {
  size_t max_connections = 1024;         // of each listener, so that applications can't lock administrators out
  size_t max_connections_per_uid = 256;  // of each listener
  size_t api_workers = 96;               // exchanges of api.sock that run at once; a stream holds one
  size_t admin_workers = 8;
  size_t max_waiting_requests = 256;  // of each listener, when all its workers are busy; over: 503 with Retry-After
  size_t max_header_bytes = 16U << 10;
  size_t max_body_bytes = 8U << 20;
  size_t max_unsent_bytes = 64U << 10;  // of one exchange, before write() blocks
  uint32_t handshake_timeout_ms = 5'000;
  uint32_t idle_timeout_ms = 60'000;
  uint32_t header_timeout_ms = 10'000;
  uint32_t body_timeout_ms = 60'000;   // for a whole body
  uint32_t write_timeout_ms = 60'000;  // without a byte taken by the client
};

// PEM files, read at create() and at reload().
struct TlsFiles {
  std::filesystem::path certificate;  // the server's, intermediates after it
  std::filesystem::path key;
  std::filesystem::path client_ca;
  std::filesystem::path crl;  // may be empty, or not there yet: then nothing is revoked by list
};

struct ListeningSocket {
  Listener listener = Listener::api;
  UniqueFd fd;  // bound and listening: listen_unix() or systemd
};

struct ServerStatus {
  size_t connections = 0;
  size_t running_exchanges = 0;
  uint64_t exchanges = 0;  // since start
  uint64_t refusals = 0;
  uint64_t handler_failures = 0;  // handlers that ended by an exception: a defect, or memory ran out
  size_t api_waiting = 0;
  int64_t certificate_not_after_us = 0;
  int64_t crl_next_update_us = 0;  // 0: no list. A list past this date is still enforced
};

class HttpServer {
 public:
  struct Impl;

  // Starts serving. The handler, the register and the sink must outlive the server.
  static Result<std::unique_ptr<HttpServer>> create(std::vector<ListeningSocket> sockets, const TlsFiles& files,
                                                    HttpHandler& handler, const Register& clients, RefusalSink& sink,
                                                    const ServerLimits& limits = {});
  // Cuts what is left and waits for the handlers.
  ~HttpServer();

  // Takes in new files; connections that stand are kept, those of certificates now revoked are cut. On error nothing
  // changes. A revocation list with a lower number than the one in use is refused.
  Status reload(const TlsFiles& files);

  // Stops accepting, answers 503 to new requests on open connections, waits for running exchanges up to the limit, then
  // cuts the rest. False when some had to be cut.
  bool drain(uint32_t limit_ms);

  ServerStatus status() const;

  // How often the I/O thread has come round, at least four times a second: it stands still when that thread hangs.
  uint64_t turns() const;

 private:
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tijori
