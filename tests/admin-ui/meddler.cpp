#include "tests/admin-ui/meddler.h"

#include <algorithm>
#include <charconv>
#include <csignal>

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tijori::test {
namespace {

constexpr size_t max_call_bytes = 16U << 20;
constexpr int listen_backlog = 64;
constexpr int look_again_ms = 20;

// The console asks for http/1.1 and nothing else.
int choose_protocol(SSL* /*connection*/, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void* /*argument*/) {
  if (in_size < 2) return SSL_TLSEXT_ERR_NOACK;
  *out = in + 1;
  *out_size = *in;
  return SSL_TLSEXT_ERR_OK;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// False at the end of the connection.
bool read_call(SSL* connection, std::string& buffer, MeddlerCall& call) {
  const auto read_more = [&] {
    char piece[16'384];
    const int size = SSL_read(connection, piece, sizeof piece);
    if (size > 0) buffer.append(piece, static_cast<size_t>(size));
    return size > 0 && buffer.size() < max_call_bytes;
  };
  size_t end = std::string::npos;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!read_more()) return false;
  const std::string head = buffer.substr(0, end);
  const size_t first = head.find(' ');
  const size_t second = head.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  call.method = head.substr(0, first);
  call.target = head.substr(first + 1, second - first - 1);
  size_t body_bytes = 0;
  const std::string names = lower(head);
  if (const size_t at = names.find("\r\ncontent-length:"); at != std::string::npos) {
    const size_t digits = names.find_first_not_of(" ", at + 17);
    std::from_chars(names.data() + digits, names.data() + names.size(), body_bytes);
  }
  while (buffer.size() < end + 4 + body_bytes)
    if (!read_more()) return false;
  call.body = buffer.substr(end + 4, body_bytes);
  buffer.erase(0, end + 4 + body_bytes);
  return true;
}

}  // namespace

Answer<std::string> MeddlerReply::ask_appliance() {
  return call(appliance_, {.method = call_.method, .target = call_.target, .body = call_.body});
}

void MeddlerReply::pass_on() {
  pass_on([](std::string body) { return body; });
}

void MeddlerReply::pass_on(const std::function<std::string(std::string)>& change) {
  const auto response = appliance_.send({.method = call_.method, .target = call_.target, .body = call_.body});
  if (!response) return close();
  const std::string type(response->header("content-type"));
  if (response->status >= 300) return answer(response->status, response->body, type);
  answer(response->status, change(response->body), type);
}

void MeddlerReply::answer(int status, std::string_view body, std::string_view content_type) {
  // In one piece: half an answer would be left on an open connection when the behaviour changes meanwhile.
  std::string whole = "HTTP/1.1 " + std::to_string(status) + " Said\r\ncontent-type: " + std::string(content_type) +
                      "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n";
  raw(whole.append(body));
}

bool MeddlerReply::raw(std::string_view bytes) {
  while (!bytes.empty() && !owner_.ending_) {
    const int size = SSL_write(connection_, bytes.data(), static_cast<int>(std::min<size_t>(bytes.size(), 65'536)));
    if (size <= 0) {
      keep_ = false;
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return goes_on();
}

bool MeddlerReply::goes_on() const {
  return pause(0);
}

bool MeddlerReply::pause(int ms) const {
  for (int left = ms;; left -= look_again_ms) {
    pollfd watched{fd_, POLLRDHUP, 0};
    if (owner_.ending_ || owner_.manner_ != manner_ || poll(&watched, 1, std::clamp(left, 0, look_again_ms)) != 0)
      return false;
    if (left <= look_again_ms) return true;
  }
}

void MeddlerReply::hold() {
  keep_ = false;
  while (pause(look_again_ms)) continue;
}

void MeddlerReply::cut() {
  keep_ = false;
  shutdown(fd_, SHUT_RDWR);
}

Meddler::Meddler(const ApplianceRig& rig, Behaviour behaviour, std::optional<Identity> as)
    : rig_(rig), as_(std::move(as)), behaviour_(std::move(behaviour)) {
  std::signal(SIGPIPE, SIG_IGN);
  context_.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const std::string tls = rig.root().toStdString() + "/tls/";
  if (SSL_CTX_use_certificate_chain_file(context_.get(), (tls + "server.crt").c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context_.get(), (tls + "server.key").c_str(), SSL_FILETYPE_PEM) != 1)
    qFatal("the appliance's certificate can't be used");
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, nullptr);
  listen_on(admin_socket(), MeddlerCall::Door::admin);
  listen_on(api_socket(), MeddlerCall::Door::api);
}

Meddler::~Meddler() {
  ending_ = true;
  for (std::thread& door : doors_) door.join();
  {
    const std::lock_guard lock(mutex_);
    for (const Connection& connection : connections_) shutdown(connection.fd.get(), SHUT_RDWR);
  }
  for (Connection& connection : connections_) connection.thread.join();
}

void Meddler::behave(Behaviour behaviour) {
  const std::lock_guard lock(mutex_);
  behaviour_ = std::move(behaviour);
  ++manner_;
}

void Meddler::listen_on(const QString& path, MeddlerCall::Door door) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.toStdString();
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(fd.get(), listen_backlog) != 0)
    qFatal("can't listen on %s", name.c_str());
  listeners_.push_back(std::move(fd));
  doors_.emplace_back([this, listener = listeners_.back().get(), door] { accept_all(listener, door); });
}

void Meddler::accept_all(int listener, MeddlerCall::Door door) {
  while (!ending_) {
    pollfd watched{listener, POLLIN, 0};
    if (poll(&watched, 1, look_again_ms) <= 0) continue;
    UniqueFd fd(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) continue;
    const std::lock_guard lock(mutex_);
    for (auto each = connections_.begin(); each != connections_.end();) {
      if (each->over) each->thread.join();
      each = each->over ? connections_.erase(each) : std::next(each);
    }
    Connection& made = connections_.emplace_back();
    made.fd = std::move(fd);
    made.thread = std::thread([this, &made, door] { serve(made, door); });
  }
}

void Meddler::serve(Connection& served, MeddlerCall::Door door) {
  const int fd = served.fd.get();
  const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(connection.get(), fd);
  auto appliance = rig_.client(as_                                ? *as_
                               : door == MeddlerCall::Door::admin ? rig_.admin()
                                                                  : rig_.application(),
                               door == MeddlerCall::Door::admin ? rig_.admin_socket() : rig_.api_socket());
  if (appliance && SSL_accept(connection.get()) == 1) {
    std::string buffer;
    MeddlerCall call;
    call.door = door;
    while (!ending_ && read_call(connection.get(), buffer, call)) {
      ++calls_;
      Behaviour behaviour;
      int manner = 0;
      {
        const std::lock_guard lock(mutex_);
        behaviour = behaviour_;
        manner = manner_;
      }
      MeddlerReply reply(*this, connection.get(), call, *appliance, fd, manner);
      behaviour(call, reply);
      if (!reply.keep_) break;
    }
    SSL_shutdown(connection.get());
  }
  shutdown(fd, SHUT_RDWR);
  served.over = true;
}

}  // namespace tijori::test
