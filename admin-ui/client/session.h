// One appliance, connected: typed calls in worker threads, answers in the GUI thread, and the daemon's status watched
// all the time. Lives in the GUI thread; no call of it blocks.
//
//   session.get<DaemonStatus>("/admin/v1/status", this, [this](const Answer<DaemonStatus>& status) { … });
//
// A callback is dropped when its `context` object is gone by then.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin-ui/client/answer.h"
#include "admin-ui/client/appliance.h"
#include "admin-ui/client/credentials.h"
#include "admin-ui/client/lane.h"

namespace tijori {

class WitnessWatch;

// However slowly an answer trickles in, its lane is free again after this.
inline constexpr int64_t read_limit_ms = 60'000;
inline constexpr int64_t change_limit_ms = 300'000;

enum class Link : uint8_t { connecting, connected, lost };

class Session : public QObject {
  Q_OBJECT

 public:
  // Every connection shares the credentials' context; connects with start().
  static Result<std::unique_ptr<Session>> create(Appliance appliance, Credentials credentials);
  // Reads the files first, which takes as long as the key's derivation.
  static Result<std::unique_ptr<Session>> create(Appliance appliance, const Secret& passphrase);
  ~Session() override;

  // Asks for capabilities, then watches the status every second.
  void start();

  const Appliance& appliance() const { return appliance_; }
  const Credentials& credentials() const { return credentials_; }
  Link link() const { return link_; }
  // Of the last answer; nothing before the first.
  const std::optional<Capabilities>& capabilities() const { return capabilities_; }
  const std::optional<DaemonStatus>& status() const { return status_; }
  int64_t status_age_ms() const;
  // Why the link was lost; "" while connected.
  const ClientError* last_error() const { return last_error_ ? &*last_error_ : nullptr; }
  int next_try_s() const;
  void try_now();
  // While the console is locked nothing is asked.
  void pause();
  void resume();

  // Keeps the signed checkpoints of the appliance's audit log.
  const WitnessWatch& witness() const { return *witness_; }

  // Whether the daemon has a route, and whether this client's roles may use it.
  bool has_route(const char* method, const char* path) const;
  bool permits(const char* method, const char* path) const;
  bool has_feature(const char* feature) const;

  // Reads that a screen repeats; changes go their own way so that neither waits for the other.
  template <class T>
  void get(const std::string& target, QObject* context, std::function<void(const Answer<T>&)> done);
  template <class T, class Body>
  void post(const std::string& target, Body body, QObject* context, std::function<void(const Answer<T>&)> done);
  template <class T>
  void post(const std::string& target, QObject* context, std::function<void(const Answer<T>&)> done);

  // A lane of one's own for what takes long (a chat, a verification, an export); to api.sock when `api` is said.
  enum class Door : uint8_t { admin, api };
  Result<std::unique_ptr<Lane>> open_lane(Door door) const;

 signals:
  void link_changed();
  void status_changed();  // a new status came
  void capabilities_changed();

 private:
  Session(Appliance appliance, Credentials credentials);
  ClientOptions options(Door door) const;
  void poll();
  void ask_in(int ms);
  void take_status(const Answer<DaemonStatus>& answer);
  void take_capabilities(const Answer<Capabilities>& answer);
  void set_link(Link link);
  template <class T>
  void run(Lane& lane, QObject* context, const std::function<void(const Answer<T>&)>& done,
           std::function<Answer<T>(HttpClient&, const Cancellation&)> call);

  Appliance appliance_;
  Credentials credentials_;
  std::unique_ptr<Lane> watch_;
  std::unique_ptr<Lane> reads_;
  std::unique_ptr<Lane> changes_;
  std::unique_ptr<WitnessWatch> witness_;
  QTimer timer_;
  Link link_ = Link::connecting;
  std::optional<Capabilities> capabilities_;
  std::optional<DaemonStatus> status_;
  std::optional<ClientError> last_error_;
  QElapsedTimer status_since_;
  bool asked_ = false;
  bool paused_ = false;
  int failures_ = 0;
};

template <class T>
void Session::run(Lane& lane, QObject* context, const std::function<void(const Answer<T>&)>& done,
                  std::function<Answer<T>(HttpClient&, const Cancellation&)> call) {
  const QPointer<QObject> receiver(context);
  const bool taken =
      lane.post([receiver, done, call = std::move(call)](HttpClient& client, const Cancellation& cancellation) {
        auto answer = std::make_shared<Answer<T>>(call(client, cancellation));
        // The receiver may go at any moment: the application object carries the call and looks again in the GUI thread.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [receiver, done, answer] {
              if (receiver) done(*answer);
            },
            Qt::QueuedConnection);
      });
  if (!taken)
    QMetaObject::invokeMethod(
        this,
        [receiver, done] {
          if (receiver)
            done(std::unexpected(
                ClientError(Error{ErrorCode::resource_exhausted, "too many calls wait for the appliance"})));
        },
        Qt::QueuedConnection);
}

template <class T>
void Session::get(const std::string& target, QObject* context, std::function<void(const Answer<T>&)> done) {
  run<T>(*reads_, context, std::move(done), [target](HttpClient& client, const Cancellation& cancellation) {
    return ask_appliance<T>(client,
                            {.target = target, .total_timeout_ms = read_limit_ms, .cancellation = &cancellation});
  });
}

template <class T, class Body>
void Session::post(const std::string& target, Body body, QObject* context, std::function<void(const Answer<T>&)> done) {
  run<T>(*changes_, context, std::move(done),
         [target, text = to_json(body)](HttpClient& client, const Cancellation& cancellation) {
           return ask_appliance<T>(client, {.method = "POST",
                                            .target = target,
                                            .body = text,
                                            .total_timeout_ms = change_limit_ms,
                                            .cancellation = &cancellation});
         });
}

template <class T>
void Session::post(const std::string& target, QObject* context, std::function<void(const Answer<T>&)> done) {
  run<T>(*changes_, context, std::move(done), [target](HttpClient& client, const Cancellation& cancellation) {
    return ask_appliance<T>(
        client,
        {.method = "POST", .target = target, .total_timeout_ms = change_limit_ms, .cancellation = &cancellation});
  });
}

}  // namespace tijori
