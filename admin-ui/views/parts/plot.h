// A plot over time: up to four series, each with its own line, a crosshair shared by all plots of a screen, gaps shown
// as gaps, limits as dashed lines. Keyboard: arrows move the crosshair, Home and End jump, Esc lets go.
#pragma once

#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "admin-ui/models/series.h"
#include "admin-ui/theme/theme.h"

namespace tijori {

struct PlotSeries {
  QString name;
  enum class Form : uint8_t { line, steps } form = Form::line;  // counts are steps
};

struct PlotLimit {
  double value = 0;
  QString text;  // "reserved 15.8"
};

// What all plots of a screen share: the interval shown and the crosshair.
class PlotTime : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  int64_t from_us() const { return to_us_ - span_us_; }
  int64_t to_us() const { return to_us_; }
  int64_t span_us() const { return span_us_; }
  void set_span(int64_t span_us);
  // Moves the right end along, unless paused.
  void advance(int64_t now_us);
  void set_paused(bool paused);
  bool paused() const { return paused_; }
  std::optional<int64_t> crosshair() const { return crosshair_us_; }
  void set_crosshair(std::optional<int64_t> time_us);

 signals:
  void changed();

 private:
  int64_t to_us_ = 0;
  int64_t span_us_ = int64_t{30} * 60 * 1'000'000;
  bool paused_ = false;
  std::optional<int64_t> crosshair_us_;
};

class Plot : public QWidget {
  Q_OBJECT

 public:
  // `store` and `time` must outlive it.
  Plot(const QString& title, const QString& unit, int decimals, std::vector<PlotSeries> series,
       const SeriesStore& store, PlotTime& time, QWidget* parent = nullptr);

  void set_limit(std::optional<PlotLimit> limit);
  // Fills below the first series.
  void set_area(bool area) { area_ = area; }
  // The axis of this plot carries the crosshair's time.
  void set_shows_time_chip(bool shows) { time_chip_ = shows; }
  // Other names for the store's series.
  void set_series(std::vector<PlotSeries> series) {
    series_ = std::move(series);
    update();
  }

  QString title() const { return title_; }
  QString unit() const { return unit_; }
  const std::vector<PlotSeries>& series() const { return series_; }
  const SeriesStore& store() const { return store_; }

  QSize sizeHint() const override { return {420, 300}; }
  QSize minimumSizeHint() const override { return {260, 180}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Frame;
  Frame frame() const;
  void paint_axes(QPainter& painter, const Frame& frame) const;
  void paint_gaps(QPainter& painter, const Frame& frame) const;
  void paint_series(QPainter& painter, const Frame& frame, size_t number) const;
  void paint_legend(QPainter& painter) const;
  void paint_crosshair(QPainter& painter, const Frame& frame) const;
  void announce();

  QString title_;
  QString unit_;
  int decimals_;
  std::vector<PlotSeries> series_;
  const SeriesStore& store_;
  PlotTime& time_;
  std::optional<PlotLimit> limit_;
  bool area_ = true;
  bool time_chip_ = true;
};

// Round values 0, step, 2 step … ≥ largest: 3 to 5 steps.
double round_step(double largest);

// "time_utc,time_ist,…": full precision, never grouped.
QString to_csv(const SeriesStore& store, const std::vector<PlotSeries>& series, int64_t from_us, int64_t to_us);

}  // namespace tijori
