// A state in a word, an icon and a soft fill; never only a colour.
#pragma once

#include <QWidget>

#include "admin-ui/models/cell.h"
#include "admin-ui/theme/theme.h"

namespace tijori {

// Draws one with its left edge at `area`'s and its middle at `area`'s; returns what it covered. For delegates.
QRect draw_badge(QPainter& painter, const QRect& area, const BadgeText& badge, double device_ratio);
QSize badge_size(const BadgeText& badge);

class Badge : public QWidget {
  Q_OBJECT

 public:
  explicit Badge(BadgeText text = {}, QWidget* parent = nullptr);
  void set(BadgeText text);
  QSize sizeHint() const override { return badge_size(text_); }
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  BadgeText text_;
};

Colour ink_of(Tone tone);
Colour fill_of(Tone tone);

}  // namespace tijori
