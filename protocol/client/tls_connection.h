// One TLS 1.3 connection over a Unix socket, as a client with a certificate. Blocking, with deadlines and cancellation;
// SIGPIPE is never raised. Not an HTTP client: that is http_client.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/certificate.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/file.h"
#include "protocol/client/cancellation.h"
#include "protocol/client/transport_fault.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tijori {

// The name in the daemon's certificate: over a Unix socket there is no other.
inline constexpr const char* server_name = "localhost";

struct TlsClientFiles {
  std::filesystem::path authority;     // PEM: whose server certificates are believed
  std::filesystem::path certificate;   // PEM, ours
  std::filesystem::path key;           // PEM, ours
  const Secret* passphrase = nullptr;  // of the key; read while the context is made
};

// Who we are, in memory. The context takes a reference to the key, which libcrypto wipes with its last owner.
struct TlsIdentity {
  const Certificate& certificate;
  const CertificateKey& key;
  const std::vector<Certificate>& chain;  // between ours and the authority; may be empty
};

using Deadline = std::chrono::steady_clock::time_point;

// When a wait ends before its time: at the deadline, or when somebody cancels.
struct WaitLimits {
  Deadline deadline = Deadline::max();
  const Cancellation* cancellation = nullptr;
};

// Certificates and keys, read once. Immutable, so shared by any number of connections and threads.
class TlsClientContext {
 public:
  static Result<std::shared_ptr<const TlsClientContext>> create(const TlsClientFiles& files);
  // invalid_argument when certificate and key don't belong together.
  static Result<std::shared_ptr<const TlsClientContext>> create(const Certificate& authority,
                                                                const TlsIdentity& identity);
  ssl_ctx_st* native() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  using Handle = std::unique_ptr<ssl_ctx_st, Free>;
  explicit TlsClientContext(Handle context) : context_(std::move(context)) {}
  static Result<Handle> start(const Certificate& authority);
  Handle context_;
};

// Used by one thread. After an error it is of no more use.
class TlsConnection {
 public:
  // `fault` receives the kind of a failure.
  static Result<std::unique_ptr<TlsConnection>> open(std::shared_ptr<const TlsClientContext> context,
                                                     const std::filesystem::path& socket, const WaitLimits& limits,
                                                     TransportFault& fault);
  ~TlsConnection();

  Status write(std::string_view bytes, const WaitLimits& limits);
  // At least one byte; 0 when the server has ended the connection properly. The alert of a certificate that was refused
  // arrives here, since TLS 1.3 lets the client finish first.
  Result<size_t> read(std::span<char> into, const WaitLimits& limits);
  // True while nothing has come in: a connection that lay idle can be used again.
  bool quiet() const;
  // The kind of the last failure.
  TransportFault fault() const { return fault_; }

 private:
  struct Free {
    void operator()(ssl_st* connection) const;
  };
  enum class Direction { in, out };

  TlsConnection(std::shared_ptr<const TlsClientContext> context, std::unique_ptr<ssl_st, Free> ssl, UniqueFd fd)
      : context_(std::move(context)), ssl_(std::move(ssl)), fd_(std::move(fd)) {}
  Status handshake(const WaitLimits& limits);
  Status wait(Direction direction, const WaitLimits& limits);
  Status still_wanted(const WaitLimits& limits);
  Status flush(const WaitLimits& limits);
  // False at the end of the input.
  Result<bool> fill(const WaitLimits& limits);
  std::unexpected<Error> explain_failure(std::string_view doing);
  std::unexpected<Error> closed_early(std::string_view doing);
  std::unexpected<Error> fail_wait(ErrorCode code, TransportFault fault, std::string message);

  std::shared_ptr<const TlsClientContext> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  UniqueFd fd_;
  TransportFault fault_ = TransportFault::none;
};

}  // namespace tijori
