// OpenSSL between two memory buffers, so that the socket stays ours: every wait has its limits, and when the peer stops
// reading us we still read its alert, which says why.
#include "protocol/client/tls_connection.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/certificate.h"
#include "base/check.h"
#include "base/socket.h"

namespace tijori {

namespace {

constexpr size_t socket_read_bytes = 32U << 10;
constexpr int queue_wait_ms = 20;
constexpr unsigned char alpn_http_1_1[] = "\x08http/1.1";

std::unexpected<Error> fail_tls(ErrorCode code, std::string message) {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  if (reason != nullptr) message.append(": ").append(reason);
  ERR_clear_error();
  return fail(code, std::move(message));
}

struct AlertMeaning {
  int alert;
  TransportFault fault;
  std::string_view sentence;
};

// The alerts of docs/admin-api.yaml in words. libssl reports a received alert as reason 1000 + its number.
constexpr AlertMeaning alert_meanings[] = {
    {116, TransportFault::certificate_required, "the appliance asks for a client certificate: give one with its key"},
    {48, TransportFault::authority_unknown,
     "the appliance refused this certificate: it was issued by another authority than the one it trusts"},
    {43, TransportFault::wrong_usage, "the appliance refused this certificate: it is not meant for clients"},
    {45, TransportFault::expired, "the appliance refused this certificate: expired; renew it"},
    {44, TransportFault::revoked, "the appliance refused this certificate: revoked"},
    {42, TransportFault::not_usable,
     "the appliance refused this certificate: not one it can use (no client name, or not valid yet)"},
    {70, TransportFault::not_tls, "the appliance speaks another version of TLS than 1.3"},
    {120, TransportFault::not_http, "the appliance does not offer HTTP/1.1"},
};

Result<Certificate> load_certificate(const std::filesystem::path& file) {
  TRY_ASSIGN(const std::string pem, read_file(file, max_pem_bytes));
  auto certificate = Certificate::from_pem(pem);
  if (!certificate) return fail(certificate.error().in(file.string()));
  return certificate;
}

// SSL_CTX_use_… take references of their own.
Status use_identity(SSL_CTX* context, const TlsIdentity& identity) {
  if (!belongs_to(identity.certificate, identity.key))
    return fail(ErrorCode::invalid_argument, "the key is not that of the certificate");
  if (SSL_CTX_use_certificate(context, identity.certificate.native()) != 1)
    return fail_tls(ErrorCode::unsupported, "certificate");
  for (const Certificate& link : identity.chain)
    if (SSL_CTX_add1_chain_cert(context, link.native()) != 1) return fail_tls(ErrorCode::unsupported, "chain");
  if (SSL_CTX_use_PrivateKey(context, identity.key.native()) != 1) return fail_tls(ErrorCode::unsupported, "key");
  return {};
}

Status use_identity(SSL_CTX* context, const TlsClientFiles& files) {
  if (files.certificate.empty()) return {};
  TRY_ASSIGN(const Certificate certificate, load_certificate(files.certificate));
  TRY_ASSIGN(std::string key_pem, read_file(files.key, max_pem_bytes));
  const auto key = CertificateKey::from_pem(key_pem, files.passphrase);
  wipe({reinterpret_cast<uint8_t*>(key_pem.data()), key_pem.size()});
  if (!key) return fail(key.error().in(files.key.string()));
  if (!belongs_to(certificate, *key))
    return fail(ErrorCode::invalid_argument, files.key.string() + ": not the key of " + files.certificate.string());
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return fail_tls(ErrorCode::malformed, files.certificate.string());
  if (SSL_CTX_use_PrivateKey(context, key->native()) != 1) return fail_tls(ErrorCode::malformed, files.key.string());
  return {};
}

// A server that accepts nobody has a queue that fills up: that wait has its limits too.
Result<UniqueFd> connect_within(const std::filesystem::path& socket, const WaitLimits& limits) {
  for (;;) {
    auto connected = connect_unix_at_once(socket);
    if (connected || connected.error().code != ErrorCode::resource_exhausted) return connected;
    if (std::chrono::steady_clock::now() >= limits.deadline) return fail(ErrorCode::deadline_exceeded, "");
    pollfd watched{limits.cancellation == nullptr ? -1 : limits.cancellation->fd(), POLLIN, 0};
    if (poll(&watched, 1, queue_wait_ms) > 0) return fail(ErrorCode::cancelled, "cancelled");
  }
}

TransportFault fault_of_connect(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
    case ErrorCode::invalid_argument:
      return TransportFault::socket_absent;
    case ErrorCode::permission_denied:
      return TransportFault::socket_denied;
    default:
      return TransportFault::socket_refused;
  }
}

}  // namespace

void TlsClientContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

void TlsConnection::Free::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

Result<TlsClientContext::Handle> TlsClientContext::start(const Certificate& authority) {
  Handle context(SSL_CTX_new(TLS_client_method()));
  CHECK(context != nullptr);
  const bool set = SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1 &&
                   SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION) == 1 &&
                   SSL_CTX_set_alpn_protos(context.get(), alpn_http_1_1, sizeof alpn_http_1_1 - 1) == 0;
  CHECK(set);
  SSL_CTX_set_security_level(context.get(), 2);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority.native()) != 1)
    return fail_tls(ErrorCode::malformed, "authority");
  return context;
}

Result<std::shared_ptr<const TlsClientContext>> TlsClientContext::create(const TlsClientFiles& files) {
  TRY_ASSIGN(const Certificate authority, load_certificate(files.authority));
  TRY_ASSIGN(Handle context, start(authority));
  TRY(use_identity(context.get(), files));
  return std::shared_ptr<const TlsClientContext>(new TlsClientContext(std::move(context)));
}

Result<std::shared_ptr<const TlsClientContext>> TlsClientContext::create(const Certificate& authority,
                                                                         const TlsIdentity& identity) {
  TRY_ASSIGN(Handle context, start(authority));
  TRY(use_identity(context.get(), identity));
  return std::shared_ptr<const TlsClientContext>(new TlsClientContext(std::move(context)));
}

Result<std::unique_ptr<TlsConnection>> TlsConnection::open(std::shared_ptr<const TlsClientContext> context,
                                                           const std::filesystem::path& socket,
                                                           const WaitLimits& limits, TransportFault& fault) {
  fault = TransportFault::none;
  auto connected = connect_within(socket, limits);
  if (!connected) {
    const Error& error = connected.error();
    if (error.code == ErrorCode::cancelled) return fail(error);
    if (error.code == ErrorCode::deadline_exceeded) {
      fault = TransportFault::timed_out;
      return fail(error.code, "the appliance did not answer in time");
    }
    fault = fault_of_connect(error);
    if (error.code == ErrorCode::permission_denied)
      return fail(error.code, error.message + "; this user must be in the group of the socket");
    return fail(ErrorCode::unavailable, error.message + "; is tijorid running?");
  }

  std::unique_ptr<ssl_st, Free> ssl(SSL_new(context->native()));
  CHECK(ssl != nullptr);
  BIO* input = BIO_new(BIO_s_mem());
  BIO* output = BIO_new(BIO_s_mem());
  CHECK(input != nullptr && output != nullptr);
  SSL_set_bio(ssl.get(), input, output);
  SSL_set_connect_state(ssl.get());
  CHECK(SSL_set1_host(ssl.get(), server_name) == 1 && SSL_set_tlsext_host_name(ssl.get(), server_name) == 1);
  std::unique_ptr<TlsConnection> connection(
      new TlsConnection(std::move(context), std::move(ssl), *std::move(connected)));
  const Status shaken = connection->handshake(limits);
  fault = connection->fault();
  if (!shaken) return fail(shaken.error());
  return connection;
}

TlsConnection::~TlsConnection() {
  if (!SSL_is_init_finished(ssl_.get())) return;
  ERR_clear_error();
  // close_notify, if the socket takes it at once: nobody waits for a goodbye.
  if (SSL_shutdown(ssl_.get()) < 0) ERR_clear_error();
  char bytes[256];
  const int size = BIO_read(SSL_get_wbio(ssl_.get()), bytes, sizeof bytes);
  if (size > 0) [[maybe_unused]]
    const ssize_t sent = send(fd_.get(), bytes, static_cast<size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::unexpected<Error> TlsConnection::closed_early(std::string_view doing) {
  fault_ = TransportFault::closed;
  return fail(ErrorCode::unavailable, "the appliance closed the connection while " + std::string(doing));
}

std::unexpected<Error> TlsConnection::fail_wait(ErrorCode code, TransportFault fault, std::string message) {
  fault_ = fault;
  return fail(code, std::move(message));
}

std::unexpected<Error> TlsConnection::explain_failure(std::string_view doing) {
  const long verified = SSL_get_verify_result(ssl_.get());
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_REASON(error);
  if (verified != X509_V_OK && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    ERR_clear_error();
    fault_ = verified == X509_V_ERR_CERT_HAS_EXPIRED ? TransportFault::server_expired : TransportFault::server_unproven;
    return fail(ErrorCode::unavailable, std::string("the server could not prove that it is the appliance: ") +
                                            X509_verify_cert_error_string(verified) +
                                            "; is this the right authority (--ca)?");
  }
  constexpr int first_alert = SSL_AD_REASON_OFFSET;
  if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > first_alert && reason < first_alert + 256) {
    const int alert = reason - first_alert;
    const auto* const meaning = std::ranges::find(alert_meanings, alert, &AlertMeaning::alert);
    if (meaning != std::end(alert_meanings)) {
      ERR_clear_error();
      fault_ = meaning->fault;
      const bool ours = alert < 70 || alert == 116;
      return fail(ours ? ErrorCode::unauthenticated : ErrorCode::unavailable, std::string(meaning->sentence));
    }
  }
  fault_ = TransportFault::not_tls;
  return fail_tls(ErrorCode::unavailable, "TLS failed while " + std::string(doing));
}

Status TlsConnection::wait(Direction direction, const WaitLimits& limits) {
  for (;;) {
    pollfd watched[2] = {{fd_.get(), static_cast<short>(direction == Direction::in ? POLLIN : POLLOUT), 0},
                         {limits.cancellation == nullptr ? -1 : limits.cancellation->fd(), POLLIN, 0}};
    int timeout_ms = -1;
    if (limits.deadline != Deadline::max()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(limits.deadline - std::chrono::steady_clock::now());
      timeout_ms = static_cast<int>(std::clamp<int64_t>(left.count(), 0, INT_MAX));
    }
    const int ready = poll(watched, 2, timeout_ms);
    if (ready < 0 && errno != EINTR) return fail_errno("poll", "connection");
    if (ready > 0 && watched[1].revents != 0) return fail(ErrorCode::cancelled, "cancelled");
    if (ready > 0) return {};
    if (ready == 0)
      return fail_wait(ErrorCode::deadline_exceeded, TransportFault::timed_out, "the appliance did not answer in time");
  }
}

// What libssl has to say goes to the socket.
Status TlsConnection::flush(const WaitLimits& limits) {
  BIO* output = SSL_get_wbio(ssl_.get());
  char* bytes = nullptr;
  for (long size = 0; (size = BIO_get_mem_data(output, &bytes)) > 0;) {
    const ssize_t sent = send(fd_.get(), bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
    if (sent > 0) {
      char sink[4096];
      for (ssize_t left = sent; left > 0;)
        left -= BIO_read(output, sink, static_cast<int>(std::min<ssize_t>(left, sizeof sink)));
    } else if (errno == EAGAIN) {
      TRY(wait(Direction::out, limits));
    } else if (errno != EINTR) {
      return fail_errno("send", "connection");
    }
  }
  return {};
}

// Bytes that are here already don't put off an end: a peer that never stops sending would keep us for ever.
Status TlsConnection::still_wanted(const WaitLimits& limits) {
  if (limits.cancellation != nullptr) {
    pollfd watched{limits.cancellation->fd(), POLLIN, 0};
    if (poll(&watched, 1, 0) > 0) return fail(ErrorCode::cancelled, "cancelled");
  }
  if (std::chrono::steady_clock::now() >= limits.deadline)
    return fail_wait(ErrorCode::deadline_exceeded, TransportFault::timed_out, "the appliance did not answer in time");
  return {};
}

Result<bool> TlsConnection::fill(const WaitLimits& limits) {
  char bytes[socket_read_bytes];
  TRY(still_wanted(limits));
  for (;;) {
    const ssize_t size = recv(fd_.get(), bytes, sizeof bytes, 0);
    if (size > 0) {
      CHECK(BIO_write(SSL_get_rbio(ssl_.get()), bytes, static_cast<int>(size)) == size);
      return true;
    }
    // A peer that closes with our bytes unread resets; to us that is its end all the same.
    if (size == 0 || errno == ECONNRESET) return false;
    if (errno == EAGAIN) {
      TRY(wait(Direction::in, limits));
    } else if (errno != EINTR) {
      return fail_errno("recv", "connection");
    }
  }
}

Status TlsConnection::handshake(const WaitLimits& limits) {
  constexpr std::string_view doing = "opening the connection";
  for (;;) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), done);
    if (error == SSL_ERROR_SSL) {
      std::unexpected<Error> failure = explain_failure(doing);
      (void)flush(limits);
      return failure;
    }
    const Status flushed = flush(limits);
    if (error == SSL_ERROR_NONE && flushed) return {};
    // When it no longer takes our bytes, its own may still say why.
    if (!flushed && flushed.error().code != ErrorCode::io_error) return flushed;
    if (error == SSL_ERROR_NONE) return {};
    TRY_ASSIGN(const bool more, fill(limits));
    if (!more) return closed_early(doing);
  }
}

Status TlsConnection::write(std::string_view bytes, const WaitLimits& limits) {
  while (!bytes.empty()) {
    const size_t part = std::min(bytes.size(), socket_read_bytes);
    ERR_clear_error();
    const int written = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(part));
    if (written <= 0) return explain_failure("sending the request");
    bytes.remove_prefix(static_cast<size_t>(written));
    TRY(flush(limits));
  }
  return {};
}

Result<size_t> TlsConnection::read(std::span<char> into, const WaitLimits& limits) {
  constexpr std::string_view doing = "waiting for the answer";
  for (;;) {
    ERR_clear_error();
    const int size = SSL_read(ssl_.get(), into.data(), static_cast<int>(std::min<size_t>(into.size(), INT_MAX)));
    if (size > 0) return static_cast<size_t>(size);
    const int error = SSL_get_error(ssl_.get(), size);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    if (error != SSL_ERROR_WANT_READ) return explain_failure(doing);
    // As at the handshake: a server that has stopped reading may have said why.
    if (const Status flushed = flush(limits); !flushed && flushed.error().code != ErrorCode::io_error)
      return fail(flushed.error());
    TRY_ASSIGN(const bool more, fill(limits));
    if (!more) return closed_early(doing);
  }
}

bool TlsConnection::quiet() const {
  pollfd watched{fd_.get(), POLLIN, 0};
  return SSL_pending(ssl_.get()) == 0 && poll(&watched, 1, 0) == 0;
}

}  // namespace tijori
