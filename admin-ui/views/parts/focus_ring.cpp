#include "admin-ui/views/parts/focus_ring.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QPointer>
#include <QProxyStyle>

#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int outside = 2;
constexpr int thickness = 2;

// Gives the frame its room: QFocusFrame asks the style how far it lies outside.
class RingStyle : public QProxyStyle {
 public:
  using QProxyStyle::QProxyStyle;
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
    if (metric == PM_FocusFrameHMargin || metric == PM_FocusFrameVMargin) return outside + thickness;
    return QProxyStyle::pixelMetric(metric, option, widget);
  }
};

class FocusWatch : public QObject {
 public:
  explicit FocusWatch(QApplication& application, FocusRing& ring) : QObject(&application), ring_(ring) {
    application.installEventFilter(this);
    connect(&application, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
  }

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::KeyPress) {
      by_keyboard_ = true;
    } else if (event->type() == QEvent::MouseButtonPress) {
      by_keyboard_ = false;
      if (!Theme::instance().is_high_contrast()) ring_.setWidget(nullptr);
    }
    return QObject::eventFilter(watched, event);
  }

 private:
  void follow(QWidget* now) {
    const bool shows_it_itself = now == nullptr || qobject_cast<QAbstractItemView*>(now) != nullptr;
    const bool wanted = by_keyboard_ || Theme::instance().is_high_contrast();
    ring_.setWidget(wanted && !shows_it_itself && !now->isWindow() ? now : nullptr);
  }

  FocusRing& ring_;
  bool by_keyboard_ = false;
};

}  // namespace

void FocusRing::install(QApplication& application) {
  auto* ring = new FocusRing;
  auto* style = new RingStyle;
  style->setParent(ring);
  ring->setStyle(style);
  ring->setAttribute(Qt::WA_TransparentForMouseEvents);
  new FocusWatch(application, *ring);
  QObject::connect(&application, &QCoreApplication::aboutToQuit, ring, [ring] { delete ring; });
}

void FocusRing::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(paint(Colour::focus), thickness));
  const double half = thickness / 2.0;
  painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), metric::radius_control + 3,
                          metric::radius_control + 3);
}

}  // namespace tijori
