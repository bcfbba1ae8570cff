#include "admin-ui/views/parts/panel.h"

namespace tijori {

QFrame* make_divider(Qt::Orientation orientation, QWidget* parent) {
  auto* line = new QFrame(parent);
  line->setProperty("divider", true);
  if (orientation == Qt::Horizontal) {
    line->setFixedHeight(1);
  } else {
    line->setFixedWidth(1);
  }
  return line;
}

Panel::Panel(QWidget* parent) : QFrame(parent), body_(new QVBoxLayout) {
  setProperty("panel", true);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(1, 1, 1, 1);  // keeps the border visible
  outer->setSpacing(0);
  body_->setContentsMargins(0, 0, 0, 0);
  body_->setSpacing(0);
  outer->addLayout(body_, 1);
}

Panel::Panel(const QString& title, const QString& note, QWidget* parent) : Panel(parent) {
  head_ = new QWidget;
  head_layout_ = new QHBoxLayout(head_);
  head_layout_->setContentsMargins(16, 0, 12, 0);
  head_layout_->setSpacing(8);
  title_ = new TextLabel(title, Type::body_strong);
  note_ = new TextLabel(note, Type::label, Colour::text2);
  note_->set_elide(Qt::ElideRight);
  head_layout_->addWidget(title_);
  head_layout_->addWidget(note_, 1);
  head_->setFixedHeight(40 + Theme::instance().script_growth() / 2);
  body_->addWidget(head_);
  add_divider();
  setAccessibleName(title);
}

void Panel::set_title(const QString& title) {
  title_->setText(title);
  setAccessibleName(title);
}

void Panel::set_note(const QString& note) {
  note_->setText(note);
}

void Panel::add_to_head(QWidget* control) {
  head_layout_->addWidget(control);
}

void Panel::add_divider() {
  body_->addWidget(make_divider(Qt::Horizontal));
}

}  // namespace tijori
