#include "admin-ui/views/parts/badge.h"

#include <QPainter>
#include <cmath>

namespace tijori {
namespace {
constexpr int icon_px = 12;
constexpr int side = 6;
constexpr int between = 4;
constexpr qsizetype most_characters = 60;  // a state is a word or two

QString word_of(const BadgeText& badge) {
  return badge.word.size() <= most_characters ? badge.word : badge.word.left(most_characters) + QStringLiteral("…");
}
}  // namespace

Colour ink_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return Colour::text2;
    case Tone::info:
      return Colour::accent;
    case Tone::ok:
      return Colour::ok;
    case Tone::warn:
      return Colour::warn;
    case Tone::danger:
      return Colour::danger;
  }
  return Colour::text2;
}

Colour fill_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return Colour::hover;
    case Tone::info:
      return Colour::accent_soft;
    case Tone::ok:
      return Colour::ok_soft;
    case Tone::warn:
      return Colour::warn_soft;
    case Tone::danger:
      return Colour::danger_soft;
  }
  return Colour::hover;
}

QSize badge_size(const BadgeText& badge) {
  const QFontMetricsF metrics(type(Type::badge));
  double width = 2 * side + metrics.horizontalAdvance(word_of(badge));
  if (!badge.icon.isEmpty()) width += icon_px + between;
  return {static_cast<int>(std::ceil(width)), 22 + Theme::instance().script_growth()};
}

QRect draw_badge(QPainter& painter, const QRect& area, const BadgeText& badge, double device_ratio) {
  const QSize size = badge_size(badge);
  const QRect box(QPoint(area.left(), area.top() + (area.height() - size.height()) / 2), size);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(fill_of(badge.tone)));
  painter.drawRoundedRect(box, metric::radius_badge, metric::radius_badge);
  int left = box.left() + side;
  if (!badge.icon.isEmpty()) {
    painter.drawPixmap(QPointF(left, box.top() + (box.height() - icon_px) / 2.0),
                       Theme::instance().icon(badge.icon, ink_of(badge.tone), icon_px, device_ratio));
    left += icon_px + between;
  }
  const QFont letters = type(Type::badge);
  painter.setFont(letters);
  painter.setPen(paint(ink_of(badge.tone)));
  const double middle = box.top() + box.height() / 2.0;
  painter.drawText(QPointF(left, middle + baseline_drop(letters.pixelSize())), word_of(badge));
  painter.restore();
  return box;
}

Badge::Badge(BadgeText text, QWidget* parent) : QWidget(parent) {
  set(std::move(text));
  connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void Badge::set(BadgeText text) {
  text_ = std::move(text);
  setAccessibleName(text_.word);
  setFixedSize(badge_size(text_));
  // Shown without a parent it would be a window of its own for a moment, and take the keyboard from the real one.
  if (text_.word.isEmpty()) {
    hide();
  } else if (parentWidget() != nullptr) {
    show();
  } else {
    setAttribute(Qt::WA_WState_ExplicitShowHide, false);
  }
  update();
}

void Badge::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  draw_badge(painter, rect(), text_, devicePixelRatioF());
}

}  // namespace tijori
