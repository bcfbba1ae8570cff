#include "admin-ui/views/parts/text_label.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace tijori {
namespace {

constexpr qsizetype most_characters = 1'000;
constexpr qsizetype most_paragraph_characters = 8'000;
// No sentence of the console itself is longer: what is would make the window as wide as it likes.
constexpr qsizetype longest_whole_line = 200;
constexpr qsizetype longest_word = 72;

QString cut(const QString& text, qsizetype most) {
  return text.size() <= most ? text : text.left(most) + QStringLiteral("…");
}

// A label is at least as wide as its longest word: one without an end may break anywhere.
QString breakable(const QString& text) {
  QString out;
  out.reserve(text.size());
  qsizetype run = 0;
  for (const QChar c : text) {
    run = c.isSpace() ? 0 : run + 1;
    if (run > longest_word && !c.isLowSurrogate() && !c.isMark()) {
      out += QChar(0x200B);
      run = 1;
    }
    out += c;
  }
  return out;
}

}  // namespace

TextLabel::TextLabel(Type kind, Colour role, QWidget* parent) : QLabel(parent), kind_(kind), role_(role) {
  setTextFormat(Qt::PlainText);
  connect(&Theme::instance(), &Theme::changed, this, &TextLabel::restyle);
  restyle();
}

TextLabel::TextLabel(const QString& text, Type kind, Colour role, QWidget* parent) : TextLabel(kind, role, parent) {
  setText(text);
}

void TextLabel::setText(const QString& text) {
  heights_.fill({});
  paragraph_.clear();
  setTextFormat(Qt::PlainText);
  QLabel::setText(cut(text, most_characters));
}

void TextLabel::set_role(Colour role) {
  role_ = role;
  restyle();
}

void TextLabel::set_paragraph(const QString& whole) {
  const QString text = cut(whole, most_paragraph_characters);
  paragraph_ = text;
  heights_.fill({});
  setWordWrap(true);
  setMinimumHeight(std::max(minimumHeight(), Theme::instance().line_height(kind_)));
  setTextFormat(Qt::RichText);
  const int percent = Theme::instance().script() == Script::devanagari ? 150 : 124;
  QLabel::setText(QStringLiteral("<p style=\"margin:0; line-height:%1%\">%2</p>")
                      .arg(percent)
                      .arg(breakable(text).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br/>"))));
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

Qt::TextElideMode TextLabel::elide() const {
  return elide_ == Qt::ElideNone && text().size() > longest_whole_line ? Qt::ElideRight : elide_;
}

int TextLabel::heightForWidth(int width) const {
  if (!wordWrap()) return QLabel::heightForWidth(width);
  for (const auto& [known_width, height] : heights_)
    if (known_width == width) return height;
  const int height = QLabel::heightForWidth(width);
  heights_.at(next_height_) = {width, height};
  next_height_ = (next_height_ + 1) % heights_.size();
  return height;
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
  return elide() == Qt::ElideNone ? sizeHint() : QSize(24, sizeHint().height());
}

void TextLabel::paintEvent(QPaintEvent* event) {
  if (wordWrap()) return QLabel::paintEvent(event);
  QPainter painter(this);
  painter.setFont(font());
  painter.setPen(paint(isEnabled() ? role_ : Colour::text3));
  const QRectF area = contentsRect();
  const QFontMetricsF metrics(font());
  QString shown = text();
  if (elide() != Qt::ElideNone) {
    shown = metrics.elidedText(text(), elide(), area.width());
    const_cast<TextLabel*>(this)->setToolTip(shown == text() ? QString() : text());
  }
  double left = area.left();
  if ((alignment() & Qt::AlignRight) != 0) left = area.right() - metrics.horizontalAdvance(shown);
  if ((alignment() & Qt::AlignHCenter) != 0) left = area.center().x() - metrics.horizontalAdvance(shown) / 2;
  painter.drawText(QPointF(left, area.center().y() + baseline_drop(font().pixelSize())), shown);
}

void TextLabel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::EnabledChange) update();
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) heights_.fill({});
  QLabel::changeEvent(event);
}

}  // namespace tijori
