#include "admin-ui/views/parts/step_row.h"

#include <QHBoxLayout>
#include <QPainter>

namespace tijori {
namespace {

constexpr int circle_px = 24;
constexpr int gutter_px = 40;
constexpr int fact_name_px = 128;
constexpr int check_px = 16;

}  // namespace

StepRow::StepRow(int number, State state, const QString& title, Place place, QWidget* parent)
    : QWidget(parent), number_(number), state_(state), place_(place), body_(new QVBoxLayout(this)) {
  body_->setContentsMargins(gutter_px, 0, 0, place == Place::last ? 0 : 20);
  body_->setSpacing(6);
  auto* head = new TextLabel(title, Type::step_title, state == State::coming ? Colour::text2 : Colour::text);
  head->setMinimumHeight(circle_px);
  body_->addWidget(head);
  setAccessibleName(title);
  setAccessibleDescription(state == State::done      ? tr("Step %1, done").arg(number)
                           : state == State::current ? tr("Step %1, to do now").arg(number)
                                                     : tr("Step %1, to come").arg(number));
  connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void StepRow::add(QWidget* widget) {
  body_->addWidget(widget);
}

void StepRow::add_paragraph(const QString& text, Colour role) {
  auto* label = new TextLabel(Type::body, role);
  label->set_paragraph(text);
  body_->addWidget(label);
}

void StepRow::add_fact(const QString& name, const QString& value, Type kind) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* label = new TextLabel(name, Type::label, Colour::text2);
  label->setFixedWidth(fact_name_px);
  auto* shown = new TextLabel(value, kind);
  shown->set_elide(Qt::ElideMiddle);
  shown->setAccessibleName(name + QStringLiteral(": ") + value);
  row->addWidget(label);
  row->addWidget(shown, 1);
  body_->addLayout(row);
}

void StepRow::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const int growth = Theme::instance().script_growth() / 2;
  const QRectF circle(0.5, growth + 0.5, circle_px - 1, circle_px - 1);
  if (place_ == Place::before_others) {
    painter.setPen(QPen(paint(Colour::line), 1));
    painter.drawLine(QPointF(circle_px / 2.0, circle.bottom() + 4), QPointF(circle_px / 2.0, height() - 4));
  }
  if (state_ == State::coming) {
    painter.setPen(QPen(paint(Colour::edge), 1));
    painter.setBrush(Qt::NoBrush);
  } else {
    painter.setPen(Qt::NoPen);
    painter.setBrush(paint(state_ == State::done ? Colour::ok : Colour::accent));
  }
  painter.drawEllipse(circle);
  if (state_ == State::done) {
    const QPixmap check = icon_pixmap(QStringLiteral("check-lg"), Colour::surface, *this, check_px);
    painter.drawPixmap(QPointF(circle.center().x() - check_px / 2.0, circle.center().y() - check_px / 2.0), check);
    return;
  }
  const QFont letters = type(Type::body_strong);
  painter.setFont(letters);
  painter.setPen(paint(state_ == State::current ? Colour::on_accent : Colour::text2));
  const QString digit = QString::number(number_);
  const double width = QFontMetricsF(letters).horizontalAdvance(digit);
  painter.drawText(QPointF(circle.center().x() - width / 2, circle.center().y() + baseline_drop(letters.pixelSize())),
                   digit);
}

}  // namespace tijori
