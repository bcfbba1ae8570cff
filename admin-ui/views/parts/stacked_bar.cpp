#include "admin-ui/views/parts/stacked_bar.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "admin-ui/views/parts/painted_text.h"

namespace tijori {
namespace {

constexpr double bar_px = 12;
constexpr double sample_px = 12;
constexpr double hatch_px = 5;
constexpr double between_px = 16;
constexpr double least_bar_px = 120;

void fill_with(QPainter& painter, const QRectF& area, StackedBar::Fill fill) {
  const bool grey = fill == StackedBar::Fill::grey || fill == StackedBar::Fill::grey_hatched;
  const QColor ink = paint(grey ? Colour::edge : Colour::accent);
  painter.fillRect(area, ink);
  if (fill == StackedBar::Fill::solid || fill == StackedBar::Fill::grey) return;
  // Lines of the ground colour, so that the hatching shows in grey print too.
  painter.save();
  painter.setClipRect(area, Qt::IntersectClip);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(paint(Colour::surface), 1.4));
  const int lines = static_cast<int>((area.width() + area.height()) / hatch_px) + 1;
  for (int i = 0; i < lines; ++i) {
    const double x = area.left() - area.height() + i * hatch_px;
    painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.top()));
  }
  painter.restore();
}

}  // namespace

StackedBar::StackedBar(Legend legend, QWidget* parent) : QWidget(parent), legend_(legend) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void StackedBar::set(std::vector<Part> parts, double total, std::optional<double> limit, const QString& last_words,
                     const QString& accessible_text) {
  parts_ = std::move(parts);
  total_ = std::max(total, 1.0);
  limit_ = limit;
  last_words_ = last_words;
  setAccessibleName(accessible_text);
  setToolTip(accessible_text);
  update();
}

QSize StackedBar::sizeHint() const {
  return {360, legend_ == Legend::none ? 20 : Theme::instance().line_height(Type::label)};
}

double StackedBar::legend_width() const {
  double width = text_width(last_words_, Type::body_strong) + between_px;
  for (const Part& part : parts_)
    if (!part.label.isEmpty()) width += sample_px + 6 + text_width(part.label, Type::label) + between_px;
  return width;
}

void StackedBar::paint_bar(QPainter& painter, const QRectF& bar) const {
  painter.save();
  QPainterPath shape;
  shape.addRoundedRect(bar, 3, 3);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillPath(shape, paint(Colour::line));
  painter.setClipPath(shape);
  double left = bar.left();
  for (const Part& part : parts_) {
    const double width = std::min(bar.width() * std::max(part.amount, 0.0) / total_, bar.right() - left);
    if (width <= 0) continue;
    fill_with(painter, QRectF(left, bar.top(), width, bar.height()), part.fill);
    left += width;
    painter.fillRect(QRectF(left - 1, bar.top(), 1, bar.height()), paint(Colour::surface));
  }
  painter.restore();
  if (limit_) {
    const double x = bar.left() + bar.width() * std::clamp(*limit_ / total_, 0.0, 1.0);
    painter.fillRect(QRectF(std::min(x, bar.right() - 2) - 1, bar.top() - 4, 3, bar.height() + 8),
                     paint(Colour::surface));
    painter.fillRect(QRectF(std::min(x, bar.right() - 2), bar.top() - 4, 2, bar.height() + 8), paint(Colour::danger));
  }
}

void StackedBar::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const double middle = height() / 2.0;
  double wide = width();
  const double words = legend_width();
  if (legend_ == Legend::right && wide - words < least_bar_px) {
    // Too narrow for the legend: the bar and the last words, the rest is in the tooltip.
    const double last = text_width(last_words_, Type::body_strong);
    if (wide - last - between_px >= least_bar_px / 2) {
      paint_bar(painter, QRectF(0, middle - bar_px / 2, wide - last - between_px, bar_px));
      paint_text(painter, {wide - last, middle}, last_words_, Type::body_strong, Colour::text);
    } else {
      paint_bar(painter, QRectF(0, middle - bar_px / 2, wide, bar_px));
    }
    return;
  }
  if (legend_ == Legend::right) wide -= words;
  paint_bar(painter, QRectF(0, middle - bar_px / 2, wide, bar_px));
  if (legend_ == Legend::none) return;
  double left = wide + between_px;
  for (const Part& part : parts_) {
    if (part.label.isEmpty()) continue;
    fill_with(painter, QRectF(left, middle - sample_px / 2 + 1, sample_px, sample_px - 2), part.fill);
    left += sample_px + 6;
    paint_text(painter, {left, middle}, part.label, Type::label, Colour::text2);
    left += text_width(part.label, Type::label) + between_px;
  }
  paint_text(painter, {left, middle}, last_words_, Type::body_strong, Colour::text);
}

}  // namespace tijori
