#include "admin-ui/views/parts/key_cap.h"

#include <QPainter>
#include <cmath>

#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int side = 8;

double width_of(const QString& key) {
  return std::ceil(QFontMetricsF(type(Type::axis)).horizontalAdvance(key)) + 2 * side;
}

int height_of() {
  return Theme::instance().line_height(Type::axis) + 4;
}

}  // namespace

KeyCap::KeyCap(const QString& key, QWidget* parent) : QWidget(parent), key_(key) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setAccessibleName(key);
}

QSize KeyCap::sizeHint() const {
  return {static_cast<int>(width_of(key_)), height_of()};
}

void KeyCap::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  draw_key_cap(painter, key_, width(), height() / 2.0);
}

double draw_key_cap(QPainter& painter, const QString& key, double right, double middle) {
  const QString shown = QString(key).replace(QLatin1Char('+'), QLatin1Char(' '));
  const double width = width_of(shown);
  const QRectF box(right - width + 0.5, middle - height_of() / 2.0 + 0.5, width - 1, height_of() - 1);
  painter.setPen(paint(Colour::line));
  painter.setBrush(paint(Colour::sunken));
  painter.drawRoundedRect(box, metric::radius_badge, metric::radius_badge);
  const QFont letters = type(Type::axis);
  painter.setFont(letters);
  painter.setPen(paint(Colour::text2));
  painter.drawText(QPointF(right - width + side, middle + baseline_drop(letters.pixelSize())), shown);
  return right - width;
}

}  // namespace tijori
