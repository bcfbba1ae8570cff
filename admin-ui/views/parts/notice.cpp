#include "admin-ui/views/parts/notice.h"

#include <QAccessible>

#include "admin-ui/views/parts/badge.h"

namespace tijori {
namespace {

QString icon_of(Tone tone) {
  switch (tone) {
    case Tone::danger:
      return QStringLiteral("x-octagon-fill");
    case Tone::warn:
      return QStringLiteral("exclamation-triangle-fill");
    case Tone::ok:
      return QStringLiteral("check-circle-fill");
    default:
      return QStringLiteral("info-circle-fill");
  }
}

}  // namespace

Notice::Notice(Tone tone, QWidget* parent)
    : QFrame(parent),
      tone_(tone),
      picture_(new QLabel),
      title_(new TextLabel(Type::body_strong)),
      advice_(new TextLabel(Type::label, Colour::text2)),
      command_(new CommandBox(CommandBox::Buttons::below)),
      buttons_(new QHBoxLayout) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 10, 12, 12);
  row->setSpacing(10);
  picture_->setFixedWidth(metric::icon);
  auto* beside = new QVBoxLayout;
  beside->setContentsMargins(0, 2, 0, 0);
  beside->addWidget(picture_);
  beside->addStretch();
  row->addLayout(beside);
  auto* column = new QVBoxLayout;
  column->setSpacing(4);
  column->addWidget(title_);
  column->addWidget(advice_);
  column->addWidget(command_);
  column->addLayout(buttons_);
  buttons_->setContentsMargins(0, 0, 0, 0);
  row->addLayout(column, 1);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  connect(&Theme::instance(), &Theme::changed, this, &Notice::restyle);
  restyle();
  hide();
}

void Notice::say(const QString& title, const QString& advice, const QString& command) {
  title_->set_paragraph(title);
  advice_->set_paragraph(advice);
  advice_->setVisible(!advice.isEmpty());
  command_->set_command(command);
  command_->setVisible(!command.isEmpty());
  setAccessibleName(title);
  setAccessibleDescription(advice);
  show();
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

void Notice::set_tone(Tone tone) {
  tone_ = tone;
  restyle();
}

void Notice::add_button(Button* button) {
  if (buttons_->count() == 0) {
    buttons_->setContentsMargins(0, 4, 0, 0);
    buttons_->addStretch();
  }
  buttons_->insertWidget(buttons_->count() - 1, button);
}

void Notice::restyle() {
  picture_->setPixmap(icon_pixmap(icon_of(tone_), ink_of(tone_), *this));
  setStyleSheet(QStringLiteral("tijori--Notice { background: %1; border: 1px solid %2; border-radius: 6px; }")
                    .arg(paint(fill_of(tone_)).name(), paint(ink_of(tone_)).name()));
}

}  // namespace tijori
