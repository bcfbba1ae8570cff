// Lies over content that is old: it stays legible and can be scrolled, but is seen to be dimmed.
#pragma once

#include <QWidget>

namespace tijori {

class Veil : public QWidget {
  Q_OBJECT

 public:
  // Follows the size of `over`.
  explicit Veil(QWidget* over);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace tijori
