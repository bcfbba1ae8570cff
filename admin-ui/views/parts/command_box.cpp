#include "admin-ui/views/parts/command_box.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QTimer>

namespace tijori {
namespace {
constexpr int copied_ms = 2'000;
}

CommandBox::CommandBox(Buttons buttons, QWidget* parent)
    : QFrame(parent),
      text_(new QLabel),
      copy_(new Button(tr("Copy"), ButtonKind::standard, QStringLiteral("clipboard"), ButtonSize::compact)),
      buttons_(new QHBoxLayout) {
  auto* box = new QBoxLayout(buttons == Buttons::beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, this);
  box->setContentsMargins(12, 8, 10, 8);
  box->setSpacing(8);
  text_->setTextFormat(Qt::PlainText);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  box->addWidget(text_, 1);
  box->addLayout(buttons_);
  buttons_->setSpacing(8);
  buttons_->addWidget(copy_, 0, Qt::AlignVCenter);
  if (buttons == Buttons::below) buttons_->addStretch();
  connect(copy_, &Button::clicked, this, &CommandBox::copy);
  connect(&Theme::instance(), &Theme::changed, this, &CommandBox::restyle);
  set_command({});
  restyle();
}

void CommandBox::set_command(const QString& command) {
  command_ = command;
  // A break is allowed after a slash and a dash, where a path or an option may be long.
  QString shown = command;
  shown.replace(QLatin1Char('/'), QStringLiteral("/\u200b"));
  text_->setText(shown);
  text_->setAccessibleName(command);
  copy_->setAccessibleName(tr("Copy the command %1").arg(command));
}

void CommandBox::add_button(Button* button) {
  buttons_->addWidget(button, 0, Qt::AlignVCenter);
}

void CommandBox::copy() {
  QGuiApplication::clipboard()->setText(command_);
  copy_->setText(tr("Copied"));
  QTimer::singleShot(copied_ms, copy_, [this] { copy_->setText(tr("Copy")); });
}

void CommandBox::restyle() {
  text_->setFont(type(Type::mono));
  text_->setMinimumHeight(Theme::instance().line_height(Type::mono));
  setStyleSheet(QStringLiteral("tijori--CommandBox { background: %1; border: 1px solid %2; border-radius: 6px; }")
                    .arg(paint(Colour::sunken).name(), paint(Colour::line).name()));
}

}  // namespace tijori
