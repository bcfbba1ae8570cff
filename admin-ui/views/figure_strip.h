// Six figures side by side, or in two rows of three.
#pragma once

#include <QGridLayout>
#include <vector>

#include "admin-ui/views/parts/figure.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {

class FigureStrip : public Panel {
  Q_OBJECT

 public:
  explicit FigureStrip(QWidget* parent = nullptr);
  // The screen it opens.
  Figure* add(const QString& name, const QString& object_name, const QString& screen);
  void set_columns(int columns);

 signals:
  void open_screen(const QString& id);

 private:
  QGridLayout* grid_;
  std::vector<Figure*> figures_;
  std::vector<QWidget*> dividers_;
  int columns_ = 0;
};

}  // namespace tijori
