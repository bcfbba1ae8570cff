#include "admin-ui/views/parts/chain_view.h"

#include <QPainter>

#include "admin-ui/views/parts/painted_text.h"

namespace tijori {
namespace {
constexpr int row_height = 36;
constexpr double knot_x = 12;
constexpr double radius = 5;
constexpr double text_x = 34;
constexpr double number_gap = 12;
}  // namespace

ChainView::ChainView(std::vector<Link> links, QWidget* parent) : QWidget(parent), links_(std::move(links)) {
  QStringList words;
  for (const Link& link : links_) words << link.name + QLatin1Char(' ') + link.number + QLatin1Char(' ') + link.digest;
  setAccessibleName(words.join(QStringLiteral("; ")));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize ChainView::sizeHint() const {
  return {340, static_cast<int>(links_.size()) * (row_height + Theme::instance().script_growth())};
}

void ChainView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const int high = row_height + Theme::instance().script_growth();
  double number_x = 0;
  for (const Link& link : links_) number_x = std::max(number_x, text_width(link.name, Type::label));
  number_x += text_x + number_gap;
  for (size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_.at(i);
    const double top = static_cast<double>(i) * high;
    const double middle = top + high / 2.0;
    const bool is_here = link.knot == Knot::here;
    if (is_here) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(paint(Colour::accent_soft));
      painter.drawRoundedRect(QRectF(text_x - 10, top + 3, width() - text_x + 10, high - 6), metric::radius_control,
                              metric::radius_control);
    }
    if (i > 0) {
      const bool is_dashed = link.knot == Knot::sealed || link.knot == Knot::missing;
      painter.setPen(QPen(paint(Colour::edge), 1.4, is_dashed ? Qt::DashLine : Qt::SolidLine));
      painter.drawLine(QPointF(knot_x, middle - high + radius + 2), QPointF(knot_x, middle - radius - 2));
    }
    if (link.knot == Knot::sealed || link.knot == Knot::missing) {
      const bool is_sealed = link.knot == Knot::sealed;
      painter.drawPixmap(
          QPointF(knot_x - 8, middle - 8),
          Theme::instance().icon(is_sealed ? QStringLiteral("patch-check") : QStringLiteral("dash-circle"),
                                 is_sealed ? Colour::ok : Colour::text3, metric::icon, devicePixelRatioF()));
    } else {
      painter.setPen(QPen(paint(is_here ? Colour::accent : Colour::edge), 1.6));
      painter.setBrush(paint(is_here ? Colour::accent : Colour::surface));
      painter.drawEllipse(QPointF(knot_x, middle), radius, radius);
    }
    paint_text(painter, {text_x, middle}, link.name, is_here ? Type::badge : Type::label,
               is_here ? Colour::text : Colour::text2);
    paint_text(painter, {number_x, middle}, link.number, is_here ? Type::body_strong : Type::body, Colour::text);
    const double free = width() - 8 - number_x - text_width(link.number, Type::body_strong) - number_gap;
    const QString shown = QFontMetricsF(type(Type::mono)).elidedText(link.digest, Qt::ElideMiddle, free);
    paint_text(painter, {width() - 8 - text_width(shown, Type::mono), middle}, shown, Type::mono, Colour::text2);
  }
}

}  // namespace tijori
