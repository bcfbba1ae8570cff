// What each rule decided in the last 24 hours: the busiest by hour in a plot, all of them in a table.
#pragma once

#include <QStackedLayout>

#include "admin-ui/models/hit_hours.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/plot.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/parts/state_view.h"

namespace tijori {

class HitsPanel : public Panel {
  Q_OBJECT

 public:
  explicit HitsPanel(QWidget* parent = nullptr);
  void set_hits(const HitsReply& reply);
  const HitHours& hits() const { return hits_; }

 private:
  HitHours hits_;
  PlotTime time_;
  Plot* plot_;
  DataTable* table_;
  Segment* form_;
  StateView* states_;
  QStackedLayout* stack_;
};

}  // namespace tijori
