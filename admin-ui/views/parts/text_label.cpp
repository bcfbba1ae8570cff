#include "admin-ui/views/parts/text_label.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace tijori {

TextLabel::TextLabel(Type kind, Colour role, QWidget* parent) : QLabel(parent), kind_(kind), role_(role) {
  setTextFormat(Qt::PlainText);
  connect(&Theme::instance(), &Theme::changed, this, &TextLabel::restyle);
  restyle();
}

TextLabel::TextLabel(const QString& text, Type kind, Colour role, QWidget* parent) : TextLabel(kind, role, parent) {
  setText(text);
}

void TextLabel::set_role(Colour role) {
  role_ = role;
  restyle();
}

void TextLabel::set_paragraph(const QString& text) {
  paragraph_ = text;
  setWordWrap(true);
  setMinimumHeight(std::max(minimumHeight(), Theme::instance().line_height(kind_)));
  setTextFormat(Qt::RichText);
  const int percent = Theme::instance().script() == Script::devanagari ? 150 : 124;
  setText(QStringLiteral("<p style=\"margin:0; line-height:%1%\">%2</p>")
              .arg(percent)
              .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br/>"))));
  setAccessibleName(text);
}

void TextLabel::set_elide(Qt::TextElideMode mode) {
  elide_ = mode;
  updateGeometry();
  update();
}

void TextLabel::restyle() {
  setFont(type(kind_));
  QPalette colours = palette();
  colours.setColor(QPalette::WindowText, paint(role_));
  colours.setColor(QPalette::Text, paint(role_));
  setPalette(colours);
  if (wordWrap()) setMinimumHeight(Theme::instance().line_height(kind_));
  if (!paragraph_.isEmpty()) set_paragraph(paragraph_);
  updateGeometry();
}

QSize TextLabel::sizeHint() const {
  if (wordWrap()) return QLabel::sizeHint();
  const int width = static_cast<int>(std::ceil(QFontMetricsF(font()).horizontalAdvance(text()))) + 1;
  const QMargins margins = contentsMargins();
  return {width + margins.left() + margins.right(),
          Theme::instance().line_height(kind_) + margins.top() + margins.bottom()};
}

QSize TextLabel::minimumSizeHint() const {
  if (wordWrap()) return QLabel::minimumSizeHint();
  return elide_ == Qt::ElideNone ? sizeHint() : QSize(24, sizeHint().height());
}

void TextLabel::paintEvent(QPaintEvent* event) {
  if (wordWrap()) return QLabel::paintEvent(event);
  QPainter painter(this);
  painter.setFont(font());
  painter.setPen(paint(isEnabled() ? role_ : Colour::text3));
  const QRectF area = contentsRect();
  const QFontMetricsF metrics(font());
  QString shown = text();
  if (elide_ != Qt::ElideNone) {
    shown = metrics.elidedText(text(), elide_, area.width());
    const_cast<TextLabel*>(this)->setToolTip(shown == text() ? QString() : text());
  }
  double left = area.left();
  if ((alignment() & Qt::AlignRight) != 0) left = area.right() - metrics.horizontalAdvance(shown);
  if ((alignment() & Qt::AlignHCenter) != 0) left = area.center().x() - metrics.horizontalAdvance(shown) / 2;
  painter.drawText(QPointF(left, area.center().y() + baseline_drop(font().pixelSize())), shown);
}

void TextLabel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::EnabledChange) update();
  QLabel::changeEvent(event);
}

}  // namespace tijori
