// The I/O of daemon/server.h: accepting, TLS, reading requests, writing answers, all on one thread. The only file that
// includes Asio's sockets and TLS (half a minute and a gigabyte to compile).
//
// A connection is a Session. Its first coroutine, run(), does the handshake, then reads requests and writes answers; a
// second one, read_all(), keeps a read pending as long as the connection stands, which is how a client that goes away
// is noticed while a handler works. Four times a second sweep() ends what is past its deadline or has lost its right.
#include "daemon/server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "base/check.h"
#include "daemon/exchange.h"
#include "daemon/http_parser.h"
#include "daemon/identity.h"
#include "daemon/refusal_relay.h"
#include "daemon/tls_context.h"
#include "daemon/worker_pool.h"
#include "protocol/api_error.h"
#include "protocol/request_id.h"

namespace tijori {

namespace asio = boost::asio;

namespace {

using asio::awaitable;
using Local = asio::local::stream_protocol;
using TlsStream = asio::ssl::stream<Local::socket>;
using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds sweep_interval{250};
constexpr milliseconds parting_time{1000};  // for the client to read an alert or a last answer
constexpr milliseconds accept_pause{100};   // when descriptors have run out
constexpr size_t read_bytes = 16U << 10;
constexpr size_t write_bytes = 64U << 10;
constexpr int retry_after_s = 1;

constexpr std::string_view plain_http_answer =
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 83\r\nconnection: "
    "close\r\n\r\n"
    "This socket speaks HTTPS (TLS 1.3) and wants a client certificate, not plain HTTP.\n";

// Something that happened, on the I/O thread; what happens before the wait is not lost.
class Event {
 public:
  explicit Event(const asio::any_io_executor& executor) : timer_(executor) {}
  void notify() {
    happened_ = true;
    timer_.cancel();
  }
  awaitable<void> wait() {
    while (!happened_) {
      timer_.expires_at(SteadyTime::max());
      co_await timer_.async_wait(as_value);
    }
    happened_ = false;
  }

 private:
  asio::steady_timer timer_;
  bool happened_ = false;
};

// A TLS context as Asio's streams take it; kept alive by the connections made of it.
struct LiveTls {
  explicit LiveTls(std::shared_ptr<const TlsContext> made)
      : judge(std::move(made)), context((SSL_CTX_up_ref(judge->native()), judge->native())) {}
  std::shared_ptr<const TlsContext> judge;
  asio::ssl::context context;
};

HttpResponse error_response(int status, std::string code, std::string message) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"x-request-id", new_request_id()}};
  response.body = to_error_json({status, std::move(code), std::move(message), ""});
  if (status == 503) response.headers.emplace_back("retry-after", std::to_string(retry_after_s));
  return response;
}

std::string_view code_of(int status) {
  switch (status) {
    case 408:
      return "request_timeout";
    case 413:
      return "request_too_large";
    case 431:
      return "header_too_large";
    default:
      return "invalid_request";
  }
}

}  // namespace

class Session;

struct HttpServer::Impl {
  struct Door {
    Listener listener;
    Local::acceptor acceptor;
    size_t connections = 0;
    std::map<uid_t, size_t> connections_of_uid;
  };

  Impl(HttpHandler& to_handler, const Register& to_clients, RefusalSink& sink, const ServerLimits& to_limits,
       std::shared_ptr<const TlsContext> made)
      : handler(to_handler),
        clients(to_clients),
        limits(to_limits),
        tls(std::make_shared<LiveTls>(std::move(made))),
        relay(sink),
        sweep_timer(io),
        api_workers(limits.api_workers, limits.max_waiting_requests),
        admin_workers(limits.admin_workers, limits.max_waiting_requests) {}

  Status listen(std::vector<ListeningSocket>& sockets);
  void start();
  awaitable<void> accept(Door& door);
  void admit(Door& door, Local::socket socket);
  awaitable<void> sweep();
  void leave(Session& session);
  void refuse(RefusalCause cause, const Door& door, const PeerCredentials& peer, const std::string& certificate_sha256);
  WorkerPool& workers_of(Listener listener) { return listener == Listener::api ? api_workers : admin_workers; }
  void close_doors();
  bool wait_until_empty(milliseconds limit);
  template <class F>
  void on_io_thread(F&& action);

  HttpHandler& handler;
  const Register& clients;
  const ServerLimits limits;

  // The I/O thread's own.
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<LiveTls> tls;
  std::vector<std::unique_ptr<Door>> doors;
  std::set<std::shared_ptr<Session>> sessions;
  uint64_t generation_seen = 0;
  bool draining = false;

  RefusalRelay relay;
  asio::steady_timer sweep_timer;
  std::thread io_thread;
  WorkerPool api_workers;
  WorkerPool admin_workers;

  std::mutex empty_mutex;
  std::condition_variable empty_changed;
  size_t session_count = 0;  // guarded by empty_mutex

  std::mutex reload_mutex;
  std::atomic<size_t> running_exchanges{0};
  std::atomic<uint64_t> exchanges{0};
  std::atomic<uint64_t> refusals{0};
  std::atomic<uint64_t> handler_failures{0};
  std::atomic<int64_t> certificate_not_after_us{0};
  std::atomic<int64_t> crl_next_update_us{0};
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Server = HttpServer::Impl;

  Session(Server& server, Server::Door& to_door, Local::socket socket, const PeerCredentials& to_credentials)
      : door(to_door),
        credentials(to_credentials),
        server_(server),
        tls_(server.tls),
        stream_(std::move(socket), tls_->context),
        input_(stream_.get_executor()),
        room_(stream_.get_executor()),
        output_(stream_.get_executor()) {}

  static awaitable<void> run(std::shared_ptr<Session> self);

  // By the sweep.
  void check_deadline(SteadyTime now);
  void check_right(int64_t now_us, bool register_changed);
  void check_revocations(const TlsContext& judge);
  // At a drain: ends once the exchange that runs has ended.
  void ask_to_end();
  // Ends at once; a handler is told.
  void cut();

  Server::Door& door;
  const PeerCredentials credentials;

 private:
  enum class Phase { handshake, idle, head, body, exchange, parting };

  awaitable<bool> open();
  awaitable<void> refuse_politely(RefusalCause cause, std::string_view plain_answer);
  static awaitable<void> read_all(std::shared_ptr<Session> self);
  awaitable<void> serve_requests();
  enum class Reading { complete, gone, faulty };
  awaitable<Reading> read_request(HttpParser& parser, HttpFault& fault);
  awaitable<bool> answer(HttpParser& parser);
  void start_handler(const std::shared_ptr<Exchange>& exchange, HttpRequest request);
  awaitable<bool> write(std::string_view bytes);
  awaitable<void> part();
  void end_sending();
  awaitable<void> drain();
  void close();

  void enter(Phase phase, milliseconds allowed) {
    phase_ = phase;
    deadline_ = std::chrono::steady_clock::now() + allowed;
  }

  Server& server_;
  const std::shared_ptr<LiveTls> tls_;
  TlsStream stream_;
  HandshakeVerdict verdict_;
  Peer peer_;
  int64_t certificate_not_after_us_ = 0;

  Phase phase_ = Phase::handshake;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool ending_ = false;     // no further request
  bool peer_gone_ = false;  // read_all() has ended
  bool discarding_ = false;

  std::string received_;  // not yet parsed
  Event input_;           // received_ grew, or a flag above changed
  Event room_;            // received_ shrank
  Event output_;          // the exchange has something to take, or has ended
  std::shared_ptr<Exchange> exchange_;
  std::optional<RoleSet> roles_at_start_;  // of the exchange, when its client could be identified
};

awaitable<void> Session::run(std::shared_ptr<Session> self) {
  // Also when a coroutine is left by an exception or destroyed while it waits.
  struct Leave {
    Session& session;
    ~Leave() {
      session.cut();
      session.server_.leave(session);
    }
  };
  const Leave leave{*self};
  const bool opened = co_await self->open();
  if (!opened) co_return;
  asio::co_spawn(self->stream_.get_executor(), read_all(self), asio::detached);
  co_await self->serve_requests();
  co_await self->part();
}

awaitable<bool> Session::open() {
  enter(Phase::handshake, milliseconds(server_.limits.handshake_timeout_ms));
  Local::socket& socket = stream_.next_layer();
  const auto [wait_failed] = co_await socket.async_wait(Local::socket::wait_read, as_value);
  char first = 0;
  const ssize_t peeked = wait_failed ? -1 : ::recv(socket.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (peeked <= 0) {
    // Connecting and leaving without a word is how a health check looks: nothing was asked, nothing is refused.
    if (timed_out_) server_.refuse(RefusalCause::handshake_timeout, door, credentials, "");
    co_return false;
  }
  if (first >= 'A' && first <= 'Z') {
    co_await refuse_politely(RefusalCause::plain_http, plain_http_answer);
    co_return false;
  }
  TlsContext::attach(stream_.native_handle(), verdict_);
  const auto [failed] = co_await stream_.async_handshake(TlsStream::server, as_value);
  if (failed) {
    const RefusalCause cause = timed_out_ ? RefusalCause::handshake_timeout
                                          : refusal_cause(verdict_, static_cast<unsigned long>(failed.value()));
    co_await refuse_politely(cause, "");
    co_return false;
  }
  Result<Peer> peer = read_peer(stream_.native_handle(), credentials, certificate_not_after_us_);
  if (!peer) co_return false;
  peer_ = *std::move(peer);
  co_return true;
}

// A TLS 1.3 client ends its handshake before the server judges its certificate. Were the connection closed at once, a
// client that is sending already would get a broken pipe in place of the alert.
awaitable<void> Session::refuse_politely(RefusalCause cause, std::string_view plain_answer) {
  server_.refuse(cause, door, credentials, verdict_.certificate_sha256);
  if (timed_out_) co_return;
  enter(Phase::parting, parting_time);
  if (!plain_answer.empty()) co_await asio::async_write(stream_.next_layer(), asio::buffer(plain_answer), as_value);
  end_sending();
  co_await drain();
}

// Reads and throws away, below TLS, until the client leaves or the sweep closes the socket: as long as we read, the
// client can go on sending and then find what we said.
awaitable<void> Session::drain() {
  Local::socket& socket = stream_.next_layer();
  std::string unread(read_bytes, '\0');
  for (;;) {
    const auto [failed, size] = co_await socket.async_read_some(asio::buffer(unread), as_value);
    if (failed || size == 0) co_return;
  }
}

awaitable<void> Session::read_all(std::shared_ptr<Session> self) {
  std::string& received = self->received_;
  const size_t max_received_bytes = self->server_.limits.max_header_bytes + read_bytes;
  std::string piece(read_bytes, '\0');
  for (;;) {
    while (received.size() >= max_received_bytes && !self->discarding_) co_await self->room_.wait();
    const auto [failed, size] = co_await self->stream_.async_read_some(asio::buffer(piece), as_value);
    if (failed) break;
    if (self->discarding_) continue;
    received.append(piece, 0, size);
    self->input_.notify();
  }
  self->peer_gone_ = true;
  if (self->exchange_) self->exchange_->cut();
  self->input_.notify();
  self->output_.notify();
}

awaitable<void> Session::serve_requests() {
  while (!ending_) {
    HttpParser parser({server_.limits.max_header_bytes, server_.limits.max_body_bytes});
    HttpFault fault;
    const Reading reading = co_await read_request(parser, fault);
    if (reading == Reading::gone) co_return;
    if (reading == Reading::faulty) {
      discarding_ = true;
      room_.notify();
      const HttpResponse response = error_response(fault.status, std::string(code_of(fault.status)), fault.message);
      co_await write(render_response(response, false));
      co_return;
    }
    const bool reusable = co_await answer(parser);
    if (!reusable) co_return;
  }
}

awaitable<Session::Reading> Session::read_request(HttpParser& parser, HttpFault& fault) {
  const ServerLimits& limits = server_.limits;
  enter(Phase::idle, milliseconds(limits.idle_timeout_ms));
  for (;;) {
    while (!received_.empty()) {
      if (phase_ == Phase::idle) enter(Phase::head, milliseconds(limits.header_timeout_ms));
      const auto used = parser.feed(received_);
      if (!used) {
        fault = used.error();
        co_return Reading::faulty;
      }
      received_.erase(0, *used);
      room_.notify();
      if (parser.done()) co_return Reading::complete;
      if (parser.head_done() && phase_ == Phase::head) {
        enter(Phase::body, milliseconds(limits.body_timeout_ms));
        if (parser.expects_continue() && received_.empty()) {
          const bool written = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
          if (!written) co_return Reading::gone;
          enter(Phase::body, milliseconds(limits.body_timeout_ms));
        }
      }
      if (*used == 0) break;
    }
    if (received_.size() >= limits.max_header_bytes + read_bytes) {
      fault = {431, "request: a line in it is too long"};
      co_return Reading::faulty;
    }
    if (timed_out_) {
      fault = {408, "request: it came too slowly"};
      co_return Reading::faulty;
    }
    if (peer_gone_ || (ending_ && phase_ == Phase::idle)) co_return Reading::gone;
    co_await input_.wait();
  }
}

// Runs the handler and carries its answer to the client; true when the connection is good for another request.
awaitable<bool> Session::answer(HttpParser& parser) {
  phase_ = Phase::exchange;
  deadline_ = SteadyTime::max();
  ExchangeOptions options;
  options.max_unsent_bytes = server_.limits.max_unsent_bytes;
  options.keep_alive = parser.keep_alive() && !ending_;
  if (parser.is_http_1_0()) options.framing = BodyFraming::until_end;
  if (parser.is_head()) options.framing = BodyFraming::none;
  HttpRequest request = parser.take();
  request.listener = door.listener;
  request.peer = peer_;

  const Result<Identity> identity = identify(peer_, server_.clients);
  roles_at_start_ = identity ? std::optional(identity->roles) : std::nullopt;
  const auto exchange = std::make_shared<Exchange>(options, [self = shared_from_this()] {
    asio::post(self->stream_.get_executor(), [self] { self->output_.notify(); });
  });
  exchange_ = exchange;
  if (peer_gone_) exchange->cut();
  start_handler(exchange, std::move(request));

  bool whole = true;
  for (;;) {
    const std::string output = exchange->take_output();
    if (!output.empty()) {
      const bool written = co_await write(output);
      if (!written) {
        whole = false;
        exchange->cut();
      }
    } else if (exchange->ended()) {
      break;
    } else {
      co_await output_.wait();
    }
  }
  exchange_.reset();
  co_return whole && exchange->reusable();
}

void Session::start_handler(const std::shared_ptr<Exchange>& exchange, HttpRequest request) {
  server_.exchanges.fetch_add(1);
  server_.running_exchanges.fetch_add(1);
  const auto shared_request = std::make_shared<HttpRequest>(std::move(request));
  const bool accepted =
      !server_.draining && server_.workers_of(door.listener).submit([&server = server_, exchange, shared_request] {
        try {
          server.handler.handle(*shared_request, *exchange);
        } catch (const std::exception&) {
          // Out of memory, or a library's exception that got away: this request ends, the others don't.
          server.handler_failures.fetch_add(1);
        }
        server.running_exchanges.fetch_sub(1);
        exchange->handler_returned();
      });
  if (accepted) return;
  server_.running_exchanges.fetch_sub(1);
  (void)exchange->send(server_.draining ? error_response(503, "unavailable", "the daemon is stopping; try again later")
                                        : error_response(503, "overloaded", "too many requests wait; try again soon"));
  exchange->handler_returned();
}

// In slices, each with its own time: a client that takes nothing for that long is cut off.
awaitable<bool> Session::write(std::string_view bytes) {
  while (!bytes.empty()) {
    deadline_ = std::chrono::steady_clock::now() + milliseconds(server_.limits.write_timeout_ms);
    const std::string_view slice = bytes.substr(0, write_bytes);
    const auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(slice), as_value);
    deadline_ = SteadyTime::max();
    if (failed) co_return false;
    bytes.remove_prefix(size);
  }
  co_return true;
}

// close_notify, then time for the client to read what is under way; what it still sends is thrown away. A client in the
// middle of a body sends on after our close_notify: to libssl that is an error, which ends the shutdown and read_all(),
// but the client has not read our answer yet.
awaitable<void> Session::part() {
  discarding_ = true;
  room_.notify();
  enter(Phase::parting, parting_time);
  co_await stream_.async_shutdown(as_value);
  end_sending();
  while (!peer_gone_) co_await input_.wait();
  co_await drain();
}

void Session::end_sending() {
  boost::system::error_code ignored;
  (void)stream_.next_layer().shutdown(Local::socket::shutdown_send, ignored);
}

void Session::close() {
  boost::system::error_code ignored;
  (void)stream_.next_layer().close(ignored);
}

void Session::cut() {
  if (exchange_) exchange_->cut();
  ending_ = true;
  close();
}

void Session::ask_to_end() {
  ending_ = true;
  input_.notify();
}

void Session::check_deadline(SteadyTime now) {
  if (now < deadline_) return;
  deadline_ = SteadyTime::max();
  timed_out_ = phase_ == Phase::handshake || phase_ == Phase::head || phase_ == Phase::body;
  if (phase_ == Phase::head || phase_ == Phase::body) {
    input_.notify();  // read_request() says so to the client
  } else {
    cut();
  }
}

void Session::check_right(int64_t now_us, bool register_changed) {
  if (phase_ == Phase::handshake || peer_.client_name.empty()) return;
  if (now_us >= certificate_not_after_us_) return cut();
  if (!register_changed) return;
  if (server_.clients.standing(peer_.client_name, peer_.certificate_sha256) == Standing::revoked) return cut();
  if (!exchange_ || !roles_at_start_) return;
  // An answer under way rests on the roles its request was let in with: losing one of them ends it.
  const Result<Identity> identity = identify(peer_, server_.clients);
  if (!identity || identity->roles.intersect(*roles_at_start_) != *roles_at_start_) cut();
}

void Session::check_revocations(const TlsContext& judge) {
  if (phase_ == Phase::handshake) return;
  const X509* certificate = SSL_get0_peer_certificate(stream_.native_handle());
  if (certificate != nullptr && judge.judge(certificate) != X509_V_OK) cut();
}

Status HttpServer::Impl::listen(std::vector<ListeningSocket>& sockets) {
  for (ListeningSocket& socket : sockets) {
    auto door = std::make_unique<Door>(Door{socket.listener, Local::acceptor(io), 0, {}});
    boost::system::error_code error;
    (void)door->acceptor.assign(Local(), socket.fd.get(), error);
    if (error) return fail(ErrorCode::invalid_argument, "listening socket: " + error.message());
    (void)socket.fd.release();  // the acceptor owns it now
    doors.push_back(std::move(door));
  }
  return {};
}

void HttpServer::Impl::start() {
  generation_seen = clients.generation();
  certificate_not_after_us = tls->judge->server_certificate().not_after_us;
  crl_next_update_us = tls->judge->revocations() ? tls->judge->revocations()->next_update_us() : 0;
  for (const auto& door : doors) asio::co_spawn(io, accept(*door), asio::detached);
  asio::co_spawn(io, sweep(), asio::detached);
  io_thread = std::thread([this] { io.run(); });
}

awaitable<void> HttpServer::Impl::accept(Door& door) {
  for (;;) {
    auto [failed, socket] = co_await door.acceptor.async_accept(as_value);
    if (!door.acceptor.is_open()) co_return;
    if (!failed) {
      admit(door, std::move(socket));
      continue;
    }
    // Out of descriptors or memory: waiting lets others end; trying again at once would only burn time.
    asio::steady_timer pause(io, accept_pause);
    co_await pause.async_wait(as_value);
    if (!door.acceptor.is_open()) co_return;
  }
}

void HttpServer::Impl::admit(Door& door, Local::socket socket) {
  const Result<PeerCredentials> credentials = peer_credentials(socket.native_handle());
  if (!credentials) return;
  size_t& of_uid = door.connections_of_uid[credentials->uid];
  if (door.connections >= limits.max_connections || of_uid >= limits.max_connections_per_uid) {
    if (of_uid == 0) door.connections_of_uid.erase(credentials->uid);
    refuse(RefusalCause::too_many_connections, door, *credentials, "");
    return;
  }
  ++door.connections;
  ++of_uid;
  {
    const std::lock_guard lock(empty_mutex);
    ++session_count;
  }
  const auto session = std::make_shared<Session>(*this, door, std::move(socket), *credentials);
  sessions.insert(session);
  asio::co_spawn(io, Session::run(session), asio::detached);
}

void HttpServer::Impl::leave(Session& session) {
  sessions.erase(session.shared_from_this());
  Door& door = session.door;
  --door.connections;
  const auto of_uid = door.connections_of_uid.find(session.credentials.uid);
  if (--of_uid->second == 0) door.connections_of_uid.erase(of_uid);
  {
    const std::lock_guard lock(empty_mutex);
    --session_count;
  }
  empty_changed.notify_all();
}

void HttpServer::Impl::refuse(RefusalCause cause, const Door& door, const PeerCredentials& peer,
                              const std::string& certificate_sha256) {
  refusals.fetch_add(1);
  relay.note({.cause = cause, .listener = door.listener, .peer = peer, .certificate_sha256 = certificate_sha256});
}

awaitable<void> HttpServer::Impl::sweep() {
  for (;;) {
    sweep_timer.expires_after(sweep_interval);
    const auto [cancelled] = co_await sweep_timer.async_wait(as_value);
    if (cancelled) co_return;
    const uint64_t generation = clients.generation();
    const bool register_changed = std::exchange(generation_seen, generation) != generation;
    const SteadyTime now = std::chrono::steady_clock::now();
    const int64_t now_us = wall_clock_us();
    for (const std::shared_ptr<Session>& session : sessions) {
      session->check_deadline(now);
      session->check_right(now_us, register_changed);
    }
  }
}

void HttpServer::Impl::close_doors() {
  boost::system::error_code ignored;
  for (const auto& door : doors) (void)door->acceptor.close(ignored);
}

bool HttpServer::Impl::wait_until_empty(milliseconds limit) {
  std::unique_lock lock(empty_mutex);
  return empty_changed.wait_for(lock, limit, [&] { return session_count == 0; });
}

// Runs the action on the I/O thread and waits for it.
template <class F>
void HttpServer::Impl::on_io_thread(F&& action) {
  std::promise<void> done;
  asio::post(io, [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::create(std::vector<ListeningSocket> sockets, const TlsFiles& files,
                                                       HttpHandler& handler, const Register& clients, RefusalSink& sink,
                                                       const ServerLimits& limits) {
  TRY_ASSIGN(std::shared_ptr<const TlsContext> tls, TlsContext::create(files, clients));
  auto impl = std::make_unique<Impl>(handler, clients, sink, limits, std::move(tls));
  TRY(impl->listen(sockets));
  impl->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  Impl& impl = *impl_;
  drain(0);
  // Handlers that run have been told; what they still write goes nowhere.
  while (!impl.wait_until_empty(milliseconds(1000))) {
  }
  impl.on_io_thread([&] { impl.sweep_timer.cancel(); });
  impl.work.reset();
  impl.io_thread.join();
}

Status HttpServer::reload(const TlsFiles& files) {
  Impl& impl = *impl_;
  const std::lock_guard lock(impl.reload_mutex);
  TRY_ASSIGN(std::shared_ptr<const TlsContext> fresh, TlsContext::create(files, impl.clients));
  Status reloaded;
  impl.on_io_thread([&] {
    const std::optional<RevocationList>& old = impl.tls->judge->revocations();
    const std::optional<RevocationList>& list = fresh->revocations();
    if (old && (!list || list->number() < old->number())) {
      reloaded = fail(ErrorCode::invalid_argument, files.crl.string() +
                                                       ": missing, or older than the revocation list in use (number " +
                                                       std::to_string(old->number()) + ")");
      return;
    }
    impl.tls = std::make_shared<LiveTls>(fresh);
    impl.certificate_not_after_us = fresh->server_certificate().not_after_us;
    impl.crl_next_update_us = list ? list->next_update_us() : 0;
    for (const std::shared_ptr<Session>& session : impl.sessions) session->check_revocations(*fresh);
  });
  return reloaded;
}

bool HttpServer::drain(uint32_t limit_ms) {
  Impl& impl = *impl_;
  impl.on_io_thread([&] {
    impl.draining = true;
    impl.close_doors();
    for (const std::shared_ptr<Session>& session : impl.sessions) session->ask_to_end();
  });
  if (impl.wait_until_empty(milliseconds(limit_ms))) return true;
  impl.on_io_thread([&] {
    for (const std::shared_ptr<Session>& session : impl.sessions) session->cut();
  });
  return false;
}

ServerStatus HttpServer::status() const {
  Impl& impl = *impl_;
  ServerStatus status;
  {
    const std::lock_guard lock(impl.empty_mutex);
    status.connections = impl.session_count;
  }
  status.running_exchanges = impl.running_exchanges;
  status.exchanges = impl.exchanges;
  status.refusals = impl.refusals;
  status.handler_failures = impl.handler_failures;
  status.api_waiting = impl.api_workers.waiting();
  status.certificate_not_after_us = impl.certificate_not_after_us;
  status.crl_next_update_us = impl.crl_next_update_us;
  return status;
}

}  // namespace tijori
