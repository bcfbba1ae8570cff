#include "admin-ui/client/session.h"

#include <algorithm>

#include "admin-ui/client/witness_watch.h"

namespace tijori {
namespace {
constexpr int poll_ms = 1'000;
constexpr int64_t watch_limit_ms = 30'000;
constexpr int max_retry_s = 5;
}  // namespace

Session::Session(Appliance appliance, Credentials credentials)
    : appliance_(std::move(appliance)), credentials_(std::move(credentials)) {
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &Session::poll);
}

Session::~Session() = default;

ClientOptions Session::options(Door door) const {
  ClientOptions made;
  made.socket = (door == Door::admin ? appliance_.admin_socket : appliance_.api_socket).toStdString();
  made.context = credentials_.context;
  return made;
}

Result<std::unique_ptr<Session>> Session::create(Appliance appliance, const Secret& passphrase) {
  auto credentials = load_credentials(files_of(appliance), passphrase);
  if (!credentials) return fail(ErrorCode::invalid_argument, words_of(credentials.error()).title.toStdString());
  return create(std::move(appliance), *std::move(credentials));
}

Result<std::unique_ptr<Session>> Session::create(Appliance appliance, Credentials credentials) {
  appliance.api_socket = api_socket_of(appliance);
  std::unique_ptr<Session> session(new Session(std::move(appliance), std::move(credentials)));
  TRY_ASSIGN(session->watch_, Lane::create(session->options(Door::admin)));
  TRY_ASSIGN(session->reads_, Lane::create(session->options(Door::admin)));
  TRY_ASSIGN(session->changes_, Lane::create(session->options(Door::admin)));
  session->witness_ = std::make_unique<WitnessWatch>(*session, WitnessWatch::default_folder());
  return session;
}

Result<std::unique_ptr<Lane>> Session::open_lane(Door door) const {
  return Lane::create(options(door));
}

void Session::start() {
  poll();
}

void Session::try_now() {
  failures_ = 0;
  if (!asked_) poll();
}

void Session::pause() {
  paused_ = true;
  timer_.stop();
}

void Session::resume() {
  if (!std::exchange(paused_, false)) return;
  if (!asked_) poll();
}

// An answer that comes while the console is locked is kept; the next question waits.
void Session::ask_in(int ms) {
  if (!paused_) timer_.start(ms);
}

int Session::next_try_s() const {
  return timer_.isActive() ? (timer_.remainingTime() + 999) / 1000 : 0;
}

int64_t Session::status_age_ms() const {
  return status_since_.isValid() ? status_since_.elapsed() : -1;
}

void Session::poll() {
  timer_.stop();
  asked_ = true;
  if (!capabilities_ || link_ != Link::connected) {
    run<Capabilities>(
        *watch_, this, [this](const Answer<Capabilities>& answer) { take_capabilities(answer); },
        [](HttpClient& client, const Cancellation& cancellation) {
          return ask_appliance<Capabilities>(
              client,
              {.target = "/admin/v1/capabilities", .total_timeout_ms = watch_limit_ms, .cancellation = &cancellation});
        });
    return;
  }
  run<DaemonStatus>(
      *watch_, this, [this](const Answer<DaemonStatus>& answer) { take_status(answer); },
      [](HttpClient& client, const Cancellation& cancellation) {
        return ask_appliance<DaemonStatus>(
            client, {.target = "/admin/v1/status", .total_timeout_ms = watch_limit_ms, .cancellation = &cancellation});
      });
}

void Session::take_capabilities(const Answer<Capabilities>& answer) {
  asked_ = false;
  if (!answer) {
    last_error_ = answer.error();
    failures_ = std::min(failures_ + 1, max_retry_s);
    ask_in(failures_ * 1000);
    set_link(Link::lost);
    emit link_changed();
    return;
  }
  failures_ = 0;
  last_error_.reset();
  capabilities_ = *answer;
  set_link(Link::connected);
  emit capabilities_changed();
  if (!paused_) poll();
}

void Session::take_status(const Answer<DaemonStatus>& answer) {
  asked_ = false;
  if (!answer) {
    last_error_ = answer.error();
    set_link(Link::lost);
    failures_ = 1;
    ask_in(1000);
    return;
  }
  status_ = *answer;
  status_since_.start();
  ask_in(poll_ms);
  emit status_changed();
}

void Session::set_link(Link link) {
  if (link == link_) return;
  link_ = link;
  emit link_changed();
}

bool Session::has_route(const char* method, const char* path) const {
  return capabilities_ && std::ranges::any_of(capabilities_->routes, [&](const RouteInfo& route) {
           return route.method == method && route.path == path;
         });
}

bool Session::permits(const char* method, const char* path) const {
  return capabilities_ && std::ranges::any_of(capabilities_->routes, [&](const RouteInfo& route) {
           return route.method == method && route.path == path && route.permitted;
         });
}

bool Session::has_feature(const char* feature) const {
  return capabilities_ && std::ranges::find(capabilities_->features, feature) != capabilities_->features.end();
}

}  // namespace tijori
