#include "tests/support/tls_client.h"

#include <csignal>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/socket.h"

namespace tijori {

namespace {

// No descriptor when nobody listens any more.
UniqueFd connect_with_limit(const std::string& path) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write()
  Result<UniqueFd> fd = connect_unix(path);
  if (!fd) return {};
  const timeval limit{5, 0};
  CHECK(setsockopt(fd->get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
  CHECK(setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0);
  return *std::move(fd);
}

}  // namespace

void TlsClient::FreeContext::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

void TlsClient::FreeConnection::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

void TlsClient::see(const ssl_st* connection, int where, int value) {
  auto* self = static_cast<TlsClient*>(SSL_get_app_data(connection));
  if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value & 0xFF) != SSL_AD_CLOSE_NOTIFY)
    self->alert_ = value & 0xFF;
}

TlsClient::TlsClient(const std::string& socket_path, const TestAuthority& trusted, const TlsClientOptions& options)
    : fd_(connect_with_limit(socket_path)), context_(SSL_CTX_new(TLS_client_method())) {
  SSL_CTX* context = context_.get();
  CHECK(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted.certificate().native()) == 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  SSL_CTX_sess_set_new_cb(context, [](SSL* connection, SSL_SESSION*) {
    ++static_cast<TlsClient*>(SSL_get_app_data(connection))->tickets_;
    return 0;
  });
  if (options.max_version != 0) SSL_CTX_set_max_proto_version(context, options.max_version);
  if (options.identity != nullptr) {
    const Certificate certificate = *Certificate::from_pem(options.identity->certificate_pem);
    const CertificateKey key = *CertificateKey::from_pem(options.identity->key_pem, nullptr);
    CHECK(SSL_CTX_use_certificate(context, certificate.native()) == 1);
    CHECK(SSL_CTX_use_PrivateKey(context, key.native()) == 1);
  }
  if (!options.alpn.empty()) {
    std::string list(1, static_cast<char>(options.alpn.size()));
    list += options.alpn;
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(list.data()),
                            static_cast<unsigned>(list.size()));
  }
  connection_.reset(SSL_new(context));
  SSL* connection = connection_.get();
  SSL_set_app_data(connection, this);
  SSL_set_info_callback(connection, see);
  SSL_set_tlsext_host_name(connection, "localhost");
  SSL_set1_host(connection, "localhost");
  SSL_set_fd(connection, fd_.get());
  connected_ = fd_ && SSL_connect(connection) == 1;
  ERR_clear_error();
}

TlsClient::~TlsClient() = default;

bool TlsClient::send(std::string_view bytes) {
  const bool sent =
      SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
  ERR_clear_error();
  return sent;
}

std::string TlsClient::receive() {
  if (!buffer_.empty()) return std::exchange(buffer_, {});
  std::string bytes(16384, '\0');
  const int size = SSL_read(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (size <= 0) {
    const int reason = SSL_get_error(connection_.get(), size);
    ended_ = reason != SSL_ERROR_WANT_READ;
    ERR_clear_error();
  }
  bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return bytes;
}

std::string TlsClient::receive_until(std::string_view mark) {
  std::string all;
  while (all.find(mark) == std::string::npos) {
    const std::string more = receive();
    if (more.empty()) return all;
    all += more;
    if (const size_t end = all.find(mark); end != std::string::npos) {
      buffer_ = all.substr(end + mark.size());
      all.resize(end + mark.size());
      return all;
    }
  }
  return all;
}

std::string TlsClient::receive_all() {
  std::string all;
  for (std::string more; !(more = receive()).empty();) all += more;
  return all;
}

std::string TlsClient::receive_response() {
  std::string head = receive_until("\r\n\r\n");
  const size_t field = head.find("content-length: ");
  if (field == std::string::npos) return head;
  size_t missing = std::stoul(head.substr(field + 16));
  std::string body;
  while (body.size() < missing) {
    const std::string more = receive();
    if (more.empty()) break;
    body += more;
  }
  if (body.size() > missing) {
    buffer_ = body.substr(missing);
    body.resize(missing);
  }
  return head + body;
}

int TlsClient::alert() {
  while (alert_ < 0 && !receive().empty()) {
  }
  return alert_;
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(connection_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string plain_exchange(const std::string& socket_path, std::string_view request) {
  const UniqueFd fd = connect_with_limit(socket_path);
  CHECK(write_all(fd.get(), as_bytes(request), "socket").has_value());
  std::string all;
  char bytes[4096];
  for (ssize_t size; (size = read(fd.get(), bytes, sizeof bytes)) > 0;) all.append(bytes, static_cast<size_t>(size));
  return all;
}

}  // namespace tijori
