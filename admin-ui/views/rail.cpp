#include "admin-ui/views/rail.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class RailButton : public QAbstractButton {
 public:
  RailButton(RailEntry entry, int digit, QWidget* parent)
      : QAbstractButton(parent), entry_(std::move(entry)), digit_(digit) {
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(entry_.title);
    setObjectName(QStringLiteral("rail.") + entry_.id);
    setToolTip(QStringLiteral("%1  Ctrl+%2").arg(entry_.title).arg(digit_));
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
  }
  const QString& id() const { return entry_.id; }
  void set_narrow(bool narrow) {
    narrow_ = narrow;
    update();
  }
  QSize sizeHint() const override { return {metric::rail_width, 36 + Theme::instance().script_growth()}; }

 protected:
  bool event(QEvent* event) override {
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave) update();
    return QAbstractButton::event(event);
  }
  void paintEvent(QPaintEvent* /*event*/) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect box = rect().adjusted(8, 2, -8, -2);
    if (isChecked() || underMouse()) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(paint(isChecked() ? Colour::accent_soft : Colour::hover));
      painter.drawRoundedRect(box, metric::radius_control, metric::radius_control);
    }
    if (isChecked()) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(paint(Colour::accent));
      painter.drawRoundedRect(QRectF(box.left(), box.top() + 6, 3, box.height() - 12), 1.5, 1.5);
    }
    const double middle = box.top() + box.height() / 2.0;
    const int icon_left = narrow_ ? (width() - metric::icon) / 2 : box.left() + 12;
    painter.drawPixmap(QPointF(icon_left, middle - metric::icon / 2.0),
                       icon_pixmap(entry_.icon, isChecked() ? Colour::accent : Colour::text2, *this));
    if (narrow_) return;
    const QFont letters = type(isChecked() ? Type::body_strong : Type::body);
    painter.setFont(letters);
    painter.setPen(paint(isChecked() ? Colour::text : Colour::text2));
    painter.drawText(QPointF(box.left() + 40, middle + baseline_drop(letters.pixelSize())), entry_.title);
    const int right = box.right() - 12;
    if (entry_.mark == RailEntry::Mark::digit) {
      const QFont small = type(Type::axis);
      painter.setFont(small);
      painter.setPen(paint(Colour::text3));
      const QString digit = QString::number(digit_);
      painter.drawText(
          QPointF(right - QFontMetricsF(small).horizontalAdvance(digit) - 2, middle + baseline_drop(small.pixelSize())),
          digit);
    } else {
      const bool locked = entry_.mark == RailEntry::Mark::locked;
      painter.drawPixmap(QPointF(right - 14, middle - 7),
                         icon_pixmap(locked ? QStringLiteral("lock") : QStringLiteral("exclamation-triangle-fill"),
                                     locked ? Colour::text3 : Colour::warn, *this, 14));
    }
  }
  void keyPressEvent(QKeyEvent* event) override {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return click();
    if (event->key() == Qt::Key_Down) return static_cast<void>(focusNextChild());
    if (event->key() == Qt::Key_Up) return static_cast<void>(focusPreviousChild());
    QAbstractButton::keyPressEvent(event);
  }

 private:
  RailEntry entry_;
  int digit_;
  bool narrow_ = false;
};

Rail::Rail(QWidget* parent)
    : QWidget(parent),
      head_(new QWidget),
      appliance_(new TextLabel(Type::body_strong)),
      site_(new TextLabel(Type::label, Colour::text2)),
      switcher_(new Button({}, ButtonKind::quiet, QStringLiteral("chevron-expand"), ButtonSize::compact)),
      list_(new QWidget),
      foot_(new QWidget),
      person_(new TextLabel(Type::body_strong)),
      roles_(new TextLabel(Type::label, Colour::text2)),
      lock_(new Button({}, ButtonKind::quiet, QStringLiteral("lock"), ButtonSize::compact)) {
  setProperty("fill", "rail");
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(metric::rail_width);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);

  const auto pair = [](QWidget* where, const QString& icon_name, TextLabel* upper, TextLabel* lower, Button* button) {
    auto* row = new QHBoxLayout(where);
    row->setContentsMargins(17, 0, 10, 0);
    row->setSpacing(10);
    auto* picture = new QLabel;
    const auto draw = [picture, icon_name] {
      picture->setPixmap(icon_pixmap(icon_name, icon_name == QLatin1String("safe2") ? Colour::accent : Colour::text2,
                                     *picture, icon_name == QLatin1String("safe2") ? 20 : 16));
    };
    QObject::connect(&Theme::instance(), &Theme::changed, picture, draw);
    draw();
    row->addWidget(picture);
    picture->setObjectName(QStringLiteral("picture"));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch();
    words->addWidget(upper);
    words->addWidget(lower);
    words->addStretch();
    upper->set_elide(Qt::ElideRight);
    lower->set_elide(Qt::ElideRight);
    row->addLayout(words, 1);
    row->addWidget(button);
  };
  pair(head_, QStringLiteral("safe2"), appliance_, site_, switcher_);
  pair(foot_, QStringLiteral("person-badge"), person_, roles_, lock_);
  switcher_->setObjectName(QStringLiteral("rail.switch"));
  lock_->setObjectName(QStringLiteral("rail.lock"));
  person_->setObjectName(QStringLiteral("rail.person"));
  appliance_->setObjectName(QStringLiteral("rail.appliance"));
  switcher_->setAccessibleName(tr("Switch appliance"));
  switcher_->setToolTip(tr("Switch appliance"));
  lock_->setAccessibleName(tr("Lock"));
  lock_->setToolTip(tr("Lock  Ctrl+L"));
  connect(switcher_, &Button::clicked, this, &Rail::switch_asked);
  connect(lock_, &Button::clicked, this, &Rail::lock_asked);

  list_->setLayout(new QVBoxLayout);
  list_->layout()->setContentsMargins(0, 8, 0, 8);
  list_->layout()->setSpacing(0);
  const auto restyle = [this] {
    head_->setFixedHeight(47 + Theme::instance().script_growth());
    foot_->setFixedHeight(56 + Theme::instance().script_growth());
  };
  connect(&Theme::instance(), &Theme::changed, this, restyle);
  restyle();
  layout->addWidget(head_);
  layout->addWidget(make_divider(Qt::Horizontal));
  layout->addWidget(list_);
  layout->addStretch(1);
  layout->addWidget(make_divider(Qt::Horizontal));
  layout->addWidget(foot_);
}

void Rail::set_appliance(const QString& name, const QString& site) {
  appliance_->setText(name);
  site_->setText(site);
  set_narrow(narrow_);
}

void Rail::set_person(const QString& name, const QString& roles) {
  person_->setText(name);
  roles_->setText(roles);
  set_narrow(narrow_);
}

void Rail::set_entries(const std::vector<RailEntry>& entries) {
  QString current;
  bool had_focus = false;
  for (RailButton* button : buttons_) {
    if (button->isChecked()) current = button->id();
    had_focus = had_focus || button->hasFocus();
    delete button;
  }
  buttons_.clear();
  int digit = 1;
  for (const RailEntry& entry : entries) {
    auto* button = new RailButton(entry, digit++, list_);
    button->set_narrow(narrow_);
    connect(button, &QAbstractButton::clicked, this, [this, id = entry.id] { emit chosen(id); });
    list_->layout()->addWidget(button);
    buttons_.push_back(button);
  }
  choose(current);
  if (had_focus)
    for (RailButton* button : buttons_)
      if (button->isChecked()) button->setFocus();
}

void Rail::choose(const QString& id) {
  for (RailButton* button : buttons_)
    if (button->id() == id) button->setChecked(true);
}

void Rail::set_narrow(bool narrow) {
  narrow_ = narrow;
  setFixedWidth(narrow ? metric::narrow_rail_width : metric::rail_width);
  for (RailButton* button : buttons_) button->set_narrow(narrow);
  // Its head and its foot are the two buttons then.
  for (QWidget* const end : {head_, foot_}) {
    end->layout()->setContentsMargins(narrow ? 14 : 17, 0, narrow ? 14 : 10, 0);
    end->findChild<QLabel*>(QStringLiteral("picture"))->setVisible(!narrow);
  }
  for (QWidget* const word : {appliance_, person_, roles_}) word->setVisible(!narrow);
  site_->setVisible(!narrow && !site_->text().isEmpty());
  switcher_->setToolTip(narrow ? tr("%1: switch appliance").arg(appliance_->text()) : tr("Switch appliance"));
  lock_->setToolTip(narrow ? tr("%1, %2. Lock  Ctrl+L", "person, roles").arg(person_->text(), roles_->text())
                           : tr("Lock  Ctrl+L"));
}

}  // namespace tijori
