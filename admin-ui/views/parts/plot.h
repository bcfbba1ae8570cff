// A plot over time: up to four series, each with its own line, a crosshair shared by all plots of a screen, gaps shown
// as gaps, limits as dashed lines. Keyboard: arrows move the crosshair, Home and End jump, Esc lets go; Enter and the
// button at the right offer the actions of the widget.
//
// Cheap to keep alive: the samples are in columns of a pixel (models/columns.h), and what doesn't change until the next
// column begins is a picture.
#pragma once

#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "admin-ui/models/columns.h"
#include "admin-ui/theme/theme.h"

namespace tijori {

class Button;

struct PlotSeries {
  QString name;
  enum class Form : uint8_t { line, steps } form = Form::line;  // counts are steps
};

struct PlotLimit {
  double value = 0;
  QString text;  // "reserved 15.8"
  bool operator==(const PlotLimit&) const = default;
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
  void set_shows_time_chip(bool shows);
  // Writes the reason and the length of gaps beside them.
  void set_names_gaps(bool names) { names_gaps_ = names; }
  // Other names for the store's series.
  void set_series(std::vector<PlotSeries> series);
  // Said in the middle while there are no values.
  void set_empty_note(const QString& note) { empty_note_ = note; }
  // Offered by a button at the right of the title, by Enter and by a right click.
  void offer(const QList<QAction*>& actions);
  // For pictures.
  void set_button_visible(bool visible);

  QString title() const { return title_; }
  QString unit() const { return unit_; }
  int decimals() const { return decimals_; }
  const std::vector<PlotSeries>& series() const { return series_; }
  const SeriesStore& store() const { return store_; }
  // Pictures made so far: how often more than what changes was drawn.
  int pictures() const { return pictures_; }

  QSize sizeHint() const override { return {420, 300}; }
  QSize minimumSizeHint() const override { return {260, 180}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Frame;
  // What the picture was made of.
  struct Key {
    QSize size;
    double ratio = 0;
    Look look = Look::light;
    Script script = Script::latin;
    int64_t to_us = 0;
    int64_t width_us = 0;
    double top = 0;
    uint64_t revision = 0;
    uint64_t gaps_revision = 0;
    bool operator==(const Key&) const = default;
  };

  Frame frame();
  Key key_of(const Frame& frame) const;
  void follow_time();
  std::deque<Column>::const_iterator first_open() const;
  void paint_picture(const Frame& frame);
  void paint_grid(QPainter& painter, const Frame& frame) const;
  void paint_gaps(QPainter& painter, const Frame& frame) const;
  // In the picture, or over it.
  void paint_series(QPainter& painter, const Frame& frame, size_t number, bool open) const;
  void paint_limit(QPainter& painter, const Frame& frame) const;
  void paint_times(QPainter& painter, const Frame& frame) const;
  void paint_legend(QPainter& painter) const;
  void paint_crosshair(QPainter& painter, const Frame& frame) const;
  void announce();
  void offer_menu(const QPoint& place);

  QString title_;
  QString unit_;
  int decimals_;
  std::vector<PlotSeries> series_;
  const SeriesStore& store_;
  PlotTime& time_;
  std::optional<PlotLimit> limit_;
  bool area_ = true;
  bool time_chip_ = true;
  bool names_gaps_ = true;
  QString empty_note_;
  Button* more_ = nullptr;
  Columns columns_;
  QPixmap picture_;
  std::optional<Key> key_;
  bool has_crosshair_ = false;
  int64_t open_from_ = 0;  // the first column that isn't in the picture
  int pictures_ = 0;
};

// Round values 0, step, 2 step … ≥ largest: 3 to 5 steps.
double round_step(double largest);

}  // namespace tijori
