// One of two to five choices, side by side. Arrow keys move the choice.
#pragma once

#include <QStringList>
#include <QWidget>

#include "admin-ui/theme/theme.h"

namespace tijori {

class Segment : public QWidget {
  Q_OBJECT

 public:
  explicit Segment(QStringList choices, const QString& accessible_name, QWidget* parent = nullptr);

  int chosen() const { return chosen_; }
  void choose(int index);
  void set_choices(QStringList choices);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 signals:
  void chosen_changed(int index);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  int width_of(int index) const;
  void announce();

  QStringList choices_;
  QString name_;
  int chosen_ = 0;
};

}  // namespace tijori
