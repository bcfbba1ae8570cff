#include "admin-ui/views/parts/button.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>

namespace tijori {
namespace {
const char* name_of(ButtonKind kind) {
  switch (kind) {
    case ButtonKind::standard:
      return "standard";
    case ButtonKind::primary:
      return "primary";
    case ButtonKind::quiet:
      return "quiet";
    case ButtonKind::link:
      return "link";
    case ButtonKind::danger:
      return "danger";
    case ButtonKind::confirm:
      return "confirm";
  }
  return "standard";
}

// setText() alone drops the button's key.
void set_words(QAbstractButton& button, const QString& words) {
  const QKeySequence key = button.shortcut();
  button.setText(words);
  button.setShortcut(key);
}
}  // namespace

Button::Button(const QString& text, ButtonKind kind, const QString& icon_name, ButtonSize size, QWidget* parent)
    : QPushButton(text, parent), kind_(kind), size_(size), icon_name_(icon_name) {
  setProperty("kind", name_of(kind));
  setProperty("compact", size == ButtonSize::compact);
  setCursor(Qt::PointingHandCursor);
  setAutoDefault(false);
  connect(&Theme::instance(), &Theme::changed, this, &Button::restyle);
  restyle();
}

void Button::set_refusal(const QString& why) {
  if (why.isEmpty() != isEnabled()) {
    if (why.isEmpty()) {
      setToolTip(tooltip_);
    } else {
      tooltip_ = toolTip();
    }
  }
  setEnabled(why.isEmpty());
  if (!why.isEmpty()) setToolTip(why);
}

void Button::set_pending(const QString& word) {
  if (!resting_text_.isEmpty()) return;
  resting_text_ = text();
  resting_icon_ = icon_name_;
  setMinimumWidth(width());
  set_words(*this, word);
  set_icon(QStringLiteral("arrow-repeat"));
  setEnabled(false);
}

void Button::end_pending() {
  if (resting_text_.isEmpty()) return;
  set_words(*this, resting_text_);
  resting_text_.clear();
  set_icon(resting_icon_);
  setMinimumWidth(0);
  setEnabled(true);
}

void Button::set_icon(const QString& icon_name) {
  icon_name_ = icon_name;
  restyle();
}

void Button::changeEvent(QEvent* event) {
  if (event->type() == QEvent::EnabledChange) restyle();
  QPushButton::changeEvent(event);
}

void Button::restyle() {
  setFont(type(kind_ == ButtonKind::primary || kind_ == ButtonKind::confirm ? Type::body_strong : Type::button));
  if (icon_name_.isEmpty()) {
    setIcon({});
    return;
  }
  Colour ink = Colour::text;
  if (kind_ == ButtonKind::primary) ink = Colour::on_accent;
  if (kind_ == ButtonKind::link) ink = Colour::accent;
  if (kind_ == ButtonKind::danger) ink = Colour::danger;
  if (kind_ == ButtonKind::confirm) ink = Colour::surface;
  if (!isEnabled()) ink = Colour::text3;
  const int px = size_ == ButtonSize::compact ? 14 : metric::icon;
  const QPixmap drawn = icon_pixmap(icon_name_, ink, *this, px);
  // Four empty pixels between icon and text, which QSS can't ask for.
  const int gap = text().isEmpty() ? 0 : metric::unit;
  QPixmap wide(QSize(px + gap, px) * drawn.devicePixelRatio());
  wide.setDevicePixelRatio(drawn.devicePixelRatio());
  wide.fill(Qt::transparent);
  QPainter painter(&wide);
  painter.drawPixmap(0, 0, drawn);
  painter.end();
  QIcon made(wide);
  made.addPixmap(wide, QIcon::Disabled);
  setIcon(made);
  setIconSize(QSize(px + gap, px));
}

}  // namespace tijori
