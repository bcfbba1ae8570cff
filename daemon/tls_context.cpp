#include "daemon/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"

namespace tijori {

namespace {

constexpr unsigned char alpn_http_1_1[] = "\x08http/1.1";

int context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int verdict_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::unexpected<Error> fail_tls(std::string_view what) {
  std::string message(what);
  const unsigned long error = ERR_peek_last_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  if (reason != nullptr) message.append(": ").append(reason);
  ERR_clear_error();
  return fail(ErrorCode::invalid_argument, std::move(message));
}

int select_protocol(SSL* /*connection*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void* /*user*/) {
  // A client that offers protocols but not ours is told so, rather than left to speak HTTP/2 to us.
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, alpn_http_1_1, sizeof alpn_http_1_1 - 1, offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Runs once for each certificate of the chain, and for each fault of it. The error left in the store decides the alert.
int verify(int good, X509_STORE_CTX* store) {
  const auto* connection =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* verdict = static_cast<HandshakeVerdict*>(SSL_get_ex_data(connection, verdict_index()));
  const auto* context =
      static_cast<const TlsContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), context_index()));
  CHECK(verdict != nullptr && context != nullptr);
  const X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (verdict->certificate_sha256.empty()) {
    const Result<CertificateInfo> info = read_certificate(leaf);
    if (info) verdict->certificate_sha256 = info->sha256;
  }
  int error = good == 1 ? X509_V_OK : X509_STORE_CTX_get_error(store);
  if (good == 1 && X509_STORE_CTX_get_error_depth(store) == 0) error = context->judge(leaf);
  // An authority of the same name as ours, with another key: to the client it is simply another authority.
  if (error == X509_V_ERR_CERT_SIGNATURE_FAILURE) error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
  if (error == X509_V_OK) return 1;
  X509_STORE_CTX_set_error(store, error);
  verdict->verify_error = error;
  return 0;
}

Status check_private(const std::filesystem::path& key) {
  struct stat status{};
  if (stat(key.c_str(), &status) != 0) return fail_errno("stat", key.string());
  if ((status.st_mode & 07) != 0)
    return fail(ErrorCode::permission_denied, key.string() + ": everybody on this machine may read it; chmod o= it");
  return {};
}

Result<std::optional<RevocationList>> read_revocations(const std::filesystem::path& file,
                                                       const Certificate& authority) {
  if (file.empty()) return std::nullopt;
  const Result<std::string> pem = read_file(file, max_crl_bytes);
  if (!pem && pem.error().code == ErrorCode::not_found) return std::nullopt;
  if (!pem) return fail(pem.error());
  Result<RevocationList> list = RevocationList::from_pem(*pem);
  if (!list) return fail(list.error().in(file.string()));
  if (!list->signed_by(authority))
    return fail(ErrorCode::invalid_argument, file.string() + ": not signed by the authority of the clients");
  return std::optional(*std::move(list));
}

Status set_client_authority(SSL_CTX* context, const Certificate& authority) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  if (X509_STORE_add_cert(store, authority.native()) != 1 || SSL_CTX_add_client_CA(context, authority.native()) != 1)
    return fail_tls("client authority");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify);
  SSL_CTX_set_verify_depth(context, 2);
  if (SSL_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT) != 1) return fail_tls("purpose");
  return {};
}

Status set_protocol(SSL_CTX* context) {
  constexpr unsigned char session_context[] = "tijori";
  const bool set = SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                   SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
                   SSL_CTX_set_num_tickets(context, 0) == 1 &&
                   SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1) == 1;
  if (!set) return fail_tls("protocol");
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Both modes that Asio's engine relies on, and buffers only while there is something in them.
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  return {};
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsFiles& files, const Register& clients) {
  TRY_ASSIGN(const std::string server_pem, read_file(files.certificate, max_pem_bytes));
  Result<Certificate> server = Certificate::from_pem(server_pem);
  if (!server) return fail(server.error().in(files.certificate.string()));
  if (!server->info().server_use)
    return fail(ErrorCode::invalid_argument, files.certificate.string() + ": not meant for TLS servers");
  if (server->info().not_after_us <= wall_clock_us())
    return fail(ErrorCode::invalid_argument, files.certificate.string() + ": expired on " +
                                                 to_rfc3339(server->info().not_after_us) +
                                                 "; issue another, or set the clock");
  TRY_ASSIGN(const std::string authority_pem, read_file(files.client_ca, max_pem_bytes));
  const Result<Certificate> authority = Certificate::from_pem(authority_pem);
  if (!authority) return fail(authority.error().in(files.client_ca.string()));
  if (!authority->info().is_ca)
    return fail(ErrorCode::invalid_argument, files.client_ca.string() + ": not the certificate of an authority");
  TRY_ASSIGN(std::optional<RevocationList> revocations, read_revocations(files.crl, *authority));
  TRY(check_private(files.key));
  TRY_ASSIGN(std::string key_pem, read_file(files.key, max_pem_bytes));
  const Result<CertificateKey> key = CertificateKey::from_pem(key_pem, nullptr);
  wipe({reinterpret_cast<uint8_t*>(key_pem.data()), key_pem.size()});
  if (!key) return fail(key.error().in(files.key.string()));
  if (!belongs_to(*server, *key))
    return fail(ErrorCode::invalid_argument, files.key.string() + ": not the key of " + files.certificate.string());

  std::unique_ptr<ssl_ctx_st, Free> context(SSL_CTX_new(TLS_server_method()));
  CHECK(context != nullptr);
  TRY(set_protocol(context.get()));
  TRY(set_client_authority(context.get(), *authority));
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return fail_tls(files.certificate.string());
  if (SSL_CTX_use_PrivateKey(context.get(), key->native()) != 1) return fail_tls(files.key.string());
  SSL_CTX* raw = context.get();
  std::shared_ptr<TlsContext> made(
      new TlsContext(std::move(context), *std::move(server), std::move(revocations), clients));
  CHECK(SSL_CTX_set_ex_data(raw, context_index(), made.get()) == 1);
  return made;
}

void TlsContext::attach(ssl_st* connection, HandshakeVerdict& verdict) {
  CHECK(SSL_set_ex_data(connection, verdict_index(), &verdict) == 1);
}

int TlsContext::judge(const x509_st* certificate) const {
  if (revocations_ && revocations_->revokes(certificate)) return X509_V_ERR_CERT_REVOKED;
  const Result<CertificateInfo> info = read_certificate(certificate);
  if (!info || info->client_name.empty()) return X509_V_ERR_CERT_REJECTED;
  // Without the extension X.509 allows every use; here the use must be named.
  if (!info->client_use) return X509_V_ERR_INVALID_PURPOSE;
  if (clients_.standing(info->client_name, info->sha256) == Standing::revoked) return X509_V_ERR_CERT_REVOKED;
  return X509_V_OK;
}

RefusalCause refusal_cause(const HandshakeVerdict& verdict, unsigned long openssl_error) {
  switch (verdict.verify_error) {
    case X509_V_OK:
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return RefusalCause::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return RefusalCause::not_yet_valid;
    case X509_V_ERR_CERT_REVOKED:
      return RefusalCause::revoked;
    case X509_V_ERR_INVALID_PURPOSE:
      return RefusalCause::wrong_usage;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return RefusalCause::unknown_ca;
    default:
      return RefusalCause::bad_certificate;
  }
  if (ERR_GET_LIB(openssl_error) == ERR_LIB_SSL &&
      ERR_GET_REASON(openssl_error) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return RefusalCause::no_certificate;
  return RefusalCause::handshake_failed;
}

Result<Peer> read_peer(ssl_st* connection, const PeerCredentials& credentials, int64_t& not_after_us) {
  const X509* certificate = SSL_get0_peer_certificate(connection);
  if (certificate == nullptr) return fail(ErrorCode::unauthenticated, "no client certificate");
  TRY_ASSIGN(CertificateInfo info, read_certificate(certificate));
  Peer peer;
  peer.credentials = credentials;
  peer.client_name = std::move(info.client_name);
  peer.certificate_sha256 = std::move(info.sha256);
  for (const std::string& name : info.role_names)
    if (const std::optional<Role> role = role_from_name(name)) peer.certificate_roles.add(*role);
  not_after_us = info.not_after_us;
  return peer;
}

}  // namespace tijori
