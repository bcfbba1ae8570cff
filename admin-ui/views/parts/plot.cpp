#include "admin-ui/views/parts/plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <array>
#include <cmath>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/painted_text.h"

namespace tijori {
namespace {

constexpr int head_px = 22;
constexpr int legend_px = 22;
constexpr int side_px = 16;
constexpr int axis_px = 26;
constexpr double line_px = 1.6;
constexpr int64_t minute_us = 60'000'000;
constexpr int max_time_ticks = 6;

const std::array<QVector<qreal>, series_count>& dashes() {
  static const std::array<QVector<qreal>, series_count> patterns{
      {{}, {6 / line_px, 2.5 / line_px}, {6 / line_px, 2.5 / line_px, 1.5 / line_px, 2.5 / line_px}, {1.2, 1.8}}};
  return patterns;
}

QPen series_pen(std::size_t number) {
  QPen pen(Theme::instance().series(number), line_px);
  pen.setCapStyle(Qt::FlatCap);
  pen.setJoinStyle(Qt::RoundJoin);
  if (!dashes().at(number).isEmpty()) pen.setDashPattern(dashes().at(number));
  return pen;
}

// Minutes between two ticks, so that there are at most six.
int64_t time_step(int64_t span_us) {
  static constexpr std::array<int64_t, 10> steps{1, 2, 5, 10, 15, 30, 60, 120, 240, 480};
  for (const int64_t minutes : steps)
    if (span_us / (minutes * minute_us) <= max_time_ticks) return minutes * minute_us;
  return steps.back() * minute_us;
}

}  // namespace

void PlotTime::set_span(int64_t span_us) {
  span_us_ = span_us;
  emit changed();
}

void PlotTime::advance(int64_t now_us) {
  if (paused_) return;
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
  if (!(largest > 0) || !std::isfinite(largest)) return 0.25;
  const double rough = largest / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

// Where values and times lie, computed once a painting.
struct Plot::Frame {
  QRectF area;
  int64_t from_us = 0;
  int64_t to_us = 0;
  double step = 1;
  double top = 4;

  double x(int64_t time_us) const {
    return area.left() + area.width() * static_cast<double>(time_us - from_us) /
                             static_cast<double>(std::max<int64_t>(1, to_us - from_us));
  }
  double y(double value) const { return area.bottom() - area.height() * std::clamp(value / top, 0.0, 1.0); }
  int64_t time_at(double x_px) const {
    const double share = std::clamp((x_px - area.left()) / area.width(), 0.0, 1.0);
    return from_us + static_cast<int64_t>(share * static_cast<double>(to_us - from_us));
  }
};

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
  connect(&time_, &PlotTime::changed, this, [this] { update(); });
  announce();
}

void Plot::set_limit(std::optional<PlotLimit> limit) {
  limit_ = std::move(limit);
  update();
}

void Plot::announce() {
  QString all = title_ + QLatin1Char(' ') + unit_;
  const Sample* const sample = store_.at(time_.crosshair().value_or(time_.to_us()));
  for (std::size_t i = 0; sample != nullptr && i < series_.size(); ++i)
    if (sample->values.at(i))
      all += QStringLiteral(", %1 %2").arg(series_.at(i).name, decimal_text(*sample->values.at(i), decimals_));
  setAccessibleName(all);
}

Plot::Frame Plot::frame() const {
  Frame made;
  made.from_us = time_.from_us();
  made.to_us = time_.to_us();
  double largest = limit_ ? limit_->value : 0;
  for (const Sample& sample : store_.samples()) {
    if (sample.time_us < made.from_us) continue;
    for (const auto& value : sample.values)
      if (value && std::isfinite(*value)) largest = std::max(largest, *value);
  }
  made.step = round_step(largest);
  made.top = made.step * std::max(1.0, std::ceil(largest / made.step - 1e-9));
  if (largest == 0) made.top = 4 * made.step;
  const double widest = text_width(decimal_text(made.top, made.step < 1 ? 2 : 0), Type::axis);
  made.area = QRectF(side_px + widest + 8, 12 + head_px + legend_px, 0, 0);
  made.area.setRight(width() - side_px);
  made.area.setBottom(height() - axis_px - 6);
  return made;
}

void Plot::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paint_text(painter, {side_px, 12 + head_px / 2.0}, title_, Type::body_strong, Colour::text);
  paint_text(painter, {side_px + text_width(title_, Type::body_strong) + 8, 12 + head_px / 2.0}, unit_, Type::label,
             Colour::text2);
  paint_legend(painter);
  const Frame where = frame();
  if (where.area.width() < 40 || where.area.height() < 40) return;
  paint_axes(painter, where);
  paint_gaps(painter, where);
  painter.save();
  painter.setClipRect(where.area.adjusted(0, -2, 0, 1));
  for (std::size_t i = series_.size(); i-- > 0;) paint_series(painter, where, i);
  painter.restore();
  if (limit_) {
    const double y = where.y(limit_->value);
    QPen pen(paint(Colour::danger), 1);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(where.area.left(), y), QPointF(where.area.right(), y));
    paint_text(painter, {where.area.left() + 6, y - 9}, limit_->text, Type::axis, Colour::danger);
  }
  paint_crosshair(painter, where);
}

void Plot::paint_axes(QPainter& painter, const Frame& frame) const {
  const int decimals = frame.step < 1 ? 2 : 0;
  for (double value = 0; value <= frame.top * 1.0001; value += frame.step) {
    const double y = std::round(frame.y(value)) + 0.5;
    painter.setPen(QPen(paint(value == 0 ? Colour::edge : Colour::line), 1));
    painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y));
    const QString text = decimal_text(value, value == 0 ? 0 : decimals);
    paint_text(painter, {frame.area.left() - 8 - text_width(text, Type::axis), y}, text, Type::axis, Colour::text2);
  }
  const int64_t step = time_step(frame.to_us - frame.from_us);
  static constexpr int64_t india_offset_us = (5 * 60 + 30) * minute_us;
  int64_t tick = (frame.from_us + india_offset_us + step - 1) / step * step - india_offset_us;
  const double chip = time_.crosshair() && time_chip_ ? frame.x(*time_.crosshair()) : -1000;
  for (; tick <= frame.to_us; tick += step) {
    const QString text = ist_time(tick).left(5);
    const double wide = text_width(text, Type::axis);
    const double left = frame.x(tick) - wide / 2;
    if (left < frame.area.left() - 12 || left + wide > width() - 4 || std::abs(frame.x(tick) - chip) < 50) continue;
    painter.setPen(QPen(paint(Colour::edge), 1));
    painter.drawLine(QPointF(frame.x(tick), frame.area.bottom()), QPointF(frame.x(tick), frame.area.bottom() + 3));
    paint_text(painter, {left, frame.area.bottom() + 14}, text, Type::axis, Colour::text2);
  }
}

void Plot::paint_gaps(QPainter& painter, const Frame& frame) const {
  for (const Gap& gap : store_.gaps()) {
    if (gap.to_us < frame.from_us || gap.from_us > frame.to_us) continue;
    const QRectF band(QPointF(std::max(frame.x(gap.from_us), frame.area.left()), frame.area.top()),
                      QPointF(std::min(frame.x(gap.to_us), frame.area.right()), frame.area.bottom()));
    painter.fillRect(band, QBrush(paint(Colour::line), Qt::BDiagPattern));
    painter.setPen(QPen(paint(Colour::edge), 1));
    painter.drawLine(band.topLeft(), band.bottomLeft());
    painter.drawLine(band.topRight(), band.bottomRight());
    if (gap.reason.isEmpty() || band.width() < 4) continue;
    const QString text = gap.reason + QStringLiteral(", ") + duration_text(gap.to_us - gap.from_us);
    const double wide = text_width(text, Type::label) + 12;
    const double left = std::min(band.right() + 6, frame.area.right() - wide);
    const QRectF box(left, frame.area.top() + 2, wide, 20);
    painter.setPen(paint(Colour::line));
    painter.setBrush(paint(Colour::raised));
    painter.drawRoundedRect(box, 4, 4);
    paint_text(painter, {box.left() + 6, box.center().y()}, text, Type::label, Colour::text);
  }
}

void Plot::paint_series(QPainter& painter, const Frame& frame, std::size_t number) const {
  std::vector<QPolygonF> runs;
  int64_t last_us = 0;
  const Sample* before = nullptr;
  const auto break_between = [&](int64_t one, int64_t other) {
    return std::ranges::any_of(store_.gaps(), [&](const Gap& gap) {
      return gap.from_us <= one && other <= gap.to_us && gap.from_us < gap.to_us;
    });
  };
  // No more points than pixels: of all samples in one pixel the largest counts.
  double pixel = -1;
  for (const Sample& sample : store_.samples()) {
    if (sample.time_us < frame.from_us - 5 * minute_us) continue;
    if (sample.time_us > frame.to_us) break;
    const auto& value = sample.values.at(number);
    if (!value || !std::isfinite(*value)) {
      before = nullptr;
      continue;
    }
    if (before == nullptr || break_between(last_us, sample.time_us)) {
      runs.emplace_back();
      pixel = -1;
    }
    const QPointF point(frame.x(sample.time_us), frame.y(*value));
    QPolygonF& run = runs.back();
    if (std::floor(point.x() * 2) == pixel && !run.isEmpty()) {
      run.last().setY(std::min(run.last().y(), point.y()));
    } else {
      if (series_.at(number).form == PlotSeries::Form::steps && !run.isEmpty())
        run.append(QPointF(point.x(), run.last().y()));
      run.append(point);
      pixel = std::floor(point.x() * 2);
    }
    last_us = sample.time_us;
    before = &sample;
  }
  for (const QPolygonF& run : runs) {
    if (number == 0 && area_ && run.size() > 1) {
      QPainterPath below;
      below.addPolygon(run);
      below.lineTo(run.last().x(), frame.area.bottom());
      below.lineTo(run.first().x(), frame.area.bottom());
      below.closeSubpath();
      QColor fill = Theme::instance().series(0);
      fill.setAlphaF(0.11F);
      painter.fillPath(below, fill);
    }
    painter.setPen(series_pen(number));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(run);
  }
}

void Plot::paint_legend(QPainter& painter) const {
  const Sample* const sample = store_.at(time_.crosshair().value_or(time_.to_us()));
  double left = side_px;
  const double middle = 12 + head_px + legend_px / 2.0;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    painter.setPen(series_pen(i));
    painter.drawLine(QPointF(left, middle), QPointF(left + 18, middle));
    left += 24;
    paint_text(painter, {left, middle}, series_.at(i).name, Type::label, Colour::text2);
    left += text_width(series_.at(i).name, Type::label) + 6;
    const bool known = sample != nullptr && i < sample->values.size() && sample->values.at(i);
    const QString value = known ? decimal_text(*sample->values.at(i), decimals_) : QStringLiteral("–");
    paint_text(painter, {left, middle}, value, Type::body_strong, Colour::text);
    left += text_width(value, Type::body_strong) + 16;
  }
}

void Plot::paint_crosshair(QPainter& painter, const Frame& frame) const {
  const auto time_us = time_.crosshair();
  if (!time_us || *time_us < frame.from_us || *time_us > frame.to_us) return;
  const double x = std::round(frame.x(*time_us)) + 0.5;
  painter.setPen(QPen(paint(Colour::text), 1));
  painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
  if (const Sample* const sample = store_.at(*time_us))
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (!sample->values.at(i)) continue;
      painter.setPen(QPen(Theme::instance().series(i), line_px));
      painter.setBrush(paint(Colour::surface));
      painter.drawEllipse(QPointF(x, frame.y(*sample->values.at(i))), 3.5, 3.5);
    }
  if (!time_chip_) return;
  const QString text = ist_time(*time_us);
  const double wide = text_width(text, Type::badge) + 12;
  QRectF chip(x - wide / 2, frame.area.bottom() + 4, wide, 18);
  chip.moveLeft(std::clamp(chip.left(), 2.0, width() - wide - 2.0));
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(Colour::text));
  painter.drawRoundedRect(chip, 4, 4);
  paint_text(painter, {chip.left() + 6, chip.center().y()}, text, Type::badge, Colour::surface);
}

void Plot::mouseMoveEvent(QMouseEvent* event) {
  const Frame where = frame();
  const double x = event->position().x();
  if (x < where.area.left() || x > where.area.right()) return time_.set_crosshair(std::nullopt);
  time_.set_crosshair(where.time_at(x));
}

void Plot::leaveEvent(QEvent* event) {
  if (!hasFocus()) time_.set_crosshair(std::nullopt);
  QWidget::leaveEvent(event);
}

void Plot::keyPressEvent(QKeyEvent* event) {
  const int64_t step = std::max<int64_t>(1'000'000, time_.span_us() / 200);
  const int64_t now = time_.crosshair().value_or(time_.to_us());
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
      time_.set_crosshair(std::nullopt);
      break;
    default:
      return QWidget::keyPressEvent(event);
  }
  announce();
}

QString to_csv(const SeriesStore& store, const std::vector<PlotSeries>& series, int64_t from_us, int64_t to_us) {
  QString text = QStringLiteral("time_utc,time_ist");
  for (const PlotSeries& one : series) {
    QString name = one.name;
    text += QStringLiteral(",\"%1\"").arg(name.replace(QLatin1Char('"'), QStringLiteral("\"\"")));
  }
  text += QLatin1Char('\n');
  for (const Sample& sample : store.samples()) {
    if (sample.time_us < from_us || sample.time_us > to_us) continue;
    text += rfc3339_utc(sample.time_us) + QLatin1Char(',') + rfc3339_ist(sample.time_us);
    for (const auto& value : sample.values)
      text += QLatin1Char(',') + (value ? QString::number(*value, 'g', 17) : QString());
    text += QLatin1Char('\n');
  }
  return text;
}

}  // namespace tijori
