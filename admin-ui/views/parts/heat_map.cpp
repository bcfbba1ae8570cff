#include "admin-ui/views/parts/heat_map.h"

#include <QImage>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/painted_text.h"

namespace tijori {
namespace {

constexpr int left_px = 44;
constexpr int top_px = 12;
constexpr int bottom_px = 88;
constexpr int right_px = 12;
constexpr double least_gapped_px = 4;
constexpr size_t max_drawn_cells = 8'192;
constexpr size_t shade_count = 256;

// A heat map paints hundreds of cells ten times a second: their colours, and that of a dot on each, once a look.
struct Shades {
  std::array<QColor, shade_count> cell;
  std::array<bool, shade_count> white_dot;
};
const Shades& shades_of(Look look) {
  static std::array<std::optional<Shades>, all_looks.size()> known;
  std::optional<Shades>& shades = known.at(static_cast<size_t>(look));
  if (!shades) {
    shades.emplace();
    for (size_t i = 0; i < shade_count; ++i) {
      shades->cell.at(i) = heat_colour(look, static_cast<double>(i) / (shade_count - 1));
      shades->white_dot.at(i) = contrast(shades->cell.at(i), Qt::white) > 4.5;
    }
  }
  return *shades;
}

}  // namespace

HeatMap::HeatMap(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  // It fills itself: what lies below needn't be drawn each time.
  setAttribute(Qt::WA_OpaquePaintEvent);
  connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
  announce();
}

void HeatMap::set_counts(ExpertCounts counts) {
  counts_ = std::move(counts);
  layer_ = std::min(layer_, counts_.counts.empty() ? 0 : counts_.counts.size() - 1);
  expert_ = std::min(expert_, counts_.experts() == 0 ? 0 : counts_.experts() - 1);
  find_ends();
  announce();
  update();
}

void HeatMap::set_scale(Scale scale) {
  scale_ = scale;
  update();
}

void HeatMap::set_cursor(size_t layer, size_t expert) {
  if (layer >= counts_.counts.size() || expert >= counts_.experts()) return;
  layer_ = layer;
  expert_ = expert;
  announce();
  update();
  emit cursor_moved();
}

void HeatMap::announce() {
  QString text = tr("Expert load");
  if (!counts_.counts.empty() && counts_.sum(layer_) > 0)
    text += tr(", layer %1, expert %2: %3 tokens, %4")
                .arg(counts_.layers.at(layer_))
                .arg(expert_)
                .arg(count_text(counts_.counts.at(layer_).at(expert_)),
                     percent_text(static_cast<double>(counts_.counts.at(layer_).at(expert_)) /
                                  static_cast<double>(counts_.sum(layer_))));
  setAccessibleName(text);
}

void HeatMap::find_ends() {
  least_ = 1;
  most_ = 0;
  for (size_t layer = 0; layer < counts_.counts.size(); ++layer) {
    const auto sum = static_cast<double>(counts_.sum(layer));
    if (sum == 0) continue;
    for (const int64_t count : counts_.counts.at(layer)) {
      least_ = std::min(least_, static_cast<double>(count) / sum);
      most_ = std::max(most_, static_cast<double>(count) / sum);
    }
  }
  if (most_ <= least_) {
    least_ = 0;
    most_ = std::max(most_, 2.0 / static_cast<double>(std::max<size_t>(1, counts_.experts())));
  }
}

// A logarithm needs an end: a sixteenth of the even share, below which everything looks as seldom.
double HeatMap::log_floor() const {
  return std::max(least_, 1.0 / 16 / static_cast<double>(std::max<size_t>(1, counts_.experts())));
}

double HeatMap::position(double share) const {
  if (scale_ == Scale::linear) return (share - least_) / (most_ - least_);
  const double floor = log_floor();
  return most_ <= floor ? 0 : std::log(std::max(share, floor) / floor) / std::log(most_ / floor);
}

QRectF HeatMap::grid() const {
  return {left_px, top_px, static_cast<double>(width() - left_px - right_px),
          static_cast<double>(height() - top_px - bottom_px)};
}

QRectF HeatMap::scale_bar() const {
  const QRectF area = grid();
  return {area.left(), area.bottom() + 46, std::floor(std::min(230.0, area.width() * 0.6)), 10};
}

// Where cells are as small as their gap would be there is none.
QRectF HeatMap::cell(size_t layer, size_t expert) const {
  const QRectF area = grid();
  const double wide = area.width() / static_cast<double>(counts_.counts.size());
  const double high = area.height() / static_cast<double>(counts_.experts());
  const double x0 = std::round(area.left() + wide * static_cast<double>(layer));
  const double x1 = std::round(area.left() + wide * static_cast<double>(layer + 1));
  const double y0 = std::round(area.top() + high * static_cast<double>(expert));
  const double y1 = std::round(area.top() + high * static_cast<double>(expert + 1));
  return {x0, y0, std::max(1.0, x1 - x0 - (wide < least_gapped_px ? 0 : 1)),
          std::max(1.0, y1 - y0 - (high < least_gapped_px ? 0 : 1))};
}

void HeatMap::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const size_t layers = counts_.counts.size();
  const size_t experts = counts_.experts();
  const double ratio = devicePixelRatioF();
  Key key{size(), ratio,  Theme::instance().look(), Theme::instance().script(), scale_, counts_.layers, experts,
          layer_, expert_};
  if (key_ != key) {
    frame_ = QPixmap(size() * ratio);
    frame_.setDevicePixelRatio(ratio);
    frame_.fill(paint(Colour::surface));
    if (layers > 0 && experts > 0) {
      QPainter frame_painter(&frame_);
      paint_frame(frame_painter);
    }
    key_ = std::move(key);
  }
  painter.drawPixmap(0, 0, frame_);
  if (layers == 0 || experts == 0) return;
  paint_cells(painter);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(paint(Colour::edge), 1));
  if (Theme::instance().is_high_contrast()) painter.drawRect(grid());
  const QRectF column = cell(layer_, 0).united(cell(layer_, experts - 1)).adjusted(-1, -1, 1, 1);
  painter.setPen(QPen(paint(Colour::text), 1));
  painter.drawRect(column);
  painter.setPen(QPen(paint(Colour::focus), 2));
  painter.drawRect(cell(layer_, expert_).adjusted(-1, -1, 1, 1));
  paint_scale(painter);
}

void HeatMap::paint_cells(QPainter& painter) const {
  const QRectF area = grid();
  const size_t layers = counts_.counts.size();
  const size_t experts = counts_.experts();
  const Shades& shades = shades_of(Theme::instance().look());
  const double even = 1.0 / static_cast<double>(experts);
  std::vector<double> sums;
  for (size_t layer = 0; layer < layers; ++layer) sums.push_back(static_cast<double>(counts_.sum(layer)));
  const auto share_of = [&](size_t layer, size_t expert) {
    return sums[layer] == 0 ? 0 : static_cast<double>(counts_.counts[layer][expert]) / sums[layer];
  };
  const auto shade_of = [&](size_t layer, double share) {
    const double place = sums[layer] == 0 ? 0 : std::clamp(position(share), 0.0, 1.0);
    return static_cast<size_t>(std::lround(place * (shade_count - 1)));
  };
  if (layers * experts > max_drawn_cells) {
    // Far more cells than pixels would matter: one pixel each, scaled.
    QImage image(static_cast<int>(layers), static_cast<int>(experts), QImage::Format_RGB32);
    for (size_t layer = 0; layer < layers; ++layer)
      for (size_t expert = 0; expert < experts; ++expert)
        image.setPixelColor(static_cast<int>(layer), static_cast<int>(expert),
                            shades.cell[shade_of(layer, share_of(layer, expert))]);
    return painter.drawImage(area, image);
  }
  const double ratio = devicePixelRatioF();
  const auto pixels = [ratio](double length) { return static_cast<int>(std::lround(length * ratio)); };
  QImage image(pixels(area.width()), pixels(area.height()), QImage::Format_RGB32);
  image.setDevicePixelRatio(ratio);
  image.fill(paint(Colour::surface));
  std::vector<std::pair<QPointF, bool>> dots;
  for (size_t expert = 0; expert < experts; ++expert) {
    // One line of pixels for all layers, then as often as the cells are high.
    const QRectF first = cell(0, expert).translated(-area.topLeft());
    const int top = pixels(first.top());
    const int bottom = std::min(image.height(), pixels(first.bottom()));
    if (top >= bottom) continue;
    auto* const line = reinterpret_cast<QRgb*>(image.scanLine(top));
    for (size_t layer = 0; layer < layers; ++layer) {
      const double share = share_of(layer, expert);
      const size_t shade = shade_of(layer, share);
      const QRectF box = cell(layer, expert);
      const int left = pixels(box.left() - area.left());
      const int right = std::min(image.width(), pixels(box.right() - area.left()));
      if (left < right) std::fill(line + left, line + right, shades.cell[shade].rgb());
      if (share > 2 * even && box.width() >= 5 && box.height() >= 5)
        dots.emplace_back(box.center(), shades.white_dot[shade]);
    }
    for (int y = top + 1; y < bottom; ++y) std::copy_n(line, image.width(), reinterpret_cast<QRgb*>(image.scanLine(y)));
  }
  painter.drawImage(area.topLeft(), image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  for (const auto& [centre, white] : dots) {
    painter.setBrush(white ? Qt::white : Qt::black);
    painter.drawEllipse(centre, 1.8, 1.8);
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void HeatMap::paint_frame(QPainter& painter) const {
  paint_axes(painter);
  const QRectF bar = scale_bar();
  for (int x = 0; x < static_cast<int>(bar.width()); ++x)
    painter.fillRect(QRectF(bar.left() + x, bar.top(), 1, bar.height()),
                     heat_colour(Theme::instance().look(), x / bar.width()));
  painter.setPen(QPen(paint(Colour::edge), 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(bar);
  const QFontMetricsF metrics(type(Type::axis));
  const double beside = bar.right() + 18;
  const auto note = [&](const QString& text, double middle_y) {
    paint_text(painter, {beside, middle_y}, metrics.elidedText(text, Qt::ElideRight, width() - beside - right_px),
               Type::axis, Colour::text2);
  };
  note(scale_ == Scale::log ? tr("share of the layer's tokens, log scale")
                            : tr("share of the layer's tokens, linear scale"),
       bar.center().y() - 2);
  note(tr("dot: over twice the even share"), bar.center().y() + 14);
}

void HeatMap::paint_axes(QPainter& painter) const {
  const QRectF area = grid();
  const size_t layers = counts_.counts.size();
  const size_t experts = counts_.experts();
  const double wide = area.width() / static_cast<double>(layers);
  const double high = area.height() / static_cast<double>(experts);
  const double label_y = area.bottom() + 12;
  for (size_t layer = 0; layer < layers; ++layer) {
    const bool at_cursor = layer == layer_;
    const bool near_cursor =
        !at_cursor && std::abs(static_cast<double>(layer) - static_cast<double>(layer_)) * wide < 26;
    const size_t every = std::max<size_t>(1, static_cast<size_t>(std::ceil(26 / wide / 4)) * 4);
    const bool near_last = layer != layers - 1 && static_cast<double>(layers - 1 - layer) * wide < 26;
    if (!at_cursor && (near_cursor || near_last || (layer % (wide >= 26 ? 1 : every) != 0 && layer != layers - 1)))
      continue;
    const QString text = QString::number(counts_.layers.at(layer));
    const Type kind = at_cursor ? Type::badge : Type::axis;
    paint_text(painter, {cell(layer, 0).center().x() - text_width(text, kind) / 2, label_y}, text, kind,
               at_cursor ? Colour::text : Colour::text2);
  }
  const size_t every = std::bit_ceil(std::max<size_t>(1, static_cast<size_t>(std::ceil(16 / high))));
  for (size_t expert = 0; expert < experts; ++expert) {
    const bool at_cursor = expert == expert_;
    if (!at_cursor &&
        (expert % every != 0 || std::abs(static_cast<double>(expert) - static_cast<double>(expert_)) * high < 14))
      continue;
    const QString text = QString::number(expert);
    const Type kind = at_cursor ? Type::badge : Type::axis;
    paint_text(painter, {area.left() - 8 - text_width(text, kind), cell(0, expert).center().y()}, text, kind,
               at_cursor ? Colour::text : Colour::text2);
  }
  paint_text(painter, {area.left(), label_y + 18}, tr("Layer"), Type::axis, Colour::text2);
  painter.save();
  painter.translate(10, area.center().y() + text_width(tr("Expert"), Type::axis) / 2);
  painter.rotate(-90);
  paint_text(painter, {0, 0}, tr("Expert"), Type::axis, Colour::text2);
  painter.restore();
}

void HeatMap::paint_scale(QPainter& painter) const {
  const QRectF area = scale_bar();
  const double even = 1.0 / static_cast<double>(counts_.experts());
  const double below = area.bottom() + 12;
  const bool ends_above = scale_ == Scale::log && log_floor() > least_;
  const QString left = ends_above ? QStringLiteral("≤ ") + percent_text(log_floor(), 1) : percent_text(least_, 1);
  const QString right = percent_text(most_, 1);
  const QString middle = tr("%1 even share").arg(percent_text(even, 2));
  paint_text(painter, {area.left(), below}, left, Type::axis, Colour::text2);
  paint_text(painter, {area.right() - text_width(right, Type::axis), below}, right, Type::axis, Colour::text2);
  const double place = area.left() + area.width() * std::clamp(position(even), 0.0, 1.0);
  painter.setPen(QPen(paint(Colour::text), 1));
  painter.drawLine(QPointF(place, area.top() - 2), QPointF(place, area.bottom() + 3));
  const double wide = text_width(middle, Type::axis);
  const double first = area.left() + text_width(left, Type::axis) + 8;
  const double last = area.right() - text_width(right, Type::axis) - wide - 8;
  if (first <= last)
    paint_text(painter, {std::clamp(place - wide / 2, first, last), below}, middle, Type::axis, Colour::text2);
}

void HeatMap::mousePressEvent(QMouseEvent* event) {
  const QRectF area = grid();
  if (counts_.counts.empty() || !area.contains(event->position())) return;
  set_cursor(static_cast<size_t>((event->position().x() - area.left()) / area.width() *
                                 static_cast<double>(counts_.counts.size())),
             static_cast<size_t>((event->position().y() - area.top()) / area.height() *
                                 static_cast<double>(counts_.experts())));
}

void HeatMap::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      return layer_ > 0 ? set_cursor(layer_ - 1, expert_) : void();
    case Qt::Key_Right:
      return set_cursor(layer_ + 1, expert_);
    case Qt::Key_Up:
      return expert_ > 0 ? set_cursor(layer_, expert_ - 1) : void();
    case Qt::Key_Down:
      return set_cursor(layer_, expert_ + 1);
    case Qt::Key_Home:
      return set_cursor(0, expert_);
    case Qt::Key_End:
      return counts_.counts.empty() ? void() : set_cursor(counts_.counts.size() - 1, expert_);
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace tijori
