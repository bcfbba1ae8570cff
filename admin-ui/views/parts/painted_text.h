// Single lines of text in painted widgets, on the fixed baseline of theme/type.h.
#pragma once

#include <QPainter>

#include "admin-ui/theme/theme.h"

namespace tijori {

// From the left, around a vertical middle.
inline void paint_text(QPainter& painter, const QPointF& left_middle, const QString& text, Type kind, Colour ink) {
  const QFont letters = type(kind);
  painter.setFont(letters);
  painter.setPen(paint(ink));
  painter.drawText(QPointF(left_middle.x(), left_middle.y() + baseline_drop(letters.pixelSize())), text);
}

inline double text_width(const QString& text, Type kind) {
  return QFontMetricsF(type(kind)).horizontalAdvance(text);
}

}  // namespace tijori
