#include "daemon/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "protocol/api_error.h"
#include "protocol/request_id.h"

namespace tijori {

namespace asio = boost::asio;

namespace {

using asio::awaitable;
using std::chrono::milliseconds;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds parting_time{1000};  // for the client to read an alert or a last answer
constexpr size_t read_bytes = 16U << 10;
constexpr size_t write_bytes = 64U << 10;
constexpr int retry_after_s = 1;

constexpr std::string_view plain_http_answer =
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 83\r\nconnection: "
    "close\r\n\r\n"
    "This socket speaks HTTPS (TLS 1.3) and wants a client certificate, not plain HTTP.\n";

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

void Session::Event::notify() {
  happened_ = true;
  timer_.cancel();
}

awaitable<void> Session::Event::wait() {
  while (!happened_) {
    timer_.expires_at(SteadyTime::max());
    co_await timer_.async_wait(as_value);
  }
  happened_ = false;
}

awaitable<void> Session::run(std::shared_ptr<Session> self) {
  // Also when a coroutine is left by an exception or destroyed while it waits.
  struct Leave {
    const std::shared_ptr<Session>& session;
    ~Leave() {
      session->cut();
      session->host_.leave(session);
    }
  };
  const Leave leave{self};
  const bool opened = co_await self->open();
  if (!opened) co_return;
  asio::co_spawn(self->stream_.get_executor(), read_all(self), asio::detached);
  co_await self->serve_requests();
  co_await self->part();
}

awaitable<bool> Session::open() {
  enter(Phase::handshake, milliseconds(limits_.handshake_timeout_ms));
  LocalStream::socket& socket = stream_.next_layer();
  const auto [wait_failed] = co_await socket.async_wait(LocalStream::socket::wait_read, as_value);
  char first = 0;
  const ssize_t peeked = wait_failed ? -1 : ::recv(socket.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (peeked <= 0) {
    // Connecting and leaving without a word is how a health check looks: nothing was asked, nothing is refused.
    if (timed_out_) refuse(RefusalCause::handshake_timeout);
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

void Session::refuse(RefusalCause cause) const {
  host_.refuse(
      {.cause = cause, .listener = listener_, .peer = credentials, .certificate_sha256 = verdict_.certificate_sha256});
}

// A TLS 1.3 client ends its handshake before the server judges its certificate. Were the connection closed at once, a
// client that is sending already would get a broken pipe in place of the alert.
awaitable<void> Session::refuse_politely(RefusalCause cause, std::string_view plain_answer) {
  refuse(cause);
  if (timed_out_) co_return;
  enter(Phase::parting, parting_time);
  if (!plain_answer.empty()) co_await asio::async_write(stream_.next_layer(), asio::buffer(plain_answer), as_value);
  end_sending();
  co_await drain();
}

// Reads and throws away, below TLS, until the client leaves or the sweep closes the socket: as long as we read, the
// client can go on sending and then find what we said.
awaitable<void> Session::drain() {
  LocalStream::socket& socket = stream_.next_layer();
  std::string unread(read_bytes, '\0');
  for (;;) {
    const auto [failed, size] = co_await socket.async_read_some(asio::buffer(unread), as_value);
    if (failed || size == 0) co_return;
  }
}

awaitable<void> Session::read_all(std::shared_ptr<Session> self) {
  std::string& received = self->received_;
  const size_t max_received_bytes = self->limits_.max_header_bytes + read_bytes;
  std::string piece(read_bytes, '\0');
  for (;;) {
    while (received.size() >= max_received_bytes && !self->discarding_) co_await self->room_.wait();
    const auto [failed, size] = co_await self->stream_.async_read_some(asio::buffer(piece), as_value);
    if (failed) {
      // Not libssl's complaint but the socket's: nothing more can be said or heard there.
      self->unreachable_ = failed.category() == boost::system::system_category();
      break;
    }
    if (self->discarding_) continue;
    received.append(piece, 0, size);
    self->input_.notify();
  }
  self->peer_gone_ = true;
  // Asio wakes only one of two reads for a reset: a shutdown that waits for close_notify would wait out its time.
  if (self->unreachable_ && self->phase_ == Phase::parting) self->close();
  if (self->exchange_) self->exchange_->cut();
  self->input_.notify();
  self->output_.notify();
}

// Closing a connection that was let in without reading what its client asks would leave that client without an answer
// and without knowing whether it may ask again.
bool Session::awaits_first_request() const {
  return !asked_ && std::chrono::steady_clock::now() < first_request_limit_;
}

awaitable<void> Session::serve_requests() {
  first_request_limit_ = std::chrono::steady_clock::now() + milliseconds(limits_.header_timeout_ms);
  while (!ending_ || awaits_first_request()) {
    HttpParser parser({limits_.max_header_bytes, limits_.max_body_bytes});
    HttpFault fault;
    const Reading reading = co_await read_request(parser, fault);
    if (reading == Reading::gone) co_return;
    asked_ = true;
    if (reading == Reading::faulty) {
      host_.turned_away();
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
  enter(Phase::idle, milliseconds(limits_.idle_timeout_ms));
  for (;;) {
    while (!received_.empty()) {
      if (phase_ == Phase::idle) enter(Phase::head, milliseconds(limits_.header_timeout_ms));
      const auto used = parser.feed(received_);
      if (!used) {
        fault = used.error();
        co_return Reading::faulty;
      }
      received_.erase(0, *used);
      room_.notify();
      if (parser.done()) co_return Reading::complete;
      if (parser.head_done() && phase_ == Phase::head) {
        enter(Phase::body, milliseconds(limits_.body_timeout_ms));
        if (parser.expects_continue() && received_.empty()) {
          const bool written = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
          if (!written) co_return Reading::gone;
          enter(Phase::body, milliseconds(limits_.body_timeout_ms));
        }
      }
      if (*used == 0) break;
    }
    if (received_.size() >= limits_.max_header_bytes + read_bytes) {
      fault = {431, "request: a line in it is too long"};
      co_return Reading::faulty;
    }
    if (timed_out_) {
      fault = {408, "request: it came too slowly"};
      co_return Reading::faulty;
    }
    if (peer_gone_ || (ending_ && phase_ == Phase::idle && !awaits_first_request())) co_return Reading::gone;
    co_await input_.wait();
  }
}

// Runs the handler and carries its answer to the client; true when the connection is good for another request.
awaitable<bool> Session::answer(HttpParser& parser) {
  phase_ = Phase::exchange;
  deadline_ = SteadyTime::max();
  ExchangeOptions options;
  options.max_unsent_bytes = limits_.max_unsent_bytes;
  options.keep_alive = parser.keep_alive() && !ending_;
  if (parser.is_http_1_0()) options.framing = BodyFraming::until_end;
  if (parser.is_head()) options.framing = BodyFraming::none;
  HttpRequest request = parser.take();
  request.listener = listener_;
  request.peer = peer_;

  const Result<Identity> identity = identify(peer_, clients_);
  roles_at_start_ = identity ? std::optional(identity->roles) : std::nullopt;
  const auto exchange = std::make_shared<Exchange>(options, [self = shared_from_this()] {
    asio::post(self->stream_.get_executor(), [self] { self->output_.notify(); });
  });
  exchange_ = exchange;
  if (peer_gone_) exchange->cut();
  const SessionHost::Start start = host_.start_handler(exchange, std::move(request));
  if (start != SessionHost::Start::started) {
    host_.turned_away();
    (void)exchange->send(start == SessionHost::Start::draining
                             ? error_response(503, "unavailable", "the daemon is stopping; try again later")
                             : error_response(503, "overloaded", "too many requests wait; try again soon"));
    exchange->handler_returned();
  }

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

// In slices, each with its own time: a client that takes nothing for that long is cut off.
awaitable<bool> Session::write(std::string_view bytes) {
  while (!bytes.empty()) {
    deadline_ = std::chrono::steady_clock::now() + milliseconds(limits_.write_timeout_ms);
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
  if (unreachable_) co_return;
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
  (void)stream_.next_layer().shutdown(LocalStream::socket::shutdown_send, ignored);
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
  if (ending_ && phase_ == Phase::idle) input_.notify();  // its first request may be overdue
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
  if (clients_.standing(peer_.client_name, peer_.certificate_sha256) == Standing::revoked) return cut();
  if (!exchange_ || !roles_at_start_) return;
  // An answer under way rests on the roles its request was let in with: losing one of them ends it.
  const Result<Identity> identity = identify(peer_, clients_);
  if (!identity || identity->roles.intersect(*roles_at_start_) != *roles_at_start_) cut();
}

void Session::check_revocations(const TlsContext& judge) {
  if (phase_ == Phase::handshake) return;
  const X509* certificate = SSL_get0_peer_certificate(stream_.native_handle());
  if (certificate != nullptr && judge.judge(certificate) != X509_V_OK) cut();
}

}  // namespace tijori
