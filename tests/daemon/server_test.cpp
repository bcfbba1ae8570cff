// The server over real sockets: who is let in, what a refused client is told, and how exchanges end.
#include "daemon/server.h"

#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/socket.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_client.h"

using namespace tijori;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

class RecordingSink : public RefusalSink {
 public:
  Status record(const Refusal& refusal) override {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(refusal);
    changed_.notify_all();
    return {};
  }
  // Waits for a refusal of that cause.
  bool saw(RefusalCause cause) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 3s, [&] {
      return std::any_of(refusals_.begin(), refusals_.end(), [&](const Refusal& each) {
        return each.cause == cause && each.peer.uid == getuid() && each.count == 1;
      });
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Refusal> refusals_;
};

// A handler with a behaviour for each path.
class TestHandler : public HttpHandler {
 public:
  // On the I/O thread.
  void turned_away() override {
    ++turned_away_count;
    while (hangs) std::this_thread::sleep_for(5ms);
  }
  void handle(const HttpRequest& request, ResponseWriter& writer) override {
    if (request.path == "/silent") return;
    if (request.path == "/throw") throw std::runtime_error("a library's");
    if (request.path == "/stream") return stream(writer);
    if (request.path == "/flood") return flood(writer);
    if (request.path == "/wait") return wait(writer);
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.method + " " + request.path + " ?" + request.query + " " + request.peer.client_name + " " +
                    std::to_string(request.peer.credentials.uid) + " " + request.body;
    (void)writer.send(std::move(response));
  }

  // Pieces until the client goes, as a model writes tokens.
  void stream(ResponseWriter& writer) {
    writer.on_gone([this] { ++gone_calls; });
    if (!writer.begin({.status = 200, .content_type = "text/event-stream", .headers = {}, .body = {}})) return;
    Status written;
    while (written) {
      written = writer.write("data: piece\n\n");
      std::this_thread::sleep_for(5ms);
    }
    if (written.error().code == ErrorCode::cancelled && writer.gone()) ++streams_cancelled;
  }

  void flood(ResponseWriter& writer) {
    const std::string piece(16 << 10, 'x');
    if (!writer.begin({})) return;
    for (int i = 0; i < 256; ++i) {
      if (!writer.write(piece)) return;
      flood_bytes += piece.size();
    }
    (void)writer.finish();
  }

  void wait(ResponseWriter& writer) {
    ++waiting;
    while (!released && !writer.gone()) std::this_thread::sleep_for(5ms);
    --waiting;
    (void)writer.send({.status = 200, .content_type = "text/plain", .headers = {}, .body = "released"});
  }

  std::atomic<int> gone_calls{0};
  std::atomic<int> streams_cancelled{0};
  std::atomic<size_t> flood_bytes{0};
  std::atomic<int> waiting{0};
  std::atomic<int> turned_away_count{0};
  std::atomic<bool> released{false};
  std::atomic<bool> hangs{false};
};

bool becomes_true(const std::function<bool()>& condition, std::chrono::milliseconds limit = 3000ms) {
  const auto end = Steady::now() + limit;
  while (!condition()) {
    if (Steady::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

std::string get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nhost: localhost\r\n" + more + "\r\n";
}

// 0 when the condition holds for a process of another user. A forked child of a threaded process: it must do little.
int run_as_nobody(const std::function<bool()>& condition) {
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    if (setgid(nobody) != 0 || setuid(nobody) != 0) _exit(2);
    _exit(condition() ? 0 : 1);
  }
  int status = -1;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

constexpr const char* stream_start = "data: piece";

}  // namespace

class ServerTest : public QObject {
  Q_OBJECT

  // Everything a server needs, and the server.
  struct Site {
    explicit Site(const ServerLimits& limits = {}) : anna(authority.client("anna")) {
      put("ca.crt", authority.certificate().to_pem());
      const TestIdentity server_identity = authority.server();
      put("server.crt", server_identity.certificate_pem);
      put("server.key", server_identity.key_pem);
      clients = *Register::open(path("state.db"));
      enrol(anna);
      server = start(limits);
    }
    std::unique_ptr<HttpServer> start(const ServerLimits& limits) {
      std::vector<ListeningSocket> sockets;
      sockets.push_back({Listener::api, *listen_unix(path("api.sock"), 0660)});
      return *HttpServer::create(std::move(sockets), files(), handler, *clients, sink, limits);
    }
    void enrol(const TestIdentity& identity) {
      QVERIFY(clients->add({.name = identity.info.client_name,
                            .roles = {Role::application},
                            .certificate_sha256 = identity.info.sha256,
                            .certificate_not_after_us = identity.info.not_after_us}));
    }
    std::string path(const char* name) const { return folder.filePath(name).toStdString(); }
    void put(const char* name, std::string_view text) { write_test_file(folder.filePath(name), text); }
    TlsFiles files() const { return {path("server.crt"), path("server.key"), path("ca.crt"), path("crl.pem")}; }
    std::unique_ptr<TlsClient> connect(const TestIdentity& identity) {
      return std::make_unique<TlsClient>(path("api.sock"), authority, TlsClientOptions{.identity = &identity});
    }

    QTemporaryDir folder;
    TestAuthority authority;
    TestIdentity anna;
    RecordingSink sink;
    TestHandler handler;
    std::unique_ptr<Register> clients;
    std::unique_ptr<HttpServer> server;
  };

 private slots:
  void answers_one_request_after_another_on_one_connection() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->connected());
    for (const char* word : {"one", "two"}) {
      QVERIFY(client->send("POST /echo%20me?q=1 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n" +
                           std::string(word)));
      const std::string answer = client->receive_response();
      QVERIFY(answer.starts_with("HTTP/1.1 200 OK\r\n"));
      QVERIFY(answer.ends_with("POST /echo me ?q=1 anna " + std::to_string(getuid()) + " " + word));
    }
    QVERIFY(client->send(get("/a") + get("/b")));  // two at once
    QVERIFY(client->receive_response().ends_with("GET /a ? anna " + std::to_string(getuid()) + " "));
    QVERIFY(client->receive_response().ends_with("GET /b ? anna " + std::to_string(getuid()) + " "));
    QCOMPARE(client->tickets(), 0);
    QCOMPARE(client->protocol(), std::string("http/1.1"));
    QVERIFY(client->send(get("/c", "connection: close\r\n")));
    QVERIFY(client->receive_response().starts_with("HTTP/1.1 200"));
    QCOMPARE(client->receive(), std::string());
    QVERIFY(client->reached_end());
  }

  void refuses_each_kind_of_bad_certificate_with_its_own_alert() {
    Site site;
    const TestAuthority other("Another authority");
    const TestAuthority namesake;  // the same name, another key
    const auto order = [](const char* name) {
      return CertificateOrder{
          .kind = CertificateKind::client, .name = name, .role_names = {"application"}, .dns_names = {}};
    };
    constexpr int64_t hour = TestAuthority::hour_us;
    const TestIdentity stranger = other.client("anna");
    const TestIdentity imitator = namesake.client("anna");
    const TestIdentity wrong_usage = site.authority.server();
    const TestIdentity expired = site.authority.issue(order("anna"), {-hour, -1'000'000});
    const TestIdentity early = site.authority.issue(order("anna"), {hour / 2, hour});
    const TestIdentity listed = site.authority.client("bela");
    const TestIdentity revoked = site.authority.client("cara");
    site.enrol(revoked);
    QVERIFY(site.clients->revoke("cara", "left"));
    site.put("crl.pem", site.authority.revocations({listed.info.serial}, 1));
    QVERIFY(site.server->reload(site.files()));

    struct Case {
      const TestIdentity* identity;
      RefusalCause cause;
      int alert;
    };
    const Case cases[] = {{nullptr, RefusalCause::no_certificate, 116}, {&stranger, RefusalCause::unknown_ca, 48},
                          {&imitator, RefusalCause::unknown_ca, 48},    {&wrong_usage, RefusalCause::wrong_usage, 43},
                          {&expired, RefusalCause::expired, 45},        {&early, RefusalCause::not_yet_valid, 42},
                          {&listed, RefusalCause::revoked, 44},         {&revoked, RefusalCause::revoked, 44}};
    for (const Case& each : cases) {
      TlsClient client(site.path("api.sock"), site.authority, {.identity = each.identity});
      // A request sent before the alert is read must not turn the alert into a broken pipe.
      if (client.connected()) client.send(get("/"));
      QCOMPARE(client.alert(), each.alert);
      QCOMPARE(alert_of(each.cause), each.alert);
      QVERIFY(site.sink.saw(each.cause));
    }
    QVERIFY(site.connect(site.anna)->send(get("/")));
  }

  void refuses_older_tls_and_other_protocols() {
    Site site;
    TlsClient old(site.path("api.sock"), site.authority, {.identity = &site.anna, .max_version = 0x0303});
    QVERIFY(!old.connected());
    QCOMPARE(old.alert(), 70);  // protocol_version
    QVERIFY(site.sink.saw(RefusalCause::handshake_failed));
    TlsClient h2(site.path("api.sock"), site.authority, {.identity = &site.anna, .alpn = "h2"});
    QVERIFY(!h2.connected());
    QCOMPARE(h2.alert(), 120);  // no_application_protocol
  }

  void tells_plain_http_what_is_spoken_here() {
    Site site;
    const std::string answer = plain_exchange(site.path("api.sock"), get("/v1/models"));
    QVERIFY(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    QVERIFY(answer.find("content-type: text/plain") != std::string::npos);
    const size_t body = answer.find("\r\n\r\n") + 4;
    QVERIFY(answer.find("content-length: " + std::to_string(answer.size() - body) + "\r\n") != std::string::npos);
    QVERIFY(site.sink.saw(RefusalCause::plain_http));
  }

  void refuses_bad_requests_in_json_data() {
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("status");
    QTest::newRow("not http") << "nonsense\r\n\r\n" << "400";
    QTest::newRow("no host") << "GET / HTTP/1.1\r\n\r\n" << "400";
    QTest::newRow("two hosts") << "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n" << "400";
    QTest::newRow("bad escape") << "GET /%zz HTTP/1.1\r\nhost: a\r\n\r\n" << "400";
    QTest::newRow("zero byte") << "GET /%00 HTTP/1.1\r\nhost: a\r\n\r\n" << "400";
    QTest::newRow("dot segment") << "GET /a/%2e%2e/b HTTP/1.1\r\nhost: a\r\n\r\n" << "400";
    QTest::newRow("two lengths") << "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"
                                 << "400";
    QTest::newRow("length and chunks")
        << "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
        << "400";
    QTest::newRow("unknown coding") << "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n"
                                    << "501";
    QTest::newRow("unknown expectation") << "POST / HTTP/1.1\r\nhost: a\r\nexpect: more\r\ncontent-length: 1\r\n\r\n"
                                         << "417";
    QTest::newRow("large body") << "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\n" << "413";
    QTest::newRow("large body with expectation")
        << "POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n"
        << "413";
    QTest::newRow("large header") << "GET / HTTP/1.1\r\nhost: a\r\nx: " + QString(20000, 'x') + "\r\n\r\n" << "431";
    QTest::newRow("long target") << "GET /" + QString(5000, 'x') + " HTTP/1.1\r\nhost: a\r\n\r\n" << "414";
  }
  void refuses_bad_requests_in_json() {
    QFETCH(QString, request);
    QFETCH(QString, status);
    static Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send(request.toStdString()));
    const std::string answer = client->receive_response();
    QCOMPARE(QString::fromStdString(answer.substr(0, 13)), "HTTP/1.1 " + status + " ");
    QVERIFY(answer.find("{\"error\":{") != std::string::npos);
    QCOMPARE(client->receive(), std::string());
    QVERIFY(client->reached_end());
  }

  void refuses_a_chunked_body_once_it_is_too_large() {
    Site site({.max_body_bytes = 100'000});
    const auto client = site.connect(site.anna);
    std::string request = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    for (int i = 0; i < 20; ++i) request += "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    QVERIFY(client->send(request));
    QVERIFY(client->receive_response().starts_with("HTTP/1.1 413"));
  }

  void lets_a_client_that_still_sends_read_why_it_was_refused() {
    Site site({.max_body_bytes = 10'000});
    const auto client = site.connect(site.anna);
    const std::string chunk = "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    QVERIFY(client->send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + chunk + chunk));
    for (int i = 0; i < 30; ++i) {  // most of them after the server's close_notify
      QTest::qSleep(10);
      QVERIFY(client->send(chunk));
    }
    QVERIFY(client->receive_response().starts_with("HTTP/1.1 413"));
    QCOMPARE(site.handler.turned_away_count.load(), 1);
    QCOMPARE(client->receive(), std::string());
    QVERIFY(client->reached_end());
  }

  void asks_for_the_body_when_the_client_expects_it() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send("POST /e HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n"));
    QCOMPARE(client->receive_until("\r\n\r\n"), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
    QVERIFY(client->send("body"));
    QVERIFY(client->receive_response().ends_with(" body"));
  }

  void answers_head_without_a_body_and_http_1_0_without_chunks() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send("HEAD /x HTTP/1.1\r\nhost: a\r\n\r\n" + get("/y")));
    const std::string head = client->receive_until("\r\n\r\n");
    QVERIFY(head.find("content-length: ") != std::string::npos);
    QVERIFY(client->receive_until("\r\n\r\n").starts_with("HTTP/1.1 200"));

    const auto old = site.connect(site.anna);
    QVERIFY(old->send("GET /flood HTTP/1.0\r\n\r\n"));
    const std::string answer = old->receive_all();
    QVERIFY(answer.find("chunked") == std::string::npos);
    QCOMPARE(answer.size() - answer.find("\r\n\r\n") - 4, size_t{256} * (16 << 10));
  }

  void answers_for_a_handler_that_does_not() {
    Site site;
    for (const char* path : {"/silent", "/throw"}) {
      const auto client = site.connect(site.anna);
      QVERIFY(client->send(get(path)));
      const std::string answer = client->receive_response();
      QVERIFY(answer.starts_with("HTTP/1.1 500"));
      QVERIFY(answer.find("{\"error\":{") != std::string::npos);
    }
    QCOMPARE(site.server->status().handler_failures, uint64_t{1});
  }

  void makes_the_handler_wait_for_a_slow_reader() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send(get("/flood")));
    QVERIFY(becomes_true([&] { return site.handler.flood_bytes > 0; }));
    std::this_thread::sleep_for(300ms);
    const size_t before = site.handler.flood_bytes;
    std::this_thread::sleep_for(200ms);
    QCOMPARE(size_t{site.handler.flood_bytes}, before);  // it stands still
    QVERIFY(before < size_t{1} << 20);                   // of 4 MiB: the socket's buffer and ours
    const std::string answer = client->receive_until("0\r\n\r\n");
    QVERIFY(answer.size() > size_t{4} << 20);
    QCOMPARE(size_t{site.handler.flood_bytes}, size_t{4} << 20);
  }

  void tells_the_handler_at_once_that_the_client_is_gone() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send(get("/stream")));
    QVERIFY(client->receive_until(stream_start).ends_with(stream_start));
    client->vanish();
    QVERIFY(becomes_true([&] { return site.handler.streams_cancelled == 1; }, 500ms));
    QCOMPARE(site.handler.gone_calls.load(), 1);
    QVERIFY(becomes_true([&] { return site.server->status().connections == 0; }));

    const auto waiting = site.connect(site.anna);
    QVERIFY(waiting->send(get("/wait")));
    QVERIFY(becomes_true([&] { return site.handler.waiting == 1; }));
    waiting->vanish();  // nothing is being written: only the pending read can notice
    QVERIFY(becomes_true([&] { return site.handler.waiting == 0; }, 500ms));
  }

  void cuts_open_streams_within_a_second_of_a_revocation() {
    Site site;
    const TestIdentity bela = site.authority.client("bela");
    const TestIdentity cara = site.authority.client("cara");
    const TestIdentity dina = site.authority.client("dina");
    for (const TestIdentity* each : {&bela, &cara, &dina}) site.enrol(*each);
    const auto by_register = site.connect(site.anna);
    const auto by_certificate = site.connect(bela);
    const auto by_list = site.connect(cara);
    const auto bystander = site.connect(dina);
    const auto idle = site.connect(site.anna);
    QVERIFY(idle->send(get("/")));
    idle->receive_response();
    for (const auto* each : {&by_register, &by_certificate, &by_list, &bystander}) {
      QVERIFY((*each)->send(get("/stream")));
      QVERIFY((*each)->receive_until(stream_start).ends_with(stream_start));
    }
    const auto start = Steady::now();
    QVERIFY(site.clients->revoke("anna", "test"));
    QVERIFY(site.clients->revoke_certificate("bela", bela.info.sha256));
    site.put("crl.pem", site.authority.revocations({cara.info.serial}, 7));
    QVERIFY(site.server->reload(site.files()));
    for (const auto* each : {&by_register, &by_certificate, &by_list, &idle}) {
      (*each)->receive_all();
      QVERIFY((*each)->reached_end());
    }
    QVERIFY(Steady::now() - start < 1s);
    QVERIFY(becomes_true([&] { return site.handler.streams_cancelled == 3; }));
    QVERIFY(!bystander->receive_until(stream_start).empty());
    QVERIFY(!bystander->reached_end());

    site.put("crl.pem", site.authority.revocations({}, 6));
    QVERIFY(!site.server->reload(site.files()));  // an older list would let cara in again
    QCOMPARE(site.connect(cara)->alert(), 44);
  }

  void cuts_a_stream_whose_client_lost_a_role() {
    Site site;
    const TestIdentity bela = site.authority.client("bela", {"application", "operator"});
    QVERIFY(site.clients->add({.name = "bela",
                               .roles = {Role::application, Role::operator_},
                               .certificate_sha256 = bela.info.sha256,
                               .certificate_not_after_us = bela.info.not_after_us}));
    const auto client = site.connect(bela);
    QVERIFY(client->send(get("/stream")));
    QVERIFY(client->receive_until(stream_start).ends_with(stream_start));
    QVERIFY(site.clients->set_roles("bela", {Role::operator_}));
    QVERIFY(becomes_true([&] { return site.handler.streams_cancelled == 1; }, 1000ms));
  }

  void cuts_a_connection_when_its_certificate_expires() {
    Site site;
    const TestIdentity bela = site.authority.issue(
        {.kind = CertificateKind::client, .name = "bela", .role_names = {"application"}, .dns_names = {}},
        {-1'000'000, 2'000'000});
    const auto client = site.connect(bela);
    QVERIFY(client->send(get("/stream")));
    QVERIFY(client->receive_until(stream_start).ends_with(stream_start));
    QVERIFY(becomes_true([&] { return site.handler.streams_cancelled == 1; }));
  }

  void bounds_connections_of_one_uid() {
    Site site({.max_connections_per_uid = 2});
    const auto first = site.connect(site.anna);
    const auto second = site.connect(site.anna);
    QVERIFY(first->connected() && second->connected());
    QVERIFY(!site.connect(site.anna)->connected());
    QVERIFY(site.sink.saw(RefusalCause::too_many_connections));
    first->vanish();
    QVERIFY(becomes_true([&] { return site.server->status().connections == 1; }));
    QVERIFY(site.connect(site.anna)->connected());
  }

  void refuses_requests_when_too_many_wait() {
    Site site({.api_workers = 1, .max_waiting_requests = 1});
    const auto running = site.connect(site.anna);
    QVERIFY(running->send(get("/wait")));
    QVERIFY(becomes_true([&] { return site.handler.waiting == 1; }));
    const auto queued = site.connect(site.anna);
    QVERIFY(queued->send(get("/queued")));
    QVERIFY(becomes_true([&] { return site.server->status().api_waiting == 1; }));
    const auto refused = site.connect(site.anna);
    QVERIFY(refused->send(get("/")));
    const std::string answer = refused->receive_response();
    QVERIFY(answer.starts_with("HTTP/1.1 503"));
    QVERIFY(answer.find("retry-after: ") != std::string::npos);
    QVERIFY(answer.find("x-request-id: ") != std::string::npos);
    QCOMPARE(site.handler.turned_away_count.load(), 1);
    site.handler.released = true;
    QVERIFY(queued->receive_response().starts_with("HTTP/1.1 200"));
  }

  void ends_connections_that_are_too_slow() {
    Site site({.handshake_timeout_ms = 300, .idle_timeout_ms = 300, .header_timeout_ms = 300, .body_timeout_ms = 300});
    const UniqueFd silent = *connect_unix(site.path("api.sock"));
    const auto idle = site.connect(site.anna);
    const auto half_header = site.connect(site.anna);
    QVERIFY(half_header->send("GET / HT"));
    const auto half_body = site.connect(site.anna);
    QVERIFY(half_body->send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhal"));
    QVERIFY(half_header->receive_response().starts_with("HTTP/1.1 408"));
    QVERIFY(half_body->receive_response().starts_with("HTTP/1.1 408"));
    QCOMPARE(idle->receive(), std::string());
    QVERIFY(idle->reached_end());
    char byte = 0;
    QCOMPARE(read(silent.get(), &byte, 1), ssize_t{0});
    QVERIFY(site.sink.saw(RefusalCause::handshake_timeout));
  }

  void drains_by_finishing_what_runs() {
    Site site;
    const auto running = site.connect(site.anna);
    const auto idle = site.connect(site.anna);
    QVERIFY(idle->send(get("/")));
    QVERIFY(idle->receive_response().starts_with("HTTP/1.1 200"));
    QVERIFY(running->send(get("/wait")));
    QVERIFY(becomes_true([&] { return site.handler.waiting == 1; }));
    std::thread release([&] {
      std::this_thread::sleep_for(200ms);
      site.handler.released = true;
    });
    const bool drained = site.server->drain(5000);
    release.join();
    QVERIFY(drained);
    QVERIFY(running->receive_response().ends_with("released"));
    QCOMPARE(idle->receive(), std::string());
    QVERIFY(!connect_unix(site.path("api.sock")));
  }

  void drains_by_cutting_what_runs_too_long() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send(get("/stream")));
    QVERIFY(client->receive_until(stream_start).ends_with(stream_start));
    QVERIFY(!site.server->drain(200));
    QVERIFY(becomes_true([&] { return site.handler.streams_cancelled == 1; }));
  }

  void answers_the_first_request_of_whoever_was_let_in_before_a_drain() {
    const auto is_answer = [](const std::string& text) {
      return text.starts_with("HTTP/1.1 200") ||
             (text.starts_with("HTTP/1.1 503") && text.find("\r\nretry-after: ") != std::string::npos);
    };
    // At every moment of a connection: before its handshake, in it, before its request, in the middle of it, after it.
    for (int round = 0; round < 5; ++round) {
      Site site;
      const auto silent = site.connect(site.anna);
      const auto half = site.connect(site.anna);
      QVERIFY(silent->connected() && half->send("GET / HTTP/1.1\r\nho"));
      std::atomic<int> let_in{0};
      std::atomic<int> answered{0};
      std::vector<std::thread> newcomers;
      for (int i = 0; i < 24; ++i)
        newcomers.emplace_back([&, i] {
          std::this_thread::sleep_for(std::chrono::microseconds(i * 700));
          const auto client = site.connect(site.anna);
          // One that comes too late, or is still in the queue of the socket, isn't let in.
          if (!client->connected()) return;
          ++let_in;
          if (client->send(get("/")) && is_answer(client->receive_response())) ++answered;
        });
      std::this_thread::sleep_for(8ms);
      std::thread drain([&] { site.server->drain(8000); });
      std::this_thread::sleep_for(20ms);
      const bool sent = silent->send(get("/")) && half->send("st: a\r\n\r\n");
      const std::string late[] = {silent->receive_response(), half->receive_response()};
      for (std::thread& newcomer : newcomers) newcomer.join();
      drain.join();
      QVERIFY(sent);
      for (const std::string& text : late) {
        QVERIFY2(is_answer(text), text.c_str());
        QVERIFY(text.find("\r\nconnection: close\r\n") != std::string::npos);
      }
      QVERIFY(let_in > 0);
      QCOMPARE(answered.load(), let_in.load());
    }
  }

  void a_drain_does_not_wait_for_a_client_that_left_without_a_farewell() {
    Site site;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send(get("/", "connection: close\r\n")));
    QVERIFY(client->receive_response().starts_with("HTTP/1.1 200"));
    std::this_thread::sleep_for(50ms);
    client->vanish();  // with the server's close_notify unread: a reset
    const auto start = Steady::now();
    QVERIFY(site.server->drain(8000));
    QVERIFY(Steady::now() - start < 500ms);
  }

  void waits_at_a_drain_no_longer_for_a_first_request_than_a_header_may_take() {
    Site site({.header_timeout_ms = 600});
    const auto silent = site.connect(site.anna);
    QVERIFY(silent->connected());
    const auto start = Steady::now();
    QVERIFY(site.server->drain(8000));
    const auto took = Steady::now() - start;
    QVERIFY(took < 4s);
    QCOMPARE(silent->receive(), std::string());
    QVERIFY(silent->reached_end());  // with close_notify
  }

  void its_turns_stand_still_when_the_io_thread_hangs() {
    Site site;
    const uint64_t before = site.server->turns();
    QVERIFY(becomes_true([&] { return site.server->turns() >= before + 2; }));
    site.handler.hangs = true;
    const auto client = site.connect(site.anna);
    QVERIFY(client->send("nonsense\r\n\r\n"));
    QVERIFY(becomes_true([&] { return site.handler.turned_away_count == 1; }));
    const uint64_t stuck = site.server->turns();
    std::this_thread::sleep_for(700ms);
    QCOMPARE(site.server->turns(), stuck);
    site.handler.hangs = false;
    QVERIFY(becomes_true([&] { return site.server->turns() > stuck; }));
  }

  void takes_in_a_new_server_certificate_without_a_restart() {
    Site site;
    const auto before = site.connect(site.anna);
    const TestIdentity fresh = site.authority.server();
    site.put("server.crt", fresh.certificate_pem);
    QVERIFY(!site.server->reload(site.files()));  // the old key is not the new certificate's
    site.put("server.key", fresh.key_pem);
    QVERIFY(site.server->reload(site.files()));
    QVERIFY(site.connect(site.anna)->connected());
    QVERIFY(before->send(get("/still")));
    QVERIFY(before->receive_response().starts_with("HTTP/1.1 200"));
  }

  void keeps_other_users_out_by_the_mode_of_the_socket() {
    if (getuid() != 0) QSKIP("needs root, to become another user");
    Site site;
    QVERIFY(chmod(site.folder.path().toStdString().c_str(), 0755) == 0);
    const std::string path = site.path("api.sock");
    QCOMPARE(run_as_nobody([&] {
               const Result<UniqueFd> fd = connect_unix(path);
               return !fd && fd.error().code == ErrorCode::permission_denied;
             }),
             0);
  }

  void closes_an_inner_socket_unread_to_any_other_user() {
    if (getuid() != 0) QSKIP("needs root, to become another user");
    QTemporaryDir folder;
    QVERIFY(chmod(folder.path().toStdString().c_str(), 0755) == 0);
    const std::string path = folder.filePath("inner.sock").toStdString();
    const UniqueFd listener = *listen_unix(path, 0666);  // as if its folder's mode had been lost
    std::thread daemon([&] {
      const Result<UniqueFd> accepted = accept_from_uid(listener.get(), getuid());
      if (accepted) (void)write_all(accepted->get(), as_bytes("hello"), "inner socket");
    });
    const auto hears = [&](std::string_view wanted) {
      const Result<UniqueFd> fd = connect_unix(path);
      char heard[8];
      const ssize_t size = fd ? read(fd->get(), heard, sizeof heard) : -1;
      return size >= 0 && std::string_view(heard, static_cast<size_t>(size)) == wanted;
    };
    QCOMPARE(run_as_nobody([&] { return hears(""); }), 0);
    QVERIFY(hears("hello"));
    daemon.join();
  }
};

QTEST_GUILESS_MAIN(ServerTest)
#include "server_test.moc"
