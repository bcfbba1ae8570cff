#include "admin-ui/views/palette_delegate.h"

#include <QPainter>

#include "admin-ui/models/palette_match.h"
#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/key_cap.h"

namespace tijori {
namespace {

constexpr int side = 18;

// Draws a line with what was typed underlined; returns where it ends.
double write(QPainter& painter, const QPointF& from, const QString& text, Type kind, Colour ink, const QString& typed,
             double widest) {
  QFont letters = type(kind);
  const QFontMetricsF metrics(letters);
  const QString shown = metrics.elidedText(text, Qt::ElideRight, widest);
  painter.setFont(letters);
  painter.setPen(paint(ink));
  painter.drawText(from, shown);
  // Over the line, not cut from it: Devanagari letters depend on their neighbours.
  painter.setPen(QPen(paint(Colour::accent), 2));
  for (const TextSpan& span : spans_of(typed, shown)) {
    const double left = from.x() + metrics.horizontalAdvance(shown.left(span.start));
    const double right = from.x() + metrics.horizontalAdvance(shown.left(span.start + span.length));
    painter.drawLine(QPointF(left, from.y() + 4), QPointF(right, from.y() + 4));
  }
  return from.x() + metrics.horizontalAdvance(shown);
}

}  // namespace

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const {
  return {100, (index.data(number_role).isValid() ? 36 : 26) + Theme::instance().script_growth()};
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRect box = option.rect.adjusted(6, 0, -6, 0);
  const double middle = box.top() + box.height() / 2.0;
  const auto base = [&](Type kind) { return middle + baseline_drop(type(kind).pixelSize()); };
  if (!index.data(number_role).isValid()) {
    write(*painter, {box.left() + side - 6.0, base(Type::badge)}, index.data().toString(), Type::badge, Colour::text2,
          {}, box.width());
    painter->restore();
    return;
  }
  const bool is_current = (option.state & QStyle::State_Selected) != 0;
  if (is_current) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(tijori::paint(Colour::accent_soft));
    painter->drawRoundedRect(box, metric::radius_badge, metric::radius_badge);
    painter->fillRect(QRect(box.left(), box.top(), 3, box.height()), tijori::paint(Colour::accent));
  } else if ((option.state & QStyle::State_MouseOver) != 0) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(tijori::paint(Colour::hover));
    painter->drawRoundedRect(box, metric::radius_badge, metric::radius_badge);
  }
  const double ratio = option.widget == nullptr ? 1.0 : option.widget->devicePixelRatioF();
  const QString refusal = index.data(refusal_role).toString();
  const QString typed = index.data(typed_role).toString();
  const QString icon = index.data(icon_role).toString();
  // From the right: keys, or the lock and what is needed.
  double right = box.right() - 12;
  if (!refusal.isEmpty()) {
    right -= QFontMetricsF(type(Type::label)).horizontalAdvance(refusal);
    write(*painter, {right, base(Type::label)}, refusal, Type::label, Colour::text2, {}, box.width());
    right -= 22;
    painter->drawPixmap(QPointF(right, middle - 7),
                        Theme::instance().icon(QStringLiteral("lock"), Colour::text2, 14, ratio));
  } else {
    QStringList caps;
    if (index.data(objects_role).toBool()) caps << QStringLiteral("Tab");
    const QString keys = index.data(keys_role).toString();
    if (!keys.isEmpty()) caps << keys;
    if (is_current && caps.isEmpty()) caps << QStringLiteral("Enter");
    for (const QString& cap : caps) right = draw_key_cap(*painter, cap, right, middle) - 6;
  }
  double left = box.left() + 12;
  painter->drawPixmap(QPointF(left, middle - metric::icon / 2.0),
                      Theme::instance().icon(icon.isEmpty() ? QStringLiteral("chevron-right") : icon,
                                             refusal.isEmpty() ? Colour::text2 : Colour::text3, metric::icon, ratio));
  left += metric::icon + 10;
  const Type kind = is_current ? Type::body_strong : Type::body;
  left = write(*painter, {left, base(kind)}, index.data().toString(), kind,
               refusal.isEmpty() ? Colour::text : Colour::text3, typed, right - left - 12);
  const QString note = index.data(note_role).toString();
  if (!note.isEmpty() && right - left > 60)
    write(*painter, {left + 12, base(Type::label)}, note, Type::label, Colour::text2, typed, right - left - 24);
  painter->restore();
}

}  // namespace tijori
