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
  // As a child of the window, not of the control's parent, which would cut it off where it fits closely.
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override {
    return hint == SH_FocusFrame_AboveWidget ? 1 : QProxyStyle::styleHint(hint, option, widget, data);
  }
};

}  // namespace

// Follows the focus with one ring. The ring is a child of the window that it lies in and goes with it: then the next
// window gets another.
class FocusWatch : public QObject {
 public:
  explicit FocusWatch(QApplication& application) : QObject(&application) {
    application.installEventFilter(this);
    connect(&application, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
    connect(&application, &QCoreApplication::aboutToQuit, this, [this] { delete ring_; });
  }

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::KeyPress) {
      by_keyboard_ = true;
    } else if (event->type() == QEvent::MouseButtonPress) {
      by_keyboard_ = false;
      if (ring_ && !Theme::instance().is_high_contrast()) ring_->setWidget(nullptr);
    }
    return QObject::eventFilter(watched, event);
  }

 private:
  void follow(QWidget* now) {
    // A screen has the focus where nothing in it has.
    const bool shows_it_itself =
        now == nullptr || qobject_cast<QAbstractItemView*>(now) != nullptr || now->inherits("tijori::Screen");
    const bool wanted = by_keyboard_ || Theme::instance().is_high_contrast();
    if (!wanted || shows_it_itself || now->isWindow()) {
      if (ring_) ring_->setWidget(nullptr);
      return;
    }
    if (!ring_) {
      ring_ = new FocusRing;
      ring_->setStyle(&style_);
      ring_->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    ring_->setWidget(now);
  }

  QPointer<FocusRing> ring_;
  RingStyle style_;
  bool by_keyboard_ = false;
};

void FocusRing::install(QApplication& application) {
  new FocusWatch(application);
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
