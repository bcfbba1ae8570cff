// The values of one plot as a table, as they were when it was opened: for those who can't see a curve, or want the
// number.
#pragma once

#include <QDialog>

#include "admin-ui/views/parts/plot.h"

namespace tijori {

class PlotTableDialog : public QDialog {
  Q_OBJECT

 public:
  PlotTableDialog(const Plot& plot, const PlotTime& time, QWidget* parent = nullptr);
};

}  // namespace tijori
