// Layer × expert: how often each expert of each layer was chosen. Arrow keys move the cursor; the numbers of the
// cursor's layer stand in the table beside it (models/expert_load.h), and no state is told by colour alone.
#pragma once

#include <QPixmap>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

#include "admin-ui/models/expert_load.h"
#include "admin-ui/theme/theme.h"

namespace tijori {

class HeatMap : public QWidget {
  Q_OBJECT

 public:
  enum class Scale : uint8_t { linear, log };

  explicit HeatMap(QWidget* parent = nullptr);
  void set_counts(ExpertCounts counts);
  const ExpertCounts& counts() const { return counts_; }
  void set_scale(Scale scale);
  size_t cursor_layer() const { return layer_; }
  size_t cursor_expert() const { return expert_; }
  void set_cursor(size_t layer, size_t expert);
  QSize sizeHint() const override { return {620, 380}; }
  QSize minimumSizeHint() const override { return {320, 220}; }

 signals:
  void cursor_moved();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  // What the frame was made of: all that stays from one count to the next.
  struct Key {
    QSize size;
    double ratio = 0;
    Look look = Look::light;
    Script script = Script::latin;
    Scale scale = Scale::log;
    std::vector<int> layers;
    size_t experts = 0;
    size_t layer = 0;
    size_t expert = 0;
    bool operator==(const Key&) const = default;
  };

  QRectF grid() const;
  QRectF scale_bar() const;
  QRectF cell(size_t layer, size_t expert) const;
  double log_floor() const;
  double position(double share) const;  // on the colour scale, 0 … 1
  void find_ends();
  void paint_frame(QPainter& painter) const;
  void paint_axes(QPainter& painter) const;
  void paint_cells(QPainter& painter) const;
  void paint_scale(QPainter& painter) const;
  void announce();

  ExpertCounts counts_;
  Scale scale_ = Scale::log;
  double least_ = 0;  // shares at the ends of the scale
  double most_ = 1;
  size_t layer_ = 0;
  size_t expert_ = 0;
  QPixmap frame_;
  std::optional<Key> key_;
};

}  // namespace tijori
