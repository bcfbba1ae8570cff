#include "admin-ui/views/parts/toast_bar.h"

#include <QHBoxLayout>
#include <QPainter>

namespace tijori {
namespace {
constexpr int shown_ms = 8'000;
constexpr int step_ms = 200;
constexpr int right_px = 20;
}  // namespace

ToastBar::ToastBar(QWidget* over)
    : QWidget(over),
      picture_(new QLabel),
      sentence_(new TextLabel(Type::body)),
      undo_button_(
          new Button(tr("Undo"), ButtonKind::standard, QStringLiteral("arrow-counterclockwise"), ButtonSize::compact)),
      seconds_(new TextLabel(Type::label, Colour::text3)) {
  setObjectName(QStringLiteral("toast"));
  undo_button_->setObjectName(QStringLiteral("toast.undo"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 4, 14, 4);
  row->setSpacing(10);
  row->addWidget(picture_);
  row->addWidget(sentence_);
  row->addWidget(undo_button_);
  row->addWidget(seconds_);
  hide();
  timer_.setInterval(step_ms);
  connect(&timer_, &QTimer::timeout, this, &ToastBar::tick);
  connect(undo_button_, &Button::clicked, this, &ToastBar::undo);
}

void ToastBar::show_toast(const QString& sentence, std::function<void()> undo) {
  undo_ = std::move(undo);
  sentence_->setText(sentence);
  setAccessibleName(sentence);
  picture_->setPixmap(icon_pixmap(QStringLiteral("check-circle-fill"), Colour::ok, *this));
  undo_button_->setVisible(static_cast<bool>(undo_));
  seconds_->setVisible(static_cast<bool>(undo_));
  left_ms_ = shown_ms;
  seconds_->setText(tr("%1 s").arg(left_ms_ / 1000));
  place();
  show();
  raise();
  timer_.start();
}

void ToastBar::place() {
  sentence_->set_elide(Qt::ElideNone);
  setMaximumWidth(QWIDGETSIZE_MAX);
  adjustSize();
  if (const int most = parentWidget()->width() - 2 * right_px; width() > most) {
    sentence_->set_elide(Qt::ElideRight);
    resize(most, height());
  }
  setFixedHeight(40 + Theme::instance().script_growth());
  const int header = 48 + Theme::instance().script_growth();
  move(parentWidget()->width() - width() - right_px, header + 6);
}

void ToastBar::undo() {
  timer_.stop();
  hide();
  if (const auto act = std::exchange(undo_, {})) act();
}

void ToastBar::tick() {
  if (underMouse() || undo_button_->hasFocus()) return;
  left_ms_ -= step_ms;
  seconds_->setText(tr("%1 s").arg((left_ms_ + 999) / 1000));
  if (left_ms_ <= 0) dismiss();
}

void ToastBar::dismiss() {
  timer_.stop();
  undo_ = {};
  hide();
}

void ToastBar::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(paint(Colour::edge));
  painter.setBrush(paint(Colour::raised));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metric::radius_raised, metric::radius_raised);
}

}  // namespace tijori
