// The four plots of the Overview, over one time with one crosshair, two by two or below each other. Each can be shown
// as a table; all of them saved as values or as a picture.
#pragma once

#include <QGridLayout>
#include <QWidget>
#include <vector>

#include "admin-ui/models/status_history.h"
#include "admin-ui/views/parts/plot.h"

namespace tijori {

class PlotGrid : public QWidget {
  Q_OBJECT

 public:
  // Both must outlive it.
  PlotGrid(const StatusHistory& history, PlotTime& time, QWidget* parent = nullptr);

  void set_columns(int columns);
  // 0: none.
  void set_kv_reserved(int64_t bytes);
  const std::vector<Plot*>& plots() const { return plots_; }
  // With a heading of two lines above.
  QPixmap picture(const QString& title, const QString& second) const;
  void show_table(const Plot& plot);

 signals:
  void csv_asked();
  void png_asked();
  void command_asked();

 private:
  void add(Plot* plot, const QString& name);

  PlotTime& time_;
  QGridLayout* grid_;
  std::vector<Plot*> plots_;
  std::vector<QWidget*> panels_;
  int columns_ = 0;
};

}  // namespace tijori
