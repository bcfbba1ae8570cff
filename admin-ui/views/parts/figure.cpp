#include "admin-ui/views/parts/figure.h"

#include <QPainter>

namespace tijori {

Figure::Figure(const QString& name, QWidget* parent) : QAbstractButton(parent), name_(name) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setCursor(Qt::PointingHandCursor);
  setAccessibleName(name);
}

void Figure::set(const QString& number, const QString& unit, const QString& second_line) {
  if (number == number_ && unit == unit_ && second_line == second_) return;
  number_ = number;
  unit_ = unit;
  second_ = second_line;
  setAccessibleName(QStringLiteral("%1: %2 %3, %4").arg(name_, number, unit, second_line));
  update();
}

QSize Figure::sizeHint() const {
  const Theme& theme = Theme::instance();
  return {190, 22 + theme.line_height(Type::label) * 2 + theme.line_height(Type::figure)};
}

void Figure::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const Theme& theme = Theme::instance();
  double top = 10;
  const auto line = [&](const QString& text, Type kind, Colour ink, double left, bool ends) {
    const QFont letters = type(kind);
    const double height = theme.line_height(kind);
    painter.setFont(letters);
    painter.setPen(paint(ink));
    const QString shown = QFontMetricsF(letters).elidedText(text, Qt::ElideRight, width() - left - 6);
    painter.drawText(QPointF(left, top + height / 2 + baseline_drop(letters.pixelSize())), shown);
    if (ends) top += height;
    return left + QFontMetricsF(letters).horizontalAdvance(shown);
  };
  (void)line(name_, Type::label, underMouse() ? Colour::accent : Colour::text2, 16, true);
  const double after = line(number_, Type::figure, Colour::text, 16, false);
  const double figure_top = top;
  top += (theme.line_height(Type::figure) - theme.line_height(Type::label)) / 2.0 + 3;
  (void)line(unit_, Type::label, Colour::text2, after + 7, false);
  top = figure_top + theme.line_height(Type::figure);
  (void)line(second_, Type::label, Colour::text2, 16, true);
}

}  // namespace tijori
