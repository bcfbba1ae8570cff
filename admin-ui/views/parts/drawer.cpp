#include "admin-ui/views/parts/drawer.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QShortcut>
#include <algorithm>
#include <utility>

#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {
constexpr int beside_gap = 20;
constexpr int least_beside = 600;
}  // namespace

Drawer::Drawer(QWidget* parent) : QWidget(parent), outer_(new QVBoxLayout(this)) {
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(metric::drawer_width);
  outer_->setContentsMargins(0, 0, 0, 0);
  hide();
}

// Shortcuts of the window, since buttons and scroll areas take the arrow keys for themselves, and since the keyboard is
// in the table as often as in the drawer. A hidden drawer has none.
void Drawer::set_steps(bool on) {
  if (on == steps_) return;
  steps_ = on;
  for (const auto& [key, step] : {std::pair(Qt::Key_Up, -1), std::pair(Qt::Key_Down, 1)}) {
    auto* const shortcut = new QShortcut(QKeySequence(Qt::ALT | key), this);
    connect(shortcut, &QShortcut::activated, this, [this, step = step] {
      if (steps_) emit stepped(step);
    });
  }
}

QWidget* Drawer::make_head(const QString& title, const QString& note, const BadgeText& badge) {
  auto* head = new QWidget;
  head->setFixedHeight(70 + 2 * Theme::instance().script_growth());
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(20, 0, 12, 0);
  row->setSpacing(4);
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
  row->addLayout(words, 1);
  row->addWidget(new Badge(badge));
  const auto button = [&](const char* name, const char* icon, const QString& what, const QString& tip) {
    auto* made = new Button({}, ButtonKind::quiet, QLatin1String(icon), ButtonSize::compact);
    made->setObjectName(QLatin1String(name));
    made->setAccessibleName(what);
    made->setToolTip(tip);
    row->addWidget(made);
    return made;
  };
  if (steps_) {
    row->addSpacing(8);
    connect(button("drawer.up", "chevron-up", tr("Row above"), tr("Row above  Alt+Up")), &Button::clicked, this,
            [this] { emit stepped(-1); });
    connect(button("drawer.down", "chevron-down", tr("Row below"), tr("Row below  Alt+Down")), &Button::clicked, this,
            [this] { emit stepped(1); });
  }
  connect(button("drawer.close", "x-lg", tr("Close"), tr("Close  Esc")), &Button::clicked, this, [this] {
    hide();
    emit closed();
  });
  return head;
}

void Drawer::begin(const QString& title, const QString& note, const BadgeText& badge) {
  // A button of the old page may be what asked for the new one: it goes when its click has ended, and its successor
  // has the keyboard.
  focused_.clear();
  if (page_ != nullptr) {
    const QWidget* const focus = page_->focusWidget();
    if (focus != nullptr && focus->hasFocus()) focused_ = focus->objectName();
    outer_->removeWidget(page_);
    page_->hide();
    page_->deleteLater();
  }
  // Hidden until it is whole: what is added to a page that is seen is shown and laid out piece by piece.
  page_ = new QWidget(this);
  page_->hide();
  auto* across = new QHBoxLayout(page_);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(0);
  across->addWidget(make_divider(Qt::Vertical));
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  across->addLayout(column, 1);
  column->addWidget(make_head(title, note, badge));
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
  setAccessibleName(title);
}

void Drawer::section(const QString& name, QWidget* at_right) {
  if (rows_->count() > 0) {
    rows_->addSpacing(6);
    rows_->addWidget(make_divider(Qt::Horizontal));
    rows_->addSpacing(4);
  }
  auto* heading = new TextLabel(name, Type::body_strong);
  if (at_right == nullptr) return rows_->addWidget(heading);
  auto* row = new QHBoxLayout;
  row->addWidget(heading, 1);
  row->addWidget(at_right);
  rows_->addLayout(row);
}

TextLabel* Drawer::add_row(const QString& name, const QString& value, Type kind, QWidget* behind) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* label = new TextLabel(name, Type::label, Colour::text2);
  label->set_elide(Qt::ElideRight);
  label->setFixedWidth(116);
  row->addWidget(label, 0, Qt::AlignTop);
  auto* text = new TextLabel(value, kind);
  text->set_elide(kind == Type::mono ? Qt::ElideMiddle : Qt::ElideRight);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setAccessibleName(name + QStringLiteral(": ") + value);
  row->addWidget(text, behind == nullptr ? 1 : 0);
  if (behind != nullptr) {
    row->addWidget(behind);
    row->addStretch(1);
  }
  rows_->addLayout(row);
  return text;
}

void Drawer::pair(const QString& name, const QString& value, Type kind) {
  if (!value.isEmpty()) add_row(name, value, kind, nullptr);
}

void Drawer::looked_up(const QString& name, const QString& value) {
  auto* book = new QLabel;
  book->setPixmap(icon_pixmap(QStringLiteral("book"), Colour::text2, *this, 14));
  const QString why = tr("A name from the register: the record holds its id or digest");
  book->setToolTip(why);
  add_row(name, value, Type::body, book)->setAccessibleDescription(why);
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
  outer_->addWidget(page_);
  page_->show();
  show();
  if (!focused_.isEmpty())
    if (auto* const again = page_->findChild<QWidget*>(focused_)) again->setFocus();
}

void Drawer::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    hide();
    emit closed();
    return;
  }
  QWidget::keyPressEvent(event);
}

DrawerPane::DrawerPane(QWidget* content, Drawer* drawer, QWidget* parent)
    : QWidget(parent), content_(content), drawer_(drawer) {
  content_->setParent(this);
  drawer_->setParent(this);
  drawer_->installEventFilter(this);
}

void DrawerPane::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

bool DrawerPane::eventFilter(QObject* watched, QEvent* event) {
  if (watched == drawer_ && (event->type() == QEvent::Show || event->type() == QEvent::Hide)) arrange();
  return QWidget::eventFilter(watched, event);
}

void DrawerPane::arrange() {
  const int wide = std::min(width(), metric::drawer_width);
  drawer_->setGeometry(width() - wide, 0, wide, height());
  const bool beside = !drawer_->isHidden() && width() - wide - beside_gap >= least_beside;
  content_->setGeometry(0, 0, beside ? width() - wide - beside_gap : width(), height());
  if (!drawer_->isHidden()) drawer_->raise();
}

}  // namespace tijori
