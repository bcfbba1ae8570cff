#include "admin-ui/views/parts/state_view.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace tijori {
namespace {
constexpr int show_after_ms = 300;
constexpr int cancel_after_ms = 5'000;
constexpr int card_width = 420;
}  // namespace

StateView::StateView(QWidget* content, QWidget* parent)
    : QWidget(parent), stack_(new QStackedLayout(this)), content_(content), card_(new QWidget) {
  card_layout_ = new QVBoxLayout(card_);
  card_layout_->setContentsMargins(24, 24, 24, 24);
  stack_->addWidget(content_);
  stack_->addWidget(card_);
  timer_.setInterval(100);
  connect(&timer_, &QTimer::timeout, this, &StateView::tick);
}

void StateView::show_content() {
  timer_.stop();
  state_ = State::content;
  stack_->setCurrentWidget(content_);
}

void StateView::show_empty(const QString& icon, const QString& title, const QString& what_to_do,
                           QList<StateAction> actions) {
  state_ = State::empty;
  show_card(icon, Colour::text2, title, what_to_do, std::move(actions));
}

void StateView::show_error(const QString& title, const QString& explanation, QList<StateAction> actions) {
  state_ = State::error;
  show_card(QStringLiteral("plug"), Colour::danger, title, explanation, std::move(actions));
}

void StateView::show_no_permission(const QString& needed_role, const QString& own_roles) {
  state_ = State::no_permission;
  show_card(QStringLiteral("lock"), Colour::text2, tr("This needs the role %1").arg(needed_role),
            tr("You have: %1. An operator can grant it: issue a certificate with that role and add it to the register.")
                .arg(own_roles.isEmpty() ? tr("no role") : own_roles),
            {});
}

void StateView::show_card(const QString& icon_name, Colour ink, const QString& title, const QString& text,
                          QList<StateAction> actions) {
  timer_.stop();
  cancel_button_ = nullptr;
  delete card_;
  card_ = new QWidget;
  stack_->addWidget(card_);
  card_layout_ = new QVBoxLayout(card_);
  card_layout_->setContentsMargins(24, 24, 24, 24);
  card_layout_->setSpacing(8);
  card_layout_->addStretch(2);
  auto* picture = new QLabel;
  picture->setPixmap(icon_pixmap(icon_name, ink, *this, 32));
  card_layout_->addWidget(picture, 0, Qt::AlignHCenter);
  auto* heading = new TextLabel(title, Type::body_strong);
  heading->setAlignment(Qt::AlignHCenter);
  card_layout_->addWidget(heading, 0, Qt::AlignHCenter);
  auto* sentence = new TextLabel(Type::body, Colour::text2);
  sentence->setAlignment(Qt::AlignHCenter);
  sentence->set_paragraph(text);
  // As wide as it likes, and narrower where the pane is.
  sentence->setMaximumWidth(card_width);
  auto* middle = new QHBoxLayout;
  middle->addStretch(1);
  middle->addWidget(sentence, 1'000);
  middle->addStretch(1);
  card_layout_->addLayout(middle);
  if (!actions.isEmpty()) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch();
    for (const StateAction& action : actions) {
      auto* button = new Button(action.text);
      connect(button, &Button::clicked, this, [run = action.run] {
        if (run) run();
      });
      row->addWidget(button);
    }
    row->addStretch();
    card_layout_->addSpacing(4);
    card_layout_->addLayout(row);
  }
  card_layout_->addStretch(3);
  setAccessibleName(title);
  setAccessibleDescription(text);
  stack_->setCurrentWidget(card_);
  update();
}

void StateView::show_loading(const QString& asked, std::function<void()> cancel) {
  if (state_ == State::loading) return;
  state_ = State::loading;
  asked_ = asked;
  cancel_ = std::move(cancel);
  cancel_button_ = nullptr;
  delete card_;
  card_ = new QWidget;
  card_layout_ = new QVBoxLayout(card_);
  card_layout_->setContentsMargins(24, 24, 24, 24);
  card_layout_->addStretch();
  stack_->addWidget(card_);
  stack_->setCurrentWidget(card_);
  since_.start();
  timer_.start();
  setAccessibleName(asked);
}

void StateView::tick() {
  if (cancel_ && cancel_button_ == nullptr && since_.elapsed() >= cancel_after_ms) {
    cancel_button_ = new Button(tr("Cancel"));
    connect(cancel_button_, &Button::clicked, this, [this] { cancel_(); });
    card_layout_->addWidget(cancel_button_, 0, Qt::AlignLeft);
  }
  update();
}

void StateView::paintEvent(QPaintEvent* event) {
  QWidget::paintEvent(event);
  if (state_ != State::loading || since_.elapsed() < show_after_ms) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const int top = std::max(24, height() / 2 - 72);
  const QFont letters = type(Type::label);
  painter.setFont(letters);
  painter.setPen(paint(Colour::text2));
  const QString seconds = QLocale().toString(static_cast<double>(since_.elapsed()) / 1000.0, 'f', 1);
  painter.drawText(QPointF(24, top + 9 + baseline_drop(letters.pixelSize())), tr("%1, %2 s").arg(asked_, seconds));
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(Colour::line));
  static constexpr std::array widths{0.62, 0.86, 0.5, 0.74};
  for (std::size_t i = 0; i < widths.size(); ++i)
    painter.drawRoundedRect(QRectF(24, top + 32 + 24.0 * static_cast<double>(i), (width() - 48) * widths.at(i), 10), 4,
                            4);
}

}  // namespace tijori
