// Watches the event loop of the GUI thread: how long it went without coming round at worst. Until it comes round the
// window is frozen.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>

namespace tijori::test {

class LoopWatch {
 public:
  LoopWatch() {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(beat_ms);
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { beat(); });
    since_.start();
    timer_.start();
  }

  // ms beyond the beat itself.
  double worst_ms() {
    beat();
    return worst_ms_;
  }
  void restart() {
    worst_ms_ = 0;
    since_.start();
  }

 private:
  static constexpr int beat_ms = 2;

  void beat() {
    worst_ms_ = std::max(worst_ms_, static_cast<double>(since_.nsecsElapsed()) / 1e6 - beat_ms);
    since_.start();
  }

  QTimer timer_;
  QElapsedTimer since_;
  double worst_ms_ = 0;
};

}  // namespace tijori::test
