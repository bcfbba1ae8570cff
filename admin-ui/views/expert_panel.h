// Expert load of one model: the heat map with its scale, the table of the layer under the cursor, and one sentence.
#pragma once

#include "admin-ui/models/expert_load.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/heat_map.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/parts/state_view.h"

class QComboBox;

namespace tijori {

class ExpertPanel : public Panel {
  Q_OBJECT

 public:
  explicit ExpertPanel(QWidget* parent = nullptr);

  // Which model, and what was counted of it so far.
  void show_window(const QString& alias, const ExpertWindow& window);
  void show_dense(const QString& alias);
  void show_idle(const QString& alias);  // "" when no model is chosen
  void show_failure(const QString& sentence, std::function<void()> again);
  void show_no_permission(const QString& own_roles);
  void set_scale(HeatMap::Scale scale);
  bool has_counts() const { return !counts_.counts.empty(); }
  const ExpertCounts& counts() const { return counts_; }
  StateView& states() { return *states_; }

  // As large as its place: text that wraps inside must not make the screen scroll.
  bool hasHeightForWidth() const override { return false; }
  QSize sizeHint() const override { return {620, minimumHeight()}; }

 signals:
  void export_asked();

 private:
  QWidget* make_layer();
  void redraw();
  void show_layer();
  void step_layer(int by);
  // Polls say the same again and again: true when this is shown already.
  bool shows(const QString& state);

  StateView* states_;
  HeatMap* map_;
  QComboBox* span_;
  Segment* scale_;
  Button* pause_;
  Button* export_;
  TextLabel* layer_title_;
  ExpertTable* rows_;
  DataTable* table_;
  TextLabel* sum_;
  TextLabel* sum_percent_;
  QLabel* mark_;
  TextLabel* verdict_;
  QString alias_;
  const ExpertWindow* window_ = nullptr;
  ExpertCounts counts_;
  QString shown_;
  bool paused_ = false;
  bool choosing_ = false;
};

}  // namespace tijori
