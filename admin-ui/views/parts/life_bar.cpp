#include "admin-ui/views/parts/life_bar.h"

#include <QPainter>
#include <algorithm>

namespace tijori {
namespace {
constexpr int height_px = 6;
}

LifeBar::LifeBar(double spent, Colour ink, const QString& words, QWidget* parent)
    : QWidget(parent), spent_(std::clamp(spent, 0.0, 1.0)), ink_(ink) {
  setFixedHeight(height_px);
  setAccessibleName(words);
}

void LifeBar::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(Colour::line));
  painter.drawRoundedRect(QRectF(rect()), 3, 3);
  painter.setBrush(paint(ink_));
  painter.drawRoundedRect(QRectF(0, 0, std::max(6.0, width() * spent_), height()), 3, 3);
  if (!Theme::instance().is_high_contrast()) return;
  painter.setPen(paint(Colour::edge));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

}  // namespace tijori
