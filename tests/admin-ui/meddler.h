// Somebody between the console and the appliance, with the appliance's own certificate: passes calls on, changes the
// answers, or answers on its own as it likes. What a broken, slow or hostile daemon does, on demand.
//
//   Meddler meddler(rig, [](const MeddlerCall& call, MeddlerReply& reply) {
//     if (call.target.starts_with("/admin/v1/clients")) return reply.hold();
//     reply.pass_on();
//   });
//   user.connect_to(meddler.admin_socket(), …);
#pragma once

#include <QTemporaryDir>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/file.h"
#include "tests/admin-ui/appliance_rig.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tijori::test {

struct MeddlerCall {
  enum class Door : uint8_t { admin, api } door = Door::admin;
  std::string method;
  std::string target;
  std::string body;
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

// Used by the thread of one connection.
class MeddlerReply {
 public:
  // What the appliance answers; nothing is sent.
  Answer<std::string> ask_appliance();
  // Sends what the appliance answers, as it is or changed.
  void pass_on();
  void pass_on(const std::function<std::string(std::string body)>& change);
  void answer(int status, std::string_view body, std::string_view content_type = "application/json");
  // Bytes as they are; false once the other side has gone.
  bool raw(std::string_view bytes);
  // Silence, until the console gives up, or the meddler is told to behave otherwise.
  void hold();
  // As long as nobody has gone and nothing else is asked of the meddler: for streams without an end.
  bool goes_on() const;
  // Sleeps as long as it goes on.
  bool pause(int ms) const;
  // The socket ends below TLS, without a word.
  void cut();
  // The connection ends after this reply.
  void close() { keep_ = false; }

 private:
  friend class Meddler;
  MeddlerReply(class Meddler& owner, ssl_st* connection, const MeddlerCall& call, HttpClient& appliance, int fd,
               int manner)
      : owner_(owner), connection_(connection), call_(call), appliance_(appliance), fd_(fd), manner_(manner) {}

  Meddler& owner_;
  ssl_st* connection_;
  const MeddlerCall& call_;
  HttpClient& appliance_;
  int fd_;
  int manner_;  // of the meddler when the call came
  bool keep_ = true;
};

class Meddler {
 public:
  using Behaviour = std::function<void(const MeddlerCall& call, MeddlerReply& reply)>;  // several threads at once

  // Asks the appliance as the rig's admin and its application, or as one who is both.
  Meddler(const ApplianceRig& rig, Behaviour behaviour, std::optional<Identity> as = std::nullopt);
  ~Meddler();
  Meddler(const Meddler&) = delete;
  Meddler& operator=(const Meddler&) = delete;

  QString admin_socket() const { return folder_.filePath(QStringLiteral("admin.sock")); }
  QString api_socket() const { return folder_.filePath(QStringLiteral("api.sock")); }
  // Another behaviour, from the next call on; what has no end ends.
  void behave(Behaviour behaviour);
  int calls() const { return calls_; }

 private:
  friend class MeddlerReply;
  struct Connection {
    UniqueFd fd;
    std::thread thread;
    std::atomic<bool> over = false;
  };

  void listen_on(const QString& path, MeddlerCall::Door door);
  void accept_all(int listener, MeddlerCall::Door door);
  void serve(Connection& connection, MeddlerCall::Door door);

  const ApplianceRig& rig_;
  const std::optional<Identity> as_;
  QTemporaryDir folder_{QStringLiteral("/tmp/tijori-meddler-XXXXXX")};
  std::shared_ptr<ssl_ctx_st> context_;
  mutable std::mutex mutex_;
  Behaviour behaviour_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> calls_ = 0;
  std::atomic<int> manner_ = 0;  // how many behaviours there were
  std::list<Connection> connections_;
  std::vector<UniqueFd> listeners_;
  std::vector<std::thread> doors_;
};

}  // namespace tijori::test
