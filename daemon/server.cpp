// The server of daemon/server.h: accepting, what all connections share, and the four times a second at which sweep()
// ends those that are past their deadline or have lost their right. A connection itself is a Session.
#include "daemon/server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>

#include "base/check.h"
#include "daemon/refusal_relay.h"
#include "daemon/session.h"
#include "daemon/worker_pool.h"

namespace tijori {

namespace asio = boost::asio;

namespace {

using asio::awaitable;
using std::chrono::milliseconds;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds sweep_interval{250};
constexpr milliseconds accept_pause{100};  // when descriptors have run out

}  // namespace

struct HttpServer::Impl final : SessionHost {
  struct Door {
    Listener listener;
    LocalStream::acceptor acceptor;
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
  void admit(Door& door, LocalStream::socket socket);
  awaitable<void> sweep();
  const ServerLimits& session_limits() const override { return limits; }
  const Register& register_of_clients() const override { return clients; }
  Start start_handler(const std::shared_ptr<Exchange>& exchange, HttpRequest request) override;
  void turned_away() override { handler.turned_away(); }
  void refuse(const Refusal& refusal) override;
  void leave(const std::shared_ptr<Session>& session) override;
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
  std::map<std::shared_ptr<Session>, Door*> sessions;  // and where they came in
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
  std::atomic<uint64_t> turns{0};  // of sweep()
  std::atomic<uint64_t> refusals{0};
  std::atomic<uint64_t> handler_failures{0};
  std::atomic<int64_t> certificate_not_after_us{0};
  std::atomic<int64_t> crl_next_update_us{0};
};

Status HttpServer::Impl::listen(std::vector<ListeningSocket>& sockets) {
  for (ListeningSocket& socket : sockets) {
    auto door = std::make_unique<Door>(Door{socket.listener, LocalStream::acceptor(io), 0, {}});
    boost::system::error_code error;
    (void)door->acceptor.assign(LocalStream(), socket.fd.get(), error);
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
  io_thread = std::thread([this] {
    pthread_setname_np(pthread_self(), "io");
    io.run();
  });
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

void HttpServer::Impl::admit(Door& door, LocalStream::socket socket) {
  const Result<PeerCredentials> credentials = peer_credentials(socket.native_handle());
  if (!credentials) return;
  size_t& of_uid = door.connections_of_uid[credentials->uid];
  if (door.connections >= limits.max_connections || of_uid >= limits.max_connections_per_uid) {
    if (of_uid == 0) door.connections_of_uid.erase(credentials->uid);
    refuse({.cause = RefusalCause::too_many_connections,
            .listener = door.listener,
            .peer = *credentials,
            .certificate_sha256 = ""});
    return;
  }
  ++door.connections;
  ++of_uid;
  {
    const std::lock_guard lock(empty_mutex);
    ++session_count;
  }
  const auto session = std::make_shared<Session>(*this, tls, door.listener, std::move(socket), *credentials);
  sessions.emplace(session, &door);
  asio::co_spawn(io, Session::run(session), asio::detached);
}

void HttpServer::Impl::leave(const std::shared_ptr<Session>& session) {
  const auto known = sessions.find(session);
  Door& door = *known->second;
  sessions.erase(known);
  --door.connections;
  const auto of_uid = door.connections_of_uid.find(session->credentials.uid);
  if (--of_uid->second == 0) door.connections_of_uid.erase(of_uid);
  {
    const std::lock_guard lock(empty_mutex);
    --session_count;
  }
  empty_changed.notify_all();
}

void HttpServer::Impl::refuse(const Refusal& refusal) {
  refusals.fetch_add(1);
  relay.note(refusal);
}

SessionHost::Start HttpServer::Impl::start_handler(const std::shared_ptr<Exchange>& exchange, HttpRequest request) {
  exchanges.fetch_add(1);
  if (draining) return Start::draining;
  running_exchanges.fetch_add(1);
  WorkerPool& workers = request.listener == Listener::api ? api_workers : admin_workers;
  const bool accepted =
      workers.submit([this, exchange, shared_request = std::make_shared<HttpRequest>(std::move(request))] {
        try {
          handler.handle(*shared_request, *exchange);
        } catch (const std::exception&) {
          // Out of memory, or a library's exception that got away: this request ends, the others don't.
          handler_failures.fetch_add(1);
        }
        running_exchanges.fetch_sub(1);
        exchange->handler_returned();
      });
  if (accepted) return Start::started;
  running_exchanges.fetch_sub(1);
  return Start::overloaded;
}

awaitable<void> HttpServer::Impl::sweep() {
  for (;;) {
    sweep_timer.expires_after(sweep_interval);
    const auto [cancelled] = co_await sweep_timer.async_wait(as_value);
    if (cancelled) co_return;
    turns.fetch_add(1);
    const uint64_t generation = clients.generation();
    const bool register_changed = std::exchange(generation_seen, generation) != generation;
    const SteadyTime now = std::chrono::steady_clock::now();
    const int64_t now_us = wall_clock_us();
    for (const auto& [session, door] : sessions) {
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
    for (const auto& [session, door] : impl.sessions) session->check_revocations(*fresh);
  });
  return reloaded;
}

bool HttpServer::drain(uint32_t limit_ms) {
  Impl& impl = *impl_;
  impl.on_io_thread([&] {
    impl.draining = true;
    impl.close_doors();
    for (const auto& [session, door] : impl.sessions) session->ask_to_end();
  });
  if (impl.wait_until_empty(milliseconds(limit_ms))) return true;
  impl.on_io_thread([&] {
    for (const auto& [session, door] : impl.sessions) session->cut();
  });
  return false;
}

uint64_t HttpServer::turns() const {
  return impl_->turns.load();
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
