// What OpenSSL needs to know for a server of ours: TLS 1.3 alone, a client certificate of our authority, no sessions to
// resume, and the judgement of certificates. No sockets here.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/certificate.h"
#include "base/error.h"
#include "daemon/http.h"
#include "daemon/refusal.h"
#include "daemon/register.h"
#include "daemon/server.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tijori {

// What the judgement found, kept by the connection while its handshake runs.
struct HandshakeVerdict {
  int verify_error = 0;            // X509_V_ERR_…
  std::string certificate_sha256;  // of the certificate shown
};

// Must outlive every TLS connection made of it; share it with them. Unchanged after create().
class TlsContext {
 public:
  // The register must outlive it.
  static Result<std::shared_ptr<const TlsContext>> create(const TlsFiles& files, const Register& clients);

  ssl_ctx_st* native() const { return context_.get(); }
  const CertificateInfo& server_certificate() const { return server_.info(); }
  const std::optional<RevocationList>& revocations() const { return revocations_; }

  // Before the handshake; the verdict must outlive it.
  static void attach(ssl_st* connection, HandshakeVerdict& verdict);

  // X509_V_OK, or why a certificate that the authority did sign is refused all the same.
  int judge(const x509_st* certificate) const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  TlsContext(std::unique_ptr<ssl_ctx_st, Free> context, Certificate server, std::optional<RevocationList> revocations,
             const Register& clients)
      : context_(std::move(context)),
        server_(std::move(server)),
        revocations_(std::move(revocations)),
        clients_(clients) {}

  std::unique_ptr<ssl_ctx_st, Free> context_;
  Certificate server_;
  std::optional<RevocationList> revocations_;
  const Register& clients_;
};

// After a failed handshake: why. `openssl_error` is the code of ERR_get_error().
RefusalCause refusal_cause(const HandshakeVerdict& verdict, unsigned long openssl_error);

// After a good one: name, roles and fingerprint of the client certificate. Roles unknown to this release are left out.
// `not_after_us` receives its end.
Result<Peer> read_peer(ssl_st* connection, const PeerCredentials& credentials, int64_t& not_after_us);

}  // namespace tijori
