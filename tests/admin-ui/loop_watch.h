// Watches the event loop of the GUI thread: how long it went without coming round at worst. Until it comes round the
// window is frozen. Also in processor time of the GUI thread alone, which a busy machine doesn't stretch.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <ctime>

namespace tijori::test {

// Of the calling thread.
inline double thread_cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

class LoopWatch {
 public:
  LoopWatch() {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(beat_ms);
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { beat(); });
    begin();
    timer_.start();
  }

  // ms beyond the beat itself.
  double worst_ms() {
    beat();
    return worst_ms_;
  }
  // ms of processor time.
  double worst_cpu_ms() {
    beat();
    return worst_cpu_ms_;
  }
  void restart() {
    worst_ms_ = 0;
    worst_cpu_ms_ = 0;
    begin();
  }
  // What is done from here until resume() isn't the window's doing.
  void suspend() {
    beat();
    timer_.stop();
  }
  void resume() {
    begin();
    timer_.start();
  }

 private:
  static constexpr int beat_ms = 2;

  void begin() {
    since_.start();
    cpu_since_ms_ = thread_cpu_ms();
  }
  void beat() {
    if (!timer_.isActive()) return;
    worst_ms_ = std::max(worst_ms_, static_cast<double>(since_.nsecsElapsed()) / 1e6 - beat_ms);
    worst_cpu_ms_ = std::max(worst_cpu_ms_, thread_cpu_ms() - cpu_since_ms_);
    begin();
  }

  QTimer timer_;
  QElapsedTimer since_;
  double cpu_since_ms_ = 0;
  double worst_ms_ = 0;
  double worst_cpu_ms_ = 0;
};

}  // namespace tijori::test
