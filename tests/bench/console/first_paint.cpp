// A plug-in for any Qt program: writes the monotonic clock in nanoseconds to its standard output as soon as something
// of it has been painted (QT_QPA_GENERIC_PLUGINS=firstpaint), or when the last of what is painted at the start has been
// (firstpaint:settled), and ends it. So an unchanged program can be measured.
#include <QCoreApplication>
#include <QEvent>
#include <QGenericPlugin>
#include <QTimer>
#include <cstdio>
#include <ctime>

#include <unistd.h>

namespace {

constexpr int settled_after_ms = 2'000;

class PaintWatch : public QObject {
  Q_OBJECT

 public:
  explicit PaintWatch(bool settled) : settled_(settled) {
    quiet_.setSingleShot(true);
    connect(&quiet_, &QTimer::timeout, this, [this] {
      std::printf("painted %lld\n", painted_ns_);
      std::fflush(stdout);
      _exit(0);
    });
  }

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Paint || !watched->isWidgetType() || waiting_) return false;
    waiting_ = true;
    // After everything that is painted now has reached the window.
    QMetaObject::invokeMethod(this, &PaintWatch::note, Qt::QueuedConnection);
    return false;
  }

 private:
  void note() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    painted_ns_ = static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
    waiting_ = !settled_;
    quiet_.start(settled_ ? settled_after_ms : 0);
  }

  QTimer quiet_;
  long long painted_ns_ = 0;
  bool settled_;
  bool waiting_ = false;
};

class PaintWatchPlugin : public QGenericPlugin {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "first_paint.json")

 public:
  QObject* create(const QString& /*key*/, const QString& specification) override {
    auto* const watch = new PaintWatch(specification == QLatin1String("settled"));
    QCoreApplication::instance()->installEventFilter(watch);
    return watch;
  }
};

}  // namespace

#include "first_paint.moc"
