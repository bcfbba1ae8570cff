#include "admin-ui/views/parts/segment.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace tijori {
namespace {

// A language is named in its own script, whatever the interface's is.
QFont letters_for(const QString& text, Type kind) {
  constexpr char16_t devanagari_first = 0x0900;
  constexpr char16_t devanagari_last = 0x097F;
  const bool devanagari = std::ranges::any_of(
      text, [](QChar c) { return c.unicode() >= devanagari_first && c.unicode() <= devanagari_last; });
  return devanagari ? font(Script::devanagari, kind) : type(kind);
}

}  // namespace

Segment::Segment(QStringList choices, const QString& accessible_name, QWidget* parent)
    : QWidget(parent), choices_(std::move(choices)), name_(accessible_name) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, [this] {
    updateGeometry();
    update();
  });
  announce();
}

void Segment::set_choices(QStringList choices) {
  choices_ = std::move(choices);
  chosen_ = std::clamp(chosen_, 0, std::max(0, static_cast<int>(choices_.size()) - 1));
  announce();
  updateGeometry();
  update();
}

void Segment::choose(int index) {
  if (index < 0 || index >= choices_.size() || index == chosen_) return;
  chosen_ = index;
  announce();
  update();
  emit chosen_changed(index);
}

void Segment::announce() {
  setAccessibleName(choices_.isEmpty() ? name_ : name_ + QStringLiteral(": ") + choices_.at(chosen_));
}

int Segment::width_of(int index) const {
  // As wide as its bold form, so that nothing moves when the choice does.
  const QFontMetricsF metrics(letters_for(choices_.at(index), Type::body_strong));
  return static_cast<int>(std::ceil(metrics.horizontalAdvance(choices_.at(index)))) + 32;
}

QSize Segment::sizeHint() const {
  int width = 2;
  for (int i = 0; i < choices_.size(); ++i) width += width_of(i);
  return {width, metric::control_height + Theme::instance().script_growth()};
}

void Segment::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  QPainterPath shape;
  shape.addRoundedRect(frame, metric::radius_control, metric::radius_control);
  painter.fillPath(shape, paint(Colour::surface));
  painter.setClipPath(shape);
  int left = 1;
  for (int i = 0; i < choices_.size(); ++i) {
    const QRect cell(left, 1, width_of(i), height() - 2);
    const bool is_chosen = i == chosen_;
    if (is_chosen) painter.fillRect(cell, paint(Colour::accent_soft));
    const QFont letters = letters_for(choices_.at(i), is_chosen ? Type::body_strong : Type::body);
    painter.setFont(letters);
    painter.setPen(paint(isEnabled() ? (is_chosen ? Colour::text : Colour::text2) : Colour::text3));
    const double text_width = QFontMetricsF(letters).horizontalAdvance(choices_.at(i));
    painter.drawText(QPointF(cell.left() + (cell.width() - text_width) / 2,
                             cell.top() + cell.height() / 2.0 + baseline_drop(letters.pixelSize())),
                     choices_.at(i));
    left += cell.width();
  }
  painter.setClipping(false);
  painter.setPen(paint(Colour::edge));
  painter.drawPath(shape);
}

void Segment::mousePressEvent(QMouseEvent* event) {
  int left = 1;
  for (int i = 0; i < choices_.size(); ++i) {
    left += width_of(i);
    if (event->position().x() < left) return choose(i);
  }
}

void Segment::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down) return choose(chosen_ + 1);
  if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up) return choose(chosen_ - 1);
  if (event->key() == Qt::Key_Home) return choose(0);
  if (event->key() == Qt::Key_End) return choose(static_cast<int>(choices_.size()) - 1);
  QWidget::keyPressEvent(event);
}

}  // namespace tijori
