// One connection of daemon/server.h: TLS, reading requests, writing answers. The only header that includes Asio's
// sockets and TLS (half a minute and a gigabyte to compile); all of it runs on the server's one I/O thread.
//
// Its first coroutine, run(), does the handshake, then reads requests and writes answers; a second one, read_all(),
// keeps a read pending as long as the connection stands, which is how a client that goes away is noticed while a
// handler works.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/exchange.h"
#include "daemon/http_parser.h"
#include "daemon/identity.h"
#include "daemon/server.h"
#include "daemon/tls_context.h"

namespace tijori {

using LocalStream = boost::asio::local::stream_protocol;
using SteadyTime = std::chrono::steady_clock::time_point;

// A TLS context as Asio's streams take it; kept alive by the connections made of it.
struct LiveTls {
  explicit LiveTls(std::shared_ptr<const TlsContext> made)
      : judge(std::move(made)), context((SSL_CTX_up_ref(judge->native()), judge->native())) {}
  std::shared_ptr<const TlsContext> judge;
  boost::asio::ssl::context context;
};

class Session;

// What a session needs of its server.
class SessionHost {
 public:
  enum class Start { started, draining, overloaded };

  virtual ~SessionHost() = default;
  virtual const ServerLimits& session_limits() const = 0;
  virtual const Register& register_of_clients() const = 0;
  // Runs the handler on a worker, unless it says why not.
  virtual Start start_handler(const std::shared_ptr<Exchange>& exchange, HttpRequest request) = 0;
  // A request that no handler will see.
  virtual void turned_away() = 0;
  // A connection that was not let in.
  virtual void refuse(const Refusal& refusal) = 0;
  // The session is over.
  virtual void leave(const std::shared_ptr<Session>& session) = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // The host must outlive the session.
  Session(SessionHost& host, std::shared_ptr<LiveTls> tls, Listener listener, LocalStream::socket socket,
          const PeerCredentials& peer)
      : credentials(peer),
        host_(host),
        limits_(host.session_limits()),
        clients_(host.register_of_clients()),
        listener_(listener),
        tls_(std::move(tls)),
        stream_(std::move(socket), tls_->context),
        input_(stream_.get_executor()),
        room_(stream_.get_executor()),
        output_(stream_.get_executor()) {}

  // The whole of it: leaves the host at its end.
  static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);

  // By the sweep.
  void check_deadline(SteadyTime now);
  void check_right(int64_t now_us, bool register_changed);
  void check_revocations(const TlsContext& judge);
  // At a drain: ends once the exchange that runs has ended. One that was just let in may have sent its first request,
  // or be about to: that one is waited for, as long as a header may take, and answered.
  void ask_to_end();
  // Ends at once; a handler is told.
  void cut();

  const PeerCredentials credentials;

 private:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;
  using TlsStream = boost::asio::ssl::stream<LocalStream::socket>;

  // Something that happened, on the I/O thread; what happens before the wait is not lost.
  class Event {
   public:
    explicit Event(const boost::asio::any_io_executor& executor) : timer_(executor) {}
    void notify();
    awaitable<void> wait();

   private:
    boost::asio::steady_timer timer_;
    bool happened_ = false;
  };

  enum class Phase { handshake, idle, head, body, exchange, parting };

  awaitable<bool> open();
  awaitable<void> refuse_politely(RefusalCause cause, std::string_view plain_answer);
  static awaitable<void> read_all(std::shared_ptr<Session> self);
  awaitable<void> serve_requests();
  enum class Reading { complete, gone, faulty };
  awaitable<Reading> read_request(HttpParser& parser, HttpFault& fault);
  bool awaits_first_request() const;
  awaitable<bool> answer(HttpParser& parser);
  void refuse(RefusalCause cause) const;
  awaitable<bool> write(std::string_view bytes);
  awaitable<void> part();
  void end_sending();
  awaitable<void> drain();
  void close();

  void enter(Phase phase, std::chrono::milliseconds allowed) {
    phase_ = phase;
    deadline_ = std::chrono::steady_clock::now() + allowed;
  }

  SessionHost& host_;
  const ServerLimits& limits_;
  const Register& clients_;
  const Listener listener_;
  const std::shared_ptr<LiveTls> tls_;
  TlsStream stream_;
  HandshakeVerdict verdict_;
  Peer peer_;
  int64_t certificate_not_after_us_ = 0;

  Phase phase_ = Phase::handshake;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool ending_ = false;  // no further request but the first
  bool asked_ = false;   // a request has been read
  SteadyTime first_request_limit_ = SteadyTime::max();
  bool peer_gone_ = false;    // read_all() has ended
  bool unreachable_ = false;  // by an error of the socket
  bool discarding_ = false;

  std::string received_;  // not yet parsed
  Event input_;           // received_ grew, or a flag above changed
  Event room_;            // received_ shrank
  Event output_;          // the exchange has something to take, or has ended
  std::shared_ptr<Exchange> exchange_;
  std::optional<RoleSet> roles_at_start_;  // of the exchange, when its client could be identified
};

}  // namespace tijori
