#include "admin-ui/client/history_watch.h"

#include <algorithm>

namespace tijori {
namespace {

constexpr int every_ms = 10'000;
// What was fetched last comes again: its marks may have been set since.
constexpr int64_t overlap_us = 60'000'000;

}  // namespace

HistoryWatch::HistoryWatch(Session& session, StatusHistory& history, QObject* parent)
    : QObject(parent), session_(session), history_(history) {
  timer_.setInterval(every_ms);
  connect(&timer_, &QTimer::timeout, this, &HistoryWatch::fetch);
  connect(&session_, &Session::status_changed, this, &HistoryWatch::take_status);
  connect(&session_, &Session::link_changed, this, [this] {
    if (session_.link() == Link::lost) since_us_ = 0;
    if (session_.link() == Link::connected && watching_) fetch();
  });
}

bool HistoryWatch::permitted() const {
  return session_.permits("GET", "/admin/v1/history");
}

void HistoryWatch::watch() {
  watching_ = true;
  timer_.start();
  fetch();
}

void HistoryWatch::rest() {
  watching_ = false;
  timer_.stop();
}

void HistoryWatch::take_status() {
  const int64_t started_us = session_.status()->started_us;
  if (std::exchange(daemon_started_us_, started_us) == started_us) return;
  since_us_ = 0;
  if (watching_) fetch();
}

void HistoryWatch::fetch() {
  if (!permitted() || session_.link() != Link::connected) return;
  if (asked_) {
    again_ = true;
    return;
  }
  asked_ = true;
  session_.get<History>("/admin/v1/history?since_us=" + std::to_string(since_us_), this,
                        [this](const Answer<History>& answer) { take(answer); });
}

void HistoryWatch::take(const Answer<History>& answer) {
  asked_ = false;
  trouble_ = answer ? QString() : QString::fromStdString(answer.error().error.message);
  if (answer) {
    if (!answer->samples.empty())
      since_us_ = std::max<int64_t>(0, std::max<int64_t>(overlap_us, answer->samples.back().time_us) - overlap_us);
    history_.merge(*answer);
  }
  emit fetched();
  if (std::exchange(again_, false) && watching_) fetch();
}

}  // namespace tijori
