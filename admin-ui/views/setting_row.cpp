#include "admin-ui/views/setting_row.h"

#include <QPainter>
#include <QResizeEvent>

namespace tijori {
namespace {

constexpr int control_px = 260;
constexpr int beside_from_px = 560;
constexpr int bar_px = 3;

}  // namespace

SettingRow::SettingRow(const SettingWords& words, QWidget* control, QWidget* parent)
    : QWidget(parent),
      words_(words),
      across_(new QBoxLayout(QBoxLayout::LeftToRight, this)),
      controls_(new QBoxLayout(QBoxLayout::LeftToRight)),
      origin_(new TextLabel(Type::label, Colour::text3)),
      reset_(new Button(tr("Reset"), ButtonKind::link, QStringLiteral("arrow-counterclockwise"), ButtonSize::compact)) {
  across_->setContentsMargins(16, 12, 16, 12);
  across_->setSpacing(16);
  auto* text = new QVBoxLayout;
  text->setSpacing(2);
  text->addWidget(new TextLabel(words.title, Type::body_strong));
  if (!words.sentence.isEmpty()) {
    auto* sentence = new TextLabel(Type::label, Colour::text2);
    sentence->setMinimumWidth(1);
    sentence->set_paragraph(words.sentence);
    text->addWidget(sentence);
  }
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  origin_->set_elide(Qt::ElideRight);
  foot->addWidget(origin_);
  foot->addWidget(reset_);
  foot->addStretch();
  origin_->hide();
  reset_->hide();
  reset_->setAccessibleName(tr("Reset %1").arg(words.title));
  text->addLayout(foot);
  across_->addLayout(text, 1);
  controls_->setSpacing(8);
  across_->addLayout(controls_);
  if (control != nullptr) {
    control->setFixedWidth(control_px);
    control->setAccessibleName(words.title);
    control->setAccessibleDescription(words.sentence);
    controls_->addWidget(control, 0, Qt::AlignVCenter);
  }
  connect(reset_, &Button::clicked, this, &SettingRow::reset_asked);
}

void SettingRow::set_value(const QString& value) {
  if (value_ == nullptr) {
    value_ = new TextLabel(Type::body);
    value_->set_elide(Qt::ElideRight);
    controls_->addWidget(value_, 1, Qt::AlignVCenter);
  }
  value_->setText(value);
  value_->setAccessibleName(QStringLiteral("%1: %2").arg(words_.title, value));
}

void SettingRow::set_origin(const QString& origin) {
  origin_->setText(origin);
  origin_->setVisible(!origin.isEmpty());
}

void SettingRow::set_changed(bool changed) {
  changed_ = changed;
  reset_->setVisible(changed);
  update();
}

void SettingRow::add_control(QWidget* control) {
  controls_->addWidget(control, 0, Qt::AlignVCenter);
}

void SettingRow::paintEvent(QPaintEvent* event) {
  QWidget::paintEvent(event);
  if (!changed_) return;
  QPainter painter(this);
  painter.fillRect(QRect(0, 0, bar_px, height()), paint(Colour::accent));
}

void SettingRow::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  across_->setDirection(event->size().width() < beside_from_px ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  across_->setSpacing(event->size().width() < beside_from_px ? 8 : 16);
}

}  // namespace tijori
