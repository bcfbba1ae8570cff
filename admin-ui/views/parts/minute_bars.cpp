#include "admin-ui/views/parts/minute_bars.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/painted_text.h"
#include "admin-ui/views/parts/plot.h"

namespace tijori {
namespace {

constexpr double side = 16;
constexpr double axis_width = 34;
constexpr double head_height = 26;
constexpr double foot_height = 20;
constexpr double sample = 9;
constexpr double least_cap = 2;
constexpr double hatch_step = 3;

// Turned away is told by its hatching, not by its colour alone.
void paint_turned_away(QPainter& painter, const QRectF& area) {
  painter.save();
  painter.setClipRect(area);
  painter.fillRect(area, paint(Colour::danger_soft));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(paint(Colour::danger), 1.4));
  for (double at = -area.height(); at < area.width(); at += hatch_step)
    painter.drawLine(QPointF(area.left() + at, area.bottom()), QPointF(area.left() + at + area.height(), area.top()));
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), paint(Colour::danger));
  painter.restore();
}

}  // namespace

MinuteBars::MinuteBars(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setAccessibleName(tr("Records over time"));
  connect(&Theme::instance(), &Theme::changed, this, [this] {
    updateGeometry();
    update();
  });
}

void MinuteBars::set(std::vector<CountBar> bars, const CountSpan& span) {
  bars_ = std::move(bars);
  if (span != span_) {
    cursor_ = -1;
    dragged_.reset();
  }
  span_ = span;
  arrange();
  announce();
  update();
}

void MinuteBars::set_chosen(std::optional<Interval> chosen) {
  if (chosen == chosen_) return;
  chosen_ = chosen;
  announce();
  update();
}

void MinuteBars::set_corner(QWidget* corner) {
  corner_ = corner;
  corner_->setParent(this);
  arrange();
}

void MinuteBars::arrange() {
  if (corner_ == nullptr) return;
  const QSize size = corner_->sizeHint();
  const int wide = std::min(size.width(), std::max(0, width() - legend_end() - static_cast<int>(side)));
  corner_->setGeometry(width() - static_cast<int>(side) - wide, 4, wide, size.height());
}

void MinuteBars::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

QString MinuteBars::title() const {
  return tr("Records per %1").arg(duration_text(std::max<int64_t>(1, span_.bucket_us)));
}

int MinuteBars::legend_end() const {
  const double samples = 2 * sample + 3 + 2 * 6;
  return static_cast<int>(side + text_width(title(), Type::label) + 20 + samples + text_width(tr("all"), Type::label) +
                          16 + text_width(tr("refused or blocked"), Type::label) + 16);
}

QRectF MinuteBars::field() const {
  return {side + axis_width, head_height + 6, std::max(1.0, width() - 2 * side - axis_width),
          std::max(1.0, height() - head_height - 6 - foot_height - Theme::instance().script_growth())};
}

double MinuteBars::left_of(int bar) const {
  const QRectF area = field();
  return bars_.empty() ? area.left() : area.left() + area.width() * bar / static_cast<double>(bars_.size());
}

int MinuteBars::bar_at(double x) const {
  if (bars_.empty()) return -1;
  const QRectF area = field();
  const double place = (x - area.left()) / area.width() * static_cast<double>(bars_.size());
  return std::clamp(static_cast<int>(std::floor(place)), 0, static_cast<int>(bars_.size()) - 1);
}

int64_t MinuteBars::highest() const {
  int64_t most = 0;
  for (const CountBar& bar : bars_) most = std::max(most, bar.records);
  return most;
}

QString MinuteBars::words_of(int bar) const {
  if (bar < 0 || static_cast<size_t>(bar) >= bars_.size()) return {};
  const CountBar& counted = bars_.at(static_cast<size_t>(bar));
  return tr("From %1 (%2): %3 records, %4 of them refused or blocked")
      .arg(ist_stamp(begin_of(bar)), utc_stamp(begin_of(bar)), count_text(counted.records),
           count_text(counted.turned_away));
}

void MinuteBars::announce() {
  QString words;
  if (chosen_ && !bars_.empty())
    words = tr("Chosen: %1 to %2, %3 records")
                .arg(ist_stamp(begin_of(chosen_->first)), ist_stamp(begin_of(chosen_->last + 1)),
                     count_text(records_between(bars_, chosen_->first, chosen_->last)));
  else if (cursor_ >= 0)
    words = words_of(cursor_);
  else
    words = tr("%1 records in %n bar(s)", nullptr, static_cast<int>(bars_.size()))
                .arg(count_text(records_between(bars_, 0, static_cast<int>(bars_.size()) - 1)));
  if (words == accessibleDescription()) return;
  setAccessibleDescription(words);
}

void MinuteBars::paint_head(QPainter& painter) const {
  const double middle = head_height / 2 + 2;
  double left = side;
  const auto text = [&](const QString& words, Colour ink) {
    paint_text(painter, {left, middle}, words, Type::label, ink);
    left += text_width(words, Type::label);
  };
  text(title(), Colour::text2);
  left += 20;
  painter.fillRect(QRectF(left, middle - sample / 2, sample, sample), Theme::instance().series(0));
  left += sample + 6;
  text(tr("all"), Colour::text2);
  left += 16;
  paint_turned_away(painter, QRectF(left, middle - sample / 2, sample + 3, sample));
  left += sample + 9;
  text(tr("refused or blocked"), Colour::text2);
}

void MinuteBars::paint_bars(QPainter& painter) const {
  const QRectF area = field();
  const double step = round_step(std::max<double>(1, static_cast<double>(highest())));
  const double top = std::max(1.0, std::ceil(static_cast<double>(highest()) / step) * step);
  const auto height_of = [&](int64_t records) { return area.height() * static_cast<double>(records) / top; };
  painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), paint(Colour::line));
  for (const auto& [value, y] : {std::pair(top, area.top()), std::pair(0.0, area.bottom())}) {
    const QString text = count_text(static_cast<int64_t>(value));
    paint_text(painter, {area.left() - 8 - text_width(text, Type::axis), y}, text, Type::axis, Colour::text3);
  }
  for (size_t i = 0; i < bars_.size(); ++i) {
    const CountBar& bar = bars_.at(i);
    if (bar.records == 0) continue;
    const double left = std::round(left_of(static_cast<int>(i)));
    const double right = std::max(left + 1, std::round(left_of(static_cast<int>(i) + 1)) - 1);
    const double whole = std::max(1.0, height_of(bar.records));
    double cap = bar.turned_away == 0 ? 0 : std::max(least_cap, height_of(bar.turned_away));
    cap = std::min(cap, std::max(least_cap, whole));
    const double gap = cap > 0 && whole - cap > 2 ? 1 : 0;
    painter.fillRect(QRectF(left, area.bottom() - (whole - cap - gap), right - left, whole - cap - gap),
                     Theme::instance().series(0));
    if (cap > 0) paint_turned_away(painter, QRectF(left, area.bottom() - whole, right - left, cap));
  }
  painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), paint(Colour::edge));
  double free_from = 0;
  for (const CountTick& tick : ticks_of(span_)) {
    const double wide = text_width(tick.text, Type::axis);
    const double at =
        std::clamp(left_of(tick.bar) - wide / 2, side, std::max(side, static_cast<double>(width()) - side - wide));
    if (at < free_from) continue;
    painter.fillRect(QRectF(std::round(left_of(tick.bar)), area.bottom(), 1, 4), paint(Colour::edge));
    paint_text(painter, {at, area.bottom() + foot_height / 2 + 3}, tick.text, Type::axis, Colour::text3);
    free_from = at + wide + 8;
  }
}

void MinuteBars::paint_frame(QPainter& painter) const {
  const QRectF area = field();
  const auto frame = [&](int first, int last, Colour ink, double thick, bool filled) {
    const QRectF box(left_of(first) - 1, area.top() - 4, left_of(last + 1) - left_of(first) + 2, area.height() + 6);
    if (filled) {
      QColor wash = paint(Colour::accent);
      wash.setAlphaF(0.10F);
      painter.fillRect(box, wash);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(paint(ink), thick));
    painter.drawRect(box);
  };
  if (dragged_)
    frame(dragged_->first, dragged_->last, Colour::accent, 2, true);
  else if (chosen_)
    frame(chosen_->first, std::min(chosen_->last, static_cast<int>(bars_.size()) - 1), Colour::accent, 2, true);
  if (hasFocus() && cursor_ >= 0 && static_cast<size_t>(cursor_) < bars_.size())
    frame(cursor_, cursor_, Colour::focus, 2, false);
}

void MinuteBars::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  paint_head(painter);
  paint_bars(painter);
  paint_frame(painter);
}

void MinuteBars::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || bars_.empty()) return QWidget::mousePressEvent(event);
  anchor_ = bar_at(event->position().x());
  cursor_ = anchor_;
  dragged_ = Interval{anchor_, anchor_};
  update();
}

void MinuteBars::mouseMoveEvent(QMouseEvent* event) {
  const int bar = bar_at(event->position().x());
  if (dragged_) {
    dragged_ = Interval{std::min(anchor_, bar), std::max(anchor_, bar)};
    cursor_ = bar;
    update();
  }
  hovered_ = field().adjusted(0, -4, 0, foot_height).contains(event->position()) ? bar : -1;
}

void MinuteBars::mouseReleaseEvent(QMouseEvent* event) {
  if (!dragged_ || event->button() != Qt::LeftButton) return QWidget::mouseReleaseEvent(event);
  const Interval made = *std::exchange(dragged_, std::nullopt);
  anchor_ = -1;
  update();
  emit chosen_changed(made.first, made.last);
}

void MinuteBars::leaveEvent(QEvent* event) {
  hovered_ = -1;
  QWidget::leaveEvent(event);
}

void MinuteBars::focusInEvent(QFocusEvent* event) {
  if (cursor_ < 0 && !bars_.empty()) cursor_ = static_cast<int>(bars_.size()) - 1;
  QWidget::focusInEvent(event);
}

void MinuteBars::move_cursor(int bar, bool stretch) {
  bar = std::clamp(bar, 0, static_cast<int>(bars_.size()) - 1);
  if (stretch) {
    if (!dragged_) anchor_ = std::max(0, cursor_);
    dragged_ = Interval{std::min(anchor_, bar), std::max(anchor_, bar)};
  } else {
    dragged_.reset();
  }
  cursor_ = bar;
  announce();
  update();
}

void MinuteBars::keyPressEvent(QKeyEvent* event) {
  if (bars_.empty()) return QWidget::keyPressEvent(event);
  const bool stretch = (event->modifiers() & Qt::ShiftModifier) != 0;
  switch (event->key()) {
    case Qt::Key_Left:
      return move_cursor(cursor_ - 1, stretch);
    case Qt::Key_Right:
      return move_cursor(cursor_ + 1, stretch);
    case Qt::Key_Home:
      return move_cursor(0, stretch);
    case Qt::Key_End:
      return move_cursor(static_cast<int>(bars_.size()) - 1, stretch);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: {
      const int at = std::max(0, cursor_);
      const Interval made = std::exchange(dragged_, std::nullopt).value_or(Interval{at, at});
      emit chosen_changed(made.first, made.last);
      return;
    }
    case Qt::Key_Escape:
      if (dragged_ || chosen_) {
        dragged_.reset();
        update();
        emit let_go();
        return;
      }
      break;
    default:
      break;
  }
  QWidget::keyPressEvent(event);
}

bool MinuteBars::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* const help = static_cast<QHelpEvent*>(event);
    if (hovered_ >= 0)
      QToolTip::showText(help->globalPos(), words_of(hovered_), this);
    else
      QToolTip::hideText();
    return true;
  }
  return QWidget::event(event);
}

}  // namespace tijori
