// The client against a server of a few lines that answers with whatever bytes a test gives it.
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/socket.h"
#include "protocol/client/api_client.h"

using namespace tijori;

namespace {

constexpr int64_t hour_us = 3'600'000'000;

struct Issued {
  Certificate certificate;
  CertificateKey key;
};

// An authority, a server certificate of it, and a client's, as files.
class Keys {
 public:
  explicit Keys(const std::filesystem::path& folder, const std::string& dns_name = "localhost") : folder_(folder) {
    std::filesystem::create_directories(folder);
    CertificateKey ca_key = CertificateKey::generate();
    const int64_t now = wall_clock_us();
    auto ca = make_authority("Test", ca_key, now - hour_us, now + hour_us);
    write("ca.crt", ca->to_pem());
    for (const bool server : {true, false}) {
      const CertificateKey key = CertificateKey::generate();
      CertificateOrder order{
          server ? CertificateKind::server : CertificateKind::client, "someone", {}, {}, now - hour_us, now + hour_us};
      if (server)
        order.dns_names = {dns_name};
      else
        order.role_names = {"application"};
      const std::string name = server ? "server" : "client";
      write(name + ".crt", issue_certificate(*ca, ca_key, key, order)->to_pem());
      write(name + ".key", std::string(as_text(key.to_pem().bytes())));
    }
  }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

 private:
  void write(const std::string& name, const std::string& text) {
    QVERIFY(write_file_atomic(folder_ / name, as_bytes(text), 0600).has_value());
  }
  std::filesystem::path folder_;
};

int verify_error = X509_V_OK;

int verify(int /*good*/, X509_STORE_CTX* store) {
  X509_STORE_CTX_set_error(store, verify_error);
  return verify_error == X509_V_OK ? 1 : 0;
}

// Reads a request's head, then does what it is told, connection after connection.
class FakeServer {
 public:
  using Answer = std::function<void(SSL*)>;

  FakeServer(const std::filesystem::path& socket, const Keys& keys, Answer answer)
      : context_(SSL_CTX_new(TLS_server_method())), answer_(std::move(answer)) {
    SSL_CTX_use_certificate_chain_file(context_, keys.file("server.crt").c_str());
    SSL_CTX_use_PrivateKey_file(context_, keys.file("server.key").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify);
    listener_ = *listen_unix(socket, 0600);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
    SSL_CTX_free(context_);
  }
  int connections() const { return connections_; }
  int requests() const { return requests_; }

 private:
  void serve() {
    while (!stopping_) {
      const UniqueFd fd(::accept(listener_.get(), nullptr, nullptr));
      if (!fd) return;
      ++connections_;
      SSL* ssl = SSL_new(context_);
      SSL_set_fd(ssl, fd.get());
      if (SSL_accept(ssl) == 1) {
        while (read_head(ssl)) {
          ++requests_;
          answer_(ssl);
        }
      } else {
        // Its last words before the end, as the daemon does it.
        ::shutdown(fd.get(), SHUT_WR);
        char rest[1024];
        while (::recv(fd.get(), rest, sizeof rest, 0) > 0) {
        }
      }
      SSL_free(ssl);
    }
  }
  static bool read_head(SSL* ssl) {
    std::string head;
    char c = 0;
    while (!head.ends_with("\r\n\r\n")) {
      if (SSL_read(ssl, &c, 1) != 1) return false;
      head += c;
    }
    return true;
  }

  SSL_CTX* context_;
  Answer answer_;
  UniqueFd listener_;
  std::thread thread_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::atomic<int> requests_ = 0;
};

FakeServer::Answer say(const std::string& text) {
  return [text](SSL* ssl) { SSL_write(ssl, text.data(), static_cast<int>(text.size())); };
}

std::string with_length(const std::string& body) {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

class ClientTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path socket() const { return std::filesystem::path(folder_.path().toStdString()) / "s.sock"; }
  std::filesystem::path at(const std::string& name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }

  HttpClient client(const Keys& keys) const {
    ClientOptions options;
    options.socket = socket();
    options.files = {keys.file("ca.crt"), keys.file("client.crt"), keys.file("client.key"), nullptr};
    return *HttpClient::create(std::move(options));
  }

 private slots:
  // The fake server's writes, that is; the client never raises it.
  void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }
  void init() { verify_error = X509_V_OK; }

  void reads_an_answer_and_keeps_the_connection() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, say(with_length("hello")));
    HttpClient http = client(keys);
    for (int i = 0; i < 3; ++i) {
      const auto response = http.send({.target = "/x"});
      QVERIFY2(response.has_value(), response ? "" : response.error().message.c_str());
      QCOMPARE(response->status, 200);
      QCOMPARE(response->body, std::string("hello"));
      QCOMPARE(response->header("content-length"), std::string_view("5"));
    }
    QCOMPARE(server.connections(), 1);
    QCOMPARE(server.requests(), 3);
  }

  void connects_anew_when_the_server_has_hung_up() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL* ssl) {
      const std::string text = with_length("x");
      SSL_write(ssl, text.data(), static_cast<int>(text.size()));
      SSL_shutdown(ssl);
      ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    });
    HttpClient http = client(keys);
    for (int i = 0; i < 3; ++i) {
      QVERIFY(http.send({.target = "/x"}).has_value());
      QTest::qWait(50);
    }
    QCOMPARE(server.connections(), 3);
  }

  void hands_on_a_chunked_body_piece_by_piece() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL* ssl) {
      for (const char* part :
           {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "3\r\nabc\r\n", "2\r\nde\r\n", "0\r\n\r\n"}) {
        SSL_write(ssl, part, static_cast<int>(strlen(part)));
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
      }
    });
    HttpClient http = client(keys);
    std::vector<std::string> pieces;
    const auto response = http.stream({.target = "/x"}, [&](std::string_view piece) -> Status {
      pieces.emplace_back(piece);
      return {};
    });
    QVERIFY2(response.has_value(), response ? "" : response.error().message.c_str());
    QCOMPARE(pieces, (std::vector<std::string>{"abc", "de"}));
    QVERIFY(response->body.empty());
  }

  void refuses_what_is_too_large_or_no_http_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("code");
    const auto exhausted = static_cast<int>(ErrorCode::resource_exhausted);
    QTest::newRow("announced length") << QByteArray("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n") << exhausted;
    QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n") +
                                   QByteArray(2000, 'x') + "\r\n0\r\n\r\n"
                            << exhausted;
    QTest::newRow("header") << QByteArray("HTTP/1.1 200 OK\r\nx: ") + QByteArray(100'000, 'x') << exhausted;
    QTest::newRow("not HTTP") << QByteArray("SSH-2.0-hello\r\n\r\n") << static_cast<int>(ErrorCode::malformed);
    QTest::newRow("bad chunk") << QByteArray("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
                               << static_cast<int>(ErrorCode::malformed);
  }
  void refuses_what_is_too_large_or_no_http() {
    QFETCH(const QByteArray, answer);
    QFETCH(const int, code);
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, say(answer.toStdString()));
    HttpClient http = client(keys);
    const auto response = http.send({.target = "/x", .max_body_bytes = 1000});
    QVERIFY(!response);
    QCOMPARE(static_cast<int>(response.error().code), code);
  }

  void tells_a_cut_answer_from_a_whole_one() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL* ssl) {
      const std::string text = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc";
      SSL_write(ssl, text.data(), static_cast<int>(text.size()));
      ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    });
    HttpClient http = client(keys);
    const auto response = http.send({.target = "/x"});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::unavailable);
  }

  void gives_up_on_a_silent_server() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL*) {});
    HttpClient http = client(keys);
    const auto response = http.send({.target = "/x", .quiet_timeout_ms = 100});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::deadline_exceeded);
  }

  void stops_when_somebody_cancels() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL*) {});
    HttpClient http = client(keys);
    const auto cancellation = Cancellation::create();
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      cancellation->cancel();
    });
    const auto response = http.send({.target = "/x", .cancellation = &*cancellation});
    other.join();
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::cancelled);
  }

  // It never lets go of the sender, so that there is always more to read.
  void stops_in_the_middle_of_an_endless_answer_data() {
    QTest::addColumn<bool>("cancelled");
    QTest::newRow("when somebody cancels") << true;
    QTest::newRow("after its time") << false;
  }
  void stops_in_the_middle_of_an_endless_answer() {
    QFETCH(const bool, cancelled);
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL* ssl) {
      const std::string head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
      SSL_write(ssl, head.data(), static_cast<int>(head.size()));
      const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
      while (SSL_write(ssl, chunk.data(), static_cast<int>(chunk.size())) > 0) continue;
    });
    HttpClient http = client(keys);
    const auto cancellation = Cancellation::create();
    uint64_t seen_bytes = 0;
    const auto response = http.stream({.target = "/x",
                                       .total_timeout_ms = cancelled ? 0 : 200,
                                       .max_body_bytes = UINT64_MAX,
                                       .cancellation = &*cancellation},
                                      [&](std::string_view piece) -> Status {
                                        seen_bytes += piece.size();
                                        if (cancelled && seen_bytes > (1U << 20)) cancellation->cancel();
                                        // What ends the test where the client doesn't.
                                        if (seen_bytes > (uint64_t{8} << 30))
                                          return fail(ErrorCode::internal, "on and on");
                                        return {};
                                      });
    QVERIFY(!response);
    QCOMPARE(response.error().code, cancelled ? ErrorCode::cancelled : ErrorCode::deadline_exceeded);
    if (cancelled) QVERIFY(seen_bytes < (2U << 20));
  }

  void gives_up_on_a_server_that_lets_nobody_in() {
    const Keys keys(at("keys"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
    std::filesystem::remove(socket());
    const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM, 0));
    QCOMPARE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    QCOMPARE(::listen(listener.get(), 0), 0);
    std::vector<UniqueFd> waiting;  // until the queue is full
    while (auto one = connect_unix_at_once(socket())) waiting.push_back(*std::move(one));
    ClientOptions options;
    options.socket = socket();
    options.files = {keys.file("ca.crt"), keys.file("client.crt"), keys.file("client.key"), nullptr};
    options.connect_timeout_ms = 100;
    HttpClient http = *HttpClient::create(std::move(options));
    const auto late = http.send({.target = "/x"});
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::deadline_exceeded);
    QCOMPARE(http.fault(), TransportFault::timed_out);
    const auto cancellation = Cancellation::create();
    cancellation->cancel();
    QCOMPARE(http.send({.target = "/x", .cancellation = &*cancellation}).error().code, ErrorCode::cancelled);
  }

  void says_why_the_appliance_refused_the_certificate_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<TransportFault>("fault");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("44") << X509_V_ERR_CERT_REVOKED << TransportFault::revoked << QByteArray("revoked");
    QTest::newRow("45") << X509_V_ERR_CERT_HAS_EXPIRED << TransportFault::expired << QByteArray("expired");
    QTest::newRow("48") << X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY << TransportFault::authority_unknown
                        << QByteArray("another authority");
    QTest::newRow("43") << X509_V_ERR_INVALID_PURPOSE << TransportFault::wrong_usage
                        << QByteArray("not meant for clients");
    QTest::newRow("42") << X509_V_ERR_CERT_REJECTED << TransportFault::not_usable << QByteArray("no client name");
  }
  void says_why_the_appliance_refused_the_certificate() {
    QFETCH(const int, error);
    QFETCH(const TransportFault, fault);
    QFETCH(const QByteArray, word);
    verify_error = error;
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, say(with_length("x")));
    HttpClient http = client(keys);
    const auto response = http.send({.target = "/x"});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::unauthenticated);
    QCOMPARE(http.fault(), fault);
    QVERIFY2(response.error().message.find(word.toStdString()) != std::string::npos, response.error().message.c_str());
  }

  void asks_for_a_certificate_when_it_had_none() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, say(with_length("x")));
    ClientOptions options;
    options.socket = socket();
    options.files.authority = keys.file("ca.crt");
    HttpClient http = *HttpClient::create(std::move(options));
    const auto response = http.send({.target = "/x"});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::unauthenticated);
    QCOMPARE(http.fault(), TransportFault::certificate_required);
    QVERIFY(response.error().message.find("asks for a client certificate") != std::string::npos);
  }

  void believes_only_its_authority_and_the_name_localhost() {
    const Keys keys(at("keys"));
    const Keys others(at("others"));
    const Keys elsewhere(at("elsewhere"), "elsewhere.example");
    for (const auto& [server_keys, client_keys] : {std::pair(&others, &keys), std::pair(&elsewhere, &elsewhere)}) {
      const FakeServer server(socket(), *server_keys, say(with_length("x")));
      HttpClient http = client(*client_keys);
      const auto response = http.send({.target = "/x"});
      QVERIFY(!response);
      QCOMPARE(response.error().code, ErrorCode::unavailable);
      QCOMPARE(http.fault(), TransportFault::server_unproven);
      QVERIFY2(response.error().message.find("could not prove") != std::string::npos, response.error().message.c_str());
      QCOMPARE(server.requests(), 0);
    }
  }

  void shows_credentials_from_memory() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, say(with_length("hello")));
    const auto pem_of = [&](const char* name) { return *read_file(keys.file(name), max_pem_bytes); };
    const Certificate authority = *Certificate::from_pem(pem_of("ca.crt"));
    const Certificate certificate = *Certificate::from_pem(pem_of("client.crt"));
    ClientOptions options;
    options.socket = socket();
    {
      const CertificateKey key = *CertificateKey::from_pem(pem_of("client.key"), nullptr);
      const auto context = TlsClientContext::create(authority, TlsIdentity{certificate, key, {}});
      QVERIFY2(context.has_value(), context ? "" : context.error().message.c_str());
      options.context = *context;
      QCOMPARE(
          TlsClientContext::create(authority, TlsIdentity{certificate, CertificateKey::generate(), {}}).error().code,
          ErrorCode::invalid_argument);
    }
    for (int lane = 0; lane < 2; ++lane) {
      HttpClient http = *HttpClient::create(options);
      const auto response = http.send({.target = "/x"});
      QVERIFY2(response.has_value(), response ? "" : response.error().message.c_str());
      QCOMPARE(http.fault(), TransportFault::none);
    }
    QCOMPARE(server.connections(), 2);
  }

  void says_what_kept_it_from_the_socket() {
    const Keys keys(at("keys"));
    HttpClient http = client(keys);
    std::filesystem::remove(socket());
    QVERIFY(!http.send({.target = "/x"}));
    QCOMPARE(http.fault(), TransportFault::socket_absent);
    (void)listen_unix(socket(), 0600);  // leaves the file behind
    QVERIFY(!http.send({.target = "/x"}));
    QCOMPARE(http.fault(), TransportFault::socket_refused);
    const auto listener = listen_unix(socket(), 0600);
    std::thread greeter([&] {
      const UniqueFd fd(::accept(listener->get(), nullptr, nullptr));
      ::send(fd.get(), "SSH-2.0-hello\r\n", 15, MSG_NOSIGNAL);
      const UniqueFd second(::accept(listener->get(), nullptr, nullptr));
    });
    QVERIFY(!http.send({.target = "/x"}));
    QCOMPARE(http.fault(), TransportFault::not_tls);
    QVERIFY(!http.send({.target = "/x"}));
    QCOMPARE(http.fault(), TransportFault::closed);
    greeter.join();
  }

  void says_that_nobody_listens() {
    const Keys keys(at("keys"));
    HttpClient http = client(keys);
    std::filesystem::remove(socket());
    const auto response = http.send({.target = "/x"});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::unavailable);
    QVERIFY(response.error().message.find("is tijorid running?") != std::string::npos);
  }

  void a_refusal_carries_the_words_of_the_daemon() {
    const Keys keys(at("keys"));
    const std::string body =
        R"({"error":{"message":"Later.","type":"rate_limit_error","param":null,"code":"quota_exceeded"}})";
    const FakeServer server(socket(), keys,
                            say("HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body));
    HttpClient http = client(keys);
    const auto answer = call(http, {.target = "/x"});
    QVERIFY(!answer);
    QCOMPARE(answer.error().http_status, 429);
    QCOMPARE(answer.error().api_code, std::string("quota_exceeded"));
    QCOMPARE(answer.error().error.message, std::string("Later."));
    QCOMPARE(answer.error().retry_after_s, 7);
  }

  void reads_the_answer_of_a_server_that_stopped_reading() {
    const Keys keys(at("keys"));
    const FakeServer server(socket(), keys, [](SSL* ssl) {
      say("HTTP/1.1 413 Content Too Large\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlarge")(ssl);
      SSL_shutdown(ssl);
      ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    });
    HttpClient http = client(keys);
    const auto answer = http.send({.method = "POST", .target = "/", .body = std::string(8U << 20, 'x')});
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
    QCOMPARE(answer->status, 413);
    QCOMPARE(answer->body, std::string("large"));
  }

  void lets_no_line_end_into_a_request() {
    const Keys keys(at("keys"));
    HttpClient http = client(keys);
    const auto response = http.send({.target = "/x\r\nevil: 1"});
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::invalid_argument);
    QCOMPARE(percent_encode("a b/ü~"), std::string("a%20b%2F%C3%BC~"));
  }
};

QTEST_GUILESS_MAIN(ClientTest)
#include "client_test.moc"
