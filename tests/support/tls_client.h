// A TLS client over a Unix socket in plain OpenSSL, so that a test sees each alert and each byte. Blocking, with a
// limit of five seconds on every read and write.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "tests/support/test_authority.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tijori {

struct TlsClientOptions {
  const TestIdentity* identity = nullptr;  // none: no certificate is shown
  int max_version = 0;                     // 0x0303: TLS 1.2
  std::string alpn = "http/1.1";
};

class TlsClient {
 public:
  TlsClient(const std::string& socket_path, const TestAuthority& trusted, const TlsClientOptions& options);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }  // the client's half of the handshake went well
  bool send(std::string_view bytes);
  // One read; "" at the end, at an alert or when time is over.
  std::string receive();
  std::string receive_until(std::string_view mark);
  std::string receive_all();
  // A whole answer that has a content-length.
  std::string receive_response();
  // Reads until the server says why it refuses: the number of its alert, −1 when none came.
  int alert();
  bool reached_end() const { return ended_; }
  int tickets() const { return tickets_; }
  std::string protocol() const;
  int fd() const { return fd_.get(); }
  // Leaves without close_notify.
  void vanish() { fd_.reset(); }

 private:
  struct FreeContext {
    void operator()(ssl_ctx_st* context) const;
  };
  struct FreeConnection {
    void operator()(ssl_st* connection) const;
  };
  static void see(const ssl_st* connection, int where, int value);

  UniqueFd fd_;
  std::unique_ptr<ssl_ctx_st, FreeContext> context_;
  std::unique_ptr<ssl_st, FreeConnection> connection_;
  std::string buffer_;
  int alert_ = -1;
  int tickets_ = 0;
  bool connected_ = false;
  bool ended_ = false;
};

// A plain socket, as a client that doesn't speak TLS has it.
std::string plain_exchange(const std::string& socket_path, std::string_view request);

}  // namespace tijori
