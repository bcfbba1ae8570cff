// Records over time as bars, those that were turned away set apart on top; an interval of them can be chosen. Mouse:
// drag. Keyboard: left and right move, with Shift they stretch the interval, Home and End jump, Enter chooses, Esc lets
// go.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "admin-ui/models/record_counts.h"
#include "admin-ui/theme/theme.h"

namespace tijori {

class MinuteBars : public QWidget {
  Q_OBJECT

 public:
  struct Interval {
    int first = 0;
    int last = 0;  // inclusive
    bool operator==(const Interval&) const = default;
  };

  explicit MinuteBars(QWidget* parent = nullptr);

  void set(std::vector<CountBar> bars, const CountSpan& span);
  const CountSpan& span() const { return span_; }
  const std::vector<CountBar>& bars() const { return bars_; }
  // The frame around what the list shows.
  void set_chosen(std::optional<Interval> chosen);
  const std::optional<Interval>& chosen() const { return chosen_; }
  // Stands at the right of the head line; taken over. Arrange when it became another width.
  void set_corner(QWidget* corner);
  void arrange();
  int64_t begin_of(int bar) const { return span_.from_us + bar * span_.bucket_us; }

  QSize sizeHint() const override { return {420, 96 + Theme::instance().script_growth()}; }
  QSize minimumSizeHint() const override { return {260, sizeHint().height()}; }

 signals:
  void chosen_changed(int first, int last);
  void let_go();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QRectF field() const;
  int bar_at(double x) const;
  double left_of(int bar) const;
  int64_t highest() const;
  void move_cursor(int bar, bool stretch);
  void announce();
  QString words_of(int bar) const;
  QString title() const;
  int legend_end() const;  // px from the left
  void paint_head(QPainter& painter) const;
  void paint_bars(QPainter& painter) const;
  void paint_frame(QPainter& painter) const;

  std::vector<CountBar> bars_;
  CountSpan span_;
  QWidget* corner_ = nullptr;
  std::optional<Interval> chosen_;
  std::optional<Interval> dragged_;
  int anchor_ = -1;
  int cursor_ = -1;
  int hovered_ = -1;
};

}  // namespace tijori
