#include "admin-ui/views/parts/drawer.h"

#include <QHBoxLayout>
#include <QKeyEvent>

#include "admin-ui/views/parts/panel.h"

namespace tijori {

Drawer::Drawer(QWidget* parent) : QWidget(parent), outer_(new QVBoxLayout(this)) {
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(metric::drawer_width);
  outer_->setContentsMargins(0, 0, 0, 0);
  hide();
}

void Drawer::begin(const QString& title, const QString& note, const BadgeText& badge) {
  delete page_;
  page_ = new QWidget;
  auto* across = new QHBoxLayout(page_);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(0);
  across->addWidget(make_divider(Qt::Vertical));
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  across->addLayout(column, 1);
  auto* head = new QWidget;
  head->setFixedHeight(70 + 2 * Theme::instance().script_growth());
  auto* head_row = new QHBoxLayout(head);
  head_row->setContentsMargins(20, 0, 12, 0);
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  words->addStretch();
  auto* heading = new TextLabel(title, Type::dialog_title);
  heading->set_elide(Qt::ElideRight);
  auto* line = new TextLabel(note, Type::label, Colour::text2);
  line->set_elide(Qt::ElideRight);
  words->addWidget(heading);
  words->addWidget(line);
  words->addStretch();
  head_row->addLayout(words, 1);
  head_row->addWidget(new Badge(badge));
  auto* shut = new Button({}, ButtonKind::quiet, QStringLiteral("x-lg"), ButtonSize::compact);
  shut->setAccessibleName(tr("Close"));
  shut->setToolTip(tr("Close  Esc"));
  connect(shut, &Button::clicked, this, [this] {
    hide();
    emit closed();
  });
  head_row->addWidget(shut);
  column->addWidget(head);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* inner = new QWidget;
  rows_ = new QVBoxLayout(inner);
  rows_->setContentsMargins(20, 12, 20, 12);
  rows_->setSpacing(6);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(inner);
  column->addWidget(scroll, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* foot = new QWidget;
  actions_ = new QHBoxLayout(foot);
  actions_->setContentsMargins(20, 12, 20, 12);
  actions_->setSpacing(8);
  column->addWidget(foot);
  outer_->addWidget(page_);
  setAccessibleName(title);
  show();
}

void Drawer::section(const QString& name) {
  if (rows_->count() > 0) {
    rows_->addSpacing(6);
    rows_->addWidget(make_divider(Qt::Horizontal));
    rows_->addSpacing(4);
  }
  rows_->addWidget(new TextLabel(name, Type::body_strong));
}

void Drawer::pair(const QString& name, const QString& value, Type kind) {
  if (value.isEmpty()) return;
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* label = new TextLabel(name, Type::label, Colour::text2);
  label->setFixedWidth(116);
  row->addWidget(label, 0, Qt::AlignTop);
  auto* text = new TextLabel(value, kind);
  text->set_elide(kind == Type::mono ? Qt::ElideMiddle : Qt::ElideRight);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setAccessibleName(name + QStringLiteral(": ") + value);
  row->addWidget(text, 1);
  rows_->addLayout(row);
}

void Drawer::paragraph(const QString& text, Colour role) {
  auto* words = new TextLabel(Type::body, role);
  words->set_paragraph(text);
  rows_->addWidget(words);
}

void Drawer::add(QWidget* widget) {
  rows_->addWidget(widget);
}

Button* Drawer::action(const QString& text, ButtonKind kind, const QString& icon) {
  auto* made = new Button(text, kind, icon);
  actions_->addWidget(made);
  return made;
}

void Drawer::end() {
  rows_->addStretch();
  actions_->addStretch();
}

void Drawer::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    hide();
    emit closed();
    return;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace tijori
