#include "admin-ui/views/parts/plot.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/painted_text.h"
#include "admin-ui/views/parts/plot_frame.h"

namespace tijori {
namespace {

constexpr int head_px = 22;
constexpr int legend_px = 22;
constexpr int side_px = 16;
constexpr int axis_px = 26;
constexpr int least_px = 40;
constexpr double line_px = 1.6;
constexpr int64_t minute_us = 60'000'000;
constexpr int max_time_ticks = 6;
constexpr int max_gap_names = 6;
// A picture stands for so many columns of time: what comes meanwhile is drawn over it with each value.
constexpr int64_t picture_columns = 4;
// How far back of those the last value may lie that they are joined to.
constexpr int joined_columns = 4;

const std::array<QVector<qreal>, series_count>& dashes() {
  static const std::array<QVector<qreal>, series_count> patterns{
      {{}, {6 / line_px, 2.5 / line_px}, {6 / line_px, 2.5 / line_px, 1.5 / line_px, 2.5 / line_px}, {1.2, 1.8}}};
  return patterns;
}

QPen series_pen(std::size_t number) {
  QPen pen(Theme::instance().series(number), line_px);
  pen.setCapStyle(Qt::FlatCap);
  // A bend of a line this thin shows no roundness, and there are thousands of bends.
  pen.setJoinStyle(Qt::MiterJoin);
  if (!dashes().at(number).isEmpty()) pen.setDashPattern(dashes().at(number));
  return pen;
}

// Between two ticks, so that there are at most six.
int64_t time_step(int64_t span_us) {
  static constexpr std::array<int64_t, 10> steps{1, 2, 5, 10, 15, 30, 60, 120, 240, 480};
  for (const int64_t minutes : steps)
    if (span_us / (minutes * minute_us) <= max_time_ticks) return minutes * minute_us;
  return steps.back() * minute_us;
}

}  // namespace

void PlotTime::set_span(int64_t span_us) {
  span_us_ = std::clamp(span_us, minute_us, 31 * 24 * 60 * minute_us);
  emit changed();
}

void PlotTime::advance(int64_t now_us) {
  if (paused_ || now_us < 0 || now_us > max_time_us) return;
  to_us_ = now_us;
  emit changed();
}

void PlotTime::set_paused(bool paused) {
  paused_ = paused;
  emit changed();
}

void PlotTime::set_crosshair(std::optional<int64_t> time_us) {
  if (time_us == crosshair_us_) return;
  crosshair_us_ = time_us;
  emit changed();
}

double round_step(double largest) {
  // The power of ten of a denormal number would be 0, and so the step.
  if (!(largest > 1e-9) || !std::isfinite(largest)) return 0.25;
  const double rough = largest / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

Plot::Plot(const QString& title, const QString& unit, int decimals, std::vector<PlotSeries> series,
           const SeriesStore& store, PlotTime& time, QWidget* parent)
    : QWidget(parent),
      title_(title),
      unit_(unit),
      decimals_(decimals),
      series_(std::move(series)),
      store_(store),
      time_(time) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  // It fills itself: what lies below needn't be drawn each time.
  setAttribute(Qt::WA_OpaquePaintEvent);
  connect(&time_, &PlotTime::changed, this, &Plot::follow_time);
  connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
  announce();
}

void Plot::set_limit(std::optional<PlotLimit> limit) {
  if (limit && !(limit->value > 0 && limit->value < largest_drawn)) limit.reset();
  if (limit == limit_) return;
  limit_ = std::move(limit);
  key_.reset();
  update();
}

void Plot::set_shows_time_chip(bool shows) {
  time_chip_ = shows;
  update();
}

void Plot::set_series(std::vector<PlotSeries> series) {
  series_ = std::move(series);
  key_.reset();
  update();
}

void Plot::offer(const QList<QAction*>& actions) {
  addActions(actions);
  more_ = new Button({}, ButtonKind::quiet, QStringLiteral("three-dots"), ButtonSize::compact, this);
  more_->setAccessibleName(tr("More for the plot %1").arg(title_));
  more_->setToolTip(tr("Show as table, export"));
  more_->setFixedWidth(metric::compact_height + 4);
  connect(more_, &Button::clicked, this, [this] { offer_menu(more_->mapToGlobal(QPoint(0, more_->height() + 2))); });
  setContextMenuPolicy(Qt::CustomContextMenu);
  connect(this, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& place) { offer_menu(mapToGlobal(place)); });
}

void Plot::set_button_visible(bool visible) {
  if (more_ != nullptr) more_->setVisible(visible);
}

void Plot::offer_menu(const QPoint& place) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addActions(actions());
  menu->popup(place);
  menu->setActiveAction(actions().constFirst());
}

void Plot::announce() {
  QString all = title_ + QLatin1Char(' ') + unit_;
  const auto crosshair = time_.crosshair();
  if (crosshair) all += QStringLiteral(", %1 IST").arg(ist_time(*crosshair));
  const Sample* const sample = store_.at(crosshair.value_or(time_.to_us()));
  for (std::size_t i = 0; sample != nullptr && i < std::min(series_.size(), sample->values.size()); ++i)
    if (sample->values.at(i))
      all += QStringLiteral(", %1 %2").arg(series_.at(i).name, plot_value_text(*sample->values.at(i), decimals_));
  if (crosshair && sample == nullptr) all += QStringLiteral(", ") + tr("no values");
  setAccessibleName(all);
}

// Times stand on a grid of a few columns each, so that the picture only changes when a new place begins.
Plot::Frame Plot::frame() {
  Frame made;
  made.ratio = devicePixelRatioF();
  const double left = side_px + 8;
  const double room = std::max(1.0, width() - left - side_px);
  made.width_us = std::max<int64_t>(1, time_.span_us() / std::max<int64_t>(1, std::llround(room * made.ratio)));
  const int64_t place_us = picture_columns * made.width_us;
  made.to_us = (time_.to_us() / place_us + 1) * place_us;
  made.from_us = made.to_us - time_.span_us();
  columns_.follow(store_, made.from_us, made.width_us);
  double largest = limit_ ? limit_->value : 0;
  const int64_t first = made.from_us / made.width_us;
  const int64_t last = made.to_us / made.width_us;
  for (const Column& column : columns_.all()) {
    if (column.number < first || column.number > last) continue;
    for (std::size_t i = 0; i < std::min(series_.size(), max_series); ++i)
      if (column.spans.at(i).known) largest = std::max(largest, std::min(column.spans.at(i).high, largest_drawn));
  }
  made.step = round_step(largest);
  made.top = made.step * std::max(1.0, std::ceil(largest / made.step - 1e-9));
  if (largest <= 0) made.top = 4 * made.step;
  const double widest = text_width(axis_text(made.top, made.step), Type::axis);
  made.area = QRectF(std::ceil(left + widest), 12 + head_px + legend_px, 0, 0);
  made.area.setRight(width() - side_px);
  made.area.setBottom(height() - axis_px - 6);
  return made;
}

Plot::Key Plot::key_of(const Frame& where) const {
  const Theme& theme = Theme::instance();
  return {size(),         where.ratio, theme.look(),      theme.script(),        where.to_us,
          where.width_us, where.top,   store_.revision(), store_.gaps_revision()};
}

// Most steps of time change the values of the legend and the end of the lines alone.
void Plot::follow_time() {
  const bool had_crosshair = std::exchange(has_crosshair_, time_.crosshair().has_value());
  if (had_crosshair || has_crosshair_ || !isVisible()) return update();
  const Frame where = frame();
  if (key_ != key_of(where)) return update();
  const std::deque<Column>& columns = columns_.all();
  update(0, 12 + head_px, width(), legend_px);
  if (columns.empty()) return;
  const int left = static_cast<int>(where.column_x(first_open()->number)) - 4;
  update(left, static_cast<int>(where.area.top()) - 2, width() - left, static_cast<int>(where.area.height()) + 4);
}

void Plot::paintEvent(QPaintEvent* event) {
  const Frame where = frame();
  QPainter painter(this);
  if (where.area.width() < least_px || where.area.height() < least_px)
    return painter.fillRect(rect(), paint(Colour::surface));
  const Key key = key_of(where);
  if (key_ != key) {
    paint_picture(where);
    key_ = key;
  }
  painter.drawPixmap(0, 0, picture_);
  painter.setRenderHint(QPainter::Antialiasing);
  paint_legend(painter);
  if (event->rect().bottom() > where.area.bottom() + 3) paint_times(painter, where);
  painter.save();
  painter.setClipRect(where.area.adjusted(0, -2, 0, 1));
  for (std::size_t i = std::min(series_.size(), max_series); i-- > 0;) paint_series(painter, where, i, true);
  painter.restore();
  paint_crosshair(painter, where);
}

// The column from which on the lines are drawn over the picture: the last one in it that has values.
std::deque<Column>::const_iterator Plot::first_open() const {
  const std::deque<Column>& columns = columns_.all();
  auto from = std::ranges::lower_bound(columns, open_from_, {}, &Column::number);
  const auto has_values = [](const Column& column) {
    return std::ranges::any_of(column.spans, [](const ColumnSpan& span) { return span.known; });
  };
  for (int back = 0; back < joined_columns && from != columns.begin(); ++back)
    if (has_values(*--from)) break;
  return from == columns.end() ? from - 1 : from;
}

void Plot::paint_picture(const Frame& where) {
  ++pictures_;
  // What comes later lies in the newest column or after it.
  open_from_ = where.last_column() - picture_columns;
  if (!columns_.all().empty()) open_from_ = std::min(open_from_, columns_.all().back().number);
  picture_ = QPixmap(size() * where.ratio);
  picture_.setDevicePixelRatio(where.ratio);
  picture_.fill(paint(Colour::surface));
  QPainter painter(&picture_);
  painter.setRenderHint(QPainter::Antialiasing);
  paint_text(painter, {side_px, 12 + head_px / 2.0}, title_, Type::body_strong, Colour::text);
  paint_text(painter, {side_px + text_width(title_, Type::body_strong) + 8, 12 + head_px / 2.0}, unit_, Type::label,
             Colour::text2);
  paint_grid(painter, where);
  paint_gaps(painter, where);
  painter.save();
  painter.setClipRect(where.area.adjusted(0, -2, 0, 1));
  for (std::size_t i = std::min(series_.size(), max_series); i-- > 0;) paint_series(painter, where, i, false);
  painter.restore();
  paint_limit(painter, where);
  if (store_.samples().empty() && !empty_note_.isEmpty())
    paint_text(painter, {where.area.center().x() - text_width(empty_note_, Type::label) / 2, where.area.center().y()},
               empty_note_, Type::label, Colour::text3);
}

void Plot::paint_grid(QPainter& painter, const Frame& frame) const {
  const int ticks = static_cast<int>(std::lround(std::min(10.0, frame.top / frame.step)));
  for (int i = 0; i <= ticks; ++i) {
    const double value = i * frame.step;
    const double y = std::round(frame.y(value)) + 0.5;
    painter.setPen(QPen(paint(i == 0 ? Colour::edge : Colour::line), 1));
    painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y));
    const QString text = i == 0 ? QStringLiteral("0") : axis_text(value, frame.step);
    paint_text(painter, {frame.area.left() - 8 - text_width(text, Type::axis), y}, text, Type::axis, Colour::text2);
  }
}

void Plot::paint_times(QPainter& painter, const Frame& frame) const {
  if (time_.to_us() == 0) return;
  const int64_t step = time_step(time_.span_us());
  static constexpr int64_t india_offset_us = (5 * 60 + 30) * minute_us;
  int64_t tick = (frame.from_us + india_offset_us + step - 1) / step * step - india_offset_us;
  const double chip = time_.crosshair() && time_chip_ ? frame.x(*time_.crosshair()) : -1000;
  const double chip_wide = text_width(QStringLiteral("00:00:00"), Type::badge) + 12;
  for (; tick <= frame.to_us; tick += step) {
    const QString text = ist_time(tick).left(5);
    const double wide = text_width(text, Type::axis);
    const double left = frame.x(tick) - wide / 2;
    if (left < side_px || left + wide > width() - 4) continue;
    if (std::abs(frame.x(tick) - chip) < (wide + chip_wide) / 2 + 4) continue;
    paint_text(painter, {left, frame.area.bottom() + 13}, text, Type::axis, Colour::text2);
  }
}

void Plot::paint_gaps(QPainter& painter, const Frame& frame) const {
  double free_from = frame.area.left();
  double drawn_to = -1;
  int names = 0;
  for (const Gap& gap : store_.gaps()) {
    if (gap.to_us < frame.from_us || gap.from_us > frame.to_us) continue;
    const double left = std::max(frame.x(gap.from_us), frame.area.left());
    const double right = std::min(frame.x(gap.to_us), frame.area.right());
    if (right - drawn_to < 1) continue;  // no more bands than pixels
    drawn_to = right;
    const QRectF band(left, frame.area.top(), std::max(2.0, right - left), frame.area.height());
    painter.fillRect(band, paint(Colour::surface));
    QColor hatch = paint(Colour::edge);
    hatch.setAlphaF(0.35F);
    painter.fillRect(band, QBrush(hatch, Qt::BDiagPattern));
    painter.setPen(QPen(paint(Colour::edge), 1));
    painter.drawLine(band.topLeft(), band.bottomLeft());
    painter.drawLine(band.topRight(), band.bottomRight());
    if (!names_gaps_ || names == max_gap_names) continue;
    const QString length = duration_text(gap.to_us - gap.from_us);
    const QString text = gap.reason.isEmpty() ? length : QStringLiteral("%1, %2").arg(gap.reason, length);
    const double wide = text_width(text, Type::axis) + 12;
    // In the band where there is room, else to its right, else to its left.
    double at = band.right() + 6;
    if (band.width() > wide + 12) at = band.center().x() - wide / 2;
    if (at + wide > frame.area.right()) at = band.left() - 6 - wide;
    if (at < free_from) continue;
    const QRectF tag(at, frame.area.top() + 4, wide, 18);
    painter.setPen(QPen(paint(Colour::line), 1));
    painter.setBrush(paint(Colour::surface));
    painter.drawRoundedRect(tag, 4, 4);
    paint_text(painter, {tag.left() + 6, tag.center().y()}, text, Type::axis, Colour::text);
    free_from = std::max(tag.right(), band.right()) + 4;
    ++names;
  }
}

void Plot::paint_series(QPainter& painter, const Frame& frame, std::size_t number, bool open) const {
  const bool steps = series_.at(number).form == PlotSeries::Form::steps;
  const std::deque<Column>& columns = columns_.all();
  if (columns.empty()) return;
  std::vector<QPolygonF> runs;
  double last_value = 0;
  const auto take = [&](const Column& column) {
    const ColumnSpan& span = column.spans.at(number);
    if (!span.known) return;
    const double x = frame.column_x(column.number);
    const bool joined = span.joined && !runs.empty();
    if (!joined) runs.emplace_back();
    QPolygonF& run = runs.back();
    if (steps && joined) run.append({x, frame.y(last_value)});
    run.append({x, frame.y(span.first)});
    if (span.high > std::max(span.first, span.last)) run.append({x, frame.y(span.high)});
    if (span.low < std::min(span.first, span.last)) run.append({x, frame.y(span.low)});
    if (span.last != span.first || run.size() == 1) run.append({x, frame.y(span.last)});
    last_value = span.last;
  };
  for (auto at = open ? first_open() : columns.begin(); at != columns.end() && at->number <= frame.last_column();
       ++at) {
    if (!open && at->number >= open_from_) break;
    take(*at);
  }
  QColor fill = Theme::instance().series(0);
  fill.setAlphaF(0.11F);
  for (const QPolygonF& run : runs) {
    const double wide = run.last().x() - run.first().x();
    if (number == 0 && area_ && wide > 0) {
      QPolygonF below = run;
      below << QPointF(run.last().x(), frame.area.bottom()) << QPointF(run.first().x(), frame.area.bottom());
      painter.setPen(Qt::NoPen);
      painter.setBrush(fill);
      painter.drawPolygon(below);
    }
    painter.setBrush(Qt::NoBrush);
    if (wide == 0 && !open && run.first().y() == run.last().y()) {
      // A value alone.
      painter.setPen(QPen(Theme::instance().series(number), 3, Qt::SolidLine, Qt::RoundCap));
      painter.drawPoint(run.first());
      continue;
    }
    painter.setPen(series_pen(number));
    painter.drawPolyline(run);
  }
}

void Plot::paint_limit(QPainter& painter, const Frame& frame) const {
  if (!limit_) return;
  const double y = frame.y(limit_->value);
  QPen pen(paint(Colour::danger), 1);
  pen.setDashPattern({4, 3});
  painter.setPen(pen);
  painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y));
  const double above = y - frame.area.top() < 18 ? 9 : -9;
  paint_text(painter, {frame.area.left() + 6, y + above}, limit_->text, Type::axis, Colour::danger);
}

void Plot::paint_legend(QPainter& painter) const {
  const Sample* const sample = store_.at(time_.crosshair().value_or(time_.to_us()));
  double left = side_px;
  const double middle = 12 + head_px + legend_px / 2.0;
  for (std::size_t i = 0; i < std::min(series_.size(), max_series); ++i) {
    painter.setPen(series_pen(i));
    painter.drawLine(QPointF(left, middle), QPointF(left + 18, middle));
    left += 24;
    const bool known = sample != nullptr && i < sample->values.size() && sample->values.at(i);
    const QString value = known ? plot_value_text(*sample->values.at(i), decimals_) : QStringLiteral("–");
    const double value_wide = text_width(value, Type::body_strong);
    const double room = std::max(24.0, width() - side_px - left - value_wide - 6);
    const QString name = QFontMetricsF(type(Type::label)).elidedText(series_.at(i).name, Qt::ElideRight, room);
    paint_text(painter, {left, middle}, name, Type::label, Colour::text2);
    left += text_width(name, Type::label) + 6;
    paint_text(painter, {left, middle}, value, Type::body_strong, Colour::text);
    left += value_wide + 16;
  }
}

void Plot::paint_crosshair(QPainter& painter, const Frame& frame) const {
  const auto time_us = time_.crosshair();
  if (!time_us || *time_us < frame.from_us || *time_us > frame.to_us) return;
  const double x = std::round(frame.x(*time_us)) + 0.5;
  painter.setPen(QPen(paint(Colour::text), 1));
  painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
  if (const Sample* const sample = store_.at(*time_us))
    for (std::size_t i = 0; i < std::min({series_.size(), sample->values.size(), max_series}); ++i) {
      if (!sample->values.at(i)) continue;
      painter.setPen(QPen(Theme::instance().series(i), line_px));
      painter.setBrush(paint(Colour::surface));
      painter.drawEllipse(QPointF(x, frame.y(*sample->values.at(i))), 3.5, 3.5);
    }
  if (!time_chip_) return;
  const QString text = ist_time(*time_us);
  const double wide = text_width(text, Type::badge) + 12;
  QRectF chip(x - wide / 2, frame.area.bottom() + 4, wide, 18);
  chip.moveLeft(std::clamp(chip.left(), 2.0, std::max(2.0, width() - wide - 2.0)));
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(Colour::text));
  painter.drawRoundedRect(chip, 4, 4);
  paint_text(painter, {chip.left() + 6, chip.center().y()}, text, Type::badge, Colour::surface);
}

void Plot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (more_ != nullptr) more_->move(width() - more_->width() - 6, 8);
}

void Plot::mouseMoveEvent(QMouseEvent* event) {
  const Frame where = frame();
  const double x = event->position().x();
  if (x < where.area.left() || x > where.area.right()) return time_.set_crosshair(std::nullopt);
  time_.set_crosshair(std::min(where.time_at(x), time_.to_us()));
}

void Plot::leaveEvent(QEvent* event) {
  if (!hasFocus()) time_.set_crosshair(std::nullopt);
  QWidget::leaveEvent(event);
}

void Plot::keyPressEvent(QKeyEvent* event) {
  const int64_t step = std::max<int64_t>(1'000'000, time_.span_us() / 200);
  const int64_t now = std::clamp(time_.crosshair().value_or(time_.to_us()), time_.from_us(), time_.to_us());
  switch (event->key()) {
    case Qt::Key_Left:
      time_.set_crosshair(std::max(time_.from_us(), now - step));
      break;
    case Qt::Key_Right:
      time_.set_crosshair(std::min(time_.to_us(), now + step));
      break;
    case Qt::Key_Home:
      time_.set_crosshair(time_.from_us());
      break;
    case Qt::Key_End:
      time_.set_crosshair(time_.to_us());
      break;
    case Qt::Key_Escape:
      if (!time_.crosshair()) return QWidget::keyPressEvent(event);
      time_.set_crosshair(std::nullopt);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (actions().isEmpty()) return QWidget::keyPressEvent(event);
      return offer_menu(mapToGlobal(QPoint(side_px, 12 + head_px)));
    default:
      return QWidget::keyPressEvent(event);
  }
  announce();
}

}  // namespace tijori
